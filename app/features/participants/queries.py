"""Which people are there, and what do their matches hold?"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, Uuid, column, func, table
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.participants.tables import Attestation, ContactDigest, Guardian, Participant

# The table of a later slice is named, not imported: participants lie below matches.
MATCH = table(
    "match",
    column("mentor_participant_id", Uuid),
    column("mentor_place", Integer),
)


def participants(scope: Scope[Any]) -> Select[Any]:
    """The people in the caller's reach."""
    return select(Participant).where(visible(Participant, scope.actor))


def held_participant(scope: Scope[Any], participant_id: UUID) -> Participant | None:
    """The person with this id, when the caller's own partner holds them."""
    own = select(Participant).where(Participant.id == participant_id, Participant.partner_id == scope.actor.partner_id)
    return scope.session.exec(own).first()


@looks_beyond_reach
def mentor_load(session: Session, participant_id: UUID) -> tuple[int, int]:
    """How many mentor places matches hold now in all programs, and the highest number among those places."""
    held = select_columns(func.count(MATCH.c.mentor_place), func.coalesce(func.max(MATCH.c.mentor_place), 0)).where(
        MATCH.c.mentor_participant_id == participant_id
    )
    count, highest = session.execute(held).one()
    return count, highest


@looks_beyond_reach
def valid_attestations(session: Session, participant_id: UUID, on: date) -> frozenset[str]:
    """The codes of what is attested of the person as met, and counts on that day."""
    found = session.exec(
        select(Attestation.code).where(
            Attestation.participant_id == participant_id,
            col(Attestation.is_met),
            col(Attestation.revoked_at).is_(None),
            Attestation.attested_on <= on,
            or_(col(Attestation.valid_until).is_(None), col(Attestation.valid_until) >= on),
        )
    )
    return frozenset(found)


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
