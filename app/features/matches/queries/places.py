"""Which enrolments and places does a match bind, and which pairs are ruled out?"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from app.domain.glossary import Side
from app.domain.lifecycles import MatchStatus
from app.domain.matches import UNANSWERED
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.enrolments.tables import Enrolment
from app.features.matches.tables import Match
from app.features.participants.tables import ContactDigest, Participant


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
    """(mentor's participant, mentee's participant) of every pair ruled out in the program.

    One of the two has declined the other, or the mentor is a guardian of the mentee.
    """
    declined = session.exec(
        select(Match.mentor_participant_id, Match.mentee_participant_id).where(
            Match.program_id == program_id, Match.status == MatchStatus.DECLINED
        )
    )
    own, guardians = aliased(ContactDigest), aliased(ContactDigest)
    mentees = select(Enrolment.participant_id).where(Enrolment.program_id == program_id, Enrolment.side == Side.MENTEE)
    related = session.exec(
        select(own.participant_id, guardians.participant_id)
        .join(guardians, col(guardians.digest) == col(own.digest))
        .where(
            col(guardians.participant_id).in_(mentees),
            col(guardians.guardian_id).is_not(None),
            col(own.guardian_id).is_(None),
        )
    )
    return {*declined, *related}
