"""How is it told how a plan goes? Each report is a point in time that stays."""

from typing import Any

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.plans import check_measure_status, check_open
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.plans import queries
from app.features.plans.schemas import CommentCreate, GoalReportCreate, MeasureReportCreate
from app.features.plans.tables import InPlan, Plan, PlanGoal, PlanMeasure, PlanNote
from app.kit.columns import amend


def report_goal(scope: Scope[PlanGoal], body: GoalReportCreate) -> PlanGoal:
    """Say how far the goal has been reached. Raises: `plan.closed`, `plan.withdrawn`, `plan.goal_without_number`."""
    goal = scope.row
    _check(scope, goal, is_withdrawn=goal.withdrawn_at is not None)
    if goal.number is None:
        raise RuleViolation("plan.goal_without_number", pointer="/reached")
    _note(scope, goal, goal_id=goal.id, **body.model_dump())
    record(scope, ChangeKind.PLAN_GOAL_REPORTED, goal, amend(goal, {"reached": body.reached}))
    return goal


def report_measure(scope: Scope[PlanMeasure], body: MeasureReportCreate) -> PlanMeasure:
    """Say how the measure goes; whoever is responsible may, also after the plan was decided.

    Raises: `plan.closed`, `plan.withdrawn`, `plan_measure.transition_not_allowed`, `plan.reason_missing`.
    """
    measure = scope.row
    _check(scope, measure, is_withdrawn=measure.withdrawn_at is not None)
    check_measure_status(measure.status, body.status, body.reason)
    _note(scope, measure, measure_id=measure.id, **body.model_dump())
    told = {} if body.status is None else {"status": body.status, "status_reason": body.reason}
    record(scope, ChangeKind.PLAN_MEASURE_REPORTED, measure, amend(measure, told))
    return measure


def comment_plan(scope: Scope[Plan], body: CommentCreate) -> PlanNote:
    """Say something of the plan as a whole. Raises: `plan.closed`."""
    check_open(scope.row.status)
    note = _note(scope, scope.row, comment=body.comment)
    record(scope, ChangeKind.PLAN_COMMENTED, scope.row)
    return note


def _check(scope: Scope[Any], part: InPlan, *, is_withdrawn: bool) -> None:
    check_open(queries.lock_plan(scope.session, part.plan_id).status)
    if is_withdrawn:
        raise RuleViolation("plan.withdrawn")


def _note(scope: Scope[Any], of: Plan | InPlan, **told: Any) -> PlanNote:
    by = {"said_by_partner_id": scope.actor.partner_id, "said_by_user_id": scope.actor.user_id, "said_at": scope.now}
    owner = {"plan_id": of.id if isinstance(of, Plan) else of.plan_id, "partner_id": of.partner_id}
    note = PlanNote.model_validate({**told, **owner, **by})
    scope.session.add(note)
    return note
