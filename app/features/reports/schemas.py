"""How is the committee's report spoken of over the wire?"""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.figures import Section, Unit
from app.domain.glossary import Category, Gender, Listing, ProgramKind, Sector, TargetOutcome
from app.domain.lifecycles import AgreementStatus
from app.domain.outcomes import EducationLevel, EndKind, IncomeSource, Occupation
from app.domain.reports import ScopeKind
from app.domain.roles import Level, Responsibility
from app.features.agreements.schemas import PartnerName
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


class Standing(StrEnum):
    """How a target stands."""

    REACHED = "reached"  # uppnått
    UNDER_WAY = "underWay"  # på väg
    MISSED = "missed"  # inte uppnått i tid
    UNTOLD = "untold"  # underlaget är för litet för att visas


class TargetResult(Schema):
    """One target of the purpose and what has come of it, until its day or today."""

    target_id: UUID
    outcome: TargetOutcome
    number: int = Field(ge=1, le=COUNT, description="What the target asks for.")
    due_on: date
    until: date = Field(description="The last day that is counted.")
    result: int | None = Field(ge=0, le=COUNT)
    share: float | None = Field(ge=0, le=1, description="Of the target, at most 1.")
    standing: Standing
    is_protected: bool
    is_rounded: bool
    rule_id: str = Field(max_length=80)
    rule_text: BothLanguages
    source: str = Field(max_length=200)


class TargetResults(Schema):
    """Purpose against result."""

    program_id: UUID
    as_of: Instant
    items: list[TargetResult] = Field(max_length=1000)


class Amount(Schema):
    """A number as this caller may have it."""

    value: int | None = Field(ge=0, le=COUNT)
    is_protected: bool
    is_rounded: bool


class HeldDuty(Schema):
    """A duty of the split of responsibility, as it is held today."""

    duty: Responsibility
    level: Level


class PartnerContribution(Schema):
    """What one partner answers for, and gave in the period."""

    partner_id: UUID
    name: str = Field(max_length=120)
    sector: Sector
    duties: list[HeldDuty] = Field(max_length=60)
    mentors: Amount = Field(description="Its mentors with a match under way; each person once.")
    meetings: Amount = Field(description="Meetings of those mentors.")
    hours: Amount = Field(description="Hours of those meetings.")
    mentees: Amount = Field(description="Mentees whom it holds, in an effort in the period.")
    host_places: int = Field(ge=0, le=COUNT, description="Places at its workplaces in the period's cohorts.")
    hosted: Amount = Field(description="People who were placed there in the period.")


class PartnerContributions(Schema):
    """What each partner contributed."""

    program_id: UUID
    period: TertialRead
    as_of: Instant
    items: list[PartnerContribution] = Field(max_length=1000)


class Evidence(Schema):
    """What the records show: a share of `base`, and whether that is enough."""

    factor: int = Field(ge=1, le=7)
    code: str = Field(max_length=40)
    text: BothLanguages
    share: float | None = Field(ge=0, le=1)
    base: int | None = Field(ge=0, le=COUNT)
    enough: float = Field(ge=0, le=1)
    is_met: bool | None = Field(description="Null when nothing can be said.")
    is_missing: bool = Field(description="No record that could show it.")
    is_protected: bool
    is_rounded: bool
    rule_id: str = Field(max_length=80)


class FactorScore(Schema):
    """One success factor: set up today, shown by the records, and what is missing."""

    factor: int = Field(ge=1, le=7)
    code: str = Field(max_length=40)
    text: BothLanguages
    is_set: bool
    is_shown: bool = Field(description="Set up, and the records show it.")
    evidence: list[Evidence] = Field(max_length=10)
    missing: list[Annotated[str, Field(max_length=80)]] = Field(max_length=60)


class Scorecard(Schema):
    """The seven success factors as the records of a tertial show them."""

    program_id: UUID
    period: TertialRead
    as_of: Instant
    factors: list[FactorScore] = Field(min_length=7, max_length=7)


class HistoryQuery(TertialQuery):
    """The last tertial, and how many up to it."""

    tertials: int = Field(6, ge=1, le=9, description="How many tertials. / Antal tertial.")


