"""How does a match end, go on after its end, or turn out to be an error, over HTTP?"""

from typing import Annotated

from fastapi import APIRouter, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.matches import actions, queries
from app.features.matches.schemas import (
    Closing,
    Closure,
    MatchRead,
    RematchDecision,
    RematchRead,
    Reopening,
    Voiding,
    WithdrawalCreate,
)
from app.features.matches.tables import Match
from app.kit.wire import answer

router = APIRouter()
Ending = Annotated[Scope[Match], on(Match, Permission.MATCH_CLOSE)]


@router.post(
    "/matches/{matchId}/withdrawal",
    operation_id="withdrawMatch",
    summary="Take back a match before its start",
    response_model=MatchRead,
)
def withdraw_match(
    scope: Annotated[Scope[Match], on(Match, Permission.MATCH_WITHDRAW)], body: WithdrawalCreate
) -> Response:
    """A proposal, or what both have accepted; a started one is closed. / Ett förslag eller det som båda tackat ja till."""
    return answer(scope.exchange, MatchRead, actions.withdraw_match(scope, body.reason_code))


@router.post(
    "/matches/{matchId}/closing", operation_id="startClosing", summary="Begin to end a match", response_model=MatchRead
)
def start_closing(scope: Ending, body: Closing) -> Response:
    """Either side or staff; the interviews with both are planned, and the two may still meet until it is closed.

    Endera sidan eller personal; avslutssamtalen planeras, och de två kan träffas tills matchningen är avslutad.
    """
    return answer(scope.exchange, queries.view_of(scope.actor), actions.start_closing(scope, body))


@router.post("/matches/{matchId}/closure", operation_id="closeMatch", summary="Close a match", response_model=MatchRead)
def close_match(scope: Ending, body: Closure) -> Response:
    """Either side or staff ends it, at once or after a closing; the exit is planned, and the two lose sight of each other.

    Endera sidan eller personal avslutar; uppföljningen planeras, och de två ser inte längre varandras uppgifter.
    """
    return answer(scope.exchange, queries.view_of(scope.actor), actions.close_match(scope, body))


@router.post(
    "/matches/{matchId}/reopening", operation_id="reopenMatch", summary="Reopen a match", response_model=MatchRead
)
def reopen_match(scope: Annotated[Scope[Match], on(Match, Permission.MATCH_REOPEN)], body: Reopening) -> Response:
    """Let a closed match go on, within the days that the program's profile allows.

    Låt en avslutad matchning fortsätta, inom de dagar som programmets riktvärden tillåter.
    """
    return answer(scope.exchange, MatchRead, actions.reopen_match(scope, body))


@router.post(
    "/matches/{matchId}/voidance",
    operation_id="voidMatch",
    summary="Declare a match made in error",
    response_model=MatchRead,
)
def void_match(scope: Annotated[Scope[Match], on(Match, Permission.MATCH_VOID)], body: Voiding) -> Response:
    """It counts in no figure from then on. / Den räknas inte i någon siffra därefter."""
    return answer(scope.exchange, MatchRead, actions.void_match(scope, body.reason_code))


@router.get(
    "/matches/{matchId}/rematch",
    operation_id="getRematch",
    summary="Read whether the two may be matched again",
    response_model=RematchRead,
)
def get_rematch(scope: Annotated[Scope[Match], on(Match, Permission.MATCH_READ)]) -> Response:
    """For staff, after the end: the buffer and what was decided. / För personal, efter avslut: väntetid och beslut."""
    return answer(scope.exchange, RematchRead, queries.rematch_of_pair(scope))


@router.post(
    "/matches/{matchId}/rematch-decisions",
    operation_id="decideRematch",
    summary="Decide whether a person may be matched again",
    response_model=RematchRead,
)
def decide_rematch(
    scope: Annotated[Scope[Match], on(Match, Permission.MATCH_REMATCH)], body: RematchDecision
) -> Response:
    """Needed after an end for reasons of safety; possible after any. / Krävs efter avslut av säkerhetsskäl; annars frivilligt."""
    actions.decide_rematch(scope, body)
    return answer(scope.exchange, RematchRead, queries.rematch_of_pair(scope))
