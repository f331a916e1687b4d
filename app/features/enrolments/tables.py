"""Who takes part where? A person in a cohort on one side, from referral or application to exit."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from app.domain.glossary import ExitReason, LegalGround, Side
from app.domain.lifecycles import OPEN_ENROLMENTS, EnrolmentStatus
from app.domain.roles import Permission
from app.features.access.tables import InProgram, Reach
from app.kit.columns import INSTANT, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {"uq_enrolment_open": "enrolment.already_enrolled"}


class Enrolment(InProgram, table=True):
    """A person in a cohort on one side; repeatable and simultaneous. Owned by the program, held by `partner_id`."""

    __tablename__ = "enrolment"
    __table_args__ = (
        Index(
            "uq_enrolment_open",
            "cohort_id",
            "participant_id",
            "side",
            unique=True,
            postgresql_where=text(f"status in {OPEN_ENROLMENTS}"),
        ),
        Index("ix_enrolment_participant_id", "participant_id"),
        CheckConstraint("(exited_on is null) = (exit_reason is null)", name="exit_pair"),
    )
    reach: ClassVar[Reach] = Reach(
        Permission.ENROLMENT_READ, side="side", holders=("partner_id",), persons=("participant_id",)
    )

    cohort_id: UUID = Field(foreign_key="cohort.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id")
    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    side: Side = Field(sa_type=choice(Side))
    ground: LegalGround = Field(default=LegalGround.CONTRACT, sa_type=choice(LegalGround))
    status: EnrolmentStatus = Field(default=EnrolmentStatus.APPLIED, sa_type=choice(EnrolmentStatus))
    needs_business_owner: bool = False
    applied_on: date
    interviewed_on: date | None = None
    reference_count: int = 0
    ready_at: datetime | None = Field(default=None, sa_type=INSTANT)
    waiting_since: date | None = None
    status_reason: str | None = Field(default=None, max_length=40)
    exited_on: date | None = None
    exit_reason: ExitReason | None = Field(default=None, sa_type=choice(ExitReason))
