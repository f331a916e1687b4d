"""How are people and their enrolments spoken of? Personal data: every schema lists its own fields."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from app.domain.glossary import CefrLevel, Gender, Goal, Side
from app.features.partners.schemas import MunicipalityCode
from app.kit import text
from app.kit.wire import Instant, Schema

T = TypeVar("T")
HOURS_A_DAY = 24


class LanguageSkill(Schema):
    """A language and how well the person uses it (CEFR; `native` is above C2)."""

    code: str = Field(pattern=r"^[a-z]{2,3}$", max_length=3, description="ISO 639.", examples=["sv"])
    level: CefrLevel


class AvailabilityWindow(Schema):
    """Whole hours of one weekday (1 is Monday), local time; `untilHour` is where the window ends."""

    weekday: int = Field(ge=1, le=7)
    from_hour: int = Field(ge=0, le=23)
    until_hour: int = Field(ge=1, le=24)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "AvailabilityWindow":
        if self.until_hour <= self.from_hour:
            raise ValueError("must end after it begins")
        return self


def hours_of(windows: Iterable[AvailabilityWindow]) -> list[int]:
    """The hours of the week in the windows, as they are stored: 0 is Monday 00-01, 167 is Sunday 23-24."""
    return sorted(
        (window.weekday - 1) * HOURS_A_DAY + hour
        for window in windows
        for hour in range(window.from_hour, window.until_hour)
    )


def windows_of(hours: Sequence[int]) -> list[AvailabilityWindow]:
    """The fewest windows that hold exactly these hours of the week."""
    # Hours in a row have the same difference to their place in the row; a new day breaks the row.
    runs = groupby(enumerate(sorted(hours)), key=lambda one: (one[1] - one[0], one[1] // HOURS_A_DAY))
    found = []
    for (_, day), run in runs:
        own = [hour % HOURS_A_DAY for _, hour in run]
        found.append(AvailabilityWindow(weekday=day + 1, from_hour=own[0], until_hour=own[-1] + 1))
    return found


def _without_overlap(windows: list[AvailabilityWindow]) -> list[AvailabilityWindow]:
    hours = hours_of(windows)
    if len(set(hours)) < len(hours):
        raise ValueError("windows must not overlap")
    return windows


def _each_language_once(skills: list[LanguageSkill]) -> list[LanguageSkill]:
    if len({skill.code for skill in skills}) < len(skills):
        raise ValueError("each language once")
    return skills


def each_once(items: list[T]) -> list[T]:
    """ValueError when something stands twice in the list."""
    if len(set(items)) < len(items):
        raise ValueError("each item once")
    return items


def not_null(value: Any) -> Any:
    """ValueError for null: in a merge patch it would clear what may not be empty."""
    if value is None:
        raise ValueError("must not be null")
    return value


PersonName = Annotated[str, text.name(80)]
Phone = Annotated[str, Field(pattern=r"^\+?[0-9][0-9 ()-]{4,28}$", max_length=30, examples=["+46 8 465 004 12"])]
OccupationCode = Annotated[
    str, Field(pattern="^[0-9]{1,4}$", max_length=4, description="SSYK 2012, one to four digits.", examples=["2512"])
]
ExternalSystem = Annotated[str, text.code(40)]
ExternalId = Annotated[str, text.code(120)]
Capacity = Annotated[int, Field(ge=1, le=20, description="How many mentees at a time, in all programs together.")]
Languages = Annotated[list[LanguageSkill], Field(max_length=10), AfterValidator(_each_language_once)]
Availability = Annotated[list[AvailabilityWindow], Field(max_length=84), AfterValidator(_without_overlap)]
Goals = Annotated[list[Goal], Field(max_length=len(Goal)), AfterValidator(each_once)]


class ParticipantCreate(Schema):
    """A person as your organisation holds them. No personnummer, no diagnosis, no ethnicity, no benefit amounts."""

    given_name: PersonName
    family_name: PersonName
    born_on: date
    gender: Gender
    email: text.Email | None = None
    phone: Phone | None = None
    municipality_code: MunicipalityCode | None = None
    languages: Languages = Field(default_factory=list)
    occupation_code: OccupationCode | None = None
    is_business_owner: bool = False
    availability: Availability = Field(default_factory=list)
    has_remote: bool = True
    goals: Goals = Field(default_factory=list)
    accepts_gender: Gender | None = Field(None, description="Null: whoever. / Null: vem som helst.")
    employer_partner_id: UUID | None = None
    mentor_capacity: Capacity = 1
    external_system: ExternalSystem | None = None
    external_id: ExternalId | None = None


class ParticipantPatch(Schema):
    """Changes to a person (JSON Merge Patch): what is left out stays, null clears what may be empty."""

    given_name: PersonName | None = None
    family_name: PersonName | None = None
    born_on: date | None = None
    gender: Gender | None = None
    email: text.Email | None = None
    phone: Phone | None = None
    municipality_code: MunicipalityCode | None = None
    languages: Languages | None = None
    occupation_code: OccupationCode | None = None
    is_business_owner: bool | None = None
    availability: Availability | None = None
    has_remote: bool | None = None
    goals: Goals | None = None
    accepts_gender: Gender | None = None
    employer_partner_id: UUID | None = None
    mentor_capacity: Capacity | None = None
    external_system: ExternalSystem | None = None
    external_id: ExternalId | None = None

    _keep = field_validator(
        "given_name", "family_name", "born_on", "gender", "languages", "is_business_owner", "availability",
        "has_remote", "goals", "mentor_capacity",
    )(not_null)  # fmt: skip


class ParticipantRead(Schema):
    """A person as the holder, the person, and the partners accountable for screening or the data see them."""

    id: UUID
    version: int = Field(ge=1)
    partner_id: UUID
    external_system: str | None = Field(max_length=40)
    external_id: str | None = Field(max_length=120)
    given_name: str = Field(max_length=80)
    family_name: str = Field(max_length=80)
    email: str | None = Field(max_length=254)
    phone: str | None = Field(max_length=30)
    born_on: date
    gender: Gender
    municipality_code: str | None = Field(max_length=4)
    languages: list[LanguageSkill] = Field(max_length=10)
    occupation_code: str | None = Field(max_length=4)
    is_business_owner: bool
    availability: Annotated[list[AvailabilityWindow], Field(max_length=84), BeforeValidator(windows_of)]
    has_remote: bool
    goals: list[Goal] = Field(max_length=len(Goal))
    accepts_gender: Gender | None
    employer_partner_id: UUID | None
    mentor_capacity: int = Field(ge=1, le=20)
    created_at: Instant
    updated_at: Instant


class LoginCreate(Schema):
    """Which side the person logs in as: one account, one role."""

    side: Side
