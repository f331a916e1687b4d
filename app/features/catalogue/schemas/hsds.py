"""How does Open Referral's Human Services Data Specification 3.0 (HSDS) speak of the same? Its names, not ours.

What a record does not have is left out: the specification knows no null. Source: docs.openreferral.org, version 3.0.
"""

from datetime import date
from typing import Annotated, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.features.catalogue.schemas.entries import Search

ItemT = TypeVar("ItemT")
Line = Annotated[str, Field(max_length=400)]
Web = Annotated[str, Field(max_length=300)]


class Hsds(BaseModel):
    """A record of the specification: snake_case, as it writes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Taxonomy(Hsds):
    id: UUID
    name: Line
    description: Line
    version: Line


class TaxonomyTerm(Hsds):
    id: UUID
    code: Line
    name: Line
    description: Line
    language: Line
    taxonomy_id: UUID
    taxonomy_detail: Taxonomy


class Attribute(Hsds):
    """A link from a service to a term."""

    id: UUID
    link_id: UUID
    link_entity: Literal["service"] = "service"
    taxonomy_term_id: UUID
    taxonomy_term: TaxonomyTerm
    value: Annotated[str, Field(max_length=1000)] | None = None


class Phone(Hsds):
    id: UUID
    service_id: UUID
    number: Line


class Language(Hsds):
    id: UUID
    service_id: UUID
    name: Line
    code: Line


class ServiceArea(Hsds):
    id: UUID
    service_id: UUID
    name: Line


class OrganizationIdentifier(Hsds):
    id: UUID
    organization_id: UUID
    identifier_scheme: Literal["SE-ON"] = "SE-ON"
    identifier_type: Literal["organisationsnummer"] = "organisationsnummer"
    identifier: Line


class Organization(Hsds):
    """A partner that has a published programme."""

    id: UUID
    name: Line
    description: Line
    email: Line | None = None
    website: Web | None = None
    organization_identifiers: Annotated[list[OrganizationIdentifier], Field(max_length=1)] | None = None


class Service(Hsds):
    """A published programme. A page holds it without the lists, unless `full` is asked for."""

    id: UUID
    organization_id: UUID
    name: Line
    description: Annotated[str, Field(max_length=9000)]
    url: Web | None = None
    email: Line | None = None
    status: Literal["active", "inactive", "defunct", "temporarily closed"] = "active"
    application_process: Line | None = None
    eligibility_description: Line | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    assured_date: date | None = None
    assurer_email: Line | None = None
    organization: Organization
    phones: Annotated[list[Phone], Field(max_length=1)] | None = None
    languages: Annotated[list[Language], Field(max_length=20)] | None = None
    service_areas: Annotated[list[ServiceArea], Field(max_length=21)] | None = None
    attributes: Annotated[list[Attribute], Field(max_length=9)] | None = None


class Publisher(Hsds):
    name: Line


class Feed(Hsds):
    """What this feed is."""

    version: Literal["3.0"] = "3.0"
    profile: Web
    openapi_url: Web
    description: Line
    publisher: Publisher


class HsdsPage(Hsds, Generic[ItemT]):
    """The specification's page: counts, place and contents."""

    total_items: Annotated[int, Field(ge=0)]
    total_pages: Annotated[int, Field(ge=0)]
    page_number: Annotated[int, Field(ge=1)]
    size: Annotated[int, Field(ge=0, le=200)]
    first_page: bool
    last_page: bool
    empty: bool
    contents: Annotated[list[ItemT], Field(max_length=200)]


class PageOf(BaseModel):
    """Which page; `per_page` at most 200."""

    model_config = ConfigDict(extra="forbid")

    page: int = Field(1, ge=1, le=1_000_000)
    per_page: int = Field(20, ge=1, le=200)


class ServiceQuery(PageOf):
    search: Search | None = None
    organization_id: UUID | None = None
    taxonomy_id: UUID | None = None
    taxonomy_term_id: UUID | None = None
    modified_after: AwareDatetime | date | None = None
    full: bool = False


class TermQuery(PageOf):
    taxonomy_id: UUID | None = None
