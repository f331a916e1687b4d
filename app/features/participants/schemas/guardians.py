"""How is a minor's guardian spoken of? Personal data: every schema lists its own fields."""

from datetime import date
from uuid import UUID

from pydantic import Field, field_validator

from app.features.participants.schemas.facts import PersonName, Phone, not_null
from app.kit import text
from app.kit.wire import Instant, Schema


class GuardianCreate(Schema):
    """Who has custody of the minor, with an address or a number to reach them by."""

    given_name: PersonName
    family_name: PersonName
    email: text.Email | None = None
    phone: Phone | None = None
    consented_on: date | None = Field(None, description="When they consent already. / Om de redan samtycker.")


class GuardianPatch(Schema):
    """Changes to a guardian (JSON Merge Patch)."""

    given_name: PersonName | None = None
    family_name: PersonName | None = None
    email: text.Email | None = None
    phone: Phone | None = None

    _keep = field_validator("given_name", "family_name")(not_null)


class GuardianConsentCreate(Schema):
    """That the guardian consents to the minor's taking part."""

    consented_on: date | None = Field(None, description="Default: today. / Förval: i dag.")


class GuardianRead(Schema):
    """A guardian (vårdnadshavare); they consent when `consentedOn` is set and `withdrawnOn` is not."""

    id: UUID
    version: int = Field(ge=1)
    participant_id: UUID
    partner_id: UUID
    given_name: str = Field(max_length=80)
    family_name: str = Field(max_length=80)
    email: str | None = Field(max_length=254)
    phone: str | None = Field(max_length=30)
    consented_on: date | None
    withdrawn_on: date | None
    recorded_by_user_id: UUID
    created_at: Instant
    updated_at: Instant
