"""Which rows exist for this actor? The read decision as SQL, from the same grant table and the same reach."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Uuid,
    and_,
    any_,
    bindparam,
    column,
    exists,
    false,
    or_,
    select,
    table,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col

from app.domain.access import Actor
from app.domain.glossary import Concealing, Side
from app.domain.grants import GRANTS, PAIR
from app.domain.lifecycles import OPEN_ENROLMENTS, EnrolmentStatus, PlanStatus
from app.domain.roles import Permission
from app.features.access.tables import Concealment, Guarded

PROGRAM = table("program", column("id"), column("is_published"))
COURSE = table("course", column("id"), column("is_shared"))
PROGRAM_COURSE = table("program_course", column("program_id", Uuid), column("course_id"))
ENROLMENT = table(
    "enrolment",
    column("participant_id"),
    column("partner_id", Uuid),
    column("program_id", Uuid),
    column("side"),
    column("status"),
)
PLAN = table(
    "plan",
    column("id"),
    column("partner_id"),
    column("named_partner_ids", ARRAY(Uuid)),
    column("is_published"),
    column("status"),
)
REACHABLE_ENROLMENTS = (*OPEN_ENROLMENTS, EnrolmentStatus.EXITED.value)
"""A participant is reached through open enrolments and through those that ended in an exit."""


def visible(kind: type[Guarded], actor: Actor, permission: Permission | None = None) -> ColumnElement[bool]:
    """A WHERE condition that holds for exactly the rows the actor may read (or use by `permission`).

    Of people whose identity is protected nobody sees a row but themselves and those cleared for the holder; whoever
    has withdrawn the consent a program rests on is seen there by the holder's staff only, but in what rests on a duty.
    Whose data is only stored is seen by the holder's staff only, but in what protects people (incidents).
    """
    reach = kind.reach
    permission = permission or reach.read
    if not actor.has_role_for(permission):
        return false()
    if GRANTS[permission].anyone:
        return true()
    ways = _in_person(kind, actor, permission)
    held, shared = _held(kind, actor, permission), _by_program(kind, actor, permission)
    held += _by_plan(kind, actor)
    if shared:
        held.append(and_(or_(*shared), *_with_consent(kind, actor)))
    if held:
        ways.append(and_(or_(*held), *_without_protection(kind, actor)))
    return or_(*ways) if ways else false()


def concealed_from(actor: Actor, program_id: UUID | None = None) -> Any:
    """A SELECT of the participants kept from this actor: the protected without clearance, the restricted held elsewhere.

    With a program also those, held elsewhere, who have withdrawn the consent that it rests on.
    """
    ways = [and_(*_uncleared(actor)), and_(*_restricted(actor))]
    if program_id is not None:
        withdrawn = col(Concealment.kind) == Concealing.WITHDRAWN_CONSENT
        elsewhere = col(Concealment.partner_id).is_distinct_from(actor.partner_id)
        ways.append(and_(withdrawn, elsewhere, col(Concealment.program_id) == program_id))
    return select(col(Concealment.participant_id)).where(or_(*ways))


def only_stored() -> Any:
    """A SELECT of the participants whose data nobody works with, not even the holder (begränsad behandling)."""
    return select(col(Concealment.participant_id)).where(col(Concealment.kind) == Concealing.RESTRICTED)


def _in_person(kind: type[Guarded], actor: Actor, permission: Permission) -> list[ColumnElement[bool]]:
    grant = GRANTS[permission]
    about = kind.reach.persons if grant.person and actor.persons else ()
    written = kind.reach.authors if grant.author else ()
    return [
        *(_within(_column(kind, name), actor.persons) for name in about),
        *(_column(kind, name) == actor.user_id for name in written),
    ]


def _held(kind: type[Guarded], actor: Actor, permission: Permission) -> list[ColumnElement[bool]]:
    if not GRANTS[permission].holder or actor.partner_id is None or actor.role in PAIR:
        return []
    return [_column(kind, name) == actor.partner_id for name in kind.reach.holders]


def _by_program(kind: type[Guarded], actor: Actor, permission: Permission) -> list[ColumnElement[bool]]:
    reach = kind.reach
    if reach.by_enrolment:
        # Correlated: for one person the planner looks up their enrolments, for a list it hashes those of the programs.
        person = _column(kind, reach.by_enrolment)
        enrolled = exists().where(
            ENROLMENT.c.participant_id == person,
            or_(*_sides(ENROLMENT.c.program_id, ENROLMENT.c.side, actor, permission)),
            ENROLMENT.c.status.in_(REACHABLE_ENROLMENTS),
            _consents(ENROLMENT.c.participant_id, ENROLMENT.c.program_id, actor),
        )
        return [and_(enrolled, person.not_in(_concealed(Concealing.ANONYMOUS, actor)))]
    if reach.by_course:
        return _by_course(_column(kind, reach.by_course), actor, permission)
    if reach.program is None:
        return []
    program = _column(kind, reach.program)
    ways = _sides(program, _column(kind, reach.side) if reach.side else None, actor, permission)
    if reach.by_publication:
        ways.append(program.in_(select(PROGRAM.c.id).where(PROGRAM.c.is_published)))
    return ways


def _by_course(course: Any, actor: Actor, permission: Permission) -> list[ColumnElement[bool]]:
    """Courses that are shared, and those in the curriculum of a program that is published or reached."""
    published = PROGRAM_COURSE.c.program_id.in_(select(PROGRAM.c.id).where(PROGRAM.c.is_published))
    reached = or_(published, *_sides(PROGRAM_COURSE.c.program_id, None, actor, permission))
    shared = select(COURSE.c.id).where(COURSE.c.is_shared)
    return [course.in_(shared), course.in_(select(PROGRAM_COURSE.c.course_id).where(reached))]


def _by_plan(kind: type[Guarded], actor: Actor) -> list[ColumnElement[bool]]:
    """Plans that name the actor's partner, and published ones; the parts of these not while the next version is a draft."""
    name = kind.reach.by_plan
    if name is None:
        return []
    ways: list[ColumnElement[bool]] = [PLAN.c.is_published]
    if name != "id":
        ways = [and_(PLAN.c.is_published, PLAN.c.status != PlanStatus.DRAFT.value)]
    if actor.partner_id is not None:
        ways.append(PLAN.c.named_partner_ids.contains(_ids(frozenset({actor.partner_id}))))
    return [_column(kind, name).in_(select(PLAN.c.id).where(or_(*ways)))]


