"""Which enrolments are there, who waits for a place, and is a match open?"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, column, func, or_, table
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.domain.eligibility import EligibilityRules, OpenProgram
from app.domain.glossary import Side
from app.domain.lifecycles import OPEN_MATCHES, CohortStatus, EnrolmentStatus
from app.domain.roles import Permission, Responsibility
from app.features.access.queries import in_force_on
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import ResponsibilityAssignment
from app.features.access.visible import REACHABLE_ENROLMENTS, visible
from app.features.enrolments.schemas import CohortEnrolmentQuery, EnrolmentQuery
from app.features.enrolments.tables import Enrolment
from app.features.participants.tables import Participant
from app.features.programs.tables import Cohort, Program

# The table of a later slice is named, not imported: enrolments lie below matches.
MATCH = table(
    "match",
    column("mentor_enrolment_id", Uuid),
    column("mentee_enrolment_id", Uuid),
    column("status"),
)
HOLDS_PLACE = (EnrolmentStatus.READY, EnrolmentStatus.PAUSED)
LINE = [col(Enrolment.waiting_since), col(Enrolment.ready_at), col(Enrolment.id)]
"""The order of those who wait for a place: the longest waiting first."""
RECRUITING_DUTY = {Side.MENTOR: Responsibility.RECRUIT_MENTORS, Side.MENTEE: Responsibility.RECRUIT_MENTEES}


def enrolments(scope: Scope[Any], query: EnrolmentQuery) -> Select[Any]:
    """The enrolments in the caller's reach, narrowed by the query."""
    statement = _narrowed(scope, query)
    return statement if query.program_id is None else statement.where(col(Enrolment.program_id) == query.program_id)


def enrolments_of(scope: Scope[Cohort], query: CohortEnrolmentQuery) -> Select[Any]:
    """The enrolments in one cohort that the caller may see."""
    return _narrowed(scope, query).where(col(Enrolment.cohort_id) == scope.row.id)


def _narrowed(scope: Scope[Any], query: CohortEnrolmentQuery) -> Select[Any]:
    statement: Select[Any] = select(Enrolment).where(visible(Enrolment, scope.actor))
    if query.side is not None:
        statement = statement.where(col(Enrolment.side) == query.side)
    if query.status is not None:
        statement = statement.where(col(Enrolment.status) == query.status)
    return statement


def latest_enrolment(scope: Scope[Cohort], participant_id: UUID, side: Side) -> Enrolment | None:
    """The newest enrolment of the person on this side of the cohort, as far as the caller may see it; locked."""
    wanted = select(Enrolment).where(
        Enrolment.cohort_id == scope.row.id,
        Enrolment.participant_id == participant_id,
        Enrolment.side == side,
        visible(Enrolment, scope.actor),
    )
    newest = wanted.order_by(col(Enrolment.created_at).desc(), col(Enrolment.id).desc()).limit(1)
    return scope.session.exec(newest.with_for_update(key_share=True)).first()


def locked_cohort(session: Session, cohort_id: UUID) -> Cohort:
    """The cohort, with everyone else who gives or frees its places kept waiting until this transaction ends."""
    return session.get_one(Cohort, cohort_id, with_for_update={"key_share": True})


@looks_beyond_reach
def free_places(session: Session, cohort: Cohort, side: Side, besides: UUID | None) -> int | None:
    """Places of the cohort that no enrolment, leaving out `besides`, holds; None when they are not limited."""
    places = cohort.mentor_places if side is Side.MENTOR else cohort.mentee_places
    if places is None:
        return None
    holding = select(func.count()).where(
        Enrolment.cohort_id == cohort.id,
        Enrolment.side == side,
        Enrolment.id != besides,  # with None: is not null
        col(Enrolment.status).in_(HOLDS_PLACE),
    )
    return max(0, places - session.exec(holding).one())


@looks_beyond_reach
def waiting_line(
    session: Session, cohort: Cohort, side: Side, besides: UUID | None, limit: int | None
) -> list[Enrolment]:
    """Those who have waited longest for a place, locked; at most `limit` of them.

    Whoever changes one of them at the same moment and wants the cohort too gets `resource.busy` from the database.
    """
    statement = (
        select(Enrolment)
        .where(
            Enrolment.cohort_id == cohort.id,
            Enrolment.side == side,
            Enrolment.id != besides,  # with None: is not null
            Enrolment.status == EnrolmentStatus.WAITING,
        )
        .order_by(*LINE)
        .limit(limit)
        .with_for_update(key_share=True)
    )
    return list(session.exec(statement))


@looks_beyond_reach
def has_open_match(session: Session, enrolment_id: UUID) -> bool:
    """Is the enrolment part of a match that is proposed or under way?"""
    pair = or_(MATCH.c.mentor_enrolment_id == enrolment_id, MATCH.c.mentee_enrolment_id == enrolment_id)
    found = select_columns(func.count()).select_from(MATCH).where(pair, MATCH.c.status.in_(OPEN_MATCHES))
    return bool(session.scalar(found))


def participants_of(scope: Scope[Program]) -> Select[Any]:
    """The people enrolled in one program, on the sides that the caller's duties in it cover."""
    enrolled = select(Enrolment.participant_id).where(
        Enrolment.program_id == scope.row.id,
        col(Enrolment.status).in_(REACHABLE_ENROLMENTS),
        visible(Enrolment, scope.actor, Permission.PARTICIPANT_READ),
    )
    # Of anonymous people the record itself stays with the partner that holds it.
    return select(Participant).where(col(Participant.id).in_(enrolled), visible(Participant, scope.actor))


def own_participant(scope: Scope[Any]) -> Participant | None:
    """The record of the person who is logged in; a login has at most one."""
    return scope.session.exec(select(Participant).where(Participant.user_id == scope.actor.user_id)).first()


def recruits(session: Session, partner_id: UUID, program_id: UUID, side: Side, day: date) -> bool:
    """Does the partner answer for, or support, recruiting this side in the program that day?"""
    wanted = select(ResponsibilityAssignment.id).where(
        ResponsibilityAssignment.partner_id == partner_id,
        ResponsibilityAssignment.program_id == program_id,
        ResponsibilityAssignment.duty == RECRUITING_DUTY[side],
        in_force_on(day),
    )
    return session.exec(wanted.limit(1)).first() is not None


def intake_window(cohort: Any, side: Side) -> tuple[Any, Any]:
    """The first and the last day of a side's intake: of one cohort, or as columns of the table."""
    if side is Side.MENTOR:
        return cohort.mentor_intake_from, cohort.mentor_intake_until
    return cohort.mentee_intake_from, cohort.mentee_intake_until


def open_programs(session: Session, side: Side, day: date) -> Iterator[OpenProgram]:
    """Published programs that take people on this side that day, by name; once for each such cohort.

    Nothing is read before the first one is asked for.
    """
    first_on, last_on = intake_window(Cohort, side)
    found = session.exec(
        select(Program.id, Cohort.id, Program.name, Program.eligibility)
        .join(Cohort, col(Cohort.program_id) == col(Program.id))
        .where(col(Program.is_published), Cohort.status == CohortStatus.OPEN, first_on <= day, last_on >= day)
        .order_by(Program.name, col(Program.id), col(Cohort.starts_on), col(Cohort.id))
    )
    for program_id, cohort_id, name, eligibility in found:
        yield OpenProgram(program_id, cohort_id, name, EligibilityRules.parse(eligibility))
