"""Open Referral's HSDS 3.0 API over the same catalogue, at an address and with a document of its own."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel

from app.features.access.guards import PUBLIC, Visit, uuid_of
from app.features.catalogue import queries
from app.features.catalogue.schemas import (
    Feed,
    HsdsPage,
    Organization,
    PageOf,
    Service,
    ServiceQuery,
    Taxonomy,
    TaxonomyTerm,
    TermQuery,
)
from app.features.catalogue.schemas.hsds import Publisher
from app.kit.accept import JSON
from app.kit.problems import Problem
from app.kit.wire import answer_public

router = APIRouter(tags=["hsds"])
BASE_PATH = "/hsds/v3"
PROFILE = "https://docs.openreferral.org/en/3.0/hsds/"
PUBLISHER = "Mentorskap"
Open = Annotated[Visit, PUBLIC]
Id = Annotated[str, Path(alias="id", max_length=36)]
T = TypeVar("T", bound=BaseModel)


@router.get("/", operation_id="getFeed", summary="What this feed is", response_model=Feed)
def get_feed(visit: Open) -> Response:
    """The version of the specification, and where the API is described."""
    here = visit.runtime.public_url + BASE_PATH
    told = "Mentorskapsprogram för personer som står utanför arbetsmarknaden."
    feed = Feed(
        profile=PROFILE, openapi_url=f"{here}/openapi.json", description=told, publisher=Publisher(name=PUBLISHER)
    )
    return _answer(visit, feed)


@router.get("/services", operation_id="listServices", summary="List services", response_model=HsdsPage[Service])
def list_services(visit: Open, query: Annotated[ServiceQuery, Query()]) -> Response:
    """Published programmes; with `full=true` each with everything that belongs to it."""
    found, total = queries.services(visit.session, query)
    return _page(visit, found, query, total)


@router.get("/services/{id}", operation_id="getService", summary="Read a service", response_model=Service)
def get_service(visit: Open, service_id: Id) -> Response:
    """One published programme with everything that belongs to it."""
    return _one(visit, queries.service(visit.session, uuid_of(service_id)))


@router.get(
    "/organizations",
    operation_id="listOrganizations",
    summary="List organizations",
    response_model=HsdsPage[Organization],
)
def list_organizations(visit: Open, query: Annotated[PageOf, Query()]) -> Response:
    """The partners that own a published programme."""
    found, total = queries.organizations(visit.session, query)
    return _page(visit, found, query, total)


@router.get(
    "/organizations/{id}", operation_id="getOrganization", summary="Read an organization", response_model=Organization
)
def get_organization(visit: Open, organization_id: Id) -> Response:
    """One of them."""
    return _one(visit, queries.organization(visit.session, uuid_of(organization_id)))


@router.get("/taxonomies", operation_id="listTaxonomies", summary="List taxonomies", response_model=HsdsPage[Taxonomy])
def list_taxonomies(visit: Open, query: Annotated[PageOf, Query()]) -> Response:
    """Categories, kinds and success factors."""
    return _part(visit, queries.taxonomies(), query)


@router.get("/taxonomies/{id}", operation_id="getTaxonomy", summary="Read a taxonomy", response_model=Taxonomy)
def get_taxonomy(visit: Open, taxonomy_id: Id) -> Response:
    """One of them."""
    return _one(visit, _with_id(queries.taxonomies(), taxonomy_id))


@router.get(
    "/taxonomy_terms",
    operation_id="listTaxonomyTerms",
    summary="List taxonomy terms",
    response_model=HsdsPage[TaxonomyTerm],
)
def list_taxonomy_terms(visit: Open, query: Annotated[TermQuery, Query()]) -> Response:
    """The terms that services bear, of every taxonomy or of one."""
    return _part(visit, queries.taxonomy_terms(query), query)


@router.get(
    "/taxonomy_terms/{id}", operation_id="getTaxonomyTerm", summary="Read a taxonomy term", response_model=TaxonomyTerm
)
def get_taxonomy_term(visit: Open, term_id: Id) -> Response:
    """One of them."""
    return _one(visit, _with_id(queries.taxonomy_terms(TermQuery()), term_id))


def _with_id(every: Sequence[Any], wanted: str) -> Any:
    return next((one for one in every if one.id == uuid_of(wanted)), None)


def _one(visit: Visit, found: BaseModel | None) -> Response:
    if found is None:
        raise Problem("resource.not_found")
    return _answer(visit, found)


def _part(visit: Visit, every: Sequence[T], query: PageOf) -> Response:
    first = (query.page - 1) * query.per_page
    return _page(visit, every[first : first + query.per_page], query, len(every))


def _page(visit: Visit, found: Sequence[T], query: PageOf, total: int) -> Response:
    pages = -(-total // query.per_page)
    page: HsdsPage[T] = HsdsPage(
        total_items=total,
        total_pages=pages,
        page_number=query.page,
        size=len(found),
        first_page=query.page == 1,
        last_page=query.page >= pages,
        empty=not found,
        contents=list(found),
    )
    return _answer(visit, page)


def _answer(visit: Visit, told: BaseModel) -> Response:
    """The specification knows no null: what a record does not have is left out."""
    return answer_public(visit.exchange, told.model_dump_json(exclude_none=True).encode(), JSON)
