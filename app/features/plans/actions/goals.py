"""How does a draft get its goals, and lose them again?"""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.plans import Period, check_draft, check_goal_number
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.plans import queries
from app.features.plans.actions.plans import name_partners
from app.features.plans.schemas import GoalCreate, GoalPatch
from app.features.plans.schemas.plans import MOST_GOALS
from app.features.plans.tables import Plan, PlanGoal
from app.kit.columns import amend


def create_goal(scope: Scope[Plan], body: GoalCreate) -> PlanGoal:
    """Add a goal to a draft.

    Raises: `plan.not_draft`, `plan.goal_unit_missing`, `plan.goal_due_before_start`, `plan.too_many_parts`.
    """
    plan = scope.row
    check_draft(plan.status)
    if len(queries.goals_of(scope.session, plan.id)) >= MOST_GOALS:
        raise RuleViolation("plan.too_many_parts", most=MOST_GOALS)
    goal = PlanGoal.model_validate({**body.model_dump(), "plan_id": plan.id, "partner_id": plan.partner_id})
    _check(plan, goal)
    scope.session.add(goal)
    record(scope, ChangeKind.PLAN_GOAL_ADDED, goal)
    return goal


def update_goal(scope: Scope[PlanGoal], body: GoalPatch) -> PlanGoal:
    """Change a goal of a draft. Raises: as `create_goal`, and `plan.withdrawn`."""
    goal = scope.row
    plan = plan_in_draft(scope, goal)
    changed = amend(goal, body)
    with scope.session.no_autoflush:
        _check(plan, goal)
    if changed:
        record(scope, ChangeKind.PLAN_GOAL_UPDATED, goal, changed)
    return goal


def withdraw_goal(scope: Scope[PlanGoal]) -> PlanGoal:
    """Take a goal out of a draft, with its measures; what was adopted keeps them. Raises: `plan.not_draft`, `plan.withdrawn`."""
    goal = scope.row
    plan = plan_in_draft(scope, goal)
    gone = {"withdrawn_at": scope.now}
    for measure in queries.measures_of(scope.session, plan.id):
        if measure.goal_id == goal.id:
            record(scope, ChangeKind.PLAN_MEASURE_WITHDRAWN, measure, amend(measure, gone))
    record(scope, ChangeKind.PLAN_GOAL_WITHDRAWN, goal, amend(goal, gone))
    name_partners(scope, plan)
    return goal


def plan_in_draft(scope: Scope[PlanGoal], goal: PlanGoal) -> Plan:
    """The goal's plan, locked. Raises: `plan.not_draft`, `plan.withdrawn`."""
    plan = queries.lock_plan(scope.session, goal.plan_id)
    check_draft(plan.status)
    if goal.withdrawn_at is not None:
        raise RuleViolation("plan.withdrawn")
    return plan


def _check(plan: Plan, goal: PlanGoal) -> None:
    check_goal_number(goal.number, goal.unit)
    Period(plan.starts_on, plan.ends_on).check_goal(goal.due_on)
