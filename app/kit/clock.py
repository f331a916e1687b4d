"""What time is it, and which Swedish day is that?"""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

ZONE_NAME = "Europe/Stockholm"
STOCKHOLM = ZoneInfo(ZONE_NAME)


class Clock(Protocol):
    """Anything that tells the present instant when called: `now` in service, a `FixedClock` in tests."""

    def __call__(self) -> datetime: ...


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  this is the clock everyone else uses


class FixedClock:
    """A clock that stands still until it is advanced."""

    def __init__(self, at: datetime) -> None:
        """Stand at the instant `at`; ValueError when it has no time zone."""
        self._at = _in_utc(at)

    def __call__(self) -> datetime:
        return self._at

    def advance(self, by: timedelta) -> None:
        self._at += by


def today(at: datetime) -> date:
    """The Stockholm calendar day of an instant; ValueError when it has no time zone.

    Duties are in force by Swedish days: 23:30 UTC on 31 December is already New Year's Day.
    """
    return _in_utc(at).astimezone(STOCKHOLM).date()


def _in_utc(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC)
