"""How is a calendar feed opened, replaced, closed and read?"""

from collections.abc import Sequence
from typing import Any

from app.domain.access import Decision
from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.roles import Permission
from app.features.access.guards import Visit
from app.features.access.scope import Scope, access_record
from app.features.calendars import queries
from app.features.calendars.queries import Source
from app.features.calendars.schemas import CalendarFeedCreate
from app.features.calendars.tables import CalendarFeed
from app.features.changes.actions import record
from app.kit.columns import amend
from app.kit.passwords import new_secret
from app.kit.problems import Problem

PREFIX = "mcf"


def open_calendar_feed(scope: Scope[Any], body: CalendarFeedCreate) -> tuple[CalendarFeed, str]:
    """Open a feed of the caller's own, and close the one before; answers it and its secret, which is shown once.

    Raises: `calendar.not_for_protected`.
    """
    if queries.is_protected(scope):
        raise RuleViolation("calendar.not_for_protected")
    earlier = queries.lock_own_feed(scope)
    if earlier is not None:
        _close(scope, earlier)
        scope.session.flush()  # before its successor comes: only one may be open
    shown, token_hash = new_secret(PREFIX)
    feed = CalendarFeed(user_id=scope.actor.user_id, token_hash=token_hash, language=body.language.value)
    scope.session.add(feed)
    record(scope, ChangeKind.CALENDAR_FEED_OPENED, feed)
    return feed, shown


def close_calendar_feed(scope: Scope[Any]) -> None:
    """Close the caller's feed: its address leads nowhere from now on. Raises: Problem 404 when there is none."""
    feed = queries.lock_own_feed(scope)
    if feed is None:
        raise Problem("resource.not_found")
    _close(scope, feed)


def read_calendar(visit: Visit, secret: str, more: Sequence[Source] = ()) -> bytes:
    """What a calendar reads with the secret of an open feed; the reading is noted about the person themself.

    `more` are events of later slices. Raises: Problem 404 when there is no such feed, and when its person may not log in or is protected by now.
    """
    feed = queries.feed_at(visit.session, secret)
    scope = visit.reading_for(feed.user_id, Permission.CALENDAR_READ) if feed else None
    if feed is None or scope is None or queries.is_protected(scope):
        raise Problem("resource.not_found")
    scope.session.add(access_record(scope, Decision.ALLOWED, people=scope.actor.persons))
    return queries.calendar_of(scope, feed.language, more)


def _close(scope: Scope[Any], feed: CalendarFeed) -> None:
    record(scope, ChangeKind.CALENDAR_FEED_CLOSED, feed, amend(feed, {"closed_at": scope.now}))
