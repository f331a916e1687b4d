"""How is a change recorded? One call beside every write, in the same transaction."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from app.domain.changes import ChangeKind
from app.features.access.scope import Scope
from app.features.access.tables import Guarded
from app.features.changes.tables import Change
from app.kit.columns import Row

MANY = text("""
insert into change (at, kind, subject, subject_id, partner_id, actor_id, fields, trace_id)
select :at, :kind, :subject, one, :partner_id, :actor_id, '{}', :trace_id from unnest(:ids) as one
""").bindparams(bindparam("ids", type_=ARRAY(Uuid)), bindparam("partner_id", type_=Uuid))


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


def record_many(
    scope: Scope[Any], kind: ChangeKind, subject: type[Row], ids: Collection[UUID], partner_id: UUID | None = None
) -> None:
    """The same for many rows of one table at once, that were all made by one statement; they belong to no program."""
    if not ids:
        return
    parameters = {
        "at": scope.now,
        "kind": kind.value,
        "subject": str(subject.__tablename__),
        "ids": list(ids),
        "partner_id": partner_id,
        "actor_id": scope.actor.user_id,
        "trace_id": scope.trace_id,
    }
    scope.session.execute(MANY, parameters)


def program_of(row: Row) -> UUID | None:
    """The program a row belongs to; a program answers with its own id."""
    if isinstance(row, Guarded) and row.reach.program is not None:
        found: UUID | None = getattr(row, row.reach.program)
        return found
    return getattr(row, "program_id", None)
