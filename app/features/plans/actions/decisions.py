"""How is a decision about a plan recorded, and what does it move?"""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.plans import DecisionKind, check_decision
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.plans import queries
from app.features.plans.schemas import DecisionCreate
from app.features.plans.schemas.plans import MOST_DECISIONS
from app.features.plans.tables import Plan, PlanDecision, PlanVersion
from app.kit.columns import amend


def record_decision(scope: Scope[Plan], body: DecisionCreate) -> Plan:
    """Record what was decided; an adoption keeps the whole plan as a version.

    Raises: `plan.decided_in_future`, `plan.closed`, `plan.transition_not_allowed`, `plan.children_missing`,
    `plan.goals_missing`, `plan.too_many_parts`.
    """
    plan, session = scope.row, scope.session
    status = check_decision(
        body.kind,
        plan.status,
        body.decided_on,
        scope.today,
        has_children=bool((plan.children or "").strip()),
        has_goals=bool(queries.goals_of(session, plan.id)),
    )
    if len(queries.decisions_of(session, plan.id)) >= MOST_DECISIONS:
        raise RuleViolation("plan.too_many_parts", most=MOST_DECISIONS)
    owner = {"plan_id": plan.id, "partner_id": plan.partner_id, "number": plan.number}
    decision = PlanDecision.model_validate({**body.model_dump(), **owner})
    session.add(decision)
    record(scope, ChangeKind.PLAN_DECIDED, plan, amend(plan, {"status": status}))
    if body.kind is DecisionKind.ADOPTION:
        session.flush()
        content = queries.whole(session, plan).model_dump(mode="json")
        session.add(PlanVersion.model_validate({**owner, "decision_id": decision.id, "content": content}))
    return plan
