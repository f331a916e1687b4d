"""What is a programme, what is it for, and when does it run?"""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel

from app.domain.glossary import Category, Listing, ProgramKind, TargetOutcome
from app.domain.lifecycles import CohortStatus
from app.domain.roles import Permission
from app.features.access.tables import Guarded, InProgram, Reach
from app.kit.columns import JSON, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {
    "uq_program_owner_partner_id_name": "program.name_taken",
    "uq_cohort_program_id_name": "cohort.name_taken",
    "ck_cohort_period": "cohort.period_invalid",
    "uq_program_link_program_id_linked_program_id": "program.already_linked",
    "ck_program_link_not_itself": "program.linked_to_itself",
}


class ProgramFields(SQLModel):
    """What a programme says of itself to every reader; nothing personal."""

    name: str = Field(max_length=120)
    summary: str = Field(max_length=400)
    description: str = Field(default="", max_length=8000)
    kind: ProgramKind = Field(sa_type=choice(ProgramKind))
    category: Category = Field(sa_type=choice(Category))
    listing: Listing = Field(default=Listing.OWN, sa_type=choice(Listing))
    purpose: str | None = Field(default=None, max_length=2000)
    organizer: str | None = Field(default=None, max_length=120, description="Who runs a listed programme elsewhere.")
    municipality_code: str | None = Field(default=None, max_length=4)
    source: str | None = Field(default=None, max_length=200, description="Where the description comes from.")
    assured_on: date | None = Field(default=None, description="The day somebody last vouched for the description.")
    single_sector_reason: str | None = Field(default=None, max_length=500)
    is_published: bool = False


class Program(Guarded, ProgramFields, table=True):
    """A programme; it answers with its own id where others carry `program_id`."""

    __tablename__ = "program"
    __table_args__ = (Index("uq_program_owner_partner_id_name", "owner_partner_id", "name", unique=True),)
    reach: ClassVar[Reach] = Reach(Permission.PROGRAM_READ, program="id", by_publication=True)

    owner_partner_id: UUID = Field(foreign_key="partner.id", index=True)
    initiator_partner_id: UUID | None = Field(default=None, foreign_key="partner.id")
    profile_id: str = Field(default="sv-adult-labour", max_length=40)
    profile_overrides: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    eligibility: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class ProgramTarget(InProgram, table=True):
    """A measurable target of the purpose: an outcome, a number, a day. Owned by the program."""

    __tablename__ = "program_target"
    __table_args__ = (CheckConstraint("number > 0", name="number"),)
    reach: ClassVar[Reach] = Reach(Permission.PROGRAM_READ, by_publication=True)

    outcome: TargetOutcome = Field(sa_type=choice(TargetOutcome))
    number: int
    due_on: date


class ProgramLink(InProgram, table=True):
    """This program cooperates with another (NBTP with mentoring programmes). Owned by the linking program."""

    __tablename__ = "program_link"
    __table_args__ = (
        Index("uq_program_link_program_id_linked_program_id", "program_id", "linked_program_id", unique=True),
        CheckConstraint("program_id <> linked_program_id", name="not_itself"),
    )
    reach: ClassVar[Reach] = Reach(Permission.PROGRAM_READ, by_publication=True)

    linked_program_id: UUID = Field(foreign_key="program.id", index=True)


class CohortFields(SQLModel):
    """One run (omgång) of a program; each side has its own intake window, days included."""

    name: str = Field(max_length=120)
    starts_on: date
    ends_on: date
    mentor_intake_from: date
    mentor_intake_until: date
    mentee_intake_from: date
    mentee_intake_until: date
    mentor_places: int | None = None
    mentee_places: int | None = None


class Cohort(InProgram, CohortFields, table=True):
    """A cohort; owned by its program."""

    __tablename__ = "cohort"
    __table_args__ = (
        Index("uq_cohort_program_id_name", "program_id", "name", unique=True),
        CheckConstraint(
            "starts_on <= ends_on and mentor_intake_from <= mentor_intake_until"
            " and mentee_intake_from <= mentee_intake_until",
            name="period",
        ),
    )
    reach: ClassVar[Reach] = Reach(Permission.COHORT_READ, by_publication=True)

    status: CohortStatus = Field(default=CohortStatus.DRAFT, sa_type=choice(CohortStatus))
    status_reason: str | None = Field(default=None, max_length=500, description="Why it was moved there last.")
