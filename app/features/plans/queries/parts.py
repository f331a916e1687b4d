"""Of which parts does a plan consist, as they are stored?"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.plans.tables import Plan, PlanDecision, PlanGoal, PlanMeasure, PlanVersion
from app.features.programs.tables import Program


def lock_plan(session: Session, plan_id: UUID) -> Plan:
    """The plan as it stands; whoever writes to a part of it queues up here, so that what is adopted is whole."""
    wanted = select(Plan).where(Plan.id == plan_id).with_for_update(key_share=True)
    return session.exec(wanted, execution_options={"populate_existing": True}).one()


def goals_of(session: Session, plan_id: UUID) -> Sequence[PlanGoal]:
    """The goals of the plan, without withdrawn ones, as they were added."""
    wanted = select(PlanGoal).where(PlanGoal.plan_id == plan_id, col(PlanGoal.withdrawn_at).is_(None))
    return session.exec(wanted.order_by(col(PlanGoal.created_at), col(PlanGoal.id))).all()


def measures_of(session: Session, plan_id: UUID) -> Sequence[PlanMeasure]:
    """The measures of the plan, without withdrawn ones, as they were added."""
    wanted = select(PlanMeasure).where(PlanMeasure.plan_id == plan_id, col(PlanMeasure.withdrawn_at).is_(None))
    return session.exec(wanted.order_by(col(PlanMeasure.created_at), col(PlanMeasure.id))).all()


def decisions_of(session: Session, plan_id: UUID) -> Sequence[PlanDecision]:
    """What was decided about the plan, by day."""
    wanted = select(PlanDecision).where(PlanDecision.plan_id == plan_id)
    return session.exec(wanted.order_by(col(PlanDecision.decided_on), col(PlanDecision.id))).all()


def latest_version(session: Session, plan_id: UUID) -> PlanVersion | None:
    """What was adopted last."""
    wanted = select(PlanVersion).where(PlanVersion.plan_id == plan_id)
    return session.exec(wanted.order_by(col(PlanVersion.number).desc()).limit(1)).first()


def latest_versions(session: Session, plan_ids: Iterable[UUID]) -> dict[UUID, PlanVersion]:
    """What was adopted last, of several plans in one statement."""
    wanted = select(PlanVersion).where(col(PlanVersion.plan_id).in_(list(plan_ids)))
    found = session.exec(wanted.order_by(col(PlanVersion.number)))
    return {one.plan_id: one for one in found}


def unseen_programs(scope: Scope[Any], program_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the ids that are no programmes, or not for the caller."""
    wanted = set(program_ids)
    if not wanted:
        return wanted
    seen = select(Program.id).where(col(Program.id).in_(sorted(wanted)), visible(Program, scope.actor))
    return wanted - set(scope.session.scalars(seen))
