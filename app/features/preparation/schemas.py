"""How are information packs, acknowledgements and expectations spoken of?"""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.glossary import Side
from app.features.training.schemas import LanguageCode
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema


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
