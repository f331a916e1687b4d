"""Who decides on a finished run?"""

from typing import Annotated

from fastapi import APIRouter, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.matching import actions
from app.features.matching.schemas import MatchRunApprove, MatchRunRead, MatchRunReject
from app.features.matching.tables import MatchRun
from app.kit.wire import answer

router = APIRouter()


@router.post(
    "/match-runs/{matchRunId}/approval",
    operation_id="approveMatchRun",
    summary="Approve a matching run",
    response_model=MatchRunRead,
)
def approve_match_run(
    scope: Annotated[Scope[MatchRun], on(MatchRun, Permission.MATCH_RUN_APPROVE)], body: MatchRunApprove
) -> Response:
    """Propose a match for every pair not excluded, all or none. / Föreslå en matchning för varje par som inte undantas."""
    return answer(scope.exchange, MatchRunRead, actions.approve_run(scope, body))


@router.post(
    "/match-runs/{matchRunId}/rejection",
    operation_id="rejectMatchRun",
    summary="Reject a matching run",
    response_model=MatchRunRead,
)
def reject_match_run(
    scope: Annotated[Scope[MatchRun], on(MatchRun, Permission.MATCH_RUN_APPROVE)], body: MatchRunReject
) -> Response:
    """Decide that the run leads to no matches. / Besluta att körningen inte leder till några matchningar."""
    return answer(scope.exchange, MatchRunRead, actions.reject_run(scope, body.reason_code))
