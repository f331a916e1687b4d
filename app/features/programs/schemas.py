"""How are programmes, their targets and their cohorts spoken of over the wire?"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StrictBool

from app.domain.glossary import Category, CefrLevel, Listing, ProgramKind, TargetOutcome
from app.domain.lifecycles import CohortStatus
from app.features.partners.schemas import MunicipalityCode, Website
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

Name = Annotated[str, text.name(120)]
Summary = Annotated[str, text.text(400, min_length=1)]
Description = Annotated[str, text.text(8000)]
Purpose = Annotated[str, text.text(2000, min_length=1)]
Source = Annotated[str, text.name(200)]
Reason = Annotated[str, text.text(500, min_length=1)]
ProfileId = Annotated[str, text.code(40)]
SettingName = Annotated[str, Field(pattern=r"^[A-Za-z]+$", max_length=40)]
Number = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
SettingValue = StrictBool | Number | Annotated[list[Number], Field(max_length=10)]
Overrides = Annotated[dict[SettingName, SettingValue], Field(max_length=30)]
Age = Annotated[int, Field(ge=0, le=150)]
Places = Annotated[int, Field(ge=1, le=100_000)]
FieldOfWork = Annotated[
    str, Field(pattern="^[0-9]{1,4}$", max_length=4, description="SSYK 2012, one to four digits.", examples=["25"])
]


TargetGroup = Annotated[str, text.text(400, min_length=1)]
Phone = Annotated[str, Field(pattern=r"^[+0-9][0-9 -]{4,18}$", max_length=20, examples=["08-718 80 00"])]


def _once(given: list[str]) -> list[str]:
    if len(set(given)) < len(given):
        raise ValueError("must not repeat itself")
    return given


Languages = Annotated[list[text.LanguageCode], Field(max_length=20), AfterValidator(_once)]
Districts = Annotated[list[Annotated[str, text.name(60)]], Field(max_length=20), AfterValidator(_once)]


class ShownFactor(Schema):
    """One of the seven success factors that the programme is an example of, and what shows it."""

    factor: int = Field(ge=1, le=7)
    evidence: Annotated[str, text.text(1000, min_length=1)]
    url: Website | None = None


def _each_once(given: list[ShownFactor]) -> list[ShownFactor]:
    if len({one.factor for one in given}) < len(given):
        raise ValueError("must name each factor once")
    return given


ShownFactors = Annotated[list[ShownFactor], Field(max_length=7), AfterValidator(_each_once)]


class Eligibility(Schema):
    """Who may enrol; a rule that is left out lets everybody in. Ages are those on the intake day."""

    min_age: Age | None = None
    max_age: Age | None = None
    municipalities: Annotated[list[MunicipalityCode], Field(max_length=290)] | None = None
    language_min: CefrLevel | None = None
    attestations: Annotated[list[Annotated[str, text.code(40)]], Field(max_length=20)] | None = None
    fields_of_work: Annotated[list[FieldOfWork], Field(max_length=50)] | None = None


class ProgramCreate(Schema):
    """A new programme; it belongs to the caller's own partner."""

    name: Annotated[str, text.name(120), Field(examples=["Påhittade mentorer"])]
    summary: Summary
    description: Description = ""
    kind: ProgramKind
    category: Category
    listing: Listing = Listing.OWN
    purpose: Purpose | None = None
    organizer: Name | None = None
    target_group: TargetGroup | None = None
    languages: Languages = Field(default_factory=list)
    districts: Districts = Field(default_factory=list)
    municipality_code: MunicipalityCode | None = None
    places: Places | None = None
    contact_email: text.Email | None = None
    contact_phone: Phone | None = None
    contact_url: Website | None = None
    source: Source | None = None
    assured_on: date | None = None
    shown_factors: ShownFactors = Field(default_factory=list)
    single_sector_reason: Reason | None = None
    is_published: bool = False
    is_example: bool = False
    initiator_partner_id: UUID | None = None
    profile_id: ProfileId = "sv-adult-labour"
    profile_overrides: Overrides = Field(default_factory=dict)
    eligibility: Eligibility = Field(default_factory=Eligibility)