class FactorPoint(Schema):
    """What the records of one tertial show of a factor; `isShown` is empty where there is nothing to judge."""

    period_id: str = Field(max_length=12, examples=["2014-T1"])
    is_shown: bool | None
    evidence: list[Evidence] = Field(max_length=10)


class GoodExample(Schema):
    """A programme of the catalogue that shows the factor, and what shows it there."""

    program_id: UUID
    name: str = Field(max_length=120)
    is_same_category: bool
    evidence: str = Field(max_length=1000)
    url: str | None = Field(max_length=300)


class FactorHistory(Schema):
    """One success factor over time, beside those who are good at it."""

    factor: int = Field(ge=1, le=7)
    code: str = Field(max_length=40)
    text: BothLanguages
    is_set: bool = Field(description="Set up today.")
    points: list[FactorPoint] = Field(max_length=9)
    examples: list[GoodExample] = Field(max_length=5)


class ScorecardHistory(Schema):
    """The seven success factors over several tertials, the earliest first."""

    program_id: UUID
    periods: list[TertialRead] = Field(max_length=9)
    as_of: Instant
    factors: list[FactorHistory] = Field(min_length=7, max_length=7)


class SusQuery(PageQuery, TertialQuery):
    """A page of the rows of a tertial; a table (CSV, XLSX) holds all of them."""


class SusSituation(Schema):
    """How somebody supported themself on a day."""

    observed_on: date
    income_source: IncomeSource
    occupation: Occupation
    extent_percent: int = Field(ge=0, le=100)
    education: EducationLevel | None


class SusRow(Schema):
    """One enrolment; of an anonymous one only the gender and the year of the period."""

    is_anonymous: bool
    year: int = Field(ge=1900, le=2200)
    gender: Gender
    birth_year: int | None = Field(None, ge=1850, le=2200)
    enrolment_id: UUID | None = None
    entered_on: date | None = None
    is_entry: bool | None = Field(None, description="Entered within the period.")
    exited_on: date | None = None
    end: EndKind | None = None
    before: SusSituation | None = None
    after: SusSituation | None = None
    has_increased: bool | None = Field(None, description="Began or increased work or studies; null: not comparable.")
    public_support_ended: bool | None = None


class SusExport(Schema):
    """All rows of a tertial."""

    period_id: str = Field(max_length=7)
    rows: list[SusRow] = Field(max_length=20_000)


class EffortAgreement(Schema):
    """An agreement that is in force, or waits for signatures; its terms and duties are where its id leads."""

    id: UUID
    number: int = Field(ge=1)
    status: AgreementStatus
    title: str = Field(max_length=200)
    valid_from: date
    valid_until: date | None
    parties: list[PartnerName] = Field(max_length=51)


class EffortDuty(Schema):
    duty: Responsibility
    level: Level


class Effort(Schema):
    """A program that the partner owns, began or works in. `figures` are null where the caller does not report on it."""

    program_id: UUID
    name: str = Field(max_length=120)
    kind: ProgramKind
    category: Category
    listing: Listing
    is_owner: bool
    is_initiator: bool
    duties: list[EffortDuty] = Field(max_length=len(Responsibility))
    agreements: list[EffortAgreement] = Field(max_length=200)
    cohort_count: int = Field(ge=0, le=COUNT)
    open_cohort_count: int = Field(ge=0, le=COUNT)
    figures: list[FigureRead] | None = Field(max_length=10)


class EmployedMentors(Schema):
    """What the partner's own employees gave as mentors in the tertial, in whatever programs; exact, and nobody's name."""

    mentors: int = Field(ge=0, le=COUNT)
    meetings: int = Field(ge=0, le=COUNT)
    hours: int = Field(ge=0, le=COUNT)


class PartnerEfforts(Schema):
    """All efforts of a partner, with the key figures of a tertial as they are protected for this caller."""

    partner_id: UUID
    period: TertialRead
    as_of: Instant
    efforts: list[Effort] = Field(max_length=5000)
    employed: EmployedMentors
