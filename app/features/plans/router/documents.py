"""A plan as a page and in print, over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Response

from app.domain.errors import RuleViolation
from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.plans import queries
from app.features.plans.router.document import document_of
from app.features.plans.schemas import PlanRead
from app.features.plans.tables import Plan
from app.kit.accept import JSON, preferred
from app.kit.booklets import HEADERS, HTML, IN_PRINT, ON_SCREEN, Document, as_page, as_print
from app.kit.charts import Look
from app.kit.pdf import MEDIA_TYPE as PDF
from app.kit.pdf import UnprintableError
from app.kit.wire import answer

router = APIRouter(tags=["plans"])
Seen = Annotated[Scope[Plan], on(Plan, Permission.PLAN_READ)]
Accept = Annotated[str, Header(max_length=1000, include_in_schema=False)]
VARYING = {"Vary": "Accept"}
LARGEST = 20_000_000
PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {HTML: {"schema": {"type": "string", "maxLength": LARGEST}}}}}
PRINT: dict[int | str, dict[str, Any]] = {
    200: {"content": {PDF: {"schema": {"type": "string", "format": "binary", "maxLength": LARGEST}}}}
}


@router.get(
    "/plans/{planId}/page",
    operation_id="getPlanPage",
    summary="A plan as a page",
    response_model=PlanRead,
    responses=PAGE,
)
def get_plan_page(scope: Seen, accept: Accept = "*/*") -> Response:
    """In Swedish, for the committee and everybody else; with `Accept: application/json` as data.

    På svenska, för nämnden och alla andra; med `Accept: application/json` som data.
    """
    if preferred(accept, (HTML, JSON)) == JSON:
        return answer(scope.exchange, PlanRead, queries.told(scope, scope.row), headers=VARYING)
    return Response(as_page(_said(scope, ON_SCREEN)), media_type=HTML, headers={**HEADERS, **VARYING})


@router.get(
    "/plans/{planId}/document",
    operation_id="getPlanDocument",
    summary="A plan in print",
    response_model=PlanRead,
    responses=PRINT,
)
def get_plan_document(scope: Seen, accept: Accept = "*/*") -> Response:
    """PDF/UA-1, in Swedish, for the committee's case; with `Accept: application/json` as data.

    PDF/UA-1, på svenska, till nämndens ärende; med `Accept: application/json` som data.
    """
    if preferred(accept, (PDF, JSON)) == JSON:
        return answer(scope.exchange, PlanRead, queries.told(scope, scope.row), headers=VARYING)
    try:
        printed = as_print(_said(scope, IN_PRINT), scope.now)
    except UnprintableError:
        raise RuleViolation("plan.not_printable") from None
    return Response(printed, media_type=PDF, headers={**HEADERS, **VARYING})


def _said(scope: Scope[Plan], look: Look) -> Document:
    return document_of(queries.told(scope, scope.row), queries.progress(scope), queries.names(scope), look)
