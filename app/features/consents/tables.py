"""What may a person be asked to consent to, and what have they consented to? Personal data in the second table."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from app.domain.glossary import ConsentGiver, ConsentPurpose
from app.domain.roles import Permission
from app.features.access.tables import Guarded, Reach
from app.kit.columns import INSTANT, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {
    "uq_consent_text_version": "consent_text.version_taken",
    "uq_consent_in_force": "consent.already_given",
}


class ConsentText(Guarded, table=True):
    """A version of the words that a partner asks for consent with; never changed. Belongs to the partner."""

    __tablename__ = "consent_text"
    __table_args__ = (Index("uq_consent_text_version", "partner_id", "purpose", "language", "number", unique=True),)
    reach: ClassVar[Reach] = Reach(Permission.CONSENT_TEXT_READ, program=None, holders=("partner_id",))

    partner_id: UUID = Field(foreign_key="partner.id")
    purpose: ConsentPurpose = Field(sa_type=choice(ConsentPurpose))
    language: str = Field(max_length=3)
    number: int = Field(description="1, 2, 3 … per partner, purpose and language.")
    body: str = Field(max_length=8000)


class Consent(Guarded, table=True):
    """A consent (samtycke) by text version, purpose and recipient, until it is withdrawn. Held by `partner_id`.

    The recipient is either the partners of a program (`program_id`) or one partner (`recipient_partner_id`).
    """

    __tablename__ = "consent"
    __table_args__ = (
        Index(
            "uq_consent_in_force",
            "participant_id",
            "purpose",
            "program_id",
            "recipient_partner_id",
            unique=True,
            postgresql_where=text("withdrawn_at is null"),
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("(purpose = 'referral') = (recipient_partner_id is not null)", name="recipient"),
        CheckConstraint("(purpose = 'referral') = (program_id is null)", name="program"),
        CheckConstraint("(giver = 'guardian') = (guardian_id is not null)", name="guardian"),
    )
    reach: ClassVar[Reach] = Reach(
        Permission.CONSENT_READ,
        program=None,
        holders=("partner_id",),
        persons=("participant_id",),
        by_enrolment="participant_id",
    )

    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    partner_id: UUID = Field(foreign_key="partner.id")
    purpose: ConsentPurpose = Field(sa_type=choice(ConsentPurpose))
    text_id: UUID = Field(foreign_key="consent_text.id")
    program_id: UUID | None = Field(default=None, foreign_key="program.id", index=True)
    recipient_partner_id: UUID | None = Field(default=None, foreign_key="partner.id", index=True)
    giver: ConsentGiver = Field(sa_type=choice(ConsentGiver))
    guardian_id: UUID | None = Field(default=None, foreign_key="guardian.id")
    given_at: datetime = Field(sa_type=INSTANT)
    recorded_by_user_id: UUID = Field(foreign_key="user_account.id")
    withdrawn_at: datetime | None = Field(default=None, sa_type=INSTANT)
    withdrawn_by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
