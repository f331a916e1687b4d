"""Who asks for a run, how far is it, and who calls it off?"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from sqlmodel import col

from app.domain.roles import Permission
from app.features.access.guards import on, outbox
from app.features.access.scope import Scope
from app.features.matching import actions, queries
from app.features.matching.schemas import MatchRunCreate, MatchRunQuery, MatchRunRead
from app.features.matching.tables import MatchRun
from app.features.programs.tables import Program
from app.kit.jobs import Outbox
from app.kit.pages import Page, answer_page
from app.kit.wire import answer

router = APIRouter()


@router.get(
    "/programs/{programId}/match-runs",
    operation_id="listMatchRuns",
    summary="List a program's matching runs",
    response_model=Page[MatchRunRead],
)
def list_match_runs(
    scope: Annotated[Scope[Program], on(Program, Permission.MATCH_RUN_READ)], query: Annotated[MatchRunQuery, Query()]
) -> Response:
    """The latest first. / De senaste först."""
    latest_first = col(MatchRun.id).desc()
    return answer_page(scope.exchange, MatchRunRead, queries.runs(scope, query), query, keys=latest_first)


@router.post(
    "/programs/{programId}/match-runs",
    operation_id="requestMatchRun",
    summary="Ask for a matching run",
    status_code=202,
    response_model=MatchRunRead,
)
def request_match_run(
    scope: Annotated[Scope[Program], on(Program, Permission.MATCH_RUN_CREATE)],
    body: MatchRunCreate,
    jobs: Annotated[Outbox, Depends(outbox)],
) -> Response:
    """Queue a run over one cohort; follow it at its address. / Köa en körning för en omgång; följ den på dess adress."""
    run = actions.request_run(scope, jobs, body)
    location = f"{scope.exchange.path.partition('/programs/')[0]}/match-runs/{run.id}"
    return answer(scope.exchange, MatchRunRead, run, status=202, location=location)


@router.get(
    "/match-runs/{matchRunId}", operation_id="getMatchRun", summary="Read a matching run", response_model=MatchRunRead
)
def get_match_run(scope: Annotated[Scope[MatchRun], on(MatchRun, Permission.MATCH_RUN_READ)]) -> Response:
    """How far it is, and what it found. / Hur långt den har kommit, och vad den fann."""
    return answer(scope.exchange, MatchRunRead, scope.row)


@router.post(
    "/match-runs/{matchRunId}/cancellation",
    operation_id="cancelMatchRun",
    summary="Call off a matching run",
    response_model=MatchRunRead,
)
def cancel_match_run(scope: Annotated[Scope[MatchRun], on(MatchRun, Permission.MATCH_RUN_CANCEL)]) -> Response:
    """Stop a run that is not done; nothing of it is stored. / Avbryt en körning som inte är klar; inget lagras."""
    return answer(scope.exchange, MatchRunRead, actions.cancel_run(scope))
