"""What is a programme, what is it for, and when does it run?"""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Computed, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
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


SEARCHED = """
setweight(to_tsvector('swedish', name), 'A') || setweight(to_tsvector('simple', name), 'A')
|| setweight(to_tsvector('swedish', summary), 'B') || setweight(to_tsvector('swedish', coalesce(target_group, '')), 'B')
|| setweight(to_tsvector('simple', coalesce(organizer, '')), 'B')
|| setweight(to_tsvector('swedish', coalesce(purpose, '')), 'C') || setweight(to_tsvector('swedish', description), 'D')
"""
"""What a search reads, stems of Swedish words with weights; names also as they are written."""


class ProgramFields(SQLModel):
    """What a programme says of itself to every reader; nothing personal."""

    name: str = Field(max_length=120)
    summary: str = Field(max_length=400)
    description: str = Field(default="", max_length=8000)
    kind: ProgramKind = Field(sa_type=choice(ProgramKind))
    category: Category = Field(sa_type=choice(Category))
    listing: Listing = Field(default=Listing.OWN, sa_type=choice(Listing))
    purpose: str | None = Field(default=None, max_length=2000)
    target_group: str | None = Field(default=None, max_length=400)
    organizer: str | None = Field(default=None, max_length=120, description="Who runs a listed programme elsewhere.")
    municipality_code: str | None = Field(default=None, max_length=4)
    places: int | None = Field(default=None, description="How many mentees it has room for at a time.")
    contact_email: str | None = Field(default=None, max_length=254, description="A function's address, not a person's.")
    contact_phone: str | None = Field(default=None, max_length=20)
    contact_url: str | None = Field(default=None, max_length=300)
    source: str | None = Field(default=None, max_length=200, description="Where the description comes from.")
    assured_on: date | None = Field(default=None, description="The day somebody last vouched for the description.")
    single_sector_reason: str | None = Field(default=None, max_length=500)
    is_published: bool = False
    is_example: bool = Field(
        default=False, description="A good example: who sees it may copy also its matching policy."
    )


class Program(Guarded, ProgramFields, table=True):
    """A programme; it answers with its own id where others carry `program_id`.

    `search` is the database's own column, not the row's: reading a programme does not carry it along.
    """

    __tablename__ = "program"
    __table_args__ = (
        Column("search", TSVECTOR, Computed(SEARCHED, persisted=True)),
        Index("uq_program_owner_partner_id_name", "owner_partner_id", "name", unique=True),
        Index("ix_program_search", "search", postgresql_using="gin"),
        CheckConstraint("places between 1 and 100000", name="places"),
        CheckConstraint("listing <> 'listed' or (source is not null and organizer is not null)", name="listed_source"),
    )
    __mapper_args__: ClassVar[dict[str, Any]] = {"exclude_properties": ["search"]}
    reach: ClassVar[Reach] = Reach(Permission.PROGRAM_READ, program="id", by_publication=True)

    owner_partner_id: UUID = Field(foreign_key="partner.id", index=True)
    initiator_partner_id: UUID | None = Field(default=None, foreign_key="partner.id")
    assured_by_partner_id: UUID | None = Field(default=None, foreign_key="partner.id")
    example_program_id: UUID | None = Field(
        default=None, foreign_key="program.id", description="What it was copied from."
    )
    example_version: int | None = None
    languages: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    districts: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    shown_factors: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
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


class AssuranceRequest(InProgram, table=True):
    """The owner was asked whether the description still holds. Owned by the program; kept, so that nobody is asked daily."""

    __tablename__ = "assurance_request"
    reach: ClassVar[Reach] = Reach(Permission.PROGRAM_READ, by_publication=True)

    asked_on: date


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
