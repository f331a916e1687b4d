"""How is an import asked for, and how does its file come in?"""

from typing import Any

from sqlalchemy import insert

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.imports import ImportFormat, ImportKind, check_mapping
from app.domain.lifecycles import IMPORT, ImportStatus
from app.domain.roles import Permission
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.imports import queries
from app.features.imports.schemas import ImportCreate
from app.features.imports.tables import Import, ImportChunk
from app.features.partners.tables import Partner
from app.kit.columns import amend
from app.kit.jobs import Outbox
from app.kit.uploads import Upload

JOB = "imports.run"
ROW_PERMISSIONS = {
    ImportKind.PARTICIPANTS: (
        Permission.PARTICIPANT_CREATE,
        Permission.PARTICIPANT_UPDATE,
        Permission.PARTICIPANT_READ,
    ),
    ImportKind.AVAILABILITY: (
        Permission.PARTICIPANT_CREATE,
        Permission.PARTICIPANT_UPDATE,
        Permission.PARTICIPANT_READ,
    ),
    ImportKind.ENROLMENTS: (Permission.ENROLMENT_CREATE, Permission.ENROLMENT_READ, Permission.PARTICIPANT_READ),
}
"""What the rows of each kind do, one by one; the first is the one they are applied under."""


def request_import(scope: Scope[Partner], body: ImportCreate) -> Import:
    """Say what rows are to come; the file is sent to the import's own address.

    Raises: 403 for missing scopes, `import.field_unknown`, `import.cohort_missing`, `cohort.unknown`.
    """
    demand_rows(scope, body.kind)
    check_mapping(body.kind, body.mapping)
    if (body.kind is ImportKind.ENROLMENTS) != (body.cohort_id is not None):
        raise RuleViolation("import.cohort_missing", pointer="/cohortId")
    if body.cohort_id is not None and queries.visible_cohort(scope, body.cohort_id) is None:
        raise RuleViolation("import.cohort_missing", pointer="/cohortId")
    own = {"partner_id": scope.row.id, "requested_by_user_id": scope.actor.user_id, "trace_id": scope.trace_id}
    made = Import.model_validate({**body.model_dump(), **own})
    scope.session.add(made)
    record(scope, ChangeKind.IMPORT_REQUESTED, made)
    return made


def demand_rows(scope: Scope[Any], kind: ImportKind) -> None:
    """Who imports may do what each row does. Raises: 403."""
    for permission in ROW_PERMISSIONS[kind]:
        scope.demand_permission(permission)


def receive_file(scope: Scope[Import], outbox: Outbox, upload: Upload) -> Import:
    """Keep the file and put the import on the workers' queue, together or not at all. The same file again changes nothing.

    Whoever sends the file is who the rows are applied for: nobody lends their reach by announcing an import.
    Raises: `import.file_missing`, `import.format_differs`, `import.transition_not_allowed`; at the flush
    `import.another_running`.
    """
    row = scope.row
    if row.status is not ImportStatus.AWAITING_FILE and row.file_digest == upload.digest:
        return row
    IMPORT.check(row.status, ImportStatus.QUEUED)
    demand_rows(scope, row.kind)
    if upload.size == 0:
        raise RuleViolation("import.file_missing")
    if row.format not in {ImportFormat.AUTO, ImportFormat(upload.format)}:
        raise RuleViolation("import.format_differs")
    own = {"import_id": row.id, "partner_id": row.partner_id}
    for number, part in enumerate(upload.parts()):
        chunk = ImportChunk.model_validate({**own, "number": number, "data": part})
        scope.session.execute(insert(ImportChunk).values(**chunk.model_dump()))
    received = {"status": ImportStatus.QUEUED, "file_bytes": upload.size, "file_digest": upload.digest}
    by = {"requested_by_user_id": scope.actor.user_id, "trace_id": scope.trace_id}
    changed = amend(row, {**received, **by, "found_format": ImportFormat(upload.format)})
    record(scope, ChangeKind.IMPORT_QUEUED, row, changed)
    scope.session.flush()
    outbox.enqueue(scope.session, JOB, str(row.id))
    return row
