"""How often was a login tried? The counters, held one request at a time and always in one order."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from app.domain.logins import FORGOTTEN_AFTER, Tries
from app.features.accounts.tables import LoginCount

MOST_FORGOTTEN = 20  # counters a login, so that none is slow


def forget_counts(session: Session, now: datetime, failures: int) -> None:
    """Remove some counters that nobody has touched for long; exhausted ones stay."""
    old = select(LoginCount.key).where(col(LoginCount.last_at) < now - FORGOTTEN_AFTER, LoginCount.failures < failures)
    session.execute(
        delete(LoginCount).where(col(LoginCount.key).in_(old.limit(MOST_FORGOTTEN).with_for_update(skip_locked=True)))
    )


def make_counts(session: Session, keys: Iterable[str], now: datetime) -> None:
    """Make the counters that are not there yet."""
    rows = [{"key": key, "began_at": now, "attempts": 0, "failures": 0, "last_at": now} for key in sorted(keys)]
    session.execute(insert(LoginCount).values(rows).on_conflict_do_nothing())


def hold_counts(session: Session, keys: Iterable[str]) -> list[LoginCount]:
    """The counters, locked until the transaction ends."""
    wanted = select(LoginCount).where(col(LoginCount.key).in_(sorted(keys))).order_by(col(LoginCount.key))
    return list(session.exec(wanted.with_for_update()))


def tries_of(count: LoginCount) -> Tries:
    return Tries(count.began_at, count.attempts, count.failures)


def write_tries(count: LoginCount, tries: Tries) -> None:
    count.began_at, count.attempts, count.failures = tries.began_at, tries.attempts, tries.failures
