"""How are training sessions and attendance spoken of? People appear by id only."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, WithJsonSchema, field_validator

from app.domain.glossary import AttendanceStatus, MeetingMode, Side
from app.domain.lifecycles import SessionStatus
from app.features.participants.schemas import not_null
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

Place = Annotated[str, text.text(200)]
OUR_TIME = range(2000, 2200)


def _in_our_time(at: datetime) -> datetime:
    """ValueError for a year that no session is held in; the first and last days of all time have no UTC form."""
    if at.year not in OUR_TIME:
        raise ValueError("must be in the years 2000 to 2199")
    return at


SessionInstant = Annotated[
    AwareDatetime, AfterValidator(_in_our_time), WithJsonSchema({"type": "string", "format": "date-time"})
]


class TrainingSessionCreate(Schema):
    """An occasion on which a version of a course is given."""

    course_version_id: UUID
    starts_at: SessionInstant
    ends_at: SessionInstant
    mode: MeetingMode
    place: Place = ""
    places: int | None = Field(None, ge=1, le=1000, description="None: as many as come.")


class TrainingSessionPatch(Schema):
    starts_at: SessionInstant | None = None
    ends_at: SessionInstant | None = None
    mode: MeetingMode | None = None
    place: Place | None = None
    places: int | None = Field(None, ge=1, le=1000)

    _keep = field_validator("starts_at", "ends_at", "mode", "place")(not_null)


class TrainingSessionRead(Schema):
    """A training session (utbildningstillfälle), for people of any programme that uses the course."""

    id: UUID
    version: int = Field(ge=1)
    partner_id: UUID
    course_id: UUID
    course_version_id: UUID
    starts_at: Instant
    ends_at: Instant
    mode: MeetingMode
    place: str = Field(max_length=200)
    places: int | None = Field(ge=1, le=1000)
    status: SessionStatus
    created_at: Instant
    updated_at: Instant


class TrainingSessionQuery(PageQuery):
    status: SessionStatus | None = Field(None, description="Only in this status. / Endast i detta läge.")


class AttendanceCreate(Schema):
    """Register the person for a session."""

    session_id: UUID


class AttendancePatch(Schema):
    """What became of the registration. `attended` without minutes is the whole session."""

    status: AttendanceStatus | None = None
    minutes: int | None = Field(None, ge=0, le=10_000, description="How long the person was there.")

    _keep = field_validator("status", "minutes")(not_null)


class AttendanceSync(Schema):
    """What another system knows of a person at a session. `attended` without minutes is the whole session.

    `cohortId` is needed only when the session counts for several enrolments of the person.
    """

    status: AttendanceStatus
    minutes: int | None = Field(None, ge=0, le=10_000, description="How long the person was there.")
    cohort_id: UUID | None = None


class AttendanceRead(Schema):
    id: UUID
    version: int = Field(ge=1)
    session_id: UUID
    program_id: UUID
    enrolment_id: UUID
    participant_id: UUID
    partner_id: UUID
    side: Side
    status: AttendanceStatus
    minutes: int = Field(ge=0, le=10_000)
    recorded_by_user_id: UUID
    created_at: Instant
    updated_at: Instant
