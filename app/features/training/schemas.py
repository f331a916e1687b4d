"""How are courses, sessions, attendance and training spoken of?"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.domain.glossary import TrainingTopic
from app.features.participants.schemas import each_once
from app.kit import text
from app.kit.wire import Instant, Schema

LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}$", max_length=3, description="ISO 639.", examples=["sv"])]
Topics = Annotated[list[TrainingTopic], Field(min_length=1, max_length=len(TrainingTopic)), AfterValidator(each_once)]


class TrainingRecordCreate(Schema):
    """A training that the person has completed."""

    title: Annotated[str, text.name(200)]
    topics: Topics
    minutes: int = Field(ge=1, le=10_000)
    completed_on: date


class TrainingRecordRead(Schema):
    id: UUID
    enrolment_id: UUID
    participant_id: UUID
    title: str = Field(max_length=200)
    topics: list[TrainingTopic] = Field(max_length=len(TrainingTopic))
    minutes: int = Field(ge=1, le=100_000)
    completed_on: date
    recorded_by_user_id: UUID
    created_at: Instant
