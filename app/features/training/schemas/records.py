"""How are completed training, its progress and its certificates spoken of? Only a certificate bears a name."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.glossary import Side, TrainingTopic
from app.features.training.schemas.courses import Title, Topics
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema


class TrainingRecordCreate(Schema):
    """A training that the person has completed; with `courseVersionId` it is a course of the curriculum."""

    title: Title
    topics: Topics
    minutes: int = Field(ge=1, le=10_000)
    completed_on: date
    course_version_id: UUID | None = None


class TrainingRecordRead(Schema):
    """Completed training. `revokedAt` is set when it was recorded by mistake: it no longer counts."""

    id: UUID
    version: int = Field(ge=1)
    enrolment_id: UUID
    participant_id: UUID
    title: str = Field(max_length=200)
    topics: list[TrainingTopic] = Field(max_length=len(TrainingTopic))
    minutes: int = Field(ge=1, le=100_000)
    completed_on: date
    course_version_id: UUID | None
    session_id: UUID | None
    recorded_by_user_id: UUID
    revoked_at: Instant | None
    created_at: Instant


class TrainingProgressRead(Schema):
    """How much training is done before the first match starts and after it, and what is missing."""

    enrolment_id: UUID
    side: Side
    started_on: date | None = Field(description="The first start of a match; before it all training counts as before.")
    minutes_before: int = Field(ge=0, le=2**53)
    minutes_before_needed: int = Field(ge=0, le=60_000)
    minutes_before_behind: int = Field(ge=0, le=60_000)
    minutes_after: int = Field(ge=0, le=2**53)
    minutes_after_needed: int = Field(ge=0, le=2**53)
    minutes_after_behind: int = Field(ge=0, le=2**53)
    missing_course_ids: list[UUID] = Field(max_length=1000, description="Required courses that are not completed.")
    is_behind: bool = Field(description="Minutes are lacking, before the start or after it, or a course. / Efter.")


class TrainingProgressQuery(PageQuery):
    side: Side | None = Field(None, description="Only this side. / Endast denna sida.")
    is_behind: bool | None = Field(
        None,
        description="Only those who lack minutes or a course (true), or nothing (false). / Endast de som är efter.",
    )


class TrainingCertificateWords(Schema):
    """The fixed texts of a certificate."""

    subtitle: str = Field(max_length=200)
    awarded: str = Field(max_length=200)
    completed: str = Field(max_length=200)
    extent: str = Field(max_length=200)
    day: str = Field(max_length=200)
    program: str = Field(max_length=200)
    issuer: str = Field(max_length=200)
    topics: str = Field(max_length=200)
    verify: str = Field(max_length=200)


class TrainingCertificateRead(Schema):
    """Everything a certificate (intyg) says, in its language; the same as stands in the PDF."""

    language: str = Field(max_length=2)
    region: str = Field(max_length=2)
    title: str = Field(max_length=200)
    summary: str = Field(max_length=200)
    words: TrainingCertificateWords
    id: UUID
    name: str = Field(max_length=200)
    course: str = Field(max_length=200)
    topics: list[Annotated[str, Field(max_length=200)]] = Field(max_length=len(TrainingTopic))
    extent: str = Field(max_length=80)
    day: str = Field(max_length=40)
    program: str = Field(max_length=120)
    issuer: str = Field(max_length=120)
