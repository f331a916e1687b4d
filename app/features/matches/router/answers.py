"""How are proposals answered over HTTP?"""

from typing import Annotated

from fastapi import APIRouter, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.matches import actions, queries
from app.features.matches.schemas import Acceptance, MatchRead, Refusal
from app.features.matches.tables import Match
from app.kit.wire import answer

router = APIRouter()


@router.post(
    "/matches/{matchId}/acceptances",
    operation_id="acceptMatch",
    summary="Accept a match",
    response_model=MatchRead,
)
def accept_match(scope: Annotated[Scope[Match], on(Match, Permission.MATCH_ANSWER)], body: Acceptance) -> Response:
    """Accept for your side; the mentor's yes takes a place. / Tacka ja för din sida; mentorns ja tar en plats."""
    return answer(scope.exchange, queries.view_of(scope.actor), actions.accept_match(scope, body.side))


@router.post(
    "/matches/{matchId}/refusals", operation_id="refuseMatch", summary="Decline a match", response_model=MatchRead
)
def refuse_match(scope: Annotated[Scope[Match], on(Match, Permission.MATCH_ANSWER)], body: Refusal) -> Response:
    """Decline for your side; the pair is not proposed again. / Tacka nej för din sida; paret föreslås inte igen."""
    match = actions.refuse_match(scope, body.side, body.reason_code)
    return answer(scope.exchange, queries.view_of(scope.actor), match)
