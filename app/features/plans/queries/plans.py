"""Which plans may this caller read, and what does each say to them?"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, func, or_
from sqlmodel import Session, col, select

from app.domain.access import Actor
from app.domain.lifecycles import PlanStatus
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.partners.tables import Partner
from app.features.plans.queries.parts import (
    decisions_of,
    goals_of,
    latest_version,
    latest_versions,
    measures_of,
    unseen_programs,
)
from app.features.plans.schemas import (
    DecisionRead,
    GoalRead,
    MeasureRead,
    PlanQuery,
    PlanRead,
    PlanSummary,
    PlanVersionRead,
)
from app.features.plans.tables import Plan, PlanMeasure, PlanNote, PlanVersion
from app.features.programs.tables import Program
from app.kit.pages import PageQuery


def page(scope: Scope[Any], query: PlanQuery) -> tuple[list[PlanSummary], int]:
    """One page of the plans that the caller may read, by title, and how many there are."""
    wanted = [visible(Plan, scope.actor)]
    if query.status is not None:
        wanted.append(_told_status(scope.actor) == query.status)
    if query.partner_id is not None:
        wanted.append(col(Plan.partner_id) == query.partner_id)
    total = scope.session.exec(select(func.count()).select_from(Plan).where(*wanted)).one()
    ordered = select(Plan).where(*wanted).order_by(col(Plan.title), col(Plan.id))
    found = scope.session.exec(ordered.limit(query.limit).offset((query.page - 1) * query.limit)).all()
    adopted = latest_versions(scope.session, [one.id for one in found if _is_kept_from(scope, one)])
    return [PlanSummary.model_validate(_summary(adopted[one.id]) if one.id in adopted else one) for one in found], total


def _summary(adopted: PlanVersion) -> dict[str, Any]:
    return {name: value for name, value in _published(adopted).items() if name in PlanSummary.model_fields}


def _published(adopted: PlanVersion) -> dict[str, Any]:
    """What was adopted, for somebody who reads it because it is published."""
    return {**adopted.content, "is_published": True}


def _told_status(actor: Actor) -> ColumnElement[Any]:
    """The status as the actor reads it: of a draft that is kept from them the one that was adopted before it."""
    is_named = col(Plan.named_partner_ids).contains([actor.partner_id]) if actor.partner_id else false()
    is_kept = and_(col(Plan.status) == PlanStatus.DRAFT, col(Plan.partner_id) != actor.partner_id, ~is_named)
    return case((is_kept, PlanStatus.DECIDED), else_=col(Plan.status))


def _is_kept_from(scope: Scope[Any], plan: Plan) -> bool:
    """A draft is for its owner and those whom it names; a published plan is read by others as it was adopted."""
    is_named = scope.actor.partner_id in {plan.partner_id, *plan.named_partner_ids}
    return plan.status is PlanStatus.DRAFT and not is_named


def told(scope: Scope[Any], plan: Plan) -> PlanRead:
    """The plan as this caller may read it."""
    scope.session.flush()
    if _is_kept_from(scope, plan):
        adopted = latest_version(scope.session, plan.id)
        if adopted is not None:
            return seen_by(scope, PlanRead.model_validate(_published(adopted)))
    return seen_by(scope, whole(scope.session, plan))


def whole(session: Session, plan: Plan) -> PlanRead:
    """Everything that the plan says; what is kept when it is adopted."""
    parts: dict[str, Any] = {
        "goals": [GoalRead.model_validate(one) for one in goals_of(session, plan.id)],
        "measures": [MeasureRead.model_validate(one) for one in measures_of(session, plan.id)],
        "decisions": [DecisionRead.model_validate(one) for one in decisions_of(session, plan.id)],
    }
    own = {name: getattr(plan, name) for name in PlanRead.model_fields if name not in parts}
    return PlanRead.model_validate({**own, **parts})


def seen_by(scope: Scope[Any], plan: PlanRead) -> PlanRead:
    """Without the programmes that the caller may not see."""
    unseen = unseen_programs(scope, (program for one in plan.measures for program in one.program_ids))
    return plan.model_copy(update={"measures": [_without(one, unseen) for one in plan.measures]})


def versions(scope: Scope[Plan], query: PageQuery) -> tuple[list[PlanVersionRead], int]:
    """One page of the adopted versions, oldest first, and how many there are."""
    of_this = PlanVersion.plan_id == scope.row.id
    total = scope.session.exec(select(func.count()).select_from(PlanVersion).where(of_this)).one()
    ordered = select(PlanVersion).where(of_this).order_by(col(PlanVersion.number))
    found = scope.session.exec(ordered.limit(query.limit).offset((query.page - 1) * query.limit))
    read = [PlanVersionRead.model_validate(one) for one in found]
    return [one.model_copy(update={"content": seen_by(scope, one.content)}) for one in read], total


def told_measure(scope: Scope[Any], measure: PlanMeasure) -> MeasureRead:
    """One measure, without the programmes that the caller may not see."""
    scope.session.flush()
    return _without(MeasureRead.model_validate(measure), unseen_programs(scope, measure.program_ids))


def _without(measure: MeasureRead, unseen: set[Any]) -> MeasureRead:
    return measure.model_copy(update={"program_ids": [one for one in measure.program_ids if one not in unseen]})


def names(scope: Scope[Plan]) -> dict[UUID, str]:
    """What the partners and programmes of a plan are called; of programmes those that the caller may see."""
    plan = told(scope, scope.row)
    responsible = (one.responsible_partner_id for one in plan.measures)
    programs = [program for one in plan.measures for program in one.program_ids]
    said_by = select(PlanNote.said_by_partner_id).where(PlanNote.plan_id == plan.id)
    ids = {plan.partner_id, *plan.with_partner_ids, *responsible}
    partners = select(Partner.id, Partner.name).where(or_(col(Partner.id).in_(ids), col(Partner.id).in_(said_by)))
    found = dict(scope.session.exec(partners).all())
    return found | dict(scope.session.exec(select(Program.id, Program.name).where(col(Program.id).in_(programs))).all())
