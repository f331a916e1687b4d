"""How is a file carried out? Durable: the same import may be begun again after a crash, and no row is done twice.

Row by row: each part of the rows is one transaction with what became of them and how far the import is, so another
worker goes on where the last one was. All at once (the whole or nothing, or a dry run): one transaction that is kept
only at the end, while what became of the rows is told in short ones beside it; after a crash it begins anew.
"""

import gc
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID

from sqlmodel import Session

from app.domain.errors import RuleViolation
from app.domain.imports import ImportKind
from app.domain.lifecycles import UNFINISHED_IMPORTS, ImportStatus
from app.domain.roles import Permission
from app.domain.sync import SyncOutcome
from app.features.access.guards import on_behalf, steward, witness
from app.features.access.records import note_job
from app.features.access.scope import Scope
from app.features.access.tables import UserAccount
from app.features.imports import actions, queries
from app.features.imports.actions.course import is_all_at_once
from app.features.imports.actions.reading import Reading
from app.features.imports.actions.requests import ROW_PERMISSIONS
from app.features.imports.tables import Import
from app.features.participants.actions import Synced
from app.features.partners.tables import Partner
from app.features.programs.tables import Cohort
from app.kit.jobs import job, scheduled
from app.kit.problems import UNEXPECTED, Problem
from app.kit.runtime import Runtime
from app.kit.sheets import Unreadable
from app.kit.telemetry import log

ROWS_A_PART = 1_000
TRIES = 5
PASSING = frozenset({"resource.busy", "service.busy", "resource.changed_meanwhile"})
"""What somebody else's work causes, and is over soon."""


@job(actions.JOB)
def run_import(runtime: Runtime, import_id: str) -> None:
    """Carry out one import from queued to completed, or to failed with the code of what went wrong."""
    wanted = UUID(import_id)
    try:
        with TemporaryFile() as file, _unburdened():
            begun = _begin(runtime, wanted, file)
            if begun is not None:
                _Run(runtime, begun, _look_through(runtime, begun, file)).carry_out()
    except actions.Stopped:
        return
    except Unreadable as refused:
        _fail(runtime, wanted, refused.code, refused.line)
    except (RuleViolation, Problem) as refused:
        _fail(runtime, wanted, refused.code, None)
    except Exception:  # noqa: BLE001  whatever it was, the import must not stay running for ever
        log.exception("import failed", extra={"facts": {"importId": import_id}})
        _fail(runtime, wanted, UNEXPECTED, None)


@scheduled("imports.sweep", "23 3 * * *")
def sweep_imports(runtime: Runtime, trace_id: str) -> None:
    """Forget what became of rows long ago, and call off imports whose file never came."""
    with steward(runtime, trace_id) as scope:
        actions.forget_results(scope)
        for row in queries.abandoned(scope):
            actions.cancel_import(scope.about(row))


def _begin(runtime: Runtime, import_id: UUID, file: IO[bytes]) -> Import | None:
    """The import as it stands, with its file copied; None when it has ended already."""
    with runtime.database.transaction() as session:
        row = session.get_one(Import, import_id)
        if row.status not in UNFINISHED_IMPORTS:
            return None
        scope = on_behalf(runtime, session, row.requested_by_user_id, Permission.IMPORT_CREATE, row, row.trace_id)
        actions.note_columns(session, import_id, scope.now)
        queries.copy_file(session, import_id, file)
        return row


def _look_through(runtime: Runtime, row: Import, file: IO[bytes]) -> Reading:
    """Read the file once to its end before anything is applied. Raises: Unreadable, RuleViolation of its columns."""
    reading = Reading.of(file, row, runtime.sheet_limits)
    total = reading.count()
    told = {"found_format": reading.sheet.format, "encoding": reading.sheet.encoding}
    found = {**told, "delimiter": reading.sheet.delimiter, "columns": reading.told_columns(), "progress_total": total}
    with runtime.database.transaction() as session:
        actions.note_columns(session, row.id, runtime.clock(), **found)
    return reading


def _fail(runtime: Runtime, import_id: UUID, code: str, line: int | None) -> None:
    with runtime.database.transaction() as session:
        row = queries.locked_import(session, import_id)
        if row.status in UNFINISHED_IMPORTS:
            starter = session.get_one(UserAccount, row.requested_by_user_id)
            actions.fail_import(witness(runtime, session, starter, row, row.trace_id), code, line)


