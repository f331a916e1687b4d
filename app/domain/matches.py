"""On which days may things happen to a match, and which of the mentor's places does it take?"""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.domain.lifecycles import MatchStatus
from app.domain.people import is_minor

START_BACK_DAYS = 7
START_AHEAD_DAYS = 30
HOLD_DAYS = 366
HAS_MEETINGS = frozenset({MatchStatus.ACTIVE, MatchStatus.ON_HOLD, MatchStatus.CLOSING, MatchStatus.CLOSED})
BOTH_ACCEPTED = frozenset(
    {MatchStatus.ACCEPTED, MatchStatus.PREPARED, MatchStatus.ACTIVE, MatchStatus.ON_HOLD, MatchStatus.CLOSING}
)
"""From both acceptances until the end: the two may know what the other expects and how to reach each other."""
UNDER_WAY = frozenset({MatchStatus.ACTIVE, MatchStatus.ON_HOLD, MatchStatus.CLOSING})
REVIEWED_BY = {MatchStatus.ON_HOLD: "review_on", MatchStatus.CLOSING: "closing_on", MatchStatus.ACTIVE: "ends_on"}
"""While a match is under way: the field with the day by which somebody looks at it again. Passing it changes nothing by
itself; the match is listed as overdue for whoever follows it up."""
CLOSING_DAYS = 60
UNANSWERED = frozenset({MatchStatus.PROPOSED, MatchStatus.ACCEPTED_BY_MENTOR, MatchStatus.ACCEPTED_BY_MENTEE})


class DeclineReason(StrEnum):
    """Why somebody does not want a proposed match."""

    NO_TIME_NOW = "noTimeNow"
    NOT_RIGHT_EXPERTISE = "notRightExpertise"
    PERSONAL_REASONS = "personalReasons"
    OTHER = "other"


class WithdrawalReason(StrEnum):
    """Why staff take back a match before its start."""

    PARTICIPANT_LEFT = "participantLeft"  # någon av dem har lämnat
    NO_LONGER_SUITABLE = "noLongerSuitable"  # passar inte längre
    PREPARATION_NOT_DONE = "preparationNotDone"  # förberedelsen blev inte av
    PROGRAM_CHANGED = "programChanged"
    OTHER = "other"


class VoidReason(StrEnum):
    """Why a match should never have been: it counts in no figure."""

    WRONG_PERSON = "wrongPerson"
    DUPLICATE = "duplicate"
    REGISTERED_IN_ERROR = "registeredInError"  # felregistrering
    TEST = "test"


class ReopenReason(StrEnum):
    """Why a closed match goes on."""

    CLOSED_IN_ERROR = "closedInError"
    BOTH_WANT_TO_GO_ON = "bothWantToGoOn"  # båda vill fortsätta
    OBSTACLE_GONE = "obstacleGone"  # hindret är borta
    OTHER = "other"


class EndedBy(StrEnum):
    MENTOR = "mentor"
    MENTEE = "mentee"
    STAFF = "staff"

    @classmethod
    def of(cls, side: Side | None) -> "EndedBy":
        """The person of that side; None is staff."""
        return cls.STAFF if side is None else cls(side.value)


def lowest_free_place(held: Collection[int], capacity: int) -> int:
    """The lowest of the places 1 … `capacity` that is not held.

    Raises `match.no_place_left`, also when places above a lowered capacity fill it.
    """
    if len(held) >= capacity:
        raise RuleViolation("match.no_place_left")
    return min(set(range(1, capacity + 1)) - set(held))


def check_in_time(answer_by: date, today: date) -> None:
    """Raise `match.answer_too_late` after the last day for answers."""
    if today > answer_by:
        raise RuleViolation("match.answer_too_late", answerBy=answer_by.isoformat())


def check_start(starts_on: date, today: date) -> None:
    """Raise `match.start_outside_window` unless it lies at most 7 days back and at most 30 days ahead."""
    first, last = today - timedelta(days=START_BACK_DAYS), today + timedelta(days=START_AHEAD_DAYS)
    if not first <= starts_on <= last:
        raise RuleViolation(
            "match.start_outside_window", pointer="/startsOn", earliest=first.isoformat(), latest=last.isoformat()
        )


def end_of(starts_on: date, minimum_weeks: int, cohort_ends_on: date) -> date:
    """The planned end: the profile's minimum length, or the cohort's end when that is later."""
    return max(starts_on + timedelta(weeks=minimum_weeks), cohort_ends_on)


def check_review(review_on: date, today: date) -> None:
    """Raise `match.review_not_ahead` unless the day to look again lies ahead, at most a year."""
    if not today < review_on <= today + timedelta(days=HOLD_DAYS):
        raise RuleViolation("match.review_not_ahead", pointer="/reviewOn")


def check_closing_day(closed_on: date, started_on: date, today: date) -> None:
    """Raise `match.closed_in_future` or `match.closed_before_start`.

    Nobody is held in a match that is planned to begin later: it may be closed today.
    """
    if closed_on > today:
        raise RuleViolation("match.closed_in_future", pointer="/closedOn")
    if closed_on < min(started_on, today):
        raise RuleViolation("match.closed_before_start", pointer="/closedOn", startedOn=started_on.isoformat())


def check_closing_ahead(closing_on: date, started_on: date, today: date) -> None:
    """Raise `match.closing_outside_window` unless the planned last day is today or later, at most 60 days ahead.

    A match that is planned to begin later cannot be planned to end before that: it is closed at once instead.
    """
    first, last = max(today, started_on), max(today, started_on) + timedelta(days=CLOSING_DAYS)
    if not first <= closing_on <= last:
        raise RuleViolation(
            "match.closing_outside_window", pointer="/closingOn", earliest=first.isoformat(), latest=last.isoformat()
        )


def check_reopening(closed_on: date, reopen_days: int, today: date) -> None:
    """Raise `match.reopen_too_late` when more than the profile's days have passed since the end."""
    latest = closed_on + timedelta(days=reopen_days)
    if today > latest:
        raise RuleViolation("match.reopen_too_late", latest=latest.isoformat())


def end_after_reopening(ends_on: date, wanted: date | None, today: date) -> date:
    """The planned end of a match that goes on: the one asked for, else the one it had.

    Raises `match.end_not_ahead` unless it lies ahead: a match that ran its time is given a new end.
    """
    end = wanted or ends_on
    if end <= today:
        raise RuleViolation("match.end_not_ahead", pointer="/endsOn")
    return end


def check_meeting_day(held_on: date, started_on: date, closed_on: date | None, today: date) -> None:
    """Raise `meeting.in_future`, `meeting.before_start` or `meeting.after_closure`."""
    if held_on > today:
        raise RuleViolation("meeting.in_future", pointer="/heldOn")
    if held_on < started_on:
        raise RuleViolation("meeting.before_start", pointer="/heldOn", startedOn=started_on.isoformat())
    if closed_on is not None and held_on > closed_on:
        raise RuleViolation("meeting.after_closure", pointer="/heldOn", closedOn=closed_on.isoformat())


def may_be_minor(born_on: date | None, birth_year: int | None, on: date) -> bool:
    """Is the person under 18 that day, as far as is known? Of the anonymous only the year is: the youngest age counts."""
    if born_on is not None:
        return is_minor(born_on, on)
    return birth_year is None or is_minor(date(birth_year, 12, 31), on)
