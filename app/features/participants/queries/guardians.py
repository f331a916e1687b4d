"""Who are a minor's guardians, do they consent, and is one of them the mentor?"""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.domain.lifecycles import OPEN_MATCHES
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.participants.queries.people import MATCH
from app.features.participants.tables import ContactDigest, Guardian, Participant

EMPTIED = ""
"""The name of a guardian whose person has become anonymous; nobody can give it as a name."""


def guardians(scope: Scope[Participant]) -> Select[Any]:
    """The guardians of one person."""
    return select(Guardian).where(
        Guardian.participant_id == scope.row.id, Guardian.family_name != EMPTIED, visible(Guardian, scope.actor)
    )


def guardians_of(session: Session, participant_id: UUID) -> list[Guardian]:
    """The guardians of one person, whoever asks."""
    wanted = select(Guardian).where(Guardian.participant_id == participant_id, Guardian.family_name != EMPTIED)
    return list(session.exec(wanted.order_by(col(Guardian.id))))


def guardian_count(session: Session, participant_id: UUID) -> int:
    wanted = select(func.count()).where(Guardian.participant_id == participant_id, Guardian.family_name != EMPTIED)
    return session.exec(wanted).one()


@looks_beyond_reach
def has_guardian_consent(session: Session, participant_id: UUID) -> bool:
    """Does a guardian of this person consent, now?"""
    wanted = select(Guardian.id).where(
        Guardian.participant_id == participant_id,
        col(Guardian.consented_on).is_not(None),
        col(Guardian.withdrawn_on).is_(None),
    )
    return session.exec(wanted.limit(1)).first() is not None


@looks_beyond_reach
def is_guardian_of(session: Session, person_id: UUID, minor_id: UUID) -> bool:
    """Has a guardian of the minor (a participant) the same e-mail address or phone number as the other participant?"""
    own = aliased(ContactDigest)
    same = (
        select(ContactDigest.id)
        .join(own, col(own.digest) == col(ContactDigest.digest))
        .where(
            ContactDigest.participant_id == minor_id,
            col(ContactDigest.guardian_id).is_not(None),
            own.participant_id == person_id,
            col(own.guardian_id).is_(None),
        )
    )
    return session.exec(same.limit(1)).first() is not None


@looks_beyond_reach
def is_mentor_too(session: Session, guardian: Guardian) -> bool:
    """Has the mentor in an open match of the minor the same e-mail address or phone number as this guardian?"""
    own = aliased(ContactDigest)
    same = (
        select(ContactDigest.id)
        .join(own, col(own.digest) == col(ContactDigest.digest))
        .join(MATCH, MATCH.c.mentor_participant_id == own.participant_id)
        .where(
            ContactDigest.guardian_id == guardian.id,
            col(own.guardian_id).is_(None),
            MATCH.c.mentee_participant_id == guardian.participant_id,
            MATCH.c.status.in_(OPEN_MATCHES),
        )
    )
    return session.exec(same.limit(1)).first() is not None
