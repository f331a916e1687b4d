"""Which changes may this caller read now, from a place on, so that none is ever passed over?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.alias_generators import to_camel
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.domain.access import Actor
from app.domain.grants import GRANTS
from app.domain.roles import Permission
from app.features.access.scope import Scope
from app.features.access.tables import guarded_kinds
from app.features.access.visible import visible
from app.features.changes.schemas import ChangePage, ChangeRead, ChangesQuery
from app.features.changes.tables import Change
from app.kit.pages import Cursors

SCAN = 10_000
"""How many changes one request looks through at most, so that a narrow reach costs no more than a wide one."""
PARTS: Mapping[str, Permission] = {
    "partner_member": Permission.PARTNER_READ,
    "agreement_party": Permission.AGREEMENT_READ,
    "agreement_duty": Permission.AGREEMENT_READ,
}
"""Recorded tables that are no resources of their own, and the permission that reads what they are part of."""
OLDEST_OPEN = select(cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger))
LOG: Any = Change.__table__  # type: ignore[attr-defined]  # every mapped class has its table


@dataclass(frozen=True)
class Place:
    """How far somebody has read: the writing transaction, and the number of the change."""

    xact_id: int = 0
    id: int = 0


def changes(scope: Scope[None], cursors: Cursors, query: ChangesQuery) -> ChangePage:
    """The next changes within the caller's reach as it is now, in the order of their transactions.

    Complete and gap-free: nothing from the oldest transaction that is still open on is read, because the numbers of
    rows are not given in the order of commits. Whatever commits later has a higher transaction than the cursor's.
    Raises: Problem 400 `request.cursor_invalid`.
    """
    binding = f"changes:{scope.actor.user_id}"
    start = Place() if query.cursor is None else _open(cursors, query.cursor, binding)
    # Two statements, this one first: whatever is below the horizon has ended before the second one looks.
    horizon = scope.session.execute(OLDEST_OPEN).scalar_one()
    window = _window(start, horizon)
    wanted = select(window).where(_within_reach(window, scope.actor)).order_by(window.c.xact_id, window.c.id)
    found = scope.session.execute(wanted.limit(query.limit + 1)).all()
    page = found[: query.limit]
    if len(found) > query.limit:
        end, has_more = Place(page[-1].xact_id, page[-1].id), True
    else:
        end, has_more = _end_of(scope, window, max(start.xact_id, horizon))
    cursor = _seal(cursors, end, binding)
    return ChangePage(items=[_read(row) for row in page], next_cursor=cursor, has_more=has_more)


def _window(start: Place, horizon: int) -> Subquery:
    after = tuple_(LOG.c.xact_id, LOG.c.id) > tuple_(literal(start.xact_id, BigInteger), literal(start.id, BigInteger))
    ordered = select(LOG).where(LOG.c.xact_id < horizon, after).order_by(LOG.c.xact_id, LOG.c.id)
    return ordered.limit(SCAN).subquery("window_of_log")


def _end_of(scope: Scope[None], window: Subquery, horizon: int) -> tuple[Place, bool]:
    """Where the window ends, and whether the log goes on behind it; what was out of reach is not looked at again."""
    numbered = select(window.c.xact_id, window.c.id, func.count().over().label("number"))
    last = scope.session.execute(numbered.order_by(window.c.xact_id.desc(), window.c.id.desc()).limit(1)).first()
    if last is not None and last.number == SCAN:
        return Place(last.xact_id, last.id), True
    return Place(horizon, 0), False


def _within_reach(change: Subquery, actor: Actor) -> ColumnElement[bool]:
    """The condition that what changed is visible to the actor: the very condition its own reading uses."""
    return or_(false(), *_resources(change, actor), *_parts(change, actor))  # of nothing or_() would filter nothing


def _resources(change: Subquery, actor: Actor) -> Iterator[ColumnElement[bool]]:
    for kind in guarded_kinds():
        condition = visible(kind, actor)
        if isinstance(condition, type(false())):
            continue
        row: Select[Any] = select(true()).where(kind.id == change.c.subject_id, condition)  # type: ignore[arg-type]
        # A scalar subquery looks up one row by key; of an EXISTS the planner may read and hash the whole table.
        yield and_(change.c.subject == str(kind.__tablename__), row.scalar_subquery())


def _parts(change: Subquery, actor: Actor) -> Iterator[ColumnElement[bool]]:
    for subject, permission in PARTS.items():
        if not actor.has_role_for(permission):
            continue
        programs = bindparam(None, sorted(actor.programs_for(permission)), type_=ARRAY(Uuid), unique=True)
        ways: list[ColumnElement[bool]] = [change.c.program_id == any_(programs)]
        if actor.partner_id is not None:
            ways.append(change.c.partner_id == actor.partner_id)
        yield and_(change.c.subject == subject, true() if GRANTS[permission].anyone else or_(*ways))


def _read(row: Any) -> ChangeRead:
    return ChangeRead(
        id=str(row.id),
        kind=row.kind,
        at=row.at,
        subject=row.subject,
        subject_id=row.subject_id,
        program_id=row.program_id,
        partner_id=row.partner_id,
        fields=[to_camel(name) for name in row.fields],
    )


def _seal(cursors: Cursors, place: Place, binding: str) -> str:
    return cursors.seal([place.xact_id, place.id], binding)


def _open(cursors: Cursors, cursor: str, binding: str) -> Place:
    return Place(*cursors.open(cursor, binding))
