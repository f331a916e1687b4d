"""How is the committee's report spoken of over the wire?"""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.domain.glossary import Category
from app.domain.reports import ScopeKind
from app.kit.wire import Instant, Schema

COUNT = 2**31 - 1


class TertialQuery(Schema):
    """Which tertial; without both parameters the last one that has ended."""

    year: int | None = Field(None, ge=1900, le=2200, description="Four digits. / Fyra siffror.")
    tertial: int | None = Field(
        None, ge=1, le=3, description="1 January-April, 2 May-August, 3 September-December. / Tertial."
    )


class BothLanguages(Schema):
    sv: str = Field(max_length=400)
    en: str = Field(max_length=400)


class TertialRead(Schema):
    """A period, both days included."""

    id: str = Field(max_length=7, examples=["2026-T1"])
    year: int = Field(ge=1900, le=2200)
    tertial: int = Field(ge=1, le=3)
    first_on: date
    last_on: date
    has_ended: bool = Field(description="False: the figures will still change as the period goes on.")


class CoveredProgram(Schema):
    """A program whose enrolments are counted."""

    id: UUID
    name: str = Field(max_length=120)
    category: Category


class FigureScopeRead(Schema):
    """What part of the records a figure is about."""

    kind: ScopeKind
    key: str | None = Field(max_length=40, description="The category, or the id of the program; null for the total.")


class ExcludedRecord(Schema):
    """An enrolment that did not count, and the rule by which it did not."""

    enrolment_id: UUID
    rule_id: str = Field(max_length=80)


class FigureRead(Schema):
    """One figure with what is needed to check it."""

    id: str = Field(max_length=60, examples=["endedToSelfSufficiency"])
    scope: FigureScopeRead
    value: int | None = Field(ge=0, le=COUNT, description="Persons or enrolments; null for a share or when protected.")
    share: float | None = Field(ge=0, le=1, description="0 to 1 with three decimals; null when the base is 0.")
    base: int | None = Field(ge=0, le=COUNT, description="The denominator of a share.")
    is_protected: bool = Field(
        description="Withheld: so small, or so close to something small, that it may tell of a person."
    )
    population: BothLanguages
    first_on: date
    last_on: date
    rule_id: str = Field(max_length=80)
    rule_text: BothLanguages
    source: str = Field(max_length=200, description="Where the rule comes from.")
    excluded_count: int | None = Field(ge=0, le=COUNT, description="How many records did not count, by a rule.")
    excluded: list[ExcludedRecord] | None = Field(
        max_length=20_000, description="Which ones; null for callers who may not read the records."
    )


class TertialReport(Schema):
    """The figures of a tertial in total, by category and by program."""

    period: TertialRead
    as_of: Instant = Field(description="The instant at which the records were read.")
    programs: list[CoveredProgram] = Field(max_length=5000)
    figures: list[FigureRead] = Field(max_length=40_000)
