"""Which uses of personal data deserve a second look? Points for what is unusual, per user and day, ranked."""

from dataclasses import dataclass
from enum import StrEnum

MANY_PEOPLE = 100
"""Distinct people in a day; a case handler's day has tens."""
FIRST_HOUR, LAST_HOUR = 7, 19
"""Office hours, Monday to Friday, Swedish time: from the first hour until before the last."""
SAMPLE = 20
MOST_ANOMALIES = 20


class ReviewFinding(StrEnum):
    """What whoever is responsible found in a month's review."""

    NOTHING_FOUND = "nothingFound"
    FOLLOWED_UP = "followedUp"  # somebody was asked, and could answer
    REPORTED = "reported"  # handed on as a suspected breach


class Signal(StrEnum):
    """What is unusual about somebody's day."""

    OFF_HOURS = "offHours"  # accesses in the evening, at night, at weekends
    WITHOUT_WORK = "withoutWork"  # people looked up one by one, about whom the user did nothing that month
    CLEARANCE_USED = "clearanceUsed"  # accesses to people with protected identity
    MANY_PEOPLE = "manyPeople"  # distinct people beyond what a day's work has
    REFUSALS = "refusals"  # tries at what is not permitted, or out of reach


POINTS = {
    Signal.OFF_HOURS: 3,
    Signal.WITHOUT_WORK: 2,
    Signal.CLEARANCE_USED: 3,
    Signal.MANY_PEOPLE: 1,
    Signal.REFUSALS: 2,
}
"""For each time, up to `MOST_TIMES`: no single signal may drown the others."""
MOST_TIMES = 40
BASE = {Signal.WITHOUT_WORK: 5, Signal.MANY_PEOPLE: MANY_PEOPLE, Signal.REFUSALS: 3}
"""How many times belong to an ordinary day."""


@dataclass(frozen=True)
class Day:
    """One user's Swedish day in the log: how often each signal was seen, and the distinct people shown."""

    user_id: str
    on: str
    accesses: int
    people: int
    off_hours: int
    without_work: int
    protected: int
    refusals: int

    def times(self) -> dict[Signal, int]:
        """What goes beyond an ordinary day."""
        seen = {
            Signal.OFF_HOURS: self.off_hours,
            Signal.WITHOUT_WORK: self.without_work,
            Signal.CLEARANCE_USED: self.protected,
            Signal.MANY_PEOPLE: self.people,
            Signal.REFUSALS: self.refusals,
        }
        beyond = {signal: times - BASE.get(signal, 0) for signal, times in seen.items()}
        return {signal: times for signal, times in beyond.items() if times > 0}

    def points(self) -> int:
        return sum(POINTS[signal] * min(times, MOST_TIMES) for signal, times in self.times().items())


def rank(days: list[Day]) -> list[Day]:
    """The days with points, the most unusual first; the same days always in the same order."""
    unusual = [day for day in days if day.points()]
    return sorted(unusual, key=lambda day: (-day.points(), day.on, day.user_id))[:MOST_ANOMALIES]
