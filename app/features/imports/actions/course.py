"""What is written of an import while its rows are applied: how far it is, what became of them, and how it ends?"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, null, update
from sqlmodel import Session, col, select

from app.domain.changes import ChangeKind
from app.domain.lifecycles import IMPORT, UNFINISHED_IMPORTS, ImportStatus
from app.domain.sync import BatchMode, SyncOutcome
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.imports.queries import COUNTED
from app.features.imports.tables import Import, ImportChunk, ImportRow
from app.kit.columns import add_many, amend

RESULTS_KEPT = timedelta(days=90)


class Stopped(Exception):  # noqa: N818  not an error: nobody wants the rest any more
    """The import was called off, or ended by another worker."""


def note_columns(session: Session, import_id: UUID, at: datetime, **found: Any) -> None:
    """Say that the import is under way, and what its file was found to be. Raises: Stopped.

    Not history: nothing is recorded, and the row keeps its version.
    """
    _note(session, import_id, started_at=func.coalesce(Import.started_at, at), **found)


def note_rows(
    session: Session,
    of: Mapping[str, UUID],
    rows: Sequence[Mapping[str, Any]],
    counts: Mapping[SyncOutcome, int],
    done: int,
) -> None:
    """Keep what became of some more rows, after `done` of them. Raises: Stopped, also when another worker was there first."""
    add_many(session, ImportRow, rows, of)
    more = {COUNTED[outcome]: getattr(Import, COUNTED[outcome]) + count for outcome, count in counts.items()}
    is_next = col(Import.progress_done) == done
    _note(session, of["import_id"], is_next, progress_done=done + len(rows), **more)


def _note(session: Session, import_id: UUID, *conditions: ColumnElement[bool], **values: Any) -> None:
    is_wanted = (col(Import.id) == import_id, col(Import.status).in_(UNFINISHED_IMPORTS), *conditions)
    wanted = update(Import).where(*is_wanted)
    noted = wanted.values(status=ImportStatus.RUNNING, **values).execution_options(synchronize_session=False)
    if session.execute(noted.returning(col(Import.id))).first() is None:
        raise Stopped


@looks_beyond_reach
def begin_anew(session: Session, import_id: UUID) -> None:
    """Forget what was told of rows: nothing of them was kept. Raises: Stopped."""
    session.execute(delete(ImportRow).where(col(ImportRow.import_id) == import_id))
    _note(session, import_id, progress_done=0, **dict.fromkeys(COUNTED.values(), 0))


def is_all_at_once(row: Import) -> bool:
    """Whether nothing is kept before the end: a dry run, or the whole or nothing."""
    return row.is_dry_run or row.mode is BatchMode.WHOLE_OR_NOTHING


@looks_beyond_reach
def take_back_rows(session: Session, row: Import) -> None:
    """Nothing was applied: rows that nothing spoke against are told as such."""
    told = update(ImportRow).where(col(ImportRow.import_id) == row.id)
    others = told.where(col(ImportRow.outcome) != SyncOutcome.REFUSED)
    made = told.where(col(ImportRow.outcome) == SyncOutcome.CREATED)
    session.execute(made.values(participant_id=null()))
    session.execute(others.values(outcome=SyncOutcome.NOT_APPLIED))
    names = [name for outcome, name in COUNTED.items() if outcome not in {SyncOutcome.REFUSED, SyncOutcome.NOT_APPLIED}]
    undone = sum(getattr(row, name) for name in names)
    amend(row, {**dict.fromkeys(names, 0), "not_applied_count": row.not_applied_count + undone})


def complete_import(scope: Scope[Import]) -> None:
    """Every row has been done. Raises: the lifecycle's refusal unless the import is running."""
    _end(scope, ImportStatus.COMPLETED, ChangeKind.IMPORT_COMPLETED)


def fail_import(scope: Scope[Import], code: str, line: int | None) -> None:
    """The file could not be read on, or authority is gone. What was applied row by row stays."""
    if is_all_at_once(scope.row):
        take_back_rows(scope.session, scope.row)
    _end(scope, ImportStatus.FAILED, ChangeKind.IMPORT_FAILED, problem_code=code, problem_line=line)


def cancel_import(scope: Scope[Import]) -> Import:
    """Call off an import that has not ended; what was applied row by row stays. Raises: `import.transition_not_allowed`."""
    IMPORT.check(scope.row.status, ImportStatus.CANCELLED)
    if is_all_at_once(scope.row):
        take_back_rows(scope.session, scope.row)
    _end(scope, ImportStatus.CANCELLED, ChangeKind.IMPORT_CANCELLED)
    return scope.row


def forget_results(scope: Scope[None]) -> None:
    """Of imports that ended long ago the counts stay, and not what became of each row."""
    old = select(Import.id).where(col(Import.finished_at) < scope.now - RESULTS_KEPT)
    scope.session.execute(delete(ImportRow).where(col(ImportRow.import_id).in_(old)))


def _end(scope: Scope[Import], to: ImportStatus, kind: ChangeKind, **told: Any) -> None:
    IMPORT.check(scope.row.status, to)
    changed = amend(scope.row, {"status": to, "finished_at": scope.now, **told})
    record(scope, kind, scope.row, changed)
    _forget_file(scope.session, scope.row.id)


@looks_beyond_reach
def _forget_file(session: Session, import_id: UUID) -> None:
    """The file is personal data; whoever ends the import, it goes."""
    session.execute(delete(ImportChunk).where(col(ImportChunk.import_id) == import_id))
