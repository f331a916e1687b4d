"""The goals and measures of a plan over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.plans import actions, queries
from app.features.plans.schemas import (
    GoalCreate,
    GoalPatch,
    GoalRead,
    GoalReportCreate,
    MeasureCreate,
    MeasurePatch,
    MeasureRead,
    MeasureReportCreate,
)
from app.features.plans.tables import Plan, PlanGoal, PlanMeasure
from app.kit.wire import answer

router = APIRouter(tags=["plans"])
ChangedGoal = Annotated[Scope[PlanGoal], on(PlanGoal, Permission.PLAN_UPDATE)]
ChangedMeasure = Annotated[Scope[PlanMeasure], on(PlanMeasure, Permission.PLAN_UPDATE)]


@router.post(
    "/plans/{planId}/goals",
    operation_id="createPlanGoal",
    summary="Add a goal",
    status_code=201,
    response_model=GoalRead,
)
def create_plan_goal(scope: Annotated[Scope[Plan], on(Plan, Permission.PLAN_UPDATE)], body: GoalCreate) -> Response:
    """To a draft; a number makes it measurable. / Till ett utkast; ett antal gör målet mätbart."""
    made = actions.create_goal(scope, body)
    location = f"{scope.exchange.path.partition('/plans/')[0]}/plan-goals/{made.id}"
    return answer(scope.exchange, GoalRead, made, status=201, location=location)


@router.get("/plan-goals/{planGoalId}", operation_id="getPlanGoal", summary="Read a goal", response_model=GoalRead)
def get_plan_goal(scope: Annotated[Scope[PlanGoal], on(PlanGoal, Permission.PLAN_READ)]) -> Response:
    """One goal. / Ett mål."""
    return answer(scope.exchange, GoalRead, scope.row)


@router.patch(
    "/plan-goals/{planGoalId}", operation_id="updatePlanGoal", summary="Change a goal", response_model=GoalRead
)
def update_plan_goal(scope: ChangedGoal, body: GoalPatch) -> Response:
    """While the plan is a draft. / Så länge planen är ett utkast."""
    return answer(scope.exchange, GoalRead, actions.update_goal(scope, body))


@router.post(
    "/plan-goals/{planGoalId}/withdrawal",
    operation_id="withdrawPlanGoal",
    summary="Take a goal out of a draft",
    response_model=GoalRead,
)
def withdraw_plan_goal(scope: ChangedGoal) -> Response:
    """With its measures; adopted versions keep them. / Med sina åtgärder; antagna versioner behåller dem."""
    return answer(scope.exchange, GoalRead, actions.withdraw_goal(scope))


@router.post(
    "/plan-goals/{planGoalId}/reports",
    operation_id="reportPlanGoal",
    summary="How far has the goal been reached?",
    response_model=GoalRead,
)
def report_plan_goal(
    scope: Annotated[Scope[PlanGoal], on(PlanGoal, Permission.PLAN_REPORT)], body: GoalReportCreate
) -> Response:
    """The owner says how many; each report is a point in time. / Ägaren anger antalet; varje rapport är en tidpunkt."""
    return answer(scope.exchange, GoalRead, actions.report_goal(scope, body))


@router.post(
    "/plan-goals/{planGoalId}/measures",
    operation_id="createPlanMeasure",
    summary="Add a measure",
    status_code=201,
    response_model=MeasureRead,
)
def create_plan_measure(scope: ChangedGoal, body: MeasureCreate) -> Response:
    """Within the plan's period. A linked gap keeps its numbers of today as the baseline.

    Inom planens period. En länkad lucka behåller dagens siffror som utgångsläge.
    """
    made = actions.create_measure(scope, body)
    location = f"{scope.exchange.path.partition('/plan-goals/')[0]}/plan-measures/{made.id}"
    return answer(scope.exchange, MeasureRead, queries.told_measure(scope, made), status=201, location=location)


@router.get(
    "/plan-measures/{planMeasureId}",
    operation_id="getPlanMeasure",
    summary="Read a measure",
    response_model=MeasureRead,
)
def get_plan_measure(scope: Annotated[Scope[PlanMeasure], on(PlanMeasure, Permission.PLAN_READ)]) -> Response:
    """One measure. / En åtgärd."""
    return answer(scope.exchange, MeasureRead, queries.told_measure(scope, scope.row))


@router.patch(
    "/plan-measures/{planMeasureId}",
    operation_id="updatePlanMeasure",
    summary="Change a measure",
    response_model=MeasureRead,
)
def update_plan_measure(scope: ChangedMeasure, body: MeasurePatch) -> Response:
    """While the plan is a draft. / Så länge planen är ett utkast."""
    return answer(scope.exchange, MeasureRead, queries.told_measure(scope, actions.update_measure(scope, body)))


@router.post(
    "/plan-measures/{planMeasureId}/withdrawal",
    operation_id="withdrawPlanMeasure",
    summary="Take a measure out of a draft",
    response_model=MeasureRead,
)
def withdraw_plan_measure(scope: ChangedMeasure) -> Response:
    """Adopted versions keep it. / Antagna versioner behåller den."""
    return answer(scope.exchange, MeasureRead, queries.told_measure(scope, actions.withdraw_measure(scope)))


@router.post(
    "/plan-measures/{planMeasureId}/reports",
    operation_id="reportPlanMeasure",
    summary="How does the measure go?",
    response_model=MeasureRead,
)
def report_plan_measure(
    scope: Annotated[Scope[PlanMeasure], on(PlanMeasure, Permission.PLAN_REPORT)], body: MeasureReportCreate
) -> Response:
    """The owner and the responsible partner give a status, a comment, or both; also when the plan is decided.

    Ägaren och den ansvariga parten anger läge, kommentar eller båda; också när planen är beslutad.
    """
    return answer(scope.exchange, MeasureRead, queries.told_measure(scope, actions.report_measure(scope, body)))
