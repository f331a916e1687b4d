"""How is a programme shown to anybody, and by what can the catalogue be narrowed?"""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.glossary import Category, Listing, ProgramKind, Sector, Side
from app.features.agreements.schemas import PartnerName
from app.features.partners.schemas import MunicipalityCode
from app.features.programs.schemas import Age, Eligibility, ShownFactor
from app.features.readiness.schemas import Text
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

Search = Annotated[str, text.text(200)]


class FacetQuery(Schema):
    """What the catalogue can be narrowed by. / Vad katalogen kan avgränsas med."""

    q: Search | None = Field(
        None,
        description='Words in Swedish, also the beginnings of words; "in quotes" as a phrase, -without. / Sökord.',
    )
    category: Category | None = Field(None, description="Only this category. / Endast denna kategori.")
    kind: ProgramKind | None = Field(None, description="Only this kind. / Endast denna programtyp.")
    listing: Listing | None = Field(None, description="Listed, adopted or own. / Befintligt, anslutet eller eget.")
    language: text.LanguageCode | None = Field(None, description="Offered in this language. / Erbjuds på detta språk.")
    district: Annotated[str, text.name(60)] | None = Field(None, description="In this district. / I denna kommundel.")
    municipality_code: MunicipalityCode | None = Field(None, description="In this municipality. / I denna kommun.")
    factor: int | None = Field(
        None, ge=1, le=7, description="Shows this success factor. / Visar denna framgångsfaktor."
    )
    is_example: bool | None = Field(None, description="Only good examples. / Endast goda exempel.")
    age: Age | None = Field(None, description="Open to somebody of this age. / Öppet för någon i denna ålder.")


class CatalogueQuery(FacetQuery, PageQuery):
    """A page of what was found: the best first where words are searched for, otherwise by name."""


class Provider(Schema):
    """Who runs the programme: by name where it is run elsewhere, else the partner that owns it."""

    name: str = Field(max_length=120)
    partner: PartnerName = Field(description="The partner that answers for the description.")
    sector: Sector
    website: str | None = Field(max_length=300)


class Intake(Schema):
    """When somebody can apply to an open cohort, both days included: `POST /cohorts/{cohortId}/applications`."""

    cohort_id: UUID
    name: str = Field(max_length=120)
    side: Side
    from_on: date
    until_on: date
    is_open: bool


class CatalogueProgram(Schema):
    """A published programme as anybody sees it; it tells of nobody who takes part, nor how many they are."""

    id: UUID
    name: str = Field(max_length=120)
    summary: str = Field(max_length=400)
    description: str = Field(max_length=8000, description="Plain text: show it as text, never as HTML.")
    kind: ProgramKind
    category: Category
    listing: Listing
    purpose: str | None = Field(max_length=2000)
    target_group: str | None = Field(max_length=400)
    languages: list[text.LanguageCode] = Field(max_length=20)
    districts: list[Annotated[str, Field(max_length=60)]] = Field(max_length=20)
    municipality_code: str | None = Field(max_length=4)
    places: int | None = Field(ge=1, le=100_000)
    provider: Provider
    contact_email: str | None = Field(max_length=254)
    contact_phone: str | None = Field(max_length=20)
    contact_url: str | None = Field(max_length=300)
    eligibility: Eligibility
    source: str | None = Field(max_length=200)
    assured_on: date | None
    assured_by: PartnerName | None
    is_stale: bool = Field(description="Nobody has vouched for the description in the last twelve months.")
    is_example: bool
    shown_factors: list[ShownFactor] = Field(max_length=7)
    intakes: list[Intake] = Field(max_length=100)
    updated_at: Instant


class FacetName(StrEnum):
    CATEGORY = "category"
    KIND = "kind"
    LISTING = "listing"
    LANGUAGE = "language"
    DISTRICT = "district"
    MUNICIPALITY_CODE = "municipalityCode"
    FACTOR = "factor"


class FacetValue(Schema):
    """How many programmes there are with a value, given every other filter."""

    value: str = Field(max_length=60)
    label: Text | None
    count: int = Field(ge=1, le=2**53)


class Facet(Schema):
    """The values of one facet, the most frequent first."""

    name: FacetName
    values: list[FacetValue] = Field(max_length=300)


class Facets(Schema):
    """Every facet of what was searched for; each ignores its own filter, so that one can change one's mind."""

    facets: list[Facet] = Field(max_length=7)