def _with_consent(kind: type[Guarded], actor: Actor) -> list[ColumnElement[bool]]:
    """Of rows reached through a program: nobody whose consent to that program is withdrawn, unless a duty asks for them."""
    program = kind.reach.program
    if program is None or kind.reach.regardless_of_consent:
        return []
    return [_consents(one, _column(kind, program), actor) for one in _people(kind)]


def _consents(person: Any, program: Any, actor: Actor) -> ColumnElement[bool]:
    withdrawn = _concealed(Concealing.WITHDRAWN_CONSENT, actor, Concealment.program_id)
    return or_(person.is_(None), tuple_(person, program).not_in(withdrawn))


def _without_protection(kind: type[Guarded], actor: Actor) -> list[ColumnElement[bool]]:
    reach = kind.reach
    hidden = [and_(*_uncleared(actor))]
    if not reach.regardless_of_consent:
        hidden.append(and_(*_restricted(actor)))
    protected = select(col(Concealment.participant_id)).where(or_(*hidden))
    found: list[ColumnElement[bool]] = [or_(one.is_(None), one.not_in(protected)) for one in _people(kind)]
    if reach.account:
        logins = select(col(Concealment.user_id)).where(col(Concealment.user_id).is_not(None), or_(*hidden))
        found.append(_column(kind, reach.account).not_in(logins))
    if reach.clearance:
        found.append(_column(kind, reach.clearance).contained_by(_ids(actor.cleared)))
    return found


def _uncleared(actor: Actor) -> list[ColumnElement[bool]]:
    """Protected people of the partners for whom the actor has no clearance today."""
    is_cleared = _within(Concealment.partner_id, actor.cleared)
    return [col(Concealment.kind) == Concealing.PROTECTED_IDENTITY, ~is_cleared]


def _restricted(actor: Actor) -> list[ColumnElement[bool]]:
    """People whose data is only stored, held by another partner."""
    elsewhere = col(Concealment.partner_id).is_distinct_from(actor.partner_id)
    return [col(Concealment.kind) == Concealing.RESTRICTED, elsewhere]


def _concealed(kind: Concealing, actor: Actor, *besides: Any) -> Any:
    """The people (and `besides`) concealed in this manner from everyone outside the partner that holds them."""
    return select(col(Concealment.participant_id), *besides).where(
        col(Concealment.kind) == kind, col(Concealment.partner_id).is_distinct_from(actor.partner_id)
    )


def _people(kind: type[Guarded]) -> list[Any]:
    names = kind.reach.concealed
    return [_column(kind, name) for name in (kind.reach.persons if names is None else names)]


def _sides(program: Any, side: Any, actor: Actor, permission: Permission) -> list[ColumnElement[bool]]:
    if side is None:
        return [_within(program, actor.programs_for(permission))]
    return [and_(side == one.value, _within(program, actor.programs_for(permission, one))) for one in Side]


def _within(of: Any, ids: frozenset[UUID]) -> ColumnElement[bool]:
    """`= any(array)` keeps one statement text (and one prepared plan) whatever the number of ids."""
    return of == any_(_ids(ids))  # type: ignore[no-any-return]


def _ids(ids: frozenset[UUID]) -> Any:
    return bindparam(None, sorted(ids), type_=ARRAY(Uuid), unique=True)


def _column(kind: type[Guarded], name: str) -> Any:
    return getattr(kind, name)
