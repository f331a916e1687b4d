"""How are meetings spoken of over the wire?"""

from datetime import date
from uuid import UUID

from pydantic import Field, computed_field, field_validator

from app.domain.glossary import MeetingMode, MeetingTopic, Side
from app.domain.meetings import MeetingCorrectionReason
from app.kit.wire import Instant, Schema

MAX_MINUTES = 1440


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


class MeetingSync(MeetingLog):
    """A meeting under a key of the sender's. What it said before is kept when it says something else now."""

    reason_code: MeetingCorrectionReason = MeetingCorrectionReason.OTHER


class MeetingCorrection(MeetingLog):
    """What the meeting really was. `replacesRevision` is the revision you have seen, so that no correction is lost."""

    replaces_revision: int = Field(ge=1, le=1_000)
    reason_code: MeetingCorrectionReason


class MeetingRevisionRead(Schema):
    """What a meeting said until it was corrected."""

    id: UUID
    meeting_id: UUID
    number: int = Field(ge=1, le=1_000)
    held_on: date
    minutes: int = Field(ge=1, le=MAX_MINUTES)
    mode: MeetingMode
    topics: list[MeetingTopic] = Field(max_length=len(MeetingTopic))
    logged_side: Side | None
    confirmed_side: Side | None
    confirmed_at: Instant | None
    replaced_at: Instant
    reason: MeetingCorrectionReason


class MeetingPlan(Schema):
    """A meeting that the two have agreed to have, at most a year ahead."""

    starts_at: Instant
    minutes: int = Field(ge=1, le=MAX_MINUTES)
    mode: MeetingMode


class PlannedMeetingRead(Schema):
    """A meeting to come; `plannedSide` is null when staff planned it."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    match_id: UUID
    starts_at: Instant
    minutes: int = Field(ge=1, le=MAX_MINUTES)
    mode: MeetingMode
    planned_side: Side | None
    cancelled_at: Instant | None
    created_at: Instant
    updated_at: Instant


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
    revision: int = Field(ge=1, le=1_000, description="1 until it is corrected. / 1 tills den rättas.")
    created_at: Instant
    updated_at: Instant

    @computed_field
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None