@dataclass
class _Run:
    """One attempt to carry out an import."""

    runtime: Runtime
    row: Import
    reading: Reading
    done: int = 0

    def carry_out(self) -> None:
        if not is_all_at_once(self.row):
            self._row_by_row()
        else:
            self._all_at_once()

    def _row_by_row(self) -> None:
        self.done = self.row.progress_done
        with closing(_parts(self.row.kind, self.reading.rows(), self.done)) as parts:
            for part in parts:
                _again_when_busy(lambda part=part: self._keep(part))  # type: ignore[misc]  # bound at once
                self.done += len(part)
        with self.runtime.database.transaction() as session:
            self._complete(session)

    def _keep(self, part: Sequence[actions.Row]) -> None:
        with self.runtime.database.transaction() as session:
            scope = self._scope(session)
            results = actions.apply_to(scope, self.row.kind, part)
            self._tell(scope, part, results)

    def _all_at_once(self) -> None:
        """Raises: Stopped, and takes everything back, when nobody wants it any more."""
        with self.runtime.database.transaction() as beside:
            self._scope(beside)
            actions.begin_anew(beside, self.row.id)
        refused = 0
        parts = closing(_parts(self.row.kind, self.reading.rows(), 0))
        with parts as each, _undoable(self.runtime) as (session, keep):
            for part in each:
                results = actions.apply_to(self._scope(session), self.row.kind, part)
                session.flush()
                session.expunge_all()  # what was written is not needed again
                refused += sum(one.outcome is SyncOutcome.REFUSED for one in results)
                with self.runtime.database.transaction() as beside:
                    self._tell(self._scope(beside), part, results)
                self.done += len(part)
            if not self.row.is_dry_run and not refused:
                self._complete(session)
                keep()
                return
        with self.runtime.database.transaction() as session:
            row = queries.locked_import(session, self.row.id)
            if not row.is_dry_run and row.status is ImportStatus.RUNNING:
                actions.take_back_rows(session, row)
            self._complete(session)

    def _scope(self, session: Session) -> Scope[Any]:
        """What the rows are applied under, as authority stands now. Raises: Problem 403."""
        kind, user_id = self.row.kind, self.row.requested_by_user_id
        about: Partner | Cohort
        if kind is ImportKind.ENROLMENTS:
            about = session.get_one(Cohort, self.row.cohort_id, with_for_update={"key_share": True})
        else:
            about = session.get_one(Partner, self.row.partner_id)
        permission = ROW_PERMISSIONS[kind][0]
        scope = on_behalf(self.runtime, session, user_id, permission, about, self.row.trace_id)
        scope.demand_permission(Permission.IMPORT_CREATE)
        actions.demand_rows(scope, kind)
        return scope

    def _tell(self, scope: Scope[Any], part: Sequence[actions.Row], results: Sequence[Synced]) -> None:
        """What became of the rows, and whose records were looked at: no record, no row."""
        people = {one.participant_id for one in results if one.participant_id is not None}
        if people:
            note_job(scope, people, self.row.id)
        of = {"import_id": self.row.id, "partner_id": self.row.partner_id}
        told = [_told(row, one) for row, one in zip(part, results, strict=True)]
        actions.note_rows(scope.session, of, told, Counter(one.outcome for one in results), self.done)

    def _complete(self, session: Session) -> None:
        """Raises: Stopped when the import has been called off, or ended by another worker."""
        row = queries.locked_import(session, self.row.id)
        if row.status is not ImportStatus.RUNNING:
            raise actions.Stopped
        user_id = row.requested_by_user_id
        actions.complete_import(on_behalf(self.runtime, session, user_id, Permission.IMPORT_CREATE, row, row.trace_id))


def _told(row: actions.Row, one: Synced) -> dict[str, Any]:
    problem = one.problem
    return {
        "line": row.line,
        "outcome": one.outcome.value,
        "participant_id": one.participant_id,
        "external_id": one.key.id if problem and one.key else None,
        "problem_code": problem and problem.code,
        "pointer": problem and problem.pointer,
        "changed_fields": list(one.changed_fields) or None,
        "possible_duplicates": one.possible_duplicates,
    }


def _parts(kind: ImportKind, rows: Iterator[actions.Row], done: int) -> Generator[Sequence[actions.Row], None, None]:
    """The rows that are left, some at a time; while the database works on some, the next ones are read."""

    def read() -> Sequence[actions.Row]:
        return actions.understood(kind, list(islice(rows, ROWS_A_PART)))

    for _ in islice(rows, done):
        pass
    with ThreadPoolExecutor(1) as ahead:
        coming = ahead.submit(read)
        while part := coming.result():
            coming = ahead.submit(read)
            yield part


@contextmanager
def _unburdened() -> Iterator[None]:
    """While rows come and go by the thousand, what the process held before is not looked through again and again."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def _undoable(runtime: Runtime) -> Iterator[tuple[Session, Callable[[], None]]]:
    """A transaction that is taken back at its end unless the block has said that it is to be kept."""
    is_kept: list[bool] = []
    with runtime.database.transaction() as session:
        yield session, lambda: is_kept.append(True)
        if not is_kept:
            session.rollback()


def _again_when_busy(work: Callable[[], None]) -> None:
    """Somebody else may be writing the same records. Raises: Problem when that does not end."""
    for attempt in range(TRIES):
        try:
            return work()
        except Problem as refused:
            if refused.code not in PASSING or attempt == TRIES - 1:
                raise
            time.sleep(2**attempt / 10)
    return None
