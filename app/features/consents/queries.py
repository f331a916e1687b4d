"""Which texts and consents are there, and which are in force now?"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, column, exists, func, or_, table
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.domain.glossary import Concealing, ConsentPurpose, LegalGround
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import Concealment
from app.features.access.visible import REACHABLE_ENROLMENTS, visible
from app.features.consents.schemas import ConsentTextQuery
from app.features.consents.tables import Consent, ConsentText
from app.features.participants.tables import Guardian, Participant
from app.features.partners.tables import Partner
from app.features.programs.tables import Program

# The table of a later slice is named, not imported: consents lie below enrolments.
ENROLMENT = table(
    "enrolment", column("participant_id", Uuid), column("program_id", Uuid), column("ground"), column("status")
)


@looks_beyond_reach
def consent_in_force(
    session: Session,
    participant_id: UUID,
    purpose: ConsentPurpose,
    *,
    program_id: UUID | None = None,
    recipient_id: UUID | None = None,
    is_kept: bool = False,
) -> Consent | None:
    """The consent for this purpose and recipient (a program's partners, or one partner), unless it is withdrawn.

    With `is_kept` nobody withdraws it before this transaction ends: what is made to rest on it is then seen by whoever
    withdraws it.
    """
    wanted = select(Consent).where(
        Consent.participant_id == participant_id, *_for(purpose, program_id), *_to(recipient_id)
    )
    return session.exec(wanted.with_for_update(read=True) if is_kept else wanted).first()


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


def consent_texts(scope: Scope[Partner], query: ConsentTextQuery) -> Select[Any]:
    """Every version of the partner's texts, narrowed by the query."""
    return _narrowed(select(ConsentText).where(ConsentText.partner_id == scope.row.id), query)


def newest_texts(scope: Scope[Participant], query: ConsentTextQuery) -> Select[Any]:
    """The newest version for each purpose and language of the partner that holds the person."""
    later = aliased(ConsentText)
    is_replaced = exists().where(
        col(later.partner_id) == col(ConsentText.partner_id),
        col(later.purpose) == col(ConsentText.purpose),
        col(later.language) == col(ConsentText.language),
        col(later.number) > col(ConsentText.number),
    )
    return _narrowed(select(ConsentText).where(ConsentText.partner_id == scope.row.partner_id, ~is_replaced), query)


def _narrowed(statement: Select[Any], query: ConsentTextQuery) -> Select[Any]:
    if query.purpose is not None:
        statement = statement.where(col(ConsentText.purpose) == query.purpose)
    if query.language is not None:
        statement = statement.where(col(ConsentText.language) == query.language)
    return statement


def last_number(session: Session, partner_id: UUID, purpose: ConsentPurpose, language: str) -> int:
    """The number of the newest version for a purpose in a language; 0 when there is none."""
    newest = select(func.coalesce(func.max(ConsentText.number), 0)).where(
        ConsentText.partner_id == partner_id, ConsentText.purpose == purpose, ConsentText.language == language
    )
    return session.exec(newest).one()


def is_text_of(session: Session, text_id: UUID, partner_id: UUID, purpose: ConsentPurpose) -> bool:
    """Is this a version of the partner's text for the purpose?"""
    text = session.get(ConsentText, text_id)
    return text is not None and (text.partner_id, text.purpose) == (partner_id, purpose)


def is_guardian(session: Session, guardian_id: UUID, participant_id: UUID) -> bool:
    """Is this a guardian of the person?"""
    guardian = session.get(Guardian, guardian_id)
    return guardian is not None and guardian.participant_id == participant_id


def consents_of(scope: Scope[Participant]) -> Select[Any]:
    """What a person has consented to, withdrawn or not."""
    return select(Consent).where(Consent.participant_id == scope.row.id, visible(Consent, scope.actor))


def can_know_of(scope: Scope[Participant], program_id: UUID) -> bool:
    """Is the program published, one that the person takes part in, or one that the caller sees?"""
    taken_part = select_columns(ENROLMENT.c.program_id).where(
        ENROLMENT.c.participant_id == scope.row.id, ENROLMENT.c.status.in_(REACHABLE_ENROLMENTS)
    )
    wanted = select(Program.id).where(
        Program.id == program_id,
        or_(col(Program.is_published), col(Program.id).in_(taken_part), visible(Program, scope.actor)),
    )
    return scope.session.exec(wanted).first() is not None


def rests_on_consent(session: Session, participant_id: UUID, program_id: UUID) -> bool:
    """Does the person take, or did they take, part in the program on the ground of consent?"""
    wanted = select_columns(ENROLMENT.c.participant_id).where(
        ENROLMENT.c.participant_id == participant_id,
        ENROLMENT.c.program_id == program_id,
        ENROLMENT.c.ground == LegalGround.CONSENT.value,
    )
    return session.scalars(wanted.limit(1)).first() is not None


def withdrawn(session: Session, participant_id: UUID, program_id: UUID) -> Concealment | None:
    """What keeps the person from the program's other partners since the consent was withdrawn."""
    wanted = select(Concealment).where(
        Concealment.participant_id == participant_id,
        Concealment.kind == Concealing.WITHDRAWN_CONSENT,
        Concealment.program_id == program_id,
    )
    return session.exec(wanted).first()
