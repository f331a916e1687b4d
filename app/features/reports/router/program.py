"""What a program aims at, has come to, and shows, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.programs.tables import Program
from app.features.reports import queries
from app.features.reports.schemas import (
    HistoryQuery,
    PartnerContributions,
    Scorecard,
    ScorecardHistory,
    TargetResults,
    TertialQuery,
)
from app.kit.wire import answer

router = APIRouter(tags=["reports"])
OfProgram = Annotated[Scope[Program], on(Program, Permission.REPORT_READ)]


@router.get(
    "/programs/{programId}/reports/targets",
    operation_id="getTargetResults",
    summary="Purpose against result",
    response_model=TargetResults,
)
def get_target_results(scope: OfProgram) -> Response:
    """Each target with what has come of it. / Varje mål med vad det har blivit av det."""
    return answer(scope.exchange, TargetResults, queries.targets(scope))


@router.get(
    "/programs/{programId}/reports/partners",
    operation_id="getPartnerContributions",
    summary="What has each partner contributed?",
    response_model=PartnerContributions,
)
def get_partner_contributions(scope: OfProgram, query: Annotated[TertialQuery, Query()]) -> Response:
    """Mentors, meetings, hours and mentees by partner. / Mentorer, träffar, timmar och adepter per part."""
    return answer(scope.exchange, PartnerContributions, queries.partners(scope, query))


@router.get(
    "/programs/{programId}/reports/scorecard",
    operation_id="getScorecard",
    summary="The seven success factors by the records",
    response_model=Scorecard,
)
def get_scorecard(scope: OfProgram, query: Annotated[TertialQuery, Query()]) -> Response:
    """What is set, what the records show, and what is missing. / Vad som är bestämt, vad som visats, vad som saknas."""
    return answer(scope.exchange, Scorecard, queries.scorecard(scope, query))


@router.get(
    "/programs/{programId}/reports/scorecard-history",
    operation_id="getScorecardHistory",
    summary="The seven success factors over time",
    response_model=ScorecardHistory,
)
def get_scorecard_history(scope: OfProgram, query: Annotated[HistoryQuery, Query()]) -> Response:
    """Tertial by tertial, beside the catalogue's good examples. / Tertial för tertial, bredvid katalogens goda exempel."""
    return answer(scope.exchange, ScorecardHistory, queries.scorecard_history(scope, query))
