"""Which consents are in force now?"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from app.domain.glossary import ConsentPurpose
from app.features.access.rows import looks_beyond_reach
from app.features.consents.tables import Consent


@looks_beyond_reach
def consent_in_force(
    session: Session,
    participant_id: UUID,
    purpose: ConsentPurpose,
    *,
    program_id: UUID | None = None,
    recipient_id: UUID | None = None,
) -> Consent | None:
    """The consent for this purpose and recipient (a program's partners, or one partner), unless it is withdrawn."""
    wanted = select(Consent).where(
        Consent.participant_id == participant_id, *_for(purpose, program_id), *_to(recipient_id)
    )
    return session.exec(wanted).first()


@looks_beyond_reach
def consenting(
    session: Session, participant_ids: Collection[UUID], purpose: ConsentPurpose, program_id: UUID
) -> frozenset[UUID]:
    """Those of the people whose consent for this purpose in the program is in force."""
    found = session.exec(
        select(Consent.participant_id).where(
            col(Consent.participant_id).in_(participant_ids), *_for(purpose, program_id)
        )
    )
    return frozenset(found)


def _for(purpose: ConsentPurpose, program_id: UUID | None) -> list[ColumnElement[bool]]:
    return [
        col(Consent.purpose) == purpose,
        col(Consent.program_id).is_not_distinct_from(program_id),
        col(Consent.withdrawn_at).is_(None),
    ]


def _to(recipient_id: UUID | None) -> list[ColumnElement[bool]]:
    return [col(Consent.recipient_partner_id).is_not_distinct_from(recipient_id)]
