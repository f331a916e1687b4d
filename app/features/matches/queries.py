"""Which matches and meetings are there, which places does a mentor hold, and which pairs are blocked?"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select
from sqlmodel import Session, col, or_, select

from app.domain.access import Actor
from app.domain.glossary import Side
from app.domain.grants import PAIR
from app.domain.lifecycles import MatchStatus
from app.domain.matches import SHARES_CONTACT, UNANSWERED
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.enrolments.tables import Enrolment
from app.features.matches.schemas import MatchForPair, MatchQuery, MatchRead
from app.features.matches.tables import Match, Meeting
from app.features.participants.tables import Participant
from app.kit.problems import Problem


def matches(scope: Scope[Any], query: MatchQuery) -> Select[Any]:
    """The matches in the caller's reach, narrowed by the query."""
    statement = select(Match).where(visible(Match, scope.actor))
    for name in ("program_id", "cohort_id", "status"):
        if (wanted := getattr(query, name)) is not None:
            statement = statement.where(getattr(Match, name) == wanted)
    return statement


def view_of(actor: Actor) -> type[MatchRead]:
    """The form in which this actor sees a match."""
    return MatchForPair if actor.role in PAIR else MatchRead


def side_of(actor: Actor, row: Match | Meeting) -> Side | None:
    """The side of the pair that the actor is in person; None for everyone else."""
    if row.mentor_participant_id in actor.persons:
        return Side.MENTOR
    return Side.MENTEE if row.mentee_participant_id in actor.persons else None


@looks_beyond_reach
def contact(scope: Scope[Match]) -> Participant:
    """The other person of the pair, from both acceptances until the end. Raises: Problem 404 for all others."""
    match, side = scope.row, side_of(scope.actor, scope.row)
    if side is None or match.status not in SHARES_CONTACT:
        raise Problem("resource.not_found")
    other = match.mentee_participant_id if side is Side.MENTOR else match.mentor_participant_id
    return scope.session.get_one(Participant, other)


def meetings(scope: Scope[Match]) -> Select[Any]:
    """The meetings of one match."""
    return select(Meeting).where(Meeting.match_id == scope.row.id)


def enrolments_of(session: Session, match: Match) -> dict[Side, Enrolment]:
    """Both enrolments as they stand, locked against change until the transaction ends."""
    return {
        Side.MENTOR: hold_enrolment(session, match.mentor_enrolment_id),
        Side.MENTEE: hold_enrolment(session, match.mentee_enrolment_id),
    }


@looks_beyond_reach
def hold_enrolment(session: Session, enrolment_id: UUID) -> Enrolment:
    """The enrolment as it stands; others may read it, nobody may change it until the transaction ends."""
    found = select(Enrolment).where(Enrolment.id == enrolment_id).with_for_update(read=True)
    return session.exec(found, execution_options={"populate_existing": True}).one()


@looks_beyond_reach
def lock_mentor(session: Session, participant_id: UUID) -> Participant:
    """The mentor as they stand now; acceptances of their matches, in whichever program, queue up here."""
    found = select(Participant).where(Participant.id == participant_id).with_for_update(key_share=True)
    return session.exec(found, execution_options={"populate_existing": True}).one()


@looks_beyond_reach
def held_places(session: Session, participant_id: UUID) -> list[int]:
    """The places of the mentor that are taken, across all programs."""
    found = session.exec(
        select(Match.mentor_place).where(
            Match.mentor_participant_id == participant_id, col(Match.mentor_place).is_not(None)
        )
    )
    return [place for place in found if place is not None]


def lock_overdue(scope: Scope[Any], *wanted: ColumnElement[bool]) -> Sequence[Match]:
    """Matches (any of `wanted`) that nobody answered in time, locked; those in use by others are left to them."""
    found = select(Match).where(or_(*wanted), col(Match.status).in_(UNANSWERED), col(Match.answer_by) < scope.today)
    return scope.session.exec(found.order_by(col(Match.id)).with_for_update(skip_locked=True, key_share=True)).all()


def of_mentor(participant_id: UUID) -> ColumnElement[bool]:
    return col(Match.mentor_participant_id) == participant_id


def of_mentee_enrolment(enrolment_id: UUID) -> ColumnElement[bool]:
    return col(Match.mentee_enrolment_id) == enrolment_id


@looks_beyond_reach
def blocked_pairs(session: Session, program_id: UUID) -> set[tuple[UUID, UUID]]:
    """(mentor's participant, mentee's participant) of every pair that was declined in the program."""
    found = session.exec(
        select(Match.mentor_participant_id, Match.mentee_participant_id).where(
            Match.program_id == program_id, Match.status == MatchStatus.DECLINED
        )
    )
    return set(found)
