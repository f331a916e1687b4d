"""Of which parts are people spoken of: languages, hours of the week, names, numbers?"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, model_validator

from app.domain.glossary import AgeGroup, CefrLevel, Goal, Interest
from app.kit import text
from app.kit.wire import Schema

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
    hours: list[int] = []
    for window in windows:
        day = (window.weekday - 1) * HOURS_A_DAY
        hours += range(day + window.from_hour, day + window.until_hour)
    return sorted(hours)


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
BirthYear = Annotated[int, Field(ge=1900, le=9999, description="Year of birth. / Födelseår.")]
Phone = Annotated[str, Field(pattern=r"^\+?[0-9][0-9 ()-]{4,28}$", max_length=30, examples=["+46 8 465 004 12"])]
OccupationCode = Annotated[
    str, Field(pattern="^[0-9]{1,4}$", max_length=4, description="SSYK 2012, one to four digits.", examples=["2512"])
]
District = Annotated[
    str, text.name(60), Field(description="A part of the municipality. / Kommundel.", examples=["Fisksätra"])
]
Capacity = Annotated[int, Field(ge=1, le=20, description="How many mentees at a time, in all programs together.")]
Languages = Annotated[list[LanguageSkill], Field(max_length=10), AfterValidator(_each_language_once)]
Availability = Annotated[list[AvailabilityWindow], Field(max_length=84), AfterValidator(_without_overlap)]
Goals = Annotated[list[Goal], Field(max_length=len(Goal)), AfterValidator(each_once)]
MAX_SKILLS = 20
SkillId = Annotated[
    str,
    Field(
        pattern="^[A-Za-z0-9]{4}_[A-Za-z0-9]{3}_[A-Za-z0-9]{3}$",
        max_length=12,
        description="A concept of the JobTech taxonomy. / Ett begrepp i JobTech Taxonomy.",
        examples=["DHhX_uVf_y6X"],
    ),
]
Skills = Annotated[list[SkillId], Field(max_length=MAX_SKILLS), AfterValidator(each_once)]
Interests = Annotated[list[Interest], Field(max_length=len(Interest)), AfterValidator(each_once)]
AgeGroups = Annotated[
    list[AgeGroup],
    Field(max_length=len(AgeGroup), description="Empty: people of any age. / Tomt: oavsett ålder."),
    AfterValidator(each_once),
]
