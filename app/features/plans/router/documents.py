"""A plan as a page and in print, over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Response

from app.domain.errors import RuleViolation
from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.plans import queries
from app.features.plans.router.document import document_of
from app.features.plans.tables import Plan
from app.kit.booklets import HEADERS, HTML, IN_PRINT, ON_SCREEN, as_page, as_print
from app.kit.pdf import MEDIA_TYPE as PDF
from app.kit.pdf import UnprintableError

router = APIRouter(tags=["plans"])
Seen = Annotated[Scope[Plan], on(Plan, Permission.PLAN_READ)]
LARGEST = 20_000_000
PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {HTML: {"schema": {"type": "string", "maxLength": LARGEST}}}}}
PRINT: dict[int | str, dict[str, Any]] = {
    200: {"content": {PDF: {"schema": {"type": "string", "format": "binary", "maxLength": LARGEST}}}}
}


@router.get(
    "/plans/{planId}/page",
    operation_id="getPlanPage",
    summary="A plan as a page",
    response_class=Response,
    responses=PAGE,
)
def get_plan_page(scope: Seen) -> Response:
    """In Swedish, for the committee and everybody else. / På svenska, för nämnden och alla andra."""
    said = document_of(queries.told(scope, scope.row), queries.progress(scope), queries.names(scope), ON_SCREEN)
    return Response(as_page(said), media_type=HTML, headers=dict(HEADERS))


@router.get(
    "/plans/{planId}/document",
    operation_id="getPlanDocument",
    summary="A plan in print",
    response_class=Response,
    responses=PRINT,
)
def get_plan_document(scope: Seen) -> Response:
    """PDF/UA-1, in Swedish, for the committee's case. / PDF/UA-1, på svenska, till nämndens ärende."""
    said = document_of(queries.told(scope, scope.row), queries.progress(scope), queries.names(scope), IN_PRINT)
    try:
        printed = as_print(said, scope.now)
    except UnprintableError:
        raise RuleViolation("plan.not_printable") from None
    return Response(printed, media_type=PDF, headers=dict(HEADERS))
