"""What was a reader told of, what of it is no longer within reach or is again, and what of that comes next?"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, Text, Uuid, func, literal, select, tuple_

from app.domain.access import Actor
from app.features.access.scope import Scope
from app.features.changes.queries.feed import Place, Wanted, subjects_in
from app.features.changes.queries.reach import within_reach
from app.features.changes.tables import FeedTold

SWEEP = 2_000
"""How many of the things that were told of one request looks at, so that it costs the same whatever has been told."""
TOLD: Any = FeedTold.__table__  # type: ignore[attr-defined]  # every mapped class has its table
NOWHERE = UUID(int=0)


def stretch_of_told(reader_id: UUID, start: Place) -> Subquery:
    """The next of what a reader was told of, in the order of kinds and ids."""
    at = tuple_(literal(start.subject, Text), literal(start.subject_id, Uuid))
    after = tuple_(TOLD.c.subject, TOLD.c.subject_id) > at
    ordered = select(TOLD).where(TOLD.c.reader_id == reader_id, after).order_by(TOLD.c.subject, TOLD.c.subject_id)
    return ordered.limit(SWEEP).subquery("stretch_of_told")


def last_of(scope: Scope[Any], stretch: Subquery) -> Any:
    """The last row of a full stretch; None when this was the end."""
    numbered = select(stretch.c.subject, stretch.c.subject_id, func.count().over().label("number"))
    last = scope.session.execute(
        numbered.order_by(stretch.c.subject.desc(), stretch.c.subject_id.desc()).limit(1)
    ).first()
    return last if last is not None and last.number == SWEEP else None


def turned(scope: Scope[Any], stretch: Subquery, actor: Actor) -> Sequence[Any]:
    """What of a stretch is not as it was last said to be: gone out of reach, or come back."""
    is_within = func.coalesce(within_reach(stretch, actor, subjects_in(scope, stretch)), literal(False))
    judged = select(stretch.c.subject, stretch.c.subject_id, stretch.c.is_lost, is_within.label("is_within")).subquery()
    return scope.session.execute(select(judged).where(judged.c.is_lost == judged.c.is_within)).all()


def news(
    scope: Scope[Any], reader_id: UUID, start: Place, wanted: Wanted, hidden: list[str], most: int
) -> Sequence[Any]:
    """What has turned since a place, in the order in which it was noticed; `hidden` kinds are passed over."""
    found = select(TOLD).where(TOLD.c.reader_id == reader_id, TOLD.c.number > start.number, *wanted.of(TOLD))
    if hidden:
        found = found.where(TOLD.c.subject.not_in(hidden))
    return scope.session.execute(found.order_by(TOLD.c.number).limit(most)).all()
