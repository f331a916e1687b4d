"""How is a match doing, and why do we think so? Derived from records by a versioned rule, never set by hand.

The alarms come first: one that says `atRisk` decides, then one that says `needsCheckIn`. Without any it may be too early
to say. Only what those who follow the match up may read anyway is used; incidents, which fewer may read, are not.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from app.domain.lifecycles import MatchStatus

RULE_VERSION = "match-health-1"
EARLY_DAYS = 21
WEAK = 2
MISSED_IN_A_ROW = 2
DAYS_IN_MONTH = 30
SOONEST_DAYS = 14
"""However often a pair means to meet, two weeks without a meeting say nothing yet; twice that is no alarm either."""


class Health(StrEnum):
    """From the most urgent to the least."""

    AT_RISK = "atRisk"  # i riskzonen
    NEEDS_CHECK_IN = "needsCheckIn"  # behöver en avstämning
    TOO_EARLY = "tooEarlyToSay"  # för tidigt att säga
    ON_TRACK = "onTrack"  # går som det ska


class HealthReason(StrEnum):
    """Why; each says which health it speaks for, see `data/health.json`."""

    FEELS_UNSAFE = "feelsUnsafe"
    WANTS_TO_END = "wantsToEnd"
    NOT_MET_FOR_LONG = "notMetForLong"
    NOBODY_REACHED = "nobodyReached"
    NEEDS_SUPPORT = "needsSupport"
    CONTACT_WEAK = "contactWeak"
    NEEDS_CHANGE = "needsChange"
    HAS_NOT_MET = "hasNotMet"
    NOT_MET_LATELY = "notMetLately"
    FOLLOW_UP_LATE = "followUpLate"
    REVIEW_PASSED = "reviewPassed"
    END_PASSED = "endPassed"
    RECENTLY_STARTED = "recentlyStarted"
    NOTHING_KNOWN = "nothingKnown"
    RESTS = "rests"
    MEETS = "meets"
    ANSWERS_WELL = "answersWell"


@dataclass(frozen=True)
class Answered:
    """The newest answer to one kind of follow-up, and the day of the contact."""

    done_on: date
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class MatchFacts:
    """What the rule looks at. `late_since` are the days of contacts that nobody has made, `missed` those given up."""

    status: MatchStatus
    started_on: date
    ends_on: date
    meetings_per_month: int
    review_on: date | None = None
    last_met_on: date | None = None
    answered: Sequence[Answered] = ()
    late_since: Sequence[date] = ()
    missed: Sequence[date] = field(default=())


@dataclass(frozen=True)
class Found:
    """A reason, and since when it holds."""

    reason: HealthReason
    since: date

    @property
    def health(self) -> Health:
        """What this reason alone would say."""
        return Health(texts()[self.reason]["health"])


@dataclass(frozen=True)
class Diagnosis:
    """How the match is doing, with the reasons that say so, the most urgent first."""

    health: Health
    reasons: tuple[Found, ...]

    @property
    def urgency(self) -> tuple[int, date]:
        """The lower, the sooner somebody should look."""
        return list(Health).index(self.health), min(one.since for one in self.reasons)


def health_of(facts: MatchFacts, today: date) -> Diagnosis:
    """How a match that is under way does on the day `today`."""
    alarms = sorted(_alarms(facts, today), key=_urgency)
    if alarms:
        return Diagnosis(alarms[0].health, tuple(alarms))
    early = tuple(_early(facts, today))
    if early:
        return Diagnosis(Health.TOO_EARLY, early)
    return Diagnosis(Health.ON_TRACK, tuple(_good(facts)))


def _urgency(found: Found) -> tuple[int, date]:
    return list(Health).index(found.health), found.since


def _alarms(facts: MatchFacts, today: date) -> Iterator[Found]:
    for one in facts.answered:
        yield from (Found(reason, one.done_on) for reason in _in_answers(one.answers))
    if facts.status is MatchStatus.ON_HOLD:
        # Nobody is to meet or to be asked while the match rests; but it should not rest for ever.
        if facts.review_on is not None and facts.review_on <= today:
            yield Found(HealthReason.REVIEW_PASSED, facts.review_on)
        return
    yield from _in_contacts(facts, today)
    if facts.ends_on < today:
        yield Found(HealthReason.END_PASSED, facts.ends_on)


def _in_answers(answers: Mapping[str, Any]) -> Iterator[HealthReason]:
    if answers.get("feelsSafe") is False:
        yield HealthReason.FEELS_UNSAFE
    if answers.get("wantsToContinue") is False:
        yield HealthReason.WANTS_TO_END
    if answers.get("needsSupport") is True:
        yield HealthReason.NEEDS_SUPPORT
    if answers.get("needsChange") is True:
        yield HealthReason.NEEDS_CHANGE
    if answers.get("hasMet") is False:
        yield HealthReason.HAS_NOT_MET
    if min(answers.get("contactWorks", WEAK + 1), answers.get("relationQuality", WEAK + 1)) <= WEAK:
        yield HealthReason.CONTACT_WEAK


def _in_contacts(facts: MatchFacts, today: date) -> Iterator[Found]:
    if facts.meetings_per_month:
        gap = DAYS_IN_MONTH / facts.meetings_per_month
        since = max(facts.last_met_on or facts.started_on, facts.started_on)
        quiet = (today - since).days
        if quiet > max(2 * SOONEST_DAYS, 3 * gap):
            yield Found(HealthReason.NOT_MET_FOR_LONG, since)
        elif quiet > max(SOONEST_DAYS, 1.5 * gap):
            yield Found(HealthReason.NOT_MET_LATELY, since)
    if len(facts.missed) >= MISSED_IN_A_ROW:
        yield Found(HealthReason.NOBODY_REACHED, min(facts.missed))
    elif late := [*facts.late_since, *facts.missed]:
        yield Found(HealthReason.FOLLOW_UP_LATE, min(late))


def _early(facts: MatchFacts, today: date) -> Iterator[Found]:
    if facts.status is MatchStatus.ON_HOLD:
        return
    if today < facts.started_on + timedelta(days=EARLY_DAYS):
        yield Found(HealthReason.RECENTLY_STARTED, facts.started_on)
    elif facts.last_met_on is None and not facts.answered:
        yield Found(HealthReason.NOTHING_KNOWN, facts.started_on)


def _good(facts: MatchFacts) -> Iterator[Found]:
    if facts.status is MatchStatus.ON_HOLD:
        yield Found(HealthReason.RESTS, facts.started_on)
    if facts.last_met_on is not None:
        yield Found(HealthReason.MEETS, facts.last_met_on)
    if facts.answered:
        yield Found(HealthReason.ANSWERS_WELL, max(one.done_on for one in facts.answered))


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """By reason: the health it speaks for, and what it says in English and Swedish."""
    text = files("app.domain.data").joinpath("health.json").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, str]] = json.loads(text)
    return found
