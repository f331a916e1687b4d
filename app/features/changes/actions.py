"""How is a change recorded? One call beside every write, in the same transaction."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.features.access.scope import Scope
from app.features.access.tables import Guarded
from app.features.changes.tables import Change
from app.kit.columns import Row


def record(scope: Scope[Any], kind: ChangeKind, row: Row, fields: Sequence[str] = ()) -> Change:
    """Append to the log what happened to `row`, by whom; `fields` are names, never values."""
    change = Change(
        at=scope.now,
        kind=kind,
        subject=str(row.__tablename__),
        subject_id=row.id,
        program_id=program_of(row),
        partner_id=getattr(row, "partner_id", None),
        actor_id=scope.actor.user_id,
        fields=list(fields),
        trace_id=scope.trace_id,
    )
    scope.session.add(change)
    return change


def program_of(row: Row) -> UUID | None:
    """The program a row belongs to; a program answers with its own id."""
    if isinstance(row, Guarded) and row.reach.program is not None:
        found: UUID | None = getattr(row, row.reach.program)
        return found
    return getattr(row, "program_id", None)
