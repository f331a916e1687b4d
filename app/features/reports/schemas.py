"""How is the committee's report spoken of over the wire?"""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.domain.figures import Section, Unit
from app.domain.glossary import Category
from app.domain.reports import ScopeKind
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

COUNT = 2**31 - 1


class TertialQuery(Schema):
    """Which tertial; without both parameters the last one that has ended."""

    year: int | None = Field(None, ge=1900, le=2200, description="Four digits. / Fyra siffror.")
    tertial: int | None = Field(
        None, ge=1, le=3, description="1 January-April, 2 May-August, 3 September-December. / Tertial."
    )


class ExclusionQuery(PageQuery, TertialQuery):
    """A page of the records of a tertial that did not count."""


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


class ExcludedCount(Schema):
    """How many records one rule kept from counting."""

    rule_id: str = Field(max_length=80)
    rule_text: BothLanguages
    count: int = Field(ge=1, le=COUNT)


class FigureRead(Schema):
    """One figure with what is needed to check it."""

    id: str = Field(max_length=60, examples=["endedToSelfSufficiency"])
    section: Section
    title: BothLanguages
    scope: FigureScopeRead
    unit: Unit
    value: int | None = Field(
        ge=0, le=COUNT, description="In the unit; null for a share, for a median of nothing, or when withheld."
    )
    share: float | None = Field(ge=0, le=1, description="0 to 1 with three decimals; null when the base is 0.")
    base: int | None = Field(ge=0, le=COUNT, description="The number that this one is taken out of.")
    is_protected: bool = Field(description="Withheld: taken out of fewer than ten.")
    is_rounded: bool = Field(description="Rounded at random to a multiple of five, because it tells of people.")
    population: BothLanguages
    first_on: date
    last_on: date
    rule_id: str = Field(max_length=80)
    rule_text: BothLanguages
    source: str = Field(max_length=200, description="Where the rule comes from.")
    excluded_by_rule: list[ExcludedCount] | None = Field(
        max_length=40, description="What did not count; null for callers who may not read the records."
    )


class TertialReport(Schema):
    """The figures of a tertial in total, by category and by program."""

    period: TertialRead
    as_of: Instant = Field(description="The instant at which the records were read.")
    method: BothLanguages = Field(description="How the figures are protected for this caller.")
    programs: list[CoveredProgram] = Field(max_length=5000)
    figures: list[FigureRead] = Field(max_length=150_000)


class ExcludedRecord(Schema):
    """An enrolment that did not count in one figure, and the rule by which it did not."""

    figure_id: str = Field(max_length=60)
    enrolment_id: UUID
    program_id: UUID
    rule_id: str = Field(max_length=80)
    rule_text: BothLanguages
