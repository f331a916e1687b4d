"""How are consents and their texts spoken of? Personal data in the consents: every schema lists its own fields."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.glossary import ConsentGiver, ConsentPurpose
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema


class ConsentTextCreate(Schema):
    """The next version of the words you ask with. It cannot be changed afterwards: publish the next version."""

    purpose: ConsentPurpose
    language: text.LanguageCode
    body: Annotated[str, text.text(8000, min_length=1)]


class ConsentTextRead(Schema):
    """A version of the words; `number` counts the versions per purpose and language."""

    id: UUID
    version: int = Field(ge=1)
    partner_id: UUID
    purpose: ConsentPurpose
    language: str = Field(max_length=3)
    number: int = Field(ge=1, le=1_000_000)
    body: str = Field(max_length=8000)
    created_at: Instant


class ConsentTextQuery(PageQuery):
    purpose: ConsentPurpose | None = Field(None, description="Only for this purpose. / Endast för detta ändamål.")
    language: text.LanguageCode | None = Field(None, description="Only in this language. / Endast på detta språk.")


class ConsentCreate(Schema):
    """A consent to one text. `referral` names a partner, every other purpose a programme.

    `giver` is `self` by the person's own login and `staff` when staff heard it; left out, it is whichever of the two
    fits. For somebody under 18 it is `guardian`, and `guardianId` says which.
    """

    purpose: ConsentPurpose
    text_id: UUID
    program_id: UUID | None = None
    recipient_partner_id: UUID | None = None
    giver: ConsentGiver | None = None
    guardian_id: UUID | None = None


class ConsentRead(Schema):
    """A consent; it is in force until `withdrawnAt`."""

    id: UUID
    version: int = Field(ge=1)
    participant_id: UUID
    partner_id: UUID
    purpose: ConsentPurpose
    text_id: UUID
    program_id: UUID | None
    recipient_partner_id: UUID | None
    giver: ConsentGiver
    guardian_id: UUID | None
    given_at: Instant
    recorded_by_user_id: UUID
    withdrawn_at: Instant | None
    withdrawn_by_user_id: UUID | None
