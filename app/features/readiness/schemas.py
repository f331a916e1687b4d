"""How is a programme's readiness spoken of over the wire?"""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.roles import Responsibility
from app.features.agreements.schemas import PartnerName
from app.features.partners.schemas import MunicipalityCode
from app.features.programs.schemas import Name, ProgramRead, Summary
from app.kit.wire import Schema


class Text(Schema):
    """The same sentence in both languages."""

    sv: str = Field(max_length=400)
    en: str = Field(max_length=400)


class ReadinessItemRead(Schema):
    """One success factor: met or not, what is missing, and whose duty it waits for."""

    factor: int = Field(ge=1, le=7)
    code: str = Field(max_length=40)
    text: Text
    is_met: bool
    missing: list[Annotated[str, Field(max_length=80)]] = Field(
        max_length=40, description="Codes; for responsibilities the duties themselves."
    )
    waits_for: Responsibility | None
    partner: PartnerName | None = Field(description="Who is accountable for that duty today.")


class ToDoRead(Schema):
    """One task that is left before a cohort can open, whose duty it is, and the partner that it waits for."""

    factor: int = Field(ge=1, le=7)
    code: str = Field(max_length=40)
    missing: str = Field(max_length=80)
    text: Text
    waits_for: Responsibility
    partner: PartnerName = Field(description="Accountable for that duty today; the owner where nobody is.")
    is_yours: bool = Field(description="It waits for your own organisation.")


class ReadinessRead(Schema):
    """The seven success factors of a programme, as they stand today, and what is left to do."""

    program_id: UUID
    is_ready: bool
    items: list[ReadinessItemRead] = Field(min_length=7, max_length=7)
    to_do: list[ToDoRead] = Field(max_length=40, description="In the order of the factors; empty when all is ready.")


class CopyCreate(Schema):
    """A programme of your own after this example."""

    name: Name
    summary: Summary | None = Field(None, description="The example's, when left out.")
    municipality_code: MunicipalityCode | None = None


class CopyPart(StrEnum):
    """What a copy can take over besides purpose, criteria and cadence."""

    CURRICULUM = "curriculum"  # kursplan
    MATCHING_POLICY = "matchingPolicy"  # matchningsregler


class CopyRead(Schema):
    """The new programme, and what of the example could not come along."""

    program: ProgramRead
    left_out: list[CopyPart] = Field(
        max_length=2,
        description="Courses that are not shared; a policy that is neither yours to read nor an example's.",
    )
