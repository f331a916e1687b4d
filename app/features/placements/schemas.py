"""How are host workplaces and placements spoken of over the wire? People by ids only."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.placements import PlacementEnd
from app.features.partners.schemas import MunicipalityCode
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

Places = Annotated[int, Field(ge=1, le=500)]


class WorkplaceCreate(Schema):
    """A workplace of your own organisation that takes in so many people in a cohort."""

    cohort_id: UUID
    name: Annotated[str, text.name(120), Field(examples=["Påhittade vattenverket"])]
    municipality_code: MunicipalityCode | None = None
    places: Places


class WorkplacePatch(Schema):
    """More or fewer places; not fewer than are held."""

    places: Places


class WorkplaceRead(Schema):
    """A host workplace with its places in a cohort."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    cohort_id: UUID
    partner_id: UUID
    name: str = Field(max_length=120)
    municipality_code: str | None = Field(max_length=4)
    places: Places
    created_at: Instant
    updated_at: Instant


class PlacementCreate(Schema):
    """Who is placed, with which supervisor, from which day; without a last day it is the profile's."""

    enrolment_id: UUID
    supervisor_enrolment_id: UUID
    starts_on: date
    ends_on: date | None = None


class PlacementClosure(Schema):
    """The last day and how it ended."""

    ended_on: date
    end: PlacementEnd


class PlacementRead(Schema):
    """A placement; `isShorterThanAgreed` compares its last day with the day that the profile sets."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    cohort_id: UUID
    workplace_id: UUID
    host_partner_id: UUID
    enrolment_id: UUID
    participant_id: UUID
    partner_id: UUID
    supervisor_enrolment_id: UUID
    supervisor_participant_id: UUID
    place: int | None = Field(ge=1, le=500)
    starts_on: date
    ends_on: date
    agreed_until: date
    is_shorter_than_agreed: bool
    ended_on: date | None
    end: PlacementEnd | None
    created_at: Instant
    updated_at: Instant


class PlacementQuery(PageQuery):
    program_id: UUID | None = Field(None, description="Only of this program. / Endast detta program.")
    is_shorter_than_agreed: bool | None = Field(
        None,
        description="Only those shorter than agreed, or only the others. / Endast kortare än avtalat, eller övriga.",
    )
