"""The public catalogue over HTTP: no login, kept for five minutes."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Response

from app.features.access.guards import PUBLIC, Visit, uuid_of
from app.features.catalogue import queries
from app.features.catalogue.schemas import CatalogueProgram, CatalogueQuery, FacetQuery, Facets
from app.kit import wire
from app.kit.clock import today
from app.kit.pages import Page, answer_items
from app.kit.problems import Problem
from app.kit.wire import answer

router = APIRouter(tags=["catalogue"])
JSON_LD = "application/ld+json"
VARIES = {"Vary": "Accept"}
KEPT = {"Cache-Control": wire.PUBLIC}
SAID: dict[int | str, dict[str, Any]] = {200: {"headers": {"Cache-Control": {}}}}
"""For the document: the answer may be kept."""
AS_SERVICE = {
    "schema": {"type": "object", "maxProperties": 20, "description": "schema.org/Service."},
    "example": {"@context": "https://schema.org", "@type": "Service", "name": "Påhittade mentorer"},
}
Public = Annotated[Visit, PUBLIC]


@router.get(
    "/catalogue/programs",
    operation_id="listCataloguePrograms",
    summary="Search the catalogue",
    response_model=Page[CatalogueProgram],
    responses=SAID,
)
def list_catalogue_programs(visit: Public, query: Annotated[CatalogueQuery, Query()]) -> Response:
    """Published programmes: listed, adopted and own, side by side. / Publicerade program: befintliga, anslutna och egna."""
    entries, total = queries.found(visit.session, query, today(visit.now))
    return answer_items(visit.exchange, CatalogueProgram, entries, query, total, headers=KEPT)


@router.get(
    "/catalogue/facets",
    operation_id="getCatalogueFacets",
    summary="Count by category",
    response_model=Facets,
    responses=SAID,
)
def get_catalogue_facets(visit: Public, query: Annotated[FacetQuery, Query()]) -> Response:
    """How many programmes there are of each kind, for the same search. / Antal program av varje slag, för samma sökning."""
    return answer(visit.exchange, Facets, queries.facets(visit.session, query), headers=KEPT)


@router.get(
    "/catalogue/programs/{programId}",
    operation_id="getCatalogueProgram",
    summary="Read a programme in the catalogue",
    response_model=CatalogueProgram,
    responses={
        200: {
            **SAID[200],
            "content": {JSON_LD: AS_SERVICE},
        }
    },
)
def get_catalogue_program(
    visit: Public,
    program_id: Annotated[str, Path(alias="programId", json_schema_extra={"format": "uuid"})],
    accept: Annotated[str | None, Header(max_length=400, include_in_schema=False)] = None,
) -> Response:
    """One programme; with `Accept: application/ld+json` as schema.org reads it. / Ett program, även som JSON-LD."""
    found = queries.entry(visit.session, uuid_of(program_id), today(visit.now))
    if found is None:
        raise Problem("resource.not_found")
    if accept and JSON_LD in accept:
        address = visit.runtime.public_url + visit.exchange.path
        return wire.answer_public(visit.exchange, queries.described(found, address), JSON_LD, VARIES)
    return answer(visit.exchange, CatalogueProgram, found, headers={**KEPT, **VARIES})
