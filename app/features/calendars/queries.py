"""What stands in a person's calendar today? Times and kinds of contact, never a name, and nothing of protected people."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.calendars import (
    KEPT_DAYS,
    REFRESH_HOURS,
    calendar_name,
    follow_up_summary,
    meeting_description,
    meeting_summary,
)
from app.domain.glossary import Concealing, Side
from app.domain.matches import UNDER_WAY
from app.features.access.scope import Scope
from app.features.access.tables import Concealment
from app.features.access.visible import visible
from app.features.calendars.tables import CalendarFeed
from app.features.follow_ups.queries.follow_ups import OPEN
from app.features.follow_ups.tables import FollowUp
from app.features.matches.tables import Match, PlannedMeeting
from app.kit.calendars import Event, calendar
from app.kit.passwords import hash_secret
from app.kit.problems import Problem


def own_feed(scope: Scope[Any]) -> CalendarFeed:
    """The caller's open feed. Raises: Problem 404 when there is none."""
    found = scope.session.exec(_own(scope)).first()
    if found is None:
        raise Problem("resource.not_found")
    return found


def lock_own_feed(scope: Scope[Any]) -> CalendarFeed | None:
    """The caller's open feed, if any, locked against a twin that opens or closes it."""
    return scope.session.exec(_own(scope).with_for_update()).first()


def _own(scope: Scope[Any]) -> SelectOfScalar[CalendarFeed]:
    return select(CalendarFeed).where(
        CalendarFeed.user_id == scope.actor.user_id, col(CalendarFeed.closed_at).is_(None)
    )


def feed_at(session: Session, token: str) -> CalendarFeed | None:
    """The open feed with this secret."""
    wanted = select(CalendarFeed).where(
        CalendarFeed.token_hash == hash_secret(token), col(CalendarFeed.closed_at).is_(None)
    )
    return session.exec(wanted).first()


def is_protected(scope: Scope[Any]) -> bool:
    """Has the caller a protected identity? Then no server of others learns when they meet somebody."""
    wanted = select(Concealment.id).where(
        Concealment.kind == Concealing.PROTECTED_IDENTITY,
        or_(col(Concealment.participant_id).in_(scope.actor.persons), Concealment.user_id == scope.actor.user_id),
    )
    return scope.session.exec(wanted.limit(1)).first() is not None


Source = Callable[[Scope[Any], str], Iterable[Event]]
"""What another slice adds to somebody's calendar, in a language."""


def calendar_of(scope: Scope[Any], language: str, more: Sequence[Source] = ()) -> bytes:
    """The person's own planned meetings and open follow-ups, while the match is under way, and what others add."""
    events = [*_meetings(scope, language), *_follow_ups(scope, language)]
    events += [event for source in more for event in source(scope, language)]
    return calendar(calendar_name(language), language, events, REFRESH_HOURS)


def _meetings(scope: Scope[Any], language: str) -> list[Event]:
    since = scope.now - timedelta(days=KEPT_DAYS)
    wanted = select(PlannedMeeting).where(
        visible(PlannedMeeting, scope.actor),
        _is_own(scope),
        col(PlannedMeeting.cancelled_at).is_(None),
        col(PlannedMeeting.starts_at) >= since,
        _goes_on(PlannedMeeting.match_id),
        *_nobody_protected(PlannedMeeting),
    )
    return [
        Event(
            uid=f"{one.id}@mentorskap",
            summary=meeting_summary(_side(scope, one), language),
            starts=one.starts_at,
            minutes=one.minutes,
            changed_at=one.updated_at,
            sequence=one.version - 1,
            description=meeting_description(one.mode, language),
        )
        for one in scope.session.exec(wanted.order_by(col(PlannedMeeting.starts_at), col(PlannedMeeting.id)))
    ]


def _follow_ups(scope: Scope[Any], language: str) -> list[Event]:
    since = scope.today - timedelta(days=KEPT_DAYS)
    wanted = select(FollowUp).where(
        visible(FollowUp, scope.actor),
        col(FollowUp.participant_id).in_(scope.actor.persons),
        col(FollowUp.status).in_(OPEN),
        col(FollowUp.due_on) >= since,
        *_nobody_protected(FollowUp),
    )
    return [
        Event(
            uid=f"{one.id}@mentorskap",
            summary=follow_up_summary(one.kind, language),
            starts=one.due_on,
            minutes=0,
            changed_at=one.updated_at.astimezone(UTC),
            sequence=one.version - 1,
        )
        for one in scope.session.exec(wanted.order_by(col(FollowUp.due_on), col(FollowUp.id)))
    ]


def _is_own(scope: Scope[Any]) -> ColumnElement[bool]:
    """Staff see meetings of pairs, too, and have no place in their calendars for them."""
    people = (col(PlannedMeeting.mentor_participant_id), col(PlannedMeeting.mentee_participant_id))
    return or_(*(one.in_(scope.actor.persons) for one in people))


def _goes_on(match_id: Any) -> ColumnElement[bool]:
    return col(match_id).in_(select(Match.id).where(col(Match.status).in_(UNDER_WAY)))


def _nobody_protected(kind: Any) -> list[ColumnElement[bool]]:
    hidden = col(Concealment.kind).in_([Concealing.PROTECTED_IDENTITY, Concealing.RESTRICTED])
    protected = select(Concealment.participant_id).where(hidden)
    people = [col(kind.mentor_participant_id), col(kind.mentee_participant_id)]
    return [or_(one.is_(None), one.not_in(protected)) for one in people]


def _side(scope: Scope[Any], one: PlannedMeeting) -> Side:
    return Side.MENTOR if one.mentor_participant_id in scope.actor.persons else Side.MENTEE
