"""How are matches and meetings spoken of over the wire? By ids; names come only with the contact."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, WithJsonSchema, computed_field, field_validator

from app.domain.glossary import ClosureCause, MeetingMode, MeetingTopic, Side
from app.domain.lifecycles import MatchStatus
from app.domain.matches import DeclineReason, EndedBy
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

MAX_MINUTES = 1440
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
    prepared_at: Instant | None
    started_on: date | None
    ends_on: date | None
    review_on: date | None
    closed_on: date | None
    is_ended_early: bool | None
    closure_cause: ClosureCause | None
    declined_reason: DeclineReason | None
    ended_by: EndedBy | None
    created_at: Instant
    updated_at: Instant


class MatchForPair(MatchRead):
    """What the two people see: a cause can be about safety, and a reason about the other person."""

    @field_validator("closure_cause", "declined_reason", "ended_by", mode="before")
    @classmethod
    def _hide(cls, _value: object) -> None:
        return None


class MatchQuery(PageQuery):
    program_id: UUID | None = Field(None, description="Only of this program. / Endast detta program.")
    cohort_id: UUID | None = Field(None, description="Only of this cohort. / Endast denna omgång.")
    status: MatchStatus | None = Field(None, description="Only in this state. / Endast i detta läge.")


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


class Closure(Schema):
    """The last day of the match and why it ended."""

    closed_on: date
    cause: ClosureCause


class ContactRead(Schema):
    """How to reach the other person of the pair."""

    given_name: str = Field(max_length=80)
    family_name: str | None = Field(max_length=80)
    email: str | None = Field(max_length=254)
    phone: str | None = Field(max_length=30)


class MeetingLog(Schema):
    """A meeting that has been held; its topics are codes, never free text."""

    held_on: date
    minutes: int = Field(ge=1, le=MAX_MINUTES)
    mode: MeetingMode
    topics: list[MeetingTopic] = Field(default_factory=list, max_length=len(MeetingTopic))

    @field_validator("topics")
    @classmethod
    def _once_each(cls, topics: list[MeetingTopic]) -> list[MeetingTopic]:
        if len(set(topics)) < len(topics):
            raise ValueError("must not name a topic twice")
        return topics


class MeetingRead(Schema):
    """A meeting of the pair."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    match_id: UUID
    held_on: date
    minutes: int = Field(ge=1, le=MAX_MINUTES)
    mode: MeetingMode
    topics: list[MeetingTopic] = Field(max_length=len(MeetingTopic))
    logged_side: Side | None = Field(description="Null: logged by staff. / Null: registrerad av personal.")
    confirmed_side: Side | None = Field(description="Null with confirmedAt: confirmed by staff.")
    confirmed_at: Instant | None
    created_at: Instant
    updated_at: Instant

    @computed_field
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None
