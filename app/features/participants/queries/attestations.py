"""What is attested of a person, and does anybody ask for it?"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlmodel import Session, col, or_, select

from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.participants.tables import Attestation, Participant
from app.features.programs.tables import Program


def attestations(scope: Scope[Participant]) -> Select[Any]:
    """What is attested of one person, revoked ones too."""
    return select(Attestation).where(Attestation.participant_id == scope.row.id, visible(Attestation, scope.actor))


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


def is_asked_for(scope: Scope[Any], code: str) -> bool:
    """Does a program that the caller may know of have a rule that asks for this attestation?"""
    asking = select(Program.id).where(
        visible(Program, scope.actor), col(Program.eligibility).contains({"attestations": [code]})
    )
    return scope.session.exec(asking.limit(1)).first() is not None


def standing(session: Session, participant_id: UUID, code: str, until: date) -> list[Attestation]:
    """What says, as of that day or earlier, that the person meets the rule, and is not revoked."""
    wanted = _unrevoked(participant_id, code).where(col(Attestation.is_met), Attestation.attested_on <= until)
    return list(session.exec(wanted))


def is_denied_after(session: Session, participant_id: UUID, code: str, day: date) -> bool:
    """Is it attested as of a later day that the rule is not met?"""
    wanted = _unrevoked(participant_id, code).where(~col(Attestation.is_met), Attestation.attested_on > day)
    return session.exec(wanted.limit(1)).first() is not None


def _unrevoked(participant_id: UUID, code: str) -> Any:
    return select(Attestation).where(
        Attestation.participant_id == participant_id,
        Attestation.code == code,
        col(Attestation.revoked_at).is_(None),
    )
