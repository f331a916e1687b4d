"""How is a match spoken of over the wire, from proposal to rest? By ids; names come only with the contact."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, WithJsonSchema, field_validator

from app.domain.glossary import ClosureCause, Side
from app.domain.lifecycles import MatchStatus
from app.domain.matches import DeclineReason, EndedBy, ReopenReason, VoidReason, WithdrawalReason
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

Contributions = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": 100,
            "description": "What each criterion gave to the score. / Vad varje kriterium gav till poängen.",
            "additionalProperties": True,
        }
    ),
]


class MatchRead(Schema):
    """A pair by ids; who ended it and why is told to staff only."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    cohort_id: UUID
    run_id: UUID | None
    mentor_enrolment_id: UUID
    mentee_enrolment_id: UUID
    mentor_participant_id: UUID
    mentee_participant_id: UUID
    mentor_partner_id: UUID
    mentee_partner_id: UUID
    status: MatchStatus
    mentor_place: int | None = Field(ge=1, le=20)
    score: int | None = Field(ge=-(2**53), le=2**53)
    contributions: Contributions
    answer_by: date
    accepted_at: Instant | None
    mentor_reviewed_at: Instant | None = Field(description="The mentor has seen how the expectations differ.")
    mentee_reviewed_at: Instant | None = Field(description="The mentee has seen how the expectations differ.")
    prepared_at: Instant | None
    started_on: date | None
    ends_on: date | None
    review_on: date | None
    closing_on: date | None = Field(description="While closing: the day it is planned to end.")
    closed_on: date | None
    is_ended_early: bool | None
    closure_cause: ClosureCause | None
    declined_reason: DeclineReason | None
    withdrawn_reason: WithdrawalReason | None
    ended_by: EndedBy | None
    reopened_on: date | None
    reopened_reason: ReopenReason | None
    void_reason: VoidReason | None
    created_at: Instant
    updated_at: Instant


class MatchForPair(MatchRead):
    """What the two people see: a cause can be about safety, and a reason about the other person."""

    @field_validator(
        "closure_cause",
        "declined_reason",
        "withdrawn_reason",
        "ended_by",
        "reopened_reason",
        "void_reason",
        mode="before",
    )
    @classmethod
    def _hide(cls, _value: object) -> None:
        return None


class MatchQuery(PageQuery):
    program_id: UUID | None = Field(None, description="Only of this program. / Endast detta program.")
    cohort_id: UUID | None = Field(None, description="Only of this cohort. / Endast denna omgång.")
    status: MatchStatus | None = Field(None, description="Only in this state. / Endast i detta läge.")
    is_overdue: bool | None = Field(
        None,
        description="The day to look again, or the planned end, has passed. / Dagen för avstämning eller slut är passerad.",
    )


class Acceptance(Schema):
    """Which side accepts."""

    side: Side


class Refusal(Schema):
    """Which side declines, and why by code."""

    side: Side
    reason_code: DeclineReason


class Activation(Schema):
    """The first day of the match, at most 7 days back and 30 days ahead."""

    starts_on: date


class Hold(Schema):
    """The day to look again."""

    review_on: date
