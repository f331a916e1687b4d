"""Which people does a partner hold, and where are they enrolled? Personal data: no shared field base here."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field

from app.domain.glossary import ExitReason, Gender, Side
from app.domain.lifecycles import OPEN_ENROLMENTS, EnrolmentStatus
from app.domain.roles import Permission
from app.features.access.tables import Guarded, InProgram, Reach
from app.kit.columns import INSTANT, JSON, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {
    "uq_participant_external_id": "participant.external_id_taken",
    "uq_participant_user_id": "participant.user_taken",
    "ck_participant_capacity": "participant.capacity_invalid",
    "uq_enrolment_open": "enrolment.already_enrolled",
}


class Participant(Guarded, table=True):
    """A person as held by one partner (the controller), across programs: `partner_id`, no `program_id`.

    No personnummer, no diagnosis, no ethnicity, no benefit amounts.
    """

    __tablename__ = "participant"
    __table_args__ = (
        Index(
            "uq_participant_external_id",
            "partner_id",
            "external_system",
            "external_id",
            unique=True,
            postgresql_where=text("external_id is not null"),
        ),
        Index("uq_participant_user_id", "user_id", unique=True, postgresql_where=text("user_id is not null")),
        CheckConstraint("mentor_capacity between 1 and 20", name="capacity"),
        CheckConstraint("(external_system is null) = (external_id is null)", name="external_pair"),
    )
    reach: ClassVar[Reach] = Reach(
        Permission.PARTICIPANT_READ, program=None, holders=("partner_id",), persons=("id",), by_enrolment=True
    )

    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    external_system: str | None = Field(default=None, max_length=40)
    external_id: str | None = Field(default=None, max_length=120)
    given_name: str = Field(max_length=80)
    family_name: str = Field(max_length=80)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=30)
    born_on: date
    gender: Gender = Field(sa_type=choice(Gender))
    municipality_code: str | None = Field(default=None, max_length=4)
    languages: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    occupation_code: str | None = Field(default=None, max_length=4, description="SSYK 2012, 1 to 4 digits.")
    is_business_owner: bool = False
    availability: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    has_remote: bool = True
    goals: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    accepts_gender: Gender | None = Field(default=None, sa_type=choice(Gender, "accepts_gender"))
    employer_partner_id: UUID | None = Field(default=None, foreign_key="partner.id")
    mentor_capacity: int = 1


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
