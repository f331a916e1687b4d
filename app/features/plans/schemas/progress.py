"""How is it told how a plan goes: reports, comments, points in time, and versions?"""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.domain.lifecycles import MeasureStatus, PlanStatus
from app.features.gaps.schemas import GapNumbers, GapPart
from app.features.plans.schemas.plans import MOST_GOALS, MOST_MEASURES, Number, PlanRead, Reason
from app.kit import text
from app.kit.wire import Instant, Schema

MOST_NOTES = 10_000
Comment = Annotated[str, text.text(2000, min_length=1)]


class MeasureReportCreate(Schema):
    """How a measure goes: a status, a comment, or both. A measure is called off with a reason."""

    status: MeasureStatus | None = None
    reason: Reason | None = None
    comment: Comment | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.status is None and self.comment is None:
            raise ValueError("must hold a status or a comment")
        return self


class GoalReportCreate(Schema):
    """How far a goal has been reached."""

    reached: Number
    comment: Comment | None = None


class CommentCreate(Schema):
    comment: Comment


class NoteRead(Schema):
    """A point in time: who said what of a goal, a measure, or the plan (neither)."""

    id: UUID
    plan_id: UUID
    goal_id: UUID | None
    measure_id: UUID | None
    said_by_partner_id: UUID | None
    said_at: Instant
    status: MeasureStatus | None
    reason: str | None = Field(max_length=500)
    reached: int | None = Field(ge=0, le=1_000_000_000)
    comment: str | None = Field(max_length=2000)


class GapProgress(Schema):
    """A linked gap: its numbers when it was linked, and now."""

    gap: GapPart
    baseline: GapNumbers
    baseline_on: date
    now: GapNumbers


class GoalProgress(Schema):
    """The points in time of a goal, oldest first."""

    goal_id: UUID
    text: str = Field(max_length=1000)
    number: int | None = Field(ge=0, le=1_000_000_000)
    unit: str | None = Field(max_length=60)
    reached: int | None = Field(ge=0, le=1_000_000_000)
    share: float | None = Field(ge=0, le=1, description="Of the number, at most 1; null where there is none.")
    points: list[NoteRead] = Field(max_length=MOST_NOTES)


class MeasureProgress(Schema):
    """The points in time of a measure, oldest first, and how its gap has changed."""

    measure_id: UUID
    text: str = Field(max_length=1000)
    status: MeasureStatus
    is_late: bool = Field(description="Its day has passed, and it is neither done nor called off. / Försenad.")
    points: list[NoteRead] = Field(max_length=MOST_NOTES)
    gap: GapProgress | None


class PlanProgress(Schema):
    """How a plan goes, goal by goal and measure by measure."""

    plan_id: UUID
    as_of: Instant
    status: PlanStatus
    measures_by_status: dict[MeasureStatus, Annotated[int, Field(ge=0, le=MOST_MEASURES)]] = Field(
        max_length=len(MeasureStatus)
    )
    goals: list[GoalProgress] = Field(max_length=MOST_GOALS)
    measures: list[MeasureProgress] = Field(max_length=MOST_MEASURES)
    comments: list[NoteRead] = Field(max_length=MOST_NOTES, description="Of the plan as a whole.")


class PlanVersionRead(Schema):
    """A version as it was adopted, whole."""

    id: UUID
    plan_id: UUID
    number: int = Field(ge=1, le=10_000)
    decision_id: UUID
    content: PlanRead
