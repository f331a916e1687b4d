"""When is a course completed, what does training count, and how far has somebody come before and after the start?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.domain.errors import RuleViolation
from app.domain.glossary import AttendanceStatus

COMPLETION_PERCENT = 80
"""The share of a course's minutes that completes it: whoever comes late or leaves for a call has still taken part, whoever
misses one evening of four has not. Chosen for this system; no published number was found."""
DAYS_OF_YEAR = 365
OWN_MOVES = frozenset(
    {
        (AttendanceStatus.REGISTERED, AttendanceStatus.CANCELLED),
        (AttendanceStatus.CANCELLED, AttendanceStatus.REGISTERED),
    }
)
"""What the person, and the staff of who holds the person, may change; the rest is for who trains that side."""
TAKES_PLACE = (AttendanceStatus.REGISTERED, AttendanceStatus.ATTENDED)


@dataclass(frozen=True)
class Attended:
    """Minutes at one session of a version of a course."""

    session_id: UUID
    starts_at: datetime
    day: date
    minutes: int


@dataclass(frozen=True)
class Completion:
    """A version of a course is completed: in which session, on which day, and with how many of its minutes."""

    session_id: UUID
    completed_on: date
    minutes: int


def is_complete(minutes: int, full: int) -> bool:
    """Do these minutes complete a course of `full` minutes?"""
    return minutes * 100 >= full * COMPLETION_PERCENT


def completion(attended: Iterable[Attended], full: int) -> Completion | None:
    """How the sessions of one version, taken together, complete it; None when they do not.

    The day is that of the session with which enough was reached. Minutes beyond the course's own do not count.
    """
    in_order = sorted(attended, key=lambda one: (one.starts_at, one.session_id))
    total = sum(one.minutes for one in in_order)
    reached = 0
    for one in in_order:
        reached += one.minutes
        if is_complete(reached, full):
            return Completion(one.session_id, one.day, min(total, full))
    return None


def check_minutes(status: AttendanceStatus, minutes: int, length: int) -> None:
    """Raises `attendance.minutes_without_attendance`, `attendance.minutes_missing`, `attendance.beyond_session`.

    `length` is the session's, in minutes.
    """
    if status is not AttendanceStatus.ATTENDED:
        if minutes:
            raise RuleViolation("attendance.minutes_without_attendance", pointer="/minutes")
    elif minutes == 0:
        raise RuleViolation("attendance.minutes_missing", pointer="/minutes")
    elif minutes > length:
        raise RuleViolation("attendance.beyond_session", pointer="/minutes", sessionMinutes=length)


@dataclass(frozen=True)
class Completed:
    """Completed training as it counts: of a course, or (None) of something that is no course here."""

    course_id: UUID | None
    minutes: int
    completed_on: date


def counting(done: Iterable[Completed]) -> list[Completed]:
    """What counts: of each course once, the time with the most minutes (the first of these); all of the rest."""
    best: dict[UUID, Completed] = {}
    others = []
    for one in sorted(done, key=lambda each: (-each.minutes, each.completed_on)):
        if one.course_id is None:
            others.append(one)
        else:
            best.setdefault(one.course_id, one)
    return [*best.values(), *others]


@dataclass(frozen=True)
class TrainingState:
    """How much training counts for an enrolment, and which required courses are missing."""

    minutes: int
    needed_minutes: int
    missing_courses: tuple[UUID, ...]

    @property
    def is_enough(self) -> bool:
        return self.minutes >= self.needed_minutes and not self.missing_courses


def state_of(done: Sequence[Completed], required: Iterable[UUID], needed_minutes: int) -> TrainingState:
    """Hold what was done against the courses that are required and the minutes that are needed."""
    completed = {one.course_id for one in done}
    missing = tuple(sorted(course for course in required if course not in completed))
    return TrainingState(sum(one.minutes for one in counting(done)), needed_minutes, missing)


@dataclass(frozen=True)
class Period:
    """From the first start of a match to today, or to the end of the last one when none goes on; days included."""

    first_on: date
    last_on: date


@dataclass(frozen=True)
class Progress:
    """Minutes of training up to the first start of a match and after it, with what the program asks for."""

    minutes_before: int
    needed_before: int
    minutes_after: int
    needed_after: int

    @property
    def behind_before(self) -> int:
        return max(0, self.needed_before - self.minutes_before)

    @property
    def behind_after(self) -> int:
        return max(0, self.needed_after - self.minutes_after)


def progress(done: Iterable[Completed], period: Period | None, needed_before: int, needed_a_year: int) -> Progress:
    """What was done on the day of the start came before it. Ongoing training is asked for in proportion to time.

    Without a period no match has started: all counts as before, and nothing is asked for after.
    """
    counted = counting(done)
    if period is None:
        return Progress(sum(one.minutes for one in counted), needed_before, 0, 0)
    before = sum(one.minutes for one in counted if one.completed_on <= period.first_on)
    after = sum(one.minutes for one in counted if one.completed_on > period.first_on)
    days = (period.last_on - period.first_on).days
    return Progress(before, needed_before, after, needed_a_year * days // DAYS_OF_YEAR)
