"""How matches are doing, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.health import queries
from app.features.health.schemas import HealthQuery, HealthRead
from app.features.matches.tables import Match
from app.kit.pages import Page, answer_items
from app.kit.wire import answer

router = APIRouter(tags=["matches"])


@router.get(
    "/matches/{matchId}/health",
    operation_id="getMatchHealth",
    summary="How a match is doing",
    response_model=HealthRead,
)
def get_match_health(scope: Annotated[Scope[Match], on(Match, Permission.MATCH_HEALTH_READ)]) -> Response:
    """How a match under way is doing, and why: derived, never set. / Hur en pågående matchning mår, och varför."""
    return answer(scope.exchange, HealthRead, queries.health(scope))


@router.get(
    "/match-health",
    operation_id="listMatchHealth",
    summary="List how matches are doing",
    response_model=Page[HealthRead],
)
def list_match_health(
    scope: Annotated[Scope[None], anywhere(Permission.MATCH_HEALTH_READ)], query: Annotated[HealthQuery, Query()]
) -> Response:
    """The matches that your organisation follows up, the most urgent first, with reasons.

    Matchningarna som er organisation följer upp, de mest brådskande först, med skäl.
    """
    seen, total = queries.by_urgency(scope, query)
    return answer_items(scope.exchange, HealthRead, seen, query, total)
