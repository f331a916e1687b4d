"""How is the next part of the logs sealed? One checkpoint in one transaction, chained to the one before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from app.domain.seals import FIRST, FORMAT, Checkpoint, Entry, Log, Reach, entry_of, signed_bytes
from app.features.audit import queries
from app.features.audit.tables import AuditSeal
from app.kit.keys import SigningKey
from app.kit.merkle import root_of

MOST_ROWS = 10_000
"""Of each log in one checkpoint; what is left comes into the next, made at once."""
LOCK = 7_370_165
"""Of the advisory lock that lets one process seal at a time."""


def seal_next(session: Session, key: SigningKey, at: datetime) -> AuditSeal | None:
    """Seal what both logs hold below the transaction horizon; None when there is nothing, or somebody else seals now.

    Rows of a transaction that is still open are left for later, and with them all that began after it: a row's number
    is given before its commit, so "everything up to the highest number" would leave late commits outside for ever.
    """
    if not session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
        return None
    last = queries.newest_seal(session)
    horizon = queries.horizon_of(session)
    found = {log: queries.rows_after(session, log, queries.reach_of(last, log), horizon, MOST_ROWS) for log in Log}
    if not any(found.values()):
        return None
    entries = [entry_of(log, row) for log in Log for row in found[log]]
    checkpoint = Checkpoint(
        number=1 if last is None else last.number + 1,
        at=at,
        previous_root=FIRST if last is None else last.root,
        access=_reach(last, Log.ACCESS, found),
        change=_reach(last, Log.CHANGE, found),
        tree_root=root_of(one.to_bytes() for one in entries).hex(),
    )
    seal = signed(checkpoint, key, entries)
    session.add(seal)
    session.flush()
    return seal


def signed(checkpoint: Checkpoint, key: SigningKey, entries: list[Entry]) -> AuditSeal:
    """The row of a checkpoint, signed with this key."""
    root = checkpoint.root()
    return AuditSeal(
        number=checkpoint.number,
        at=checkpoint.at,
        format=FORMAT,
        previous_root=checkpoint.previous_root,
        access_xact_id=checkpoint.access.xact_id,
        access_id=checkpoint.access.id,
        access_count=checkpoint.access.count,
        change_xact_id=checkpoint.change.xact_id,
        change_id=checkpoint.change.id,
        change_count=checkpoint.change.count,
        tree_root=checkpoint.tree_root,
        root=root,
        kid=key.kid,
        signature=key.sign(signed_bytes(root)),
        leaves=b"".join(one.to_bytes() for one in entries),
    )


def _reach(last: AuditSeal | None, log: Log, found: Mapping[Log, list[Any]]) -> Reach:
    rows = found[log]
    before = queries.reach_of(last, log)
    if not rows:
        return Reach(before.xact_id, before.id, 0)
    return Reach(rows[-1]["xact_id"], rows[-1]["id"], len(rows))
