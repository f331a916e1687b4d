"""How is it said that a rule is met? A code, yes or no, and days; never the fact behind it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.kit import text
from app.kit.wire import Instant, Schema

AttestationCode = Annotated[
    str,
    text.code(64),
    Field(description="`registerExtract`, or a code that a program's rules ask for.", examples=["registerExtract"]),
]


class AttestationCreate(Schema):
    """What was seen and when. There is no room for what it said: not a word, no file, no result."""

    code: AttestationCode
    is_met: bool = True
    attested_on: date | None = Field(None, description="Default: today. / Förval: i dag.")
    valid_until: date | None = Field(None, description="The last day it counts; needed for `registerExtract`.")


class AttestationRead(Schema):
    """An attestation (intygande) and who made it."""

    id: UUID
    version: int = Field(ge=1)
    participant_id: UUID
    partner_id: UUID
    code: str = Field(max_length=64)
    is_met: bool
    attested_on: date
    valid_until: date | None
    attested_by_user_id: UUID
    attested_by_partner_id: UUID | None
    revoked_at: Instant | None
    created_at: Instant
    updated_at: Instant
