"""A person's own calendar feed over HTTP. What calendars read lies outside the versioned API: it is no JSON."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere
from app.features.access.scope import Scope
from app.features.calendars import actions, queries
from app.features.calendars.schemas import CalendarFeedCreate, CalendarFeedOpened, CalendarFeedRead
from app.kit.wire import answer

router = APIRouter(tags=["calendars"])
FEED = "/me/calendar-feed"


@router.get(
    FEED, operation_id="getCalendarFeed", summary="Read about your calendar feed", response_model=CalendarFeedRead
)
def get_calendar_feed(scope: Annotated[Scope[None], anywhere(Permission.CALENDAR_READ)]) -> Response:
    """Since when you have one; its address is shown only when it is opened. / Sedan när; adressen visas bara en gång."""
    return answer(scope.exchange, CalendarFeedRead, queries.own_feed(scope))


@router.post(
    FEED,
    operation_id="openCalendarFeed",
    summary="Open a calendar feed",
    status_code=201,
    response_model=CalendarFeedOpened,
)
def open_calendar_feed(
    scope: Annotated[Scope[None], anywhere(Permission.CALENDAR_OPEN)], body: CalendarFeedCreate, request: Request
) -> Response:
    """For your own calendar (iCalendar). A new one closes the one before; whoever knows the address reads it.

    Till din egen kalender (iCalendar). Ett nytt flöde stänger det förra; den som har adressen kan läsa det.
    """
    feed, secret = actions.open_calendar_feed(scope, body)
    scope.session.flush()
    told = {**feed.model_dump(), "address": f"{request.app.state.runtime.public_url}/calendar-feeds/{secret}"}
    opened = CalendarFeedOpened.model_validate({name: told[name] for name in CalendarFeedOpened.model_fields})
    return answer(scope.exchange, CalendarFeedOpened, opened, status=201, location=scope.exchange.path)


@router.delete(FEED, operation_id="closeCalendarFeed", summary="Close your calendar feed", status_code=204)
def close_calendar_feed(scope: Annotated[Scope[None], anywhere(Permission.CALENDAR_OPEN)]) -> Response:
    """Its address leads nowhere from now on. / Adressen slutar att fungera genast."""
    actions.close_calendar_feed(scope)
    return Response(status_code=204)
