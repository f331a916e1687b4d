"""Readiness and the opening of cohorts over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.programs.schemas import CohortRead
from app.features.programs.tables import Cohort, Program
from app.features.readiness import actions, queries
from app.features.readiness.schemas import CopyCreate, CopyRead, ReadinessRead
from app.kit.wire import answer

router = APIRouter(tags=["readiness"])


@router.get(
    "/programs/{programId}/readiness",
    operation_id="getReadiness",
    summary="Check readiness",
    response_model=ReadinessRead,
)
def get_readiness(scope: Annotated[Scope[Program], on(Program, Permission.READINESS_READ)]) -> Response:
    """The seven success factors: what is met, and what is left to do by whom. / De sju framgångsfaktorerna."""
    return answer(scope.exchange, ReadinessRead, queries.explained(scope))


@router.post(
    "/cohorts/{cohortId}/opening", operation_id="openCohort", summary="Open a cohort", response_model=CohortRead
)
def open_cohort(scope: Annotated[Scope[Cohort], on(Cohort, Permission.COHORT_OPEN)]) -> Response:
    """Open a cohort for intake, if the programme is ready. / Öppna en omgång för anmälan, om programmet är redo."""
    return answer(scope.exchange, CohortRead, actions.open_cohort(scope))


@router.post(
    "/programs/{programId}/copies",
    operation_id="copyProgram",
    summary="Begin after a good example",
    status_code=201,
    response_model=CopyRead,
)
def copy_program(
    scope: Annotated[Scope[Program], on(Program, Permission.PROGRAM_CREATE)], body: CopyCreate
) -> Response:
    """A programme of your own with the example's purpose, criteria, training, cadence and policy. / Nytt efter ett gott exempel."""
    made = actions.copy_program(scope, body)
    location = f"{scope.exchange.path.rsplit('/', 2)[0]}/{made.program.id}"
    return answer(scope.exchange, CopyRead, made, status=201, location=location)
