"""Are instants aware, and do Swedish days begin at Swedish midnight?"""

from datetime import UTC, date, datetime, timedelta, timezone
from time import time

import pytest

from app.kit.clock import STOCKHOLM, Clock, FixedClock, now, today


def test_now_is_the_present_in_utc() -> None:
    assert now().tzinfo is UTC
    assert abs(now().timestamp() - time()) < 5


def test_a_fixed_clock_stands_still_until_advanced() -> None:
    start = datetime(2027, 3, 1, 8, tzinfo=UTC)
    clock = FixedClock(start)
    as_clock: Clock = clock
    assert as_clock() == as_clock() == start
    clock.advance(timedelta(days=1))
    assert as_clock() == start + timedelta(days=1)


def test_a_fixed_clock_answers_in_utc_and_advances_by_elapsed_time() -> None:
    before_summer_time = datetime(2027, 3, 28, 1, 30, tzinfo=STOCKHOLM)
    clock = FixedClock(before_summer_time)
    clock.advance(timedelta(hours=1))
    assert clock().tzinfo is UTC
    assert clock().astimezone(STOCKHOLM).hour == 3


@pytest.mark.parametrize("act", [FixedClock, today])
def test_an_instant_without_zone_is_refused(act: type[FixedClock]) -> None:
    with pytest.raises(ValueError, match="time zone"):
        act(datetime(2027, 3, 1, 8))  # noqa: DTZ001  the mistake under test


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2027, 6, 30, 21, 59, 59, tzinfo=UTC), date(2027, 6, 30)),
        (datetime(2027, 6, 30, 22, 0, tzinfo=UTC), date(2027, 7, 1)),
        (datetime(2027, 7, 1, 9, 0, tzinfo=timezone(timedelta(hours=12))), date(2027, 6, 30)),
    ],
)
def test_today_is_the_stockholm_day(at: datetime, day: date) -> None:
    assert today(at) == day
