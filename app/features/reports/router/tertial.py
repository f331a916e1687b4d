"""Tertial reports over HTTP, as data, as a table, as a page and as a printed document."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.programs.tables import Program
from app.features.reports import queries
from app.features.reports.router.document import More, nothing_more
from app.features.reports.router.page import as_page
from app.features.reports.router.printed import as_pdf
from app.features.reports.router.program_document import AboutProgram
from app.features.reports.router.table import excluded_sheet, figures_sheet
from app.features.reports.schemas import ExcludedRecord, ExclusionQuery, TertialQuery, TertialReport
from app.kit.accept import JSON, preferred
from app.kit.booklets import HEADERS, HTML
from app.kit.pages import Page, answer_items
from app.kit.pdf import MEDIA_TYPE as PDF
from app.kit.spreadsheets import CSV, XLSX, as_csv, as_workbook
from app.kit.wire import answer

router = APIRouter(tags=["reports"])
Accept = Annotated[str, Header(max_length=1000, include_in_schema=False)]
LARGEST = 20_000_000
TEXT = {"schema": {"type": "string", "maxLength": LARGEST}}
BINARY = {"schema": {"type": "string", "format": "binary", "maxLength": LARGEST}}
FORMS: dict[int | str, dict[str, Any]] = {200: {"content": {CSV: TEXT, HTML: TEXT, XLSX: BINARY, PDF: BINARY}}}
About = Callable[[], AboutProgram]
"""Asked only for the forms that tell of more than the figures."""


def _workbook(report: TertialReport, about: About | None) -> bytes:
    sheets = [figures_sheet(report), excluded_sheet(report), *(about().sheets() if about else ())]
    return as_workbook(sheets, report.as_of)


def _more(about: About | None) -> More:
    return about().chapters if about else nothing_more


RENDERED: Mapping[str, tuple[str, Callable[[TertialReport, About | None], bytes]]] = {
    CSV: ("csv", lambda report, _: as_csv(figures_sheet(report))),
    XLSX: ("xlsx", _workbook),
    HTML: ("html", lambda report, about: as_page(report, _more(about))),
    PDF: ("pdf", lambda report, about: as_pdf(report, _more(about))),
}


@router.get(
    "/programs/{programId}/reports/tertial",
    operation_id="getProgramTertialReport",
    summary="A program's tertial for the committee",
    response_model=TertialReport,
    responses=FORMS,
)
def get_program_tertial_report(
    scope: Annotated[Scope[Program], on(Program, Permission.REPORT_READ)],
    query: Annotated[TertialQuery, Query()],
    accept: Accept = "*/*",
) -> Response:
    """One program's figures, each with population, period and rule. / Programmets siffror med population och regel.

    As a page, in print and as a workbook also the targets, the success factors and what each partner gave.
    """

    def about() -> AboutProgram:
        results = queries.targets(scope)
        return AboutProgram(results, queries.scorecard(scope, query, results), queries.partners(scope, query))

    return _answer(scope, queries.program_report(scope, query), accept, about)


@router.get(
    "/programs/{programId}/reports/tertial/exclusions",
    operation_id="listTertialExclusions",
    summary="Which records did not count?",
    response_model=Page[ExcludedRecord],
)
def list_tertial_exclusions(
    scope: Annotated[Scope[Program], on(Program, Permission.REPORT_READ)], query: Annotated[ExclusionQuery, Query()]
) -> Response:
    """Each record with the rule by which it did not count. / Varje post med regeln som gör att den inte räknas."""
    items, total = queries.exclusions(scope, query)
    return answer_items(scope.exchange, ExcludedRecord, items, query, total)


@router.get(
    "/reports/tertial",
    operation_id="getTertialReport",
    summary="The tertial for the committee",
    response_model=TertialReport,
    responses=FORMS,
)
def get_tertial_report(
    scope: Annotated[Scope[None], anywhere(Permission.REPORT_READ)],
    query: Annotated[TertialQuery, Query()],
    accept: Accept = "*/*",
) -> Response:
    """Every program where your organisation reports. / Alla program som er organisation rapporterar för."""
    return _answer(scope, queries.report(scope, query), accept)


def _answer(scope: Scope[Any], report: TertialReport, accept: str, about: About | None = None) -> Response:
    headers = {"Vary": "Accept", "Cache-Control": "no-store"}
    media = preferred(accept, (JSON, *RENDERED))
    if media == JSON:
        return answer(scope.exchange, TertialReport, report, headers=headers)
    ending, render = RENDERED[media]
    if media in {CSV, XLSX}:
        headers["Content-Disposition"] = f'attachment; filename="tertial-{report.period.id}.{ending}"'
    else:
        headers |= HEADERS
    return Response(render(report, about), media_type=media, headers=headers)
