"""How long is a placement at a host workplace, is it as long as was agreed, and how does it end?"""

from datetime import date, timedelta
from enum import StrEnum

from app.domain.benchmarks import Profile
from app.domain.days import add_months
from app.domain.errors import RuleViolation

START_BACK_DAYS = 31
START_AHEAD_DAYS = 366
LONGEST_MONTHS = 36


class PlacementEnd(StrEnum):
    """How a placement ended."""

    COMPLETED = "completed"  # hela tiden
    STARTED_WORK = "startedWork"
    STARTED_STUDIES = "startedStudies"
    INTERRUPTED = "interrupted"  # avbruten av den som gör praktik
    HOST_CAUSE = "hostCause"  # arbetsplatsen kunde inte fortsätta
    NOT_STARTED = "notStarted"  # blev inte av


def agreed_end(starts_on: date, profile: Profile) -> date:
    """The day until which the program's profile has a placement last. Raises `placement.not_in_profile`."""
    months = profile.number("placementMonths")
    if not months:
        raise RuleViolation("placement.not_in_profile")
    return add_months(starts_on, months)


def check_days(starts_on: date, ends_on: date, today: date) -> None:
    """Raise `placement.start_outside` or `placement.end_outside`: placements are agreed near their start, not for ever."""
    earliest, latest = today - timedelta(days=START_BACK_DAYS), today + timedelta(days=START_AHEAD_DAYS)
    if not earliest <= starts_on <= latest:
        raise RuleViolation("placement.start_outside", pointer="/startsOn")
    if not starts_on < ends_on <= add_months(starts_on, LONGEST_MONTHS):
        raise RuleViolation("placement.end_outside", pointer="/endsOn")


def is_shorter(last_on: date, agreed_until: date) -> bool:
    """Does it end, or has it ended, before the day that the profile sets?"""
    return last_on < agreed_until


def check_ended(ended_on: date, starts_on: date, end: PlacementEnd, today: date) -> None:
    """Raise `placement.ended_in_future` or `placement.ended_before_start`; what never began may end before its start."""
    if ended_on > today:
        raise RuleViolation("placement.ended_in_future", pointer="/endedOn")
    if ended_on < starts_on and end is not PlacementEnd.NOT_STARTED:
        raise RuleViolation("placement.ended_before_start", pointer="/endedOn")
