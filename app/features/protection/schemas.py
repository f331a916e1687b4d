"""How are protection and clearances spoken of? Ids and days; nothing here describes a person."""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.domain.glossary import ProtectionLevel
from app.domain.lifecycles import ClearanceStatus
from app.features.protection.tables import Clearance
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema


class ProtectionPut(Schema):
    """The level of protection, as the Swedish Tax Agency names them."""

    level: ProtectionLevel


class ClearanceCreate(Schema):
    """Propose that a user may handle your protected people until a day, at most 180 days ahead."""

    user_id: UUID = Field(description="A case handler or service account, of any partner.")
    valid_until: date


class ClearanceRead(Schema):
    """A clearance (behörighet). `isInForce` is how it stands today: what has run out stays `approved`."""

    id: UUID
    version: int = Field(ge=1)
    partner_id: UUID = Field(description="Whose protected people it opens.")
    user_id: UUID
    status: ClearanceStatus
    is_in_force: bool
    valid_until: date
    proposed_by_user_id: UUID
    answered_by_user_id: UUID | None
    answered_at: Instant | None
    revoked_by_user_id: UUID | None
    revoked_at: Instant | None
    created_at: Instant
    updated_at: Instant

    @classmethod
    def on(cls, row: Clearance, today: date) -> "ClearanceRead":
        """The clearance as it stands on the day `today`."""
        is_in_force = row.status is ClearanceStatus.APPROVED and row.valid_until >= today
        return cls.model_validate({**row.model_dump(), "is_in_force": is_in_force})


class ClearanceQuery(PageQuery):
    status: ClearanceStatus | None = Field(None, description="Only in this state. / Endast i detta läge.")
