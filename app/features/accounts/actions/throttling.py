"""Has a password been tried too often? Counted in the database, so that all processes count together.

What is counted are keyed digests of what was sent, whether such an account exists or not: an unknown address is refused
as a known one is. An attempt is counted before anything is looked at, in a transaction of its own; while the database
cannot count, nobody gets in.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from app.domain.logins import counted, given_back, seconds_to_wait
from app.domain.networks import subscriber_of
from app.features.access.guards import Visit
from app.features.accounts import queries
from app.kit.digests import Digester
from app.kit.ids import new_id
from app.kit.passwords import hash_secret
from app.kit.problems import Problem
from app.kit.runtime import Runtime

DEVICE = "mdv"
INVITED = "miv_"
AFTER_INVITATION = timedelta(days=1)
"""How long the invitation that a password was set with stands for a known device."""


@dataclass(frozen=True)
class Draw:
    """An attempt that was counted: for which account, on which counters, and from which known device."""

    account: str
    keys: tuple[str, ...]
    device: UUID | None = None


def draw(visit: Visit, email: str, device_token: str | None) -> Draw:
    """Count an attempt to log in. Raises: `auth.too_many_attempts`, whoever the address belongs to.

    A known device draws on a budget of its own, which nobody elsewhere can use up; so does whoever has just chosen a
    password with an invitation.
    """
    digests, rules = visit.runtime.digests, visit.runtime.logins
    account = _account(digests, email)
    device = _known_device(digests, account, device_token or "", visit.now)
    known = None if device is None else digests.digest("login device", f"{account}:{device}")
    if known is None and _was_just_invited(visit, email, device_token or ""):
        known = digests.digest("login invitation", hash_secret(device_token or ""))
    if known is not None:
        return Draw(
            account, _count(visit.runtime, {known: (rules.attempts, rules.failures_in_a_row)}, visit.now), device
        )
    network = digests.digest("login network", subscriber_of(visit.address))
    budgets = {account: (rules.attempts, rules.failures_in_a_row), network: (rules.address_attempts, 0)}
    return Draw(account, _count(visit.runtime, budgets, visit.now))


def draw_for_account(runtime: Runtime, user_id: UUID, now: datetime) -> Draw:
    """Count an attempt of somebody who is logged in to prove once more who they are. Raises: as `draw`."""
    key = _proof(runtime.digests, user_id)
    return Draw(key, _count(runtime, {key: (runtime.logins.attempts, runtime.logins.failures_in_a_row)}, now))


def succeed(session: Session, drawn: Draw) -> None:
    """The attempt was right: it is not counted, and the row of failures ends; together with what it opens."""
    for count in queries.hold_counts(session, drawn.keys):
        queries.write_tries(count, given_back(queries.tries_of(count), is_success=True))


def forgive(visit: Visit, user_id: UUID, email: str) -> None:
    """What was tried before the password was changed counts no longer, wherever it was tried."""
    digests = visit.runtime.digests
    for count in queries.hold_counts(visit.session, [_account(digests, email), _proof(digests, user_id)]):
        visit.session.delete(count)


def leave_open(visit: Visit, drawn: Draw) -> None:
    """The attempt was neither right nor wrong: it is not counted. What the request has done so far is undone."""
    visit.session.rollback()  # one connection at a time
    with visit.runtime.database.transaction() as session:
        for count in queries.hold_counts(session, drawn.keys):
            queries.write_tries(count, given_back(queries.tries_of(count), is_success=False))


def _count(runtime: Runtime, budgets: dict[str, tuple[int, int]], now: datetime) -> tuple[str, ...]:
    with runtime.database.transaction() as session:
        queries.forget_counts(session, now, runtime.logins.failures_in_a_row)
        queries.make_counts(session, budgets, now)
        counts = queries.hold_counts(session, budgets)
        waits = [seconds_to_wait(queries.tries_of(one), *budgets[one.key], now) for one in counts]
        if not any(waits):
            for count in counts:
                queries.write_tries(count, counted(queries.tries_of(count), now))
                count.last_at = now
    if any(waits):
        raise Problem("auth.too_many_attempts", retry_after=max(waits))
    return tuple(budgets)


def device_token(visit: Visit, drawn: Draw) -> str:
    """What a device shows at its next login, to be known: signed, for this account only; a known one keeps its id."""
    device = drawn.device or new_id()
    until = int((visit.now + visit.runtime.logins.device_life).timestamp())
    return f"{DEVICE}_{device}_{until}_{_mac(visit.runtime.digests, drawn.account, device, until)}"


def _account(digests: Digester, email: str) -> str:
    return digests.digest("login account", email.lower())


def _proof(digests: Digester, user_id: UUID) -> str:
    return digests.digest("login proof", str(user_id))


def _known_device(digests: Digester, account: str, token: str, now: datetime) -> UUID | None:
    """The id in a device token that was made here for this account and has not run out."""
    try:
        kind, name, said, mac = token.split("_")
        device, until = UUID(name), int(said)
        is_ours = hmac.compare_digest(mac.encode(), _mac(digests, account, device, until).encode())
        is_live = now < datetime.fromtimestamp(until, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return device if kind == DEVICE and is_ours and is_live else None


def _mac(digests: Digester, account: str, device: UUID, until: int) -> str:
    return digests.digest("known device", f"{account}:{device}:{until}")


def _was_just_invited(visit: Visit, email: str, token: str) -> bool:
    if not token.startswith(INVITED):
        return False
    with visit.runtime.database.transaction() as session:
        return queries.was_invited(session, hash_secret(token), email, visit.now - AFTER_INVITATION)
