"""What came of it: which result does a recorded outcome count as, by the rules of Kolada, SUS and ESF?

Every verdict names its rule; the rules' texts and sources stand in `data/rules.json`.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from app.domain.days import add_months, has_lasted_months
from app.domain.errors import RuleViolation
from app.domain.glossary import ExitReason

MINUTES_IN_FULL_WEEK = 40 * 60  # SUS: 100 percent is 40 hours a week
_FULL_EXTENT = 100


class IncomeSource(StrEnum):
    """Försörjningskälla: the main one; never an amount."""

    WAGES = "wages"  # lön
    BUSINESS = "business"  # inkomst av näringsverksamhet
    STUDENT_AID = "studentAid"  # studiemedel
    UNEMPLOYMENT_INSURANCE = "unemploymentInsurance"  # a-kassa
    ACTIVITY_SUPPORT = "activitySupport"  # aktivitetsstöd, utvecklingsersättning
    INTRODUCTION_BENEFIT = "introductionBenefit"  # etableringsersättning
    SOCIAL_ASSISTANCE = "socialAssistance"  # ekonomiskt bistånd
    ACTIVITY_COMPENSATION = "activityCompensation"  # aktivitetsersättning
    SICKNESS_COMPENSATION = "sicknessCompensation"  # sjukersättning
    SICKNESS_BENEFIT = "sicknessBenefit"  # sjukpenning, rehabiliteringspenning
    PARENTAL_BENEFIT = "parentalBenefit"  # föräldrapenning
    PENSION = "pension"
    OTHER = "other"
    NONE = "none"


class Occupation(StrEnum):
    """Sysselsättning: the main one."""

    WORK = "work"  # anställning på den reguljära arbetsmarknaden
    SUBSIDISED_WORK = "subsidisedWork"  # subventionerad anställning på den reguljära arbetsmarknaden
    MUNICIPAL_LABOUR_MARKET_JOB = "municipalLabourMarketJob"  # kommunal arbetsmarknadsanställning
    OWN_BUSINESS = "ownBusiness"  # eget företag
    STUDIES = "studies"
    INTERNSHIP = "internship"  # praktik
    JOB_SEEKING = "jobSeeking"
    PARENTAL_LEAVE = "parentalLeave"
    NONE = "none"


class EndKind(StrEnum):
    """SUS tells ends apart: by plan or no longer relevant, or broken off by the person."""

    PLANNED = "planned"  # avslutat
    INTERRUPTED = "interrupted"  # avbrutet


class EducationLevel(StrEnum):
    """Högsta slutförda utbildning, by the levels of SUN 2020; foreign education as the Swedish level it answers to."""

    BELOW_COMPULSORY = "belowCompulsory"  # kortare än grundskola
    COMPULSORY = "compulsory"  # grundskola
    UPPER_SECONDARY = "upperSecondary"  # gymnasial
    POST_SECONDARY_SHORT = "postSecondaryShort"  # eftergymnasial, kortare än två år
    POST_SECONDARY_LONG = "postSecondaryLong"  # eftergymnasial, två år eller längre
    RESEARCH = "research"  # forskarutbildning


class Occasion(StrEnum):
    """Mättillfälle."""

    ENTRY = "entry"
    EXIT = "exit"
    AFTER_ONE_MONTH = "afterOneMonth"
    AFTER_SIX_MONTHS = "afterSixMonths"
    AFTER_TWELVE_MONTHS = "afterTwelveMonths"


EMPLOYMENT = frozenset({Occupation.WORK, Occupation.SUBSIDISED_WORK})
REGULAR_WORK = EMPLOYMENT | {Occupation.OWN_BUSINESS}
# SUS and ESF, unlike Kolada, do not leave the municipal jobs out.
ALL_WORK = REGULAR_WORK | {Occupation.MUNICIPAL_LABOUR_MARKET_JOB}
STUDIES = frozenset({Occupation.STUDIES})
# SUS: parental benefit and pension are no public support here; neither is student aid, which goes with studies.
PUBLIC_SUPPORT = frozenset(
    {
        IncomeSource.UNEMPLOYMENT_INSURANCE,
        IncomeSource.ACTIVITY_SUPPORT,
        IncomeSource.INTRODUCTION_BENEFIT,
        IncomeSource.SOCIAL_ASSISTANCE,
        IncomeSource.ACTIVITY_COMPENSATION,
        IncomeSource.SICKNESS_COMPENSATION,
        IncomeSource.SICKNESS_BENEFIT,
    }
)
DAYS_BEFORE_ENTRY = 7
"""SUS: "directly before" the entry is within one week of it."""
MONTHS_AFTER_EXIT = {Occasion.AFTER_ONE_MONTH: 1, Occasion.AFTER_SIX_MONTHS: 6, Occasion.AFTER_TWELVE_MONTHS: 12}
_DAYS_TOO_EARLY = 31


@dataclass(frozen=True)
class OutcomeFact:
    """A person's situation as recorded at one occasion.

    `on` is the day the record describes. `began_on` and `ended_on` (the last day, included) belong to the occupation;
    `ended_on` is None while it goes on. `extent_percent` is 0 to 100, where 100 is 40 hours a week.
    Raises `outcome.extent_out_of_range` and `outcome.ends_before_start`.
    """

    occasion: Occasion
    on: date
    income_source: IncomeSource
    occupation: Occupation
    extent_percent: int = 0
    began_on: date | None = None
    ended_on: date | None = None
    has_study_aid: bool = False
    education: EducationLevel | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.extent_percent <= _FULL_EXTENT:
            raise RuleViolation("outcome.extent_out_of_range", pointer="/extentPercent")
        if self.began_on and self.ended_on and self.ended_on < self.began_on:
            raise RuleViolation("outcome.ends_before_start", pointer="/endedOn")

    @property
    def seen_until(self) -> date:
        """The last day on which this record shows the occupation: its end, or the day of the record."""
        return min(self.ended_on or self.on, self.on)


@dataclass(frozen=True)
class Stay:
    """From when until when somebody takes part. `ended_on` may be unknown although the stay has ended."""

    began_on: date
    ended_on: date | None
    has_ended: bool


@dataclass(frozen=True)
class Verdict:
    """Whether a record counts as a result, by which rule, and where the rule comes from."""

    counts: bool
    rule_id: str
    source: str


def end_kind(reason: ExitReason | None) -> EndKind:
    """How an effort ended; whoever withdrew without an exit broke it off."""
    planned = {ExitReason.PLANNED_END, ExitReason.GOAL_REACHED, ExitReason.NO_LONGER_RELEVANT}
    return EndKind.PLANNED if reason in planned else EndKind.INTERRUPTED


def extent_of(minutes_per_week: int) -> int:
    """The extent in whole percent of 40 hours a week, half upwards. Raises `outcome.extent_out_of_range`."""
    if not 0 <= minutes_per_week <= MINUTES_IN_FULL_WEEK:
        raise RuleViolation("outcome.extent_out_of_range")
    return (minutes_per_week * 2 * _FULL_EXTENT + MINUTES_IN_FULL_WEEK) // (2 * MINUTES_IN_FULL_WEEK)


def check_day(occasion: Occasion, on: date, stay: Stay, today: date) -> None:
    """Can that occasion of this stay be recorded for the day `on`?

    Raises `outcome.in_future`, `outcome.before_entry` (an entry record may describe the week before the entry),
    `outcome.before_exit` (a later follow-up before the exit, or while the stay goes on) and `outcome.too_early`
    (after six or twelve months: more than 31 days before that day).
    """
    if on > today:
        raise RuleViolation("outcome.in_future", pointer="/observedOn")
    earliest = stay.began_on - timedelta(days=DAYS_BEFORE_ENTRY if occasion is Occasion.ENTRY else 0)
    if on < earliest:
        raise RuleViolation("outcome.before_entry", pointer="/observedOn", earliest=earliest.isoformat())
    months = MONTHS_AFTER_EXIT.get(occasion)
    if months is None:
        return
    if not stay.has_ended or (stay.ended_on and on < stay.ended_on):
        raise RuleViolation("outcome.before_exit", pointer="/observedOn")
    if stay.ended_on and months > 1 and on < add_months(stay.ended_on, months) - timedelta(days=_DAYS_TOO_EARLY):
        raise RuleViolation("outcome.too_early", pointer="/observedOn")


def check_facts(facts: Iterable[OutcomeFact]) -> dict[Occasion, OutcomeFact]:
    """The facts of one enrolment by occasion.

    Raises `outcome.occasion_twice`, `outcome.before_entry` (anything before the entry) and `outcome.before_exit`
    (a later follow-up before the exit).
    """
    found: dict[Occasion, OutcomeFact] = {}
    for fact in facts:
        if fact.occasion in found:
            raise RuleViolation("outcome.occasion_twice", occasion=fact.occasion.value)
        found[fact.occasion] = fact
    starts = ((Occasion.ENTRY, "outcome.before_entry"), (Occasion.EXIT, "outcome.before_exit"))
    for start, code in starts:
        later = [f for f in found.values() if f.occasion not in {Occasion.ENTRY, start}]
        if start in found and any(fact.on < found[start].on for fact in later):
            raise RuleViolation(code)
    return found


def kolada_result(facts: Iterable[OutcomeFact]) -> Verdict:
    """Whether the person had begun work or studies at the exit.

    The exit record says what was begun; later records of the same work may show that it lasted one continuous month.
    """
    found = check_facts(facts)
    leaving = found.get(Occasion.EXIT)
    if leaving is None:
        return _verdict("kolada.no_exit_record", counts=False)
    if leaving.occupation is Occupation.STUDIES:
        aid = leaving.has_study_aid
        return _verdict("kolada.studies_with_aid" if aid else "kolada.studies_without_aid", counts=aid)
    if leaving.occupation is Occupation.MUNICIPAL_LABOUR_MARKET_JOB:
        return _verdict("kolada.municipal_job", counts=False)
    if leaving.occupation not in REGULAR_WORK:
        return _verdict("kolada.no_work_or_studies", counts=False)
    if not _has_lasted_one_month(leaving, found.values()):
        return _verdict("kolada.job_under_one_month", counts=False)
    is_employed = leaving.occupation in EMPLOYMENT
    return _verdict("kolada.job_one_month" if is_employed else "kolada.own_business", counts=True)


def _has_lasted_one_month(leaving: OutcomeFact, facts: Iterable[OutcomeFact]) -> bool:
    if leaving.began_on is None:
        return False
    same = [f for f in facts if f.began_on == leaving.began_on and f.occupation is leaving.occupation]
    return has_lasted_months(leaving.began_on, max(fact.seen_until for fact in same), 1)


def sus_increased(entry: OutcomeFact, leaving: OutcomeFact) -> Verdict:
    """Whether work or studies began, or grew in extent, from the entry to the exit."""
    grew = any(_extent(leaving, group) > _extent(entry, group) for group in (ALL_WORK, STUDIES))
    return _verdict("sus.began_or_increased" if grew else "sus.not_increased", counts=grew)


def sus_public_support_ended(entry: OutcomeFact, leaving: OutcomeFact) -> Verdict:
    """Whether public support (offentlig försörjning) was the main income directly before and is not at the exit."""
    if entry.income_source not in PUBLIC_SUPPORT:
        return _verdict("sus.no_public_support_before", counts=False)
    ended = leaving.income_source not in PUBLIC_SUPPORT
    return _verdict("sus.public_support_ended" if ended else "sus.public_support_goes_on", counts=ended)


def verdicts(facts: Iterable[OutcomeFact]) -> dict[str, Verdict]:
    """Every verdict on one enrolment by its measure; those of SUS need the entry and the exit."""
    found = check_facts(facts)
    told = {
        "kolada": kolada_result(found.values()),
        "esfImmediate": esf_immediate(found.values()),
        "esfLongTerm": esf_long_term(found.values()),
    }
    entry, leaving = found.get(Occasion.ENTRY), found.get(Occasion.EXIT)
    if entry is None or leaving is None:
        missing = _verdict("sus.no_before_and_after", counts=False)
        return {**told, "susIncreased": missing, "susPublicSupportEnded": missing}
    ended = sus_public_support_ended(entry, leaving)
    return {**told, "susIncreased": sus_increased(entry, leaving), "susPublicSupportEnded": ended}


def _extent(fact: OutcomeFact, group: frozenset[Occupation]) -> int:
    return fact.extent_percent if fact.occupation in group else 0


def esf_immediate(facts: Iterable[OutcomeFact]) -> Verdict:
    """Whether the person was in work or studies, and was not at entry, by a record within one month of the exit."""
    found = check_facts(facts)
    leaving = found.get(Occasion.EXIT)
    if leaving is None:
        return _verdict("esf.no_exit_record", counts=False)
    limit = add_months(leaving.on, 1)
    timely = [f for f in (leaving, found.get(Occasion.AFTER_ONE_MONTH)) if f and f.on <= limit]
    entry = found.get(Occasion.ENTRY)
    counts = any(_is_new(entry, fact, group) for fact in timely for group in (ALL_WORK, STUDIES))
    return _verdict("esf.immediate" if counts else "esf.immediate_not_reached", counts=counts)


def _is_new(entry: OutcomeFact | None, fact: OutcomeFact, group: frozenset[Occupation]) -> bool:
    return fact.occupation in group and (entry is None or entry.occupation not in group)


def esf_long_term(facts: Iterable[OutcomeFact]) -> Verdict:
    """Whether the person was in work on the day six months after the exit."""
    found = check_facts(facts)
    leaving, later = found.get(Occasion.EXIT), found.get(Occasion.AFTER_SIX_MONTHS)
    if leaving is None:
        return _verdict("esf.no_exit_record", counts=False)
    counts = later is not None and later.occupation in ALL_WORK and _covers(later, add_months(leaving.on, 6))
    return _verdict("esf.long_term" if counts else "esf.long_term_not_reached", counts=counts)


def _covers(fact: OutcomeFact, day: date) -> bool:
    """Whether the occupation went on that day; an unknown start is believed, the record may be made some days off."""
    return (fact.began_on is None or fact.began_on <= day) and (fact.ended_on is None or fact.ended_on >= day)


def _verdict(rule_id: str, *, counts: bool) -> Verdict:
    return Verdict(counts, rule_id, str(rule_document()["rules"][rule_id]["source"]))


@cache
def rule_document() -> Mapping[str, Any]:
    """`sources`, `rules` (source, en, sv) and `populations` (en, sv) of every figure and verdict."""
    text = files("app.domain.data").joinpath("rules.json").read_text(encoding="utf-8")
    document: Mapping[str, Any] = json.loads(text)
    return document
