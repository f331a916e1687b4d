"""How are information packs, acknowledgements and training spoken of?"""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.domain.glossary import Side, TrainingTopic
from app.features.participants.schemas import each_once
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}$", max_length=3, description="ISO 639.", examples=["sv"])]
Topics = Annotated[list[TrainingTopic], Field(min_length=1, max_length=len(TrainingTopic)), AfterValidator(each_once)]


class InformationPackCreate(Schema):
    """A new version for one side in one language. It cannot be changed afterwards: publish the next version."""

    side: Side
    language: LanguageCode
    title: Annotated[str, text.name(200)]
    body: Annotated[str, text.text(20000, min_length=1)]
    needs_new_acknowledgement: bool = Field(
        True, description="False for a mere correction: who took note of the version before need not do it again."
    )


class InformationPackRead(Schema):
    """What a side is told before it decides; `number` counts the versions per side and language."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    side: Side
    language: str = Field(max_length=3)
    number: int = Field(ge=1, le=1_000_000)
    title: str = Field(max_length=200)
    body: str = Field(max_length=20000)
    needs_new_acknowledgement: bool
    created_at: Instant


class InformationPackQuery(PageQuery):
    side: Side | None = Field(None, description="Only for this side. / Endast för denna sida.")
    language: LanguageCode | None = Field(None, description="Only in this language. / Endast på detta språk.")


class AcknowledgementCreate(Schema):
    """The person took note of this version."""

    pack_id: UUID


class AcknowledgementRead(Schema):
    id: UUID
    enrolment_id: UUID
    participant_id: UUID
    pack_id: UUID
    acknowledged_at: Instant
    recorded_by_user_id: UUID


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


class PreparationItem(StrEnum):
    """What may still be missing before a match can start."""

    TRAINING = "training"
    INFORMATION = "information"


class PreparationRead(Schema):
    """Is the person prepared (förberedd) for a match, and what is missing?"""

    is_prepared: bool
    training_minutes: int = Field(ge=0, le=2**53)
    training_minutes_needed: int = Field(ge=0, le=60_000)
    has_latest_information: bool
    missing: list[PreparationItem] = Field(max_length=len(PreparationItem))
