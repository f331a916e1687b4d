"""When may somebody try to log in again, and how long does a login last?"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.grants import PAIR
from app.domain.roles import Role

WINDOW = timedelta(minutes=1)
EXHAUSTED_WAIT = 3600  # seconds to say when waiting does not help: the password must be reset
FORGOTTEN_AFTER = timedelta(days=30)
"""Counters that nobody has touched for so long, and that are not exhausted, are removed."""


@dataclass(frozen=True)
class LoginRules:
    """How often a password may be tried, and how long what it opens stays open; 0 attempts is without limit.

    `attempts` holds for one account over all unknown devices, and for each known device by itself; `failures_in_a_row`
    likewise (NIST SP 800-63B-4, 3.2.2). `address_attempts` holds for one network over all accounts, for unknown devices.
    """

    attempts: int = 5  # a minute
    address_attempts: int = 20  # a minute
    failures_in_a_row: int = 100
    most_sessions: int = 10
    staff_idle: timedelta = timedelta(minutes=60)
    staff_life: timedelta = timedelta(hours=12)
    pair_idle: timedelta = timedelta(days=14)
    pair_life: timedelta = timedelta(days=60)
    device_life: timedelta = timedelta(days=180)

    def idle(self, role: Role) -> timedelta:
        """How long a login may rest before it must be renewed."""
        return self.pair_idle if role in PAIR else self.staff_idle

    def life(self, role: Role) -> timedelta:
        """How long a login lasts, however often it is renewed."""
        return self.pair_life if role in PAIR else self.staff_life


@dataclass(frozen=True)
class Tries:
    """How a counter stands: attempts since its window began, and failures since the last success."""

    began_at: datetime
    attempts: int
    failures: int


def within_window(tries: Tries, now: datetime) -> bool:
    """Do the counted attempts still count? A window that lies in the future (a clock was set back) does not."""
    return timedelta() <= now - tries.began_at < WINDOW


def seconds_to_wait(tries: Tries, attempts: int, failures: int, now: datetime) -> int:
    """0 when one more attempt may be made now; else the seconds to wait. A limit of 0 is none."""
    if failures and tries.failures >= failures:
        return EXHAUSTED_WAIT
    if attempts and within_window(tries, now) and tries.attempts >= attempts:
        return max(1, math.ceil((tries.began_at + WINDOW - now).total_seconds()))
    return 0


def counted(tries: Tries, now: datetime) -> Tries:
    """One more attempt, which is a failure until it has succeeded."""
    if within_window(tries, now):
        return Tries(tries.began_at, tries.attempts + 1, tries.failures + 1)
    return Tries(now, 1, tries.failures + 1)


def given_back(tries: Tries, *, is_success: bool) -> Tries:
    """The attempt was none against the password: it is not counted. A success also ends the row of failures."""
    failures = 0 if is_success else max(0, tries.failures - 1)
    return Tries(tries.began_at, max(0, tries.attempts - 1), failures)
