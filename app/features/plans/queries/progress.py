"""How does a plan go: its points in time, and its gaps then and now?"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select
from sqlmodel import col, select

from app.domain.lifecycles import MeasureStatus
from app.features.access.scope import Scope
from app.features.gaps.queries import numbers
from app.features.gaps.schemas import GapNumbers, GapPart
from app.features.plans.queries.plans import told
from app.features.plans.schemas import (
    GapProgress,
    GoalProgress,
    GoalRead,
    MeasureProgress,
    MeasureRead,
    NoteRead,
    PlanProgress,
)
from app.features.plans.tables import Plan, PlanNote

MOST_POINTS = 2_000
"""The latest of them are told."""


def comments(scope: Scope[Plan]) -> Select[Any]:
    """Everything that was said of the plan, its goals and measures."""
    return select(PlanNote).where(PlanNote.plan_id == scope.row.id, col(PlanNote.comment).is_not(None))


def progress(scope: Scope[Plan]) -> PlanProgress:
    """Goal by goal and measure by measure, as the caller may read the plan."""
    plan = told(scope, scope.row)
    notes = _notes(scope)
    return PlanProgress(
        plan_id=plan.id,
        as_of=scope.now,
        status=plan.status,
        measures_by_status=dict(Counter(one.status for one in plan.measures)),
        goals=[_goal(one, notes) for one in plan.goals],
        measures=[_measure(scope, one, notes) for one in plan.measures],
        comments=[one for one in notes if one.goal_id is None and one.measure_id is None],
    )


def _notes(scope: Scope[Plan]) -> list[NoteRead]:
    wanted = select(PlanNote).where(PlanNote.plan_id == scope.row.id)
    latest = wanted.order_by(col(PlanNote.said_at).desc(), col(PlanNote.id).desc()).limit(MOST_POINTS)
    return [NoteRead.model_validate(one) for one in reversed(scope.session.exec(latest).all())]


def _goal(goal: GoalRead, notes: Sequence[NoteRead]) -> GoalProgress:
    share = None if goal.reached is None or not goal.number else min(1.0, round(goal.reached / goal.number, 3))
    return GoalProgress(
        goal_id=goal.id,
        text=goal.text,
        number=goal.number,
        unit=goal.unit,
        reached=goal.reached,
        share=share,
        points=[one for one in notes if one.goal_id == goal.id],
    )


def _measure(scope: Scope[Plan], measure: MeasureRead, notes: Sequence[NoteRead]) -> MeasureProgress:
    is_under_way = measure.status in {MeasureStatus.PLANNED, MeasureStatus.ONGOING}
    return MeasureProgress(
        measure_id=measure.id,
        text=measure.text,
        status=measure.status,
        is_late=is_under_way and measure.due_on < scope.today,
        points=[one for one in notes if one.measure_id == measure.id],
        gap=_gap(scope, measure.gap, measure),
    )


def _gap(scope: Scope[Plan], gap: GapPart | None, measure: MeasureRead) -> GapProgress | None:
    if gap is None or measure.baseline is None or measure.baseline_on is None:
        return None
    now: GapNumbers = numbers(scope.session, gap.key, scope.today)
    return GapProgress(gap=gap, baseline=measure.baseline, baseline_on=measure.baseline_on, now=now)
