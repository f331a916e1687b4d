"""How does a match start and rest over HTTP?"""

from typing import Annotated

from fastapi import APIRouter, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.matches import actions, queries
from app.features.matches.schemas import Activation, Hold, MatchRead
from app.features.matches.tables import Match
from app.kit.wire import answer

router = APIRouter()


@router.post(
    "/matches/{matchId}/preparation",
    operation_id="prepareMatch",
    summary="Note that both are prepared",
    response_model=MatchRead,
)
def prepare_match(scope: Annotated[Scope[Match], on(Match, Permission.MATCH_ACTIVATE)]) -> Response:
    """Refused with what is missing on each side. / Avvisas med vad som saknas på var sida."""
    return answer(scope.exchange, MatchRead, actions.prepare_match(scope))


@router.post(
    "/matches/{matchId}/activation", operation_id="activateMatch", summary="Start a match", response_model=MatchRead
)
def activate_match(scope: Annotated[Scope[Match], on(Match, Permission.MATCH_ACTIVATE)], body: Activation) -> Response:
    """Start a prepared match and plan its follow-ups. / Starta en förberedd matchning och planera uppföljningen."""
    return answer(scope.exchange, MatchRead, actions.activate_match(scope, body.starts_on))


@router.post("/matches/{matchId}/hold", operation_id="holdMatch", summary="Pause a match", response_model=MatchRead)
def hold_match(scope: Annotated[Scope[Match], on(Match, Permission.MATCH_CLOSE)], body: Hold) -> Response:
    """Let an active match rest until a day to look again. / Pausa en aktiv matchning till en dag för avstämning."""
    return answer(scope.exchange, queries.view_of(scope.actor), actions.hold_match(scope, body.review_on))


@router.post(
    "/matches/{matchId}/resumption", operation_id="resumeMatch", summary="Resume a match", response_model=MatchRead
)
def resume_match(scope: Annotated[Scope[Match], on(Match, Permission.MATCH_CLOSE)]) -> Response:
    """Let a resting match go on. / Återuppta en pausad matchning."""
    return answer(scope.exchange, queries.view_of(scope.actor), actions.resume_match(scope))
