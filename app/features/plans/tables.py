"""What does a plan say, what has been decided about it, and how has it gone? Texts of organisations; nobody's personal data."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.lifecycles import MeasureStatus, PlanStatus
from app.domain.plans import DecisionKind
from app.domain.roles import Permission
from app.features.access.tables import Guarded, Reach
from app.kit.clock import now
from app.kit.columns import INSTANT, JSON, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {
    "uq_plan_partner_id_title": "plan.title_taken",
    "uq_plan_version_plan_id_number": "plan.changed_meanwhile",
    "ck_plan_period": "plan.period_invalid",
    "ck_plan_measure_days": "plan.measure_due_before_start",
    "ck_plan_goal_unit": "plan.goal_unit_missing",
}


class Plan(Guarded, table=True):
    """A plan (handlingsplan) of the partner `partner_id`, as it stands; what was decided is kept in its versions.

    `number` is the version that is worked on or was decided last. `with_partner_ids` made it together with the owner;
    `named_partner_ids` are these and everyone responsible for a measure: they read the plan before it is published.
    """

    __tablename__ = "plan"
    __table_args__ = (
        Index("uq_plan_partner_id_title", "partner_id", "title", unique=True),
        CheckConstraint("starts_on <= ends_on", name="period"),
    )
    reach: ClassVar[Reach] = Reach(
        Permission.PLAN_READ, program=None, holders=("partner_id",), named=("named_partner_ids",), by_plan="id"
    )

    partner_id: UUID = Field(foreign_key="partner.id")
    number: int = 1
    status: PlanStatus = Field(default=PlanStatus.DRAFT, sa_type=choice(PlanStatus))
    title: str = Field(max_length=200)
    purpose: str = Field(max_length=4000)
    children: str | None = Field(default=None, max_length=4000, description="Konsekvenser för barn.")
    starts_on: date
    ends_on: date
    is_published: bool = False
    with_partner_ids: list[UUID] = Field(default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False))
    named_partner_ids: list[UUID] = Field(default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False))


class InPlan(Guarded):
    """A part of a plan; `partner_id` repeats the plan's owner."""

    plan_id: UUID = Field(foreign_key="plan.id", index=True)
    partner_id: UUID = Field(foreign_key="partner.id")


class PlanGoal(InPlan, table=True):
    """What a plan is to reach; measured by a number of a unit where that can be. Held by the owner."""

    __tablename__ = "plan_goal"
    __table_args__ = (CheckConstraint("(number is null) = (unit is null)", name="unit"),)
    reach: ClassVar[Reach] = Reach(Permission.PLAN_READ, program=None, holders=("partner_id",), by_plan="plan_id")

    text: str = Field(max_length=1000)
    number: int | None = None
    unit: str | None = Field(default=None, max_length=60)
    due_on: date | None = None
    reached: int | None = Field(default=None, description="The latest number reported.")
    withdrawn_at: datetime | None = Field(default=None, sa_type=INSTANT)


class PlanMeasure(InPlan, table=True):
    """What is done to reach a goal, by whom and when. Held by the owner; the responsible partner reports on it.

    `gap` is a part of the gap view, and `baseline` its numbers when it was linked, as anybody may have them.
    """

    __tablename__ = "plan_measure"
    __table_args__ = (CheckConstraint("starts_on <= due_on", name="days"),)
    reach: ClassVar[Reach] = Reach(
        Permission.PLAN_READ,
        program=None,
        holders=("partner_id",),
        named=("responsible_partner_id",),
        by_plan="plan_id",
    )

    goal_id: UUID = Field(foreign_key="plan_goal.id", index=True)
    responsible_partner_id: UUID = Field(foreign_key="partner.id", index=True)
    text: str = Field(max_length=1000)
    starts_on: date
    due_on: date
    status: MeasureStatus = Field(default=MeasureStatus.PLANNED, sa_type=choice(MeasureStatus))
    status_reason: str | None = Field(default=None, max_length=500)
    gap: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    baseline: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    baseline_on: date | None = None
    program_ids: list[UUID] = Field(default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False))
    withdrawn_at: datetime | None = Field(default=None, sa_type=INSTANT)


class PlanDecision(InPlan, table=True):
    """A decision about a plan, as the minutes have it. Held by the owner."""

    __tablename__ = "plan_decision"
    reach: ClassVar[Reach] = Reach(Permission.PLAN_READ, program=None, holders=("partner_id",), by_plan="plan_id")

    kind: DecisionKind = Field(sa_type=choice(DecisionKind))
    number: int = Field(description="The version that it is about.")
    diary_number: str = Field(max_length=40, description="Diarienummer.")
    decided_on: date
    decided_by: str = Field(max_length=120, description="The body, for instance a committee.")
    text: str | None = Field(default=None, max_length=2000)


class PlanVersion(InPlan, table=True):
    """The whole plan as it was adopted; never changed. Held by the owner."""

    __tablename__ = "plan_version"
    __table_args__ = (Index("uq_plan_version_plan_id_number", "plan_id", "number", unique=True),)
    reach: ClassVar[Reach] = Reach(Permission.PLAN_READ, program=None, holders=("partner_id",), by_plan="plan_id")

    number: int
    decision_id: UUID = Field(foreign_key="plan_decision.id")
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class PlanNote(InPlan, table=True):
    """A point in time: what somebody reported of a goal or a measure, or said of the plan. Append-only, held by the owner."""

    __tablename__ = "plan_note"
    reach: ClassVar[Reach] = Reach(Permission.PLAN_READ, program=None, holders=("partner_id",), by_plan="plan_id")

    goal_id: UUID | None = Field(default=None, foreign_key="plan_goal.id")
    measure_id: UUID | None = Field(default=None, foreign_key="plan_measure.id")
    said_by_partner_id: UUID | None = Field(default=None, foreign_key="partner.id")
    said_by_user_id: UUID = Field(foreign_key="user_account.id")
    said_at: datetime = Field(default_factory=now, sa_type=INSTANT)
    status: MeasureStatus | None = Field(default=None, sa_type=choice(MeasureStatus))
    reason: str | None = Field(default=None, max_length=500)
    reached: int | None = None
    comment: str | None = Field(default=None, max_length=2000)
