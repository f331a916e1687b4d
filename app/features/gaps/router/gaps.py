"""The gap view over HTTP, as data and as a page."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from app.domain.gaps import Dimension
from app.domain.roles import Permission
from app.features.access.guards import anywhere
from app.features.access.scope import Scope
from app.features.gaps import queries
from app.features.gaps.router.document import document_of
from app.features.gaps.schemas import GapQuery, GapView, MissingQuery, MissingView
from app.kit.accept import JSON, preferred
from app.kit.booklets import HEADERS, HTML, as_page
from app.kit.wire import answer

router = APIRouter(tags=["gaps"])
Accept = Annotated[str, Header(max_length=1000, include_in_schema=False)]
Asked = Annotated[Scope[None], anywhere(Permission.GAP_READ)]
PAGE: dict[int | str, dict[str, Any]] = {
    200: {"content": {HTML: {"schema": {"type": "string", "maxLength": 5_000_000}}}}
}


@router.get("/gaps", operation_id="getGaps", summary="What is offered, and who waits?", response_model=GapView)
def get_gaps(scope: Asked, query: Annotated[GapQuery, Query()]) -> Response:
    """Programmes, places and people waiting, split as you ask. / Program, platser och väntande, uppdelat som du vill.

    Numbers of people are exact where you may read the records, else protected as in reports.
    """
    return answer(scope.exchange, GapView, queries.view(scope, query))


@router.get(
    "/gaps/missing",
    operation_id="getMissing",
    summary="What do the matchings say is missing?",
    response_model=MissingView,
)
def get_missing(scope: Asked, query: Annotated[MissingQuery, Query()]) -> Response:
    """Why the latest matchings left people over, and what would let them start. / Vad som skulle låta fler börja."""
    return answer(scope.exchange, MissingView, queries.missing(scope, query))


@router.get(
    "/gaps/page",
    operation_id="getGapsPage",
    summary="The gap view as a page",
    response_model=GapView,
    responses=PAGE,
)
def get_gaps_page(scope: Asked, query: Annotated[GapQuery, Query()], accept: Accept = "*/*") -> Response:
    """In Swedish, with a chart; by category unless you ask otherwise. / På svenska, med diagram.

    With `Accept: application/json` as data. / Med `Accept: application/json` som data.
    """
    asked = query if query.by else query.model_copy(update={"by": [Dimension.CATEGORY]})
    view = queries.view(scope, asked)
    if preferred(accept, (HTML, JSON)) == JSON:
        return answer(scope.exchange, GapView, view, headers={"Vary": "Accept"})
    found = queries.missing(scope, MissingQuery(category=query.category, kind=query.kind))
    page = as_page(document_of(view, found))
    return Response(page, media_type=HTML, headers={**HEADERS, "Vary": "Accept"})
