"""How is a plan spoken of: what it says, its goals and measures, and what was decided?"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, field_validator

from app.domain.lifecycles import MeasureStatus, PlanStatus
from app.domain.plans import DecisionKind
from app.features.gaps.schemas import GapNumbers, GapPart
from app.features.participants.schemas import each_once, not_null
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

MOST_GOALS = 50
MOST_MEASURES = 200
MOST_DECISIONS = 200
Title = Annotated[str, text.name(200), Field(examples=["Plan för mentorskapsprogram 2015"])]
LongText = Annotated[str, text.text(4000, min_length=1)]
Line = Annotated[str, text.text(1000, min_length=1)]
Reason = Annotated[str, text.text(500, min_length=1)]
Words = Annotated[str, text.text(2000, min_length=1)]
Unit = Annotated[str, text.name(60), Field(examples=["platser"])]
Number = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]
Partners = Annotated[list[UUID], Field(max_length=100), AfterValidator(each_once)]
Programs = Annotated[list[UUID], Field(max_length=50), AfterValidator(each_once)]


class PlanCreate(Schema):
    """A new plan of your own organisation. What it means for children must be said before it is adopted."""

    title: Title
    purpose: LongText
    children: LongText | None = Field(None, description="Consequences for children. / Konsekvenser för barn.")
    starts_on: date
    ends_on: date
    with_partner_ids: Partners = Field(default_factory=list, description="Who makes it with you. / Vilka som deltar.")


class PlanPatch(Schema):
    """Changes to a draft (JSON Merge Patch)."""

    title: Title | None = None
    purpose: LongText | None = None
    children: LongText | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    with_partner_ids: Partners | None = None

    _keep = field_validator("title", "purpose", "starts_on", "ends_on", "with_partner_ids")(not_null)


class GoalCreate(Schema):
    """What the plan is to reach; a number and its unit go together."""

    text: Line
    number: Number | None = None
    unit: Unit | None = None
    due_on: date | None = None


class GoalPatch(Schema):
    text: Line | None = None
    number: Number | None = None
    unit: Unit | None = None
    due_on: date | None = None

    _keep = field_validator("text")(not_null)


class GoalRead(Schema):
    """A goal, with the latest number reported."""

    id: UUID
    version: int = Field(ge=1)
    plan_id: UUID
    text: str = Field(max_length=1000)
    number: int | None = Field(ge=0, le=1_000_000_000)
    unit: str | None = Field(max_length=60)
    due_on: date | None
    reached: int | None = Field(ge=0, le=1_000_000_000)


class MeasureCreate(Schema):
    """What is done, by whom and when; within the plan's period."""

    text: Line
    responsible_partner_id: UUID
    starts_on: date
    due_on: date
    gap: GapPart | None = Field(None, description="The part of the gap view that it is meant for. / Luckan.")
    program_ids: Programs = Field(default_factory=list, description="Programmes that you may see. / Program.")


class MeasurePatch(Schema):
    """Changes while the plan is a draft; a gap that is linked anew gets a new baseline."""

    text: Line | None = None
    responsible_partner_id: UUID | None = None
    starts_on: date | None = None
    due_on: date | None = None
    gap: GapPart | None = None
    program_ids: Programs | None = None

    _keep = field_validator("text", "responsible_partner_id", "starts_on", "due_on", "program_ids")(not_null)


class MeasureRead(Schema):
    """A measure. The baseline is what anybody may know of the gap, when it was linked."""

    id: UUID
    version: int = Field(ge=1)
    plan_id: UUID
    goal_id: UUID
    text: str = Field(max_length=1000)
    responsible_partner_id: UUID
    starts_on: date
    due_on: date
    status: MeasureStatus
    status_reason: str | None = Field(max_length=500)
    gap: GapPart | None
    baseline: GapNumbers | None
    baseline_on: date | None
    program_ids: list[UUID] = Field(max_length=50, description="Those that you may see. / De som du får se.")


class DecisionCreate(Schema):
    """A decision as the minutes have it. An adoption decides the draft, a follow-up and a closing move it on."""

    kind: DecisionKind
    diary_number: Annotated[str, text.name(40), Field(description="Diarienummer.", examples=["AFN 2014/47"])]
    decided_on: date
    decided_by: Annotated[str, text.name(120), Field(examples=["Påhittade arbets- och företagsnämnden"])]
    text: Words | None = None


class DecisionRead(Schema):
    id: UUID
    plan_id: UUID
    kind: DecisionKind
    number: int = Field(ge=1, le=10_000, description="The version that it is about.")
    diary_number: str = Field(max_length=40)
    decided_on: date
    decided_by: str = Field(max_length=120)
    text: str | None = Field(max_length=2000)


class PlanSummary(Schema):
    """A plan in a list."""

    id: UUID
    version: int = Field(ge=1)
    partner_id: UUID
    number: int = Field(ge=1, le=10_000, description="The version that is worked on, or was decided last.")
    status: PlanStatus
    title: str = Field(max_length=200)
    starts_on: date
    ends_on: date
    is_published: bool
    created_at: Instant
    updated_at: Instant


class PlanRead(PlanSummary):
    """The whole plan. While the next version is a draft, others than those it names get what was adopted last."""

    purpose: str = Field(max_length=4000)
    children: str | None = Field(max_length=4000, description="Konsekvenser för barn.")
    with_partner_ids: list[UUID] = Field(max_length=100)
    goals: list[GoalRead] = Field(max_length=MOST_GOALS)
    measures: list[MeasureRead] = Field(max_length=MOST_MEASURES)
    decisions: list[DecisionRead] = Field(max_length=MOST_DECISIONS)


class PlanQuery(PageQuery):
    status: PlanStatus | None = Field(None, description="Only in this state. / Endast i detta läge.")
    partner_id: UUID | None = Field(None, description="Only of this owner. / Endast denna ägares.")


class PublicationCreate(Schema):
    """Let all staff read what was adopted, or no longer."""

    is_published: bool
