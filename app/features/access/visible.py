"""Which rows exist for this actor? The read decision as SQL, from the same grant table and the same reach."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, any_, bindparam, column, false, or_, select, table, true
from sqlalchemy.dialects.postgresql import ARRAY

from app.domain.access import Actor
from app.domain.glossary import Side
from app.domain.grants import GRANTS, PAIR
from app.domain.lifecycles import OPEN_ENROLMENTS, EnrolmentStatus
from app.domain.roles import Permission
from app.features.access.tables import Guarded, Reach

PROGRAM = table("program", column("id"), column("is_published"))
ENROLMENT = table(
    "enrolment",
    column("participant_id"),
    column("partner_id", Uuid),
    column("program_id", Uuid),
    column("side"),
    column("status"),
)
REACHABLE_ENROLMENTS = (*OPEN_ENROLMENTS, EnrolmentStatus.EXITED.value)
"""A participant is reached through open enrolments and through those that ended in an exit."""


def visible(kind: type[Guarded], actor: Actor, permission: Permission | None = None) -> ColumnElement[bool]:
    """A WHERE condition that holds for exactly the rows the actor may read (or use by `permission`)."""
    reach = kind.reach
    permission = permission or reach.read
    if not actor.has_role_for(permission):
        return false()
    if GRANTS[permission].anyone:
        return true()
    ways = [*_by_relation(kind, actor, permission), *_by_program(kind, reach, actor, permission)]
    return or_(*ways) if ways else false()


def _by_relation(kind: type[Guarded], actor: Actor, permission: Permission) -> list[ColumnElement[bool]]:
    grant, reach = GRANTS[permission], kind.reach
    ways: list[ColumnElement[bool]] = []
    if grant.holder and actor.partner_id is not None and actor.role not in PAIR:
        ways += [_column(kind, name) == actor.partner_id for name in reach.holders]
    if grant.person and actor.persons:
        ways += [_within(_column(kind, name), actor.persons) for name in reach.persons]
    return ways


def _by_program(kind: type[Guarded], reach: Reach, actor: Actor, permission: Permission) -> list[ColumnElement[bool]]:
    if reach.by_enrolment:
        enrolled = select(ENROLMENT.c.participant_id).where(
            or_(*_sides(ENROLMENT.c.program_id, ENROLMENT.c.side, actor, permission)),
            ENROLMENT.c.status.in_(REACHABLE_ENROLMENTS),
        )
        return [_column(kind, "id").in_(enrolled)]
    if reach.program is None:
        return []
    program = _column(kind, reach.program)
    ways = _sides(program, _column(kind, reach.side) if reach.side else None, actor, permission)
    if reach.by_publication:
        ways.append(program.in_(select(PROGRAM.c.id).where(PROGRAM.c.is_published)))
    return ways


def _sides(program: Any, side: Any, actor: Actor, permission: Permission) -> list[ColumnElement[bool]]:
    if side is None:
        return [_within(program, actor.programs_for(permission))]
    return [and_(side == one.value, _within(program, actor.programs_for(permission, one))) for one in Side]


def _within(of: Any, ids: frozenset[UUID]) -> ColumnElement[bool]:
    """`= any(array)` keeps one statement text (and one prepared plan) whatever the number of ids."""
    return of == any_(bindparam(None, sorted(ids), type_=ARRAY(Uuid), unique=True))  # type: ignore[no-any-return]


def _column(kind: type[Guarded], name: str) -> Any:
    return getattr(kind, name)
