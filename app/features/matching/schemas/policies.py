"""How are matching policies spoken of?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.features.matching.schemas.facts import Digest, Document
from app.kit import text
from app.kit.wire import Instant, Schema


class MatchingPolicyCreate(Schema):
    """The next version of a program's matching policy."""

    document: Document
    note: Annotated[str, text.text(400)] = Field("", description="Why it was changed. / Varför den ändrades.")


class MatchingPolicyRead(Schema):
    """One version of a matching policy; versions never change."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    number: int = Field(ge=1, le=2**31 - 1, description="1, 2, 3 … within the program.")
    document: Document
    digest: Digest
    note: str = Field(max_length=400)
    created_at: Instant


class DefaultMatchingPolicyRead(Schema):
    """The shipped policy of the program's benchmark profile: a document to begin from."""

    profile_id: str = Field(max_length=40)
    document: Document
