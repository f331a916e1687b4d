"""Who refers whom to whom, and what was the answer? Personal data, most of all the snapshot."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field

from app.domain.glossary import Side, StatusReason
from app.domain.lifecycles import ReferralStatus
from app.domain.roles import Permission
from app.features.access.tables import Guarded, Reach
from app.kit.columns import INSTANT, JSON, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {
    "ck_referral_two_partners": "referral.to_own_partner",
    "uq_referral_open": "referral.already_sent",
}


class Referral(Guarded, table=True):
    """A person whom one partner refers (hänvisar) to another, for a cohort; answered by a day.

    `snapshot` is the copy of the record that the consent covers; it is gone as soon as the answer is anything but yes.
    Held by both partners; the records that they hold of the person are two.
    """

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint("from_partner_id <> to_partner_id", name="two_partners"),
        Index(
            "uq_referral_open",
            "participant_id",
            "cohort_id",
            "side",
            "to_partner_id",
            unique=True,
            postgresql_where=text("status = 'sent'"),
        ),
        Index("ix_referral_answer_by", "answer_by", postgresql_where=text("status = 'sent'")),
    )
    reach: ClassVar[Reach] = Reach(
        Permission.REFERRAL_READ,
        program=None,
        holders=("from_partner_id", "to_partner_id"),
        persons=("participant_id", "received_participant_id"),
    )

    program_id: UUID = Field(foreign_key="program.id", index=True)
    cohort_id: UUID = Field(foreign_key="cohort.id")
    side: Side = Field(sa_type=choice(Side))
    from_partner_id: UUID = Field(foreign_key="partner.id", index=True)
    to_partner_id: UUID = Field(foreign_key="partner.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id")
    consent_id: UUID = Field(foreign_key="consent.id", index=True)
    sent_by_user_id: UUID = Field(foreign_key="user_account.id")
    answer_by: date
    status: ReferralStatus = Field(default=ReferralStatus.SENT, sa_type=choice(ReferralStatus))
    snapshot: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    answered_at: datetime | None = Field(default=None, sa_type=INSTANT)
    answered_by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    declined_reason: StatusReason | None = Field(default=None, sa_type=choice(StatusReason))
    received_participant_id: UUID | None = Field(default=None, foreign_key="participant.id", index=True)
    enrolment_id: UUID | None = Field(default=None, foreign_key="enrolment.id")