class ProgramPatch(Schema):
    """Changes to a programme (JSON Merge Patch, also inside profileOverrides and eligibility)."""

    name: Name | None = None
    summary: Summary | None = None
    description: Description | None = None
    kind: ProgramKind | None = None
    category: Category | None = None
    listing: Listing | None = None
    purpose: Purpose | None = None
    organizer: Name | None = None
    target_group: TargetGroup | None = None
    languages: Languages | None = None
    districts: Districts | None = None
    municipality_code: MunicipalityCode | None = None
    places: Places | None = None
    contact_email: text.Email | None = None
    contact_phone: Phone | None = None
    contact_url: Website | None = None
    source: Source | None = None
    assured_on: date | None = None
    shown_factors: ShownFactors | None = None
    single_sector_reason: Reason | None = None
    is_published: bool | None = None
    is_example: bool | None = None
    initiator_partner_id: UUID | None = None
    profile_id: ProfileId | None = None
    profile_overrides: Annotated[dict[SettingName, SettingValue | None], Field(max_length=30)] | None = None
    eligibility: Eligibility | None = None


class ProgramRead(Schema):
    """A programme as every reader sees it."""

    id: UUID
    version: int = Field(ge=1)
    owner_partner_id: UUID
    initiator_partner_id: UUID | None
    name: str = Field(max_length=120)
    summary: str = Field(max_length=400)
    description: str = Field(max_length=8000)
    kind: ProgramKind
    category: Category
    listing: Listing
    purpose: str | None = Field(max_length=2000)
    organizer: str | None = Field(max_length=120)
    target_group: str | None = Field(max_length=400)
    languages: list[text.LanguageCode] = Field(max_length=20)
    districts: list[Annotated[str, Field(max_length=60)]] = Field(max_length=20)
    municipality_code: str | None = Field(max_length=4)
    places: int | None = Field(ge=1, le=100_000)
    contact_email: str | None = Field(max_length=254)
    contact_phone: str | None = Field(max_length=20)
    contact_url: str | None = Field(max_length=300)
    source: str | None = Field(max_length=200)
    assured_on: date | None
    assured_by_partner_id: UUID | None
    shown_factors: list[ShownFactor] = Field(max_length=7)
    single_sector_reason: str | None = Field(max_length=500)
    is_published: bool
    is_example: bool
    example_program_id: UUID | None
    example_version: int | None = Field(ge=1)
    profile_id: str = Field(max_length=40)
    profile_overrides: Overrides
    eligibility: Eligibility
    created_at: Instant
    updated_at: Instant


class ProgramQuery(PageQuery):
    category: Category | None = Field(None, description="Only this category. / Endast denna kategori.")
    kind: ProgramKind | None = Field(None, description="Only this kind. / Endast denna programtyp.")
    listing: Listing | None = Field(None, description="Listed, adopted or own. / Befintligt, anslutet eller eget.")


class TargetCreate(Schema):
    """A measurable target: so many of this outcome by that day."""

    outcome: TargetOutcome
    number: int = Field(ge=1, le=1_000_000)
    due_on: date


class TargetRead(TargetCreate):
    id: UUID
    program_id: UUID


class LinkCreate(Schema):
    """Say that this programme cooperates with another."""

    linked_program_id: UUID


class CohortCreate(Schema):
    """A new run of the programme; each side has its own intake window, both days included."""

    name: Annotated[str, text.name(120), Field(examples=["Våren"])]
    starts_on: date
    ends_on: date
    mentor_intake_from: date
    mentor_intake_until: date
    mentee_intake_from: date
    mentee_intake_until: date
    mentor_places: Places | None = None
    mentee_places: Places | None = None


class CohortPatch(Schema):
    """Changes to a cohort (JSON Merge Patch); its days only while it is a draft or open."""

    name: Name | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    mentor_intake_from: date | None = None
    mentor_intake_until: date | None = None
    mentee_intake_from: date | None = None
    mentee_intake_until: date | None = None
    mentor_places: Places | None = None
    mentee_places: Places | None = None


class CohortRead(Schema):
    """A cohort with its state."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    name: str = Field(max_length=120)
    status: CohortStatus
    status_reason: str | None = Field(max_length=500)
    starts_on: date
    ends_on: date
    mentor_intake_from: date
    mentor_intake_until: date
    mentee_intake_from: date
    mentee_intake_until: date
    mentor_places: int | None = Field(ge=1, le=100_000)
    mentee_places: int | None = Field(ge=1, le=100_000)
    created_at: Instant
    updated_at: Instant


class TransitionCreate(Schema):
    """Move a cohort to its next state; cancelling needs a reason."""

    to: CohortStatus
    reason: Reason | None = None
