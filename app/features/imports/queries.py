"""Which imports are there, what lies in their files, and what became of their rows?"""

from collections.abc import Iterator
from datetime import timedelta
from typing import IO, Any
from uuid import UUID

from sqlalchemy import Select, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.domain.errors import catalogue
from app.domain.lifecycles import ImportStatus
from app.domain.sync import SyncOutcome
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.imports.schemas import ImportRead, ImportRowQuery, ImportRowRead
from app.features.imports.tables import Import, ImportChunk, ImportRow
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.programs.tables import Cohort
from app.kit.pages import PageQuery

PART = 5_000
FILE_AWAITED = timedelta(days=7)
COUNTED = {
    SyncOutcome.CREATED: "created_count",
    SyncOutcome.CHANGED: "changed_count",
    SyncOutcome.UNCHANGED: "unchanged_count",
    SyncOutcome.REFUSED: "refused_count",
    SyncOutcome.NOT_APPLIED: "not_applied_count",
}


def page_of_imports(scope: Scope[Partner], query: PageQuery) -> tuple[list[ImportRead], int]:
    """One page of a partner's imports, the latest first, and how many there are."""
    wanted = select(Import).where(Import.partner_id == scope.row.id, visible(Import, scope.actor))
    total = scope.session.scalar(select_columns(func.count()).select_from(wanted.subquery())) or 0
    page = wanted.order_by(col(Import.id).desc()).limit(query.limit).offset((query.page - 1) * query.limit)
    return [read_import(row) for row in scope.session.exec(page)], total


def locked_import(session: Session, import_id: UUID) -> Import:
    return session.get_one(Import, import_id, with_for_update={"key_share": True}, populate_existing=True)


def abandoned(scope: Scope[None]) -> list[Import]:
    """Imports whose file has not come within a week, locked."""
    wanted = select(Import).where(
        Import.status == ImportStatus.AWAITING_FILE, col(Import.created_at) < scope.now - FILE_AWAITED
    )
    return list(scope.session.exec(wanted.with_for_update(skip_locked=True)))


def visible_cohort(scope: Scope[Any], cohort_id: UUID) -> Cohort | None:
    return scope.session.exec(select(Cohort).where(Cohort.id == cohort_id, visible(Cohort, scope.actor))).first()


def copy_file(session: Session, import_id: UUID, to: IO[bytes]) -> None:
    """Write the file, part by part."""
    numbers = select(ImportChunk.number).where(ImportChunk.import_id == import_id).order_by(col(ImportChunk.number))
    for number in session.exec(numbers).all():
        part = select(ImportChunk.data).where(ImportChunk.import_id == import_id, ImportChunk.number == number)
        to.write(session.exec(part).one())


def read_import(row: Import) -> ImportRead:
    """An import as it is told."""
    progress = {"done": row.progress_done, "total": row.progress_total}
    problem = {"code": row.problem_code, "line": row.problem_line} if row.problem_code else None
    counts = {name.removesuffix("_count"): getattr(row, name) for name in COUNTED.values()}
    told = {name: getattr(row, name) for name in ImportRead.model_fields if hasattr(row, name)}
    return ImportRead.model_validate({**told, "progress": progress, "counts": counts, "problem": problem})


def rows_of(scope: Scope[Import], query: ImportRowQuery) -> tuple[list[ImportRowRead], int]:
    """One page of the rows by line, and how many there are."""
    wanted = _rows(scope)
    if query.outcome is not None:
        wanted = wanted.where(col(ImportRow.outcome) == query.outcome)
    total = scope.session.scalar(select_columns(func.count()).select_from(wanted.subquery())) or 0
    return list(_read(scope, wanted.limit(query.limit).offset((query.page - 1) * query.limit))), total


def all_rows(scope: Scope[Import]) -> list[ImportRowRead]:
    """Every row by line."""
    return list(_read(scope, _rows(scope).execution_options(yield_per=PART)))


def _rows(scope: Scope[Import]) -> Select[Any]:
    """Rows about people who are kept from the caller are not there, and a person's key is the one they have now."""
    columns: list[Any] = [
        col(ImportRow.line),
        func.coalesce(col(ImportRow.external_id), col(Participant.external_id)).label("external_id"),
        col(ImportRow.outcome),
        col(ImportRow.participant_id),
        col(ImportRow.problem_code),
        col(ImportRow.pointer),
        func.coalesce(col(ImportRow.changed_fields), func.jsonb_build_array()).label("changed_fields"),
        col(ImportRow.possible_duplicates),
    ]
    return (
        select_columns(*columns)
        .select_from(ImportRow)
        .outerjoin(Participant, col(Participant.id) == col(ImportRow.participant_id))
        .where(col(ImportRow.import_id) == scope.row.id, visible(ImportRow, scope.actor))
        .order_by(col(ImportRow.line), col(ImportRow.id))
    )


def _read(scope: Scope[Import], wanted: Select[Any]) -> Iterator[ImportRowRead]:
    told = catalogue()
    for row in scope.session.execute(wanted).mappings():
        code = row["problem_code"]
        message = told[code].en if code in told else None
        yield ImportRowRead(**row, message=message)
