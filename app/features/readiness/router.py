"""Readiness and the opening of cohorts over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.programs.schemas import CohortRead
from app.features.programs.tables import Cohort, Program
from app.features.readiness import actions, queries
from app.features.readiness.schemas import ReadinessRead
from app.kit.wire import answer

router = APIRouter(tags=["readiness"])


@router.get(
    "/programs/{programId}/readiness",
    operation_id="getReadiness",
    summary="Check readiness",
    response_model=ReadinessRead,
)
def get_readiness(scope: Annotated[Scope[Program], on(Program, Permission.READINESS_READ)]) -> Response:
    """The seven success factors: what is met, what is missing and who can supply it. / De sju framgångsfaktorerna."""
    return answer(scope.exchange, ReadinessRead, queries.explained(scope.session, scope.row, scope.today))


@router.post(
    "/cohorts/{cohortId}/opening", operation_id="openCohort", summary="Open a cohort", response_model=CohortRead
)
def open_cohort(scope: Annotated[Scope[Cohort], on(Cohort, Permission.COHORT_OPEN)]) -> Response:
    """Open a cohort for intake, if the programme is ready. / Öppna en omgång för anmälan, om programmet är redo."""
    return answer(scope.exchange, CohortRead, actions.open_cohort(scope))
