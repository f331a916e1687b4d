"""How is a plan begun, changed while it is a draft, published, and drafted anew?"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.lifecycles import PLAN, PlanStatus
from app.domain.plans import Period, check_draft
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.partners.queries import exists
from app.features.plans import queries
from app.features.plans.schemas import PlanCreate, PlanPatch, PublicationCreate
from app.features.plans.tables import Plan
from app.kit.columns import amend


def create_plan(scope: Scope[None], body: PlanCreate) -> Plan:
    """Draft a plan of the caller's own partner. Raises: `plan.period_invalid`, `partner.unknown`, `plan.title_taken`."""
    Period(body.starts_on, body.ends_on).check()
    _check_partners(scope, body.with_partner_ids)
    named = {"named_partner_ids": sorted(body.with_partner_ids), "partner_id": scope.actor.partner_id}
    plan = Plan.model_validate({**body.model_dump(), **named})
    scope.session.add(plan)
    record(scope, ChangeKind.PLAN_CREATED, plan)
    return plan


def update_plan(scope: Scope[Plan], body: PlanPatch) -> Plan:
    """Change a draft.

    Raises: `plan.not_draft`, `plan.period_invalid`, `plan.measure_outside_period`, `plan.goal_due_before_start`,
    `partner.unknown`, `plan.title_taken`.
    """
    plan = scope.row
    check_draft(plan.status)
    _check_partners(scope, body.with_partner_ids or ())
    changed = amend(plan, body)
    if {"starts_on", "ends_on"}.intersection(changed):
        _check_days(scope)
    if "with_partner_ids" in changed:
        name_partners(scope, plan)
    if changed:
        record(scope, ChangeKind.PLAN_UPDATED, plan, changed)
    return plan


def _check_partners(scope: Scope[Any], partner_ids: Iterable[UUID]) -> None:
    with scope.session.no_autoflush:
        for place, partner_id in enumerate(partner_ids):
            if not exists(scope.session, partner_id):
                raise RuleViolation("partner.unknown", pointer=f"/withPartnerIds/{place}")


def _check_days(scope: Scope[Plan]) -> None:
    """Every goal and measure still lies where it may, now that the period is another."""
    plan = scope.row
    period = Period(plan.starts_on, plan.ends_on)
    period.check()
    with scope.session.no_autoflush:
        for measure in queries.measures_of(scope.session, plan.id):
            period.check_measure(measure.starts_on, measure.due_on)
        for goal in queries.goals_of(scope.session, plan.id):
            period.check_goal(goal.due_on)


def name_partners(scope: Scope[Any], plan: Plan) -> None:
    """Whom the plan names: those who make it with the owner, and those responsible for its measures."""
    scope.session.flush()
    responsible = {one.responsible_partner_id for one in queries.measures_of(scope.session, plan.id)}
    amend(plan, {"named_partner_ids": sorted({*plan.with_partner_ids, *responsible})})


def publish_plan(scope: Scope[Plan], body: PublicationCreate) -> Plan:
    """Let all staff read what was adopted, or no longer. Raises: `plan.not_decided`."""
    if body.is_published and queries.latest_version(scope.session, scope.row.id) is None:
        raise RuleViolation("plan.not_decided")
    if changed := amend(scope.row, body):
        record(scope, ChangeKind.PLAN_PUBLISHED, scope.row, changed)
    return scope.row


def revise_plan(scope: Scope[Plan]) -> Plan:
    """Draft the next version of a plan that has been decided. Raises: `plan.transition_not_allowed`."""
    plan = scope.row
    PLAN.check(plan.status, PlanStatus.DRAFT)
    record(scope, ChangeKind.PLAN_REVISED, plan, amend(plan, {"status": PlanStatus.DRAFT, "number": plan.number + 1}))
    return plan
