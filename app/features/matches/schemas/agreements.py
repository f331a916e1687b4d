"""How is the mutual agreement of a pair spoken of over the wire?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.glossary import Side
from app.domain.match_agreements import MOST_POINTS, Signer
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

Title = Annotated[str, text.name(200), Field(examples=["Överenskommelse mellan mentor och adept"])]
Preamble = Annotated[str, text.text(2000, min_length=1)]
Point = Annotated[str, text.text(1000, min_length=1)]


class MatchAgreementTextCreate(Schema):
    """The next version, or with `number` a translation of a version. It cannot be changed afterwards."""

    language: text.LanguageCode
    number: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        description="An existing version that this translates. / En befintlig version som översätts.",
    )
    title: Title
    preamble: Preamble
    points: list[Point] = Field(min_length=1, max_length=MOST_POINTS)


class MatchAgreementTextRead(Schema):
    """What the two of a pair agree on; `number` counts the program's versions, each in one or more languages."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    language: str = Field(max_length=3)
    number: int = Field(ge=1, le=1_000_000)
    title: str = Field(max_length=200)
    preamble: str = Field(max_length=2000)
    points: list[Annotated[str, Field(max_length=1000)]] = Field(max_length=MOST_POINTS)
    created_at: Instant


class MatchAgreementTextQuery(PageQuery):
    language: text.LanguageCode | None = Field(None, description="Only in this language. / Endast på detta språk.")


class SignatureCreate(Schema):
    """Which side signs which text."""

    side: Side
    text_id: UUID


class MatchPartyRead(Schema):
    """One side of the agreement; the name as far as you may see it."""

    side: Side
    name: str | None = Field(max_length=200)
    signed_at: Instant | None
    signer: Signer | None
    signed_number: int | None = Field(ge=1, le=1_000_000, description="The version that was signed.")


class MatchAgreementRead(Schema):
    """The mutual agreement (överenskommelse) of a pair: the version both have signed, else the one to sign."""

    match_id: UUID
    is_signed: bool = Field(description="Both have signed the same version. / Båda har undertecknat samma version.")
    text: MatchAgreementTextRead
    parties: list[MatchPartyRead] = Field(max_length=2)
