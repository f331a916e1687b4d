"""How is a programme's readiness spoken of over the wire?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.roles import Responsibility
from app.features.agreements.schemas import PartnerName
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


class ReadinessRead(Schema):
    """The seven success factors of a programme, as they stand today."""

    program_id: UUID
    is_ready: bool
    items: list[ReadinessItemRead] = Field(min_length=7, max_length=7)
