"""When may a password be tried again, and how long does a login last?"""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.logins import EXHAUSTED_WAIT, LoginRules, Tries, counted, given_back, seconds_to_wait
from app.domain.roles import Role

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "failures", "age", "wait"),
    [
        (4, 4, 0, 0),
        (5, 5, 0, 60),
        (5, 5, 59, 1),
        (5, 5, 59.5, 1),
        (5, 5, 60, 0),
        (5, 5, -1, 0),  # the clock was set back: nobody waits for a day because of it
        (0, 99, 0, 0),
        (0, 100, 0, EXHAUSTED_WAIT),
        (0, 100, 10**6, EXHAUSTED_WAIT),
    ],
)
def test_five_a_minute_and_a_hundred_in_a_row(attempts: int, failures: int, age: float, wait: int) -> None:
    tries = Tries(NOW - timedelta(seconds=age), attempts, failures)
    assert seconds_to_wait(tries, 5, 100, NOW) == wait


def test_a_limit_of_zero_is_none() -> None:
    assert seconds_to_wait(Tries(NOW, 10**6, 10**6), 0, 0, NOW) == 0


def test_attempts_are_counted_by_the_minute_and_failures_until_a_success() -> None:
    tries = Tries(NOW, 0, 0)
    for _ in range(3):
        tries = counted(tries, NOW)
    assert tries == Tries(NOW, 3, 3)
    later = NOW + timedelta(minutes=1)
    assert counted(tries, later) == Tries(later, 1, 4)
    assert given_back(counted(tries, later), is_success=True) == Tries(later, 0, 0)
    assert given_back(tries, is_success=False) == Tries(NOW, 2, 2)
    assert given_back(Tries(NOW, 0, 0), is_success=False) == Tries(NOW, 0, 0)


@pytest.mark.parametrize("role", Role)
def test_mentors_and_mentees_stay_longer(role: Role) -> None:
    is_pair = role in {Role.MENTOR, Role.MENTEE}
    rules = LoginRules()
    assert rules.idle(role) == (timedelta(days=14) if is_pair else timedelta(minutes=60))
    assert rules.life(role) == (timedelta(days=60) if is_pair else timedelta(hours=12))
