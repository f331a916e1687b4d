"""Where in the log, and in the news of reach, does a reader stand that begins at an instant?"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text, cast, func, select

from app.features.access.scope import Scope
from app.features.changes.queries.feed import LOG, Place, ends
from app.features.changes.queries.told import TOLD


def place_at_end(scope: Scope[Any]) -> Place:
    """Where everything that happens from now on comes next."""
    return Place(xact_id=ends(scope).horizon)


def place_since(scope: Scope[Any], reader_id: UUID, since: datetime) -> Place:
    """The last place before everything that was written at an instant or later."""
    oldest = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger)
    first = select(func.coalesce(func.min(LOG.c.xact_id), oldest)).where(LOG.c.at >= since)
    turned = select(func.min(TOLD.c.number)).where(TOLD.c.reader_id == reader_id, TOLD.c.turned_at >= since)
    ever = select(func.coalesce(func.max(TOLD.c.number), 0)).where(TOLD.c.reader_id == reader_id)
    number = scope.session.execute(turned).scalar()
    last = scope.session.execute(ever).scalar_one() if number is None else number - 1
    return Place(xact_id=scope.session.execute(first).scalar_one(), number=last)
