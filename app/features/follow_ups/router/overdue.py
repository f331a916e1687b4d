"""What is late, and what waits for me, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere
from app.features.access.scope import Scope
from app.features.follow_ups import queries
from app.features.follow_ups.schemas import OverdueQuery, OverdueRead, WaitingRead
from app.kit.pages import Page, PageQuery, answer_items

router = APIRouter(tags=["follow-ups"])


@router.get(
    "/overdue-follow-ups",
    operation_id="listOverdueFollowUps",
    summary="List what is late",
    response_model=Page[OverdueRead],
)
def list_overdue_follow_ups(
    scope: Annotated[Scope[None], anywhere(Permission.OVERDUE_READ)], query: Annotated[OverdueQuery, Query()]
) -> Response:
    """What is late where your organisation is accountable for `followUpMatches`, the latest first.

    Det som är försenat där er organisation är ansvarig för `followUpMatches`, det mest försenade först.
    """
    seen, total = queries.overdue(scope, query)
    return answer_items(scope.exchange, OverdueRead, seen, query, total)


@router.get(
    "/me/follow-ups",
    operation_id="listMyFollowUps",
    summary="What waits for my answer",
    response_model=Page[WaitingRead],
)
def list_my_follow_ups(
    scope: Annotated[Scope[None], anywhere(Permission.FOLLOW_UP_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """The follow-ups that a mentor or mentee is asked to answer now. / Det som en mentor eller adept ska svara på nu."""
    seen, total = queries.waiting_for_me(scope, query)
    return answer_items(scope.exchange, WaitingRead, seen, query, total)
