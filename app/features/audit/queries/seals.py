"""What has been sealed, and what waits to be?"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import defer
from sqlmodel import Session, col

from app.domain.seals import COLUMNS, FORMAT, TABLES, Checkpoint, Log, Reach
from app.features.audit.tables import AuditSeal
from app.features.changes.queries.feed import OLDEST_OPEN

NOTHING = Reach(0, 0, 0)
AT_ONCE = 2_000


def newest_seal(session: Session) -> AuditSeal | None:
    return session.scalars(select(AuditSeal).order_by(col(AuditSeal.number).desc()).limit(1)).first()


def horizon_of(session: Session) -> int:
    """The oldest transaction that is still open: whatever lies below has ended before the next statement looks."""
    return int(session.execute(select(OLDEST_OPEN.c.xact_id)).scalar_one())


def reach_of(seal: AuditSeal | None, log: Log) -> Reach:
    """How far a checkpoint has come in a log; nowhere without one."""
    if seal is None:
        return NOTHING
    if log is Log.ACCESS:
        return Reach(seal.access_xact_id, seal.access_id, seal.access_count)
    return Reach(seal.change_xact_id, seal.change_id, seal.change_count)


def checkpoint_of(seal: AuditSeal) -> Checkpoint:
    """What the stored columns of a seal say was signed."""
    return Checkpoint(
        number=seal.number,
        at=seal.at,
        previous_root=seal.previous_root,
        access=reach_of(seal, Log.ACCESS),
        change=reach_of(seal, Log.CHANGE),
        tree_root=seal.tree_root,
        format=seal.format,
    )


def rows_after(session: Session, log: Log, reach: Reach, horizon: int, most: int) -> list[Any]:
    """The next rows of a log below the horizon, in the order in which they are sealed."""
    wanted = text(_rows(log) + " and xact_id < :horizon order by xact_id, id limit :most")
    given = {"xact_id": reach.xact_id, "id": reach.id, "horizon": horizon, "most": most}
    return list(session.execute(wanted, given).mappings())


def all_rows_after(session: Session, log: Log, reach: Reach) -> Iterator[Any]:
    """Every row of a log from a place on, a few at a time."""
    wanted = text(_rows(log) + " order by xact_id, id").execution_options(yield_per=AT_ONCE)
    yield from session.execute(wanted, {"xact_id": reach.xact_id, "id": reach.id}).mappings()


def _rows(log: Log) -> str:
    columns = ", ".join(COLUMNS[FORMAT][log])
    return f"select {columns} from {TABLES[log]} where (xact_id, id) > (:xact_id, :id)"  # noqa: S608  names of the code


def all_seals(session: Session, since: datetime | None) -> Iterator[AuditSeal]:
    """Every checkpoint (from an instant on) by number, one at a time: each has a long list."""
    wanted = select(AuditSeal).order_by(col(AuditSeal.number))
    if since is not None:
        wanted = wanted.where(col(AuditSeal.at) >= since)
    yield from session.scalars(wanted.execution_options(yield_per=4))


def seal_before(session: Session, number: int) -> AuditSeal | None:
    return session.get(AuditSeal, number - 1)


def seals_after(session: Session, number: int, most: int) -> list[AuditSeal]:
    """The checkpoints after one, by number, without their lists."""
    wanted = select(AuditSeal).options(defer(AuditSeal.leaves)).where(col(AuditSeal.number) > number)  # type: ignore[arg-type]
    return list(session.scalars(wanted.order_by(col(AuditSeal.number)).limit(most)))


def listed_seals(session: Session, limit: int, offset: int) -> tuple[list[Any], int]:
    """A page of the checkpoints, the newest first, without their lists."""
    told = (
        "number", "at", "previous_root", "access_count", "change_count", "tree_root", "root", "kid", "signature",
    )  # fmt: skip
    wanted = select(*(getattr(AuditSeal, name) for name in told)).order_by(col(AuditSeal.number).desc())
    found = session.execute(wanted.limit(limit).offset(offset)).mappings()
    return [dict(row) for row in found], session.scalar(select(func.count()).select_from(AuditSeal)) or 0


def oldest_waiting(session: Session) -> datetime | None:
    """Since when the oldest row that is not sealed waits; None when none does. Two looks into an index."""
    newest = newest_reach(session)
    found = []
    for log, reach in newest.items():
        wanted = text(_rows(log) + " order by xact_id, id limit 1")
        found.append(session.execute(wanted, {"xact_id": reach.xact_id, "id": reach.id}).mappings().first())
    return min((one["at"] for one in found if one is not None), default=None)


def newest_reach(session: Session) -> dict[Log, Reach]:
    """How far the newest checkpoint has come in each log; its list is not read."""
    columns = (
        AuditSeal.access_xact_id, AuditSeal.access_id, AuditSeal.access_count,
        AuditSeal.change_xact_id, AuditSeal.change_id, AuditSeal.change_count,
    )  # fmt: skip
    row = session.execute(select(*columns).order_by(col(AuditSeal.number).desc()).limit(1)).first()  # type: ignore[call-overload]
    if row is None:
        return dict.fromkeys(Log, NOTHING)
    return {Log.ACCESS: Reach(*row[:3]), Log.CHANGE: Reach(*row[3:])}


def sealed_at(session: Session) -> datetime | None:
    """When the newest checkpoint was made."""
    return session.execute(select(func.max(AuditSeal.at))).scalar()
