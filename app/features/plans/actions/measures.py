"""How does a draft get its measures, with who is responsible, which gap they are meant for, and which programmes?"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.gaps import GapKey
from app.domain.plans import Period, check_draft
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.gaps.queries import numbers
from app.features.gaps.schemas import GapPart
from app.features.partners.queries import exists
from app.features.plans import queries
from app.features.plans.actions.goals import plan_in_draft
from app.features.plans.actions.plans import name_partners
from app.features.plans.schemas import MeasureCreate, MeasurePatch
from app.features.plans.schemas.plans import MOST_MEASURES
from app.features.plans.tables import Plan, PlanGoal, PlanMeasure
from app.kit.columns import amend


def create_measure(scope: Scope[PlanGoal], body: MeasureCreate) -> PlanMeasure:
    """Add a measure to a goal of a draft.

    Raises: `plan.not_draft`, `plan.withdrawn`, `plan.too_many_parts`, `plan.measure_due_before_start`,
    `plan.measure_outside_period`, `partner.unknown`, `plan.program_unknown`, `plan.gap_empty`.
    """
    goal = scope.row
    plan = plan_in_draft(scope, goal)
    if len(queries.measures_of(scope.session, plan.id)) >= MOST_MEASURES:
        raise RuleViolation("plan.too_many_parts", most=MOST_MEASURES)
    owner = {"plan_id": plan.id, "partner_id": plan.partner_id, "goal_id": goal.id}
    given = body.model_dump(exclude={"gap"})
    measure = PlanMeasure.model_validate({**given, **owner, **_linked(scope, body.gap)})
    _check(scope, plan, measure, given)
    scope.session.add(measure)
    record(scope, ChangeKind.PLAN_MEASURE_ADDED, measure)
    name_partners(scope, plan)
    return measure


def update_measure(scope: Scope[PlanMeasure], body: MeasurePatch) -> PlanMeasure:
    """Change a measure of a draft; a gap that is linked gets its baseline now. Raises: as `create_measure`."""
    measure = scope.row
    plan = _plan_in_draft(scope)
    given = body.model_dump(exclude_unset=True, exclude={"gap"})
    gap = _linked(scope, body.gap) if "gap" in body.model_fields_set else {}
    changed = amend(measure, {**given, **gap})
    with scope.session.no_autoflush:
        _check(scope, plan, measure, given)
    if changed:
        record(scope, ChangeKind.PLAN_MEASURE_UPDATED, measure, changed)
        name_partners(scope, plan)
    return measure


def withdraw_measure(scope: Scope[PlanMeasure]) -> PlanMeasure:
    """Take a measure out of a draft; what was adopted keeps it. Raises: `plan.not_draft`, `plan.withdrawn`."""
    plan = _plan_in_draft(scope)
    record(scope, ChangeKind.PLAN_MEASURE_WITHDRAWN, scope.row, amend(scope.row, {"withdrawn_at": scope.now}))
    name_partners(scope, plan)
    return scope.row


def _plan_in_draft(scope: Scope[PlanMeasure]) -> Plan:
    plan = queries.lock_plan(scope.session, scope.row.plan_id)
    check_draft(plan.status)
    if scope.row.withdrawn_at is not None:
        raise RuleViolation("plan.withdrawn")
    return plan


def _linked(scope: Scope[Any], gap: GapPart | None) -> dict[str, Any]:
    """The gap with its numbers today, as anybody may have them: everybody who reads the plan reads them."""
    if gap is None:
        return {"gap": None, "baseline": None, "baseline_on": None}
    if gap.key == GapKey():
        raise RuleViolation("plan.gap_empty", pointer="/gap")
    found = numbers(scope.session, gap.key, scope.today)
    return {
        "gap": gap.model_dump(mode="json"),
        "baseline": found.model_dump(mode="json"),
        "baseline_on": scope.today,
    }


def _check(scope: Scope[Any], plan: Plan, measure: PlanMeasure, given: Mapping[str, Any]) -> None:
    Period(plan.starts_on, plan.ends_on).check_measure(measure.starts_on, measure.due_on)
    if "responsible_partner_id" in given and not exists(scope.session, measure.responsible_partner_id):
        raise RuleViolation("partner.unknown", pointer="/responsiblePartnerId")
    programs: list[UUID] = given.get("program_ids", [])
    unseen = queries.unseen_programs(scope, programs)
    for place, program in enumerate(programs):
        if program in unseen:
            raise RuleViolation("plan.program_unknown", pointer=f"/programIds/{place}")
