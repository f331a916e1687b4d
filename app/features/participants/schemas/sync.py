"""How are people spoken of by systems that know them by keys of their own?"""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator, field_validator

from app.domain.sync import BatchMode, SyncOutcome
from app.features.participants.schemas.facts import Availability, Capacity, not_null
from app.features.participants.schemas.people import ParticipantSync
from app.kit.external import ChangedFields, ExternalId, ExternalSystem
from app.kit.wire import Schema

MOST_ITEMS = 200


class AvailabilitySync(Schema):
    """When somebody can meet, and a mentor's places; what is left out stays."""

    availability: Availability | None = None
    has_remote: bool | None = None
    mentor_capacity: Capacity | None = None

    _keep = field_validator("availability", "has_remote", "mentor_capacity")(not_null)


class ParticipantSyncItem(ParticipantSync):
    """A person under a key of the sender's, with what is known of them."""

    external_system: ExternalSystem
    external_id: ExternalId


def _as_sent(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    """Each row is read for itself, so that one that cannot be read does not take the others along."""
    return value if isinstance(value, dict) else read(value)


SentItem = Annotated[ParticipantSyncItem, WrapValidator(_as_sent)]


class ParticipantBatchCreate(Schema):
    """At most 200 people at once. A dry run tells what would become of each and stores nothing."""

    items: list[SentItem] = Field(min_length=1, max_length=MOST_ITEMS)
    is_dry_run: bool = False
    mode: BatchMode = BatchMode.WHOLE_OR_NOTHING


class RowProblemRead(Schema):
    """Why a row was refused; what was sent is not repeated."""

    code: str = Field(max_length=80, examples=["field.missing"])
    pointer: str | None = Field(max_length=400, description="The field, as a JSON Pointer in the row.")
    message: str = Field(max_length=400)


class SyncedItemRead(Schema):
    """What became of one row. `possibleDuplicates`: other records with an equal contact; nobody has decided about them."""

    index: int = Field(ge=0, le=MOST_ITEMS - 1, description="The place in `items`, from 0.")
    external_id: str | None = Field(max_length=120)
    outcome: SyncOutcome
    participant_id: UUID | None
    problem: RowProblemRead | None
    changed_fields: ChangedFields
    possible_duplicates: int = Field(ge=0, le=1_000_000)


class ParticipantBatchRead(Schema):
    """What became of the batch. `isApplied`: false after a dry run, and when a refusal held back the whole."""

    is_applied: bool
    created: int = Field(ge=0, le=MOST_ITEMS)
    changed: int = Field(ge=0, le=MOST_ITEMS)
    unchanged: int = Field(ge=0, le=MOST_ITEMS)
    refused: int = Field(ge=0, le=MOST_ITEMS)
    items: list[SyncedItemRead] = Field(max_length=MOST_ITEMS)
