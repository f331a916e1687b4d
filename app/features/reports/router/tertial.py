"""Tertial reports over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.programs.tables import Program
from app.features.reports import queries
from app.features.reports.router.table import MEDIA_TYPE, as_csv, prefers_csv
from app.features.reports.schemas import TertialQuery, TertialReport
from app.kit.wire import answer

router = APIRouter(tags=["reports"])
Accept = Annotated[str, Header(max_length=1000, include_in_schema=False)]
TABLE: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "maxLength": 20_000_000}}}}
}


@router.get(
    "/programs/{programId}/reports/tertial",
    operation_id="getProgramTertialReport",
    summary="A program's tertial for the committee",
    response_model=TertialReport,
    responses=TABLE,
)
def get_program_tertial_report(
    scope: Annotated[Scope[Program], on(Program, Permission.REPORT_READ)],
    query: Annotated[TertialQuery, Query()],
    accept: Accept = "*/*",
) -> Response:
    """One program's figures, each with population, period and rule. / Programmets siffror med population och regel."""
    return _answer(scope, queries.program_report(scope, query), accept)


@router.get(
    "/reports/tertial",
    operation_id="getTertialReport",
    summary="The tertial for the committee",
    response_model=TertialReport,
    responses=TABLE,
)
def get_tertial_report(
    scope: Annotated[Scope[None], anywhere(Permission.REPORT_READ)],
    query: Annotated[TertialQuery, Query()],
    accept: Accept = "*/*",
) -> Response:
    """Every program where your organisation reports. / Alla program som er organisation rapporterar för."""
    return _answer(scope, queries.report(scope, query), accept)


def _answer(scope: Scope[Any], report: TertialReport, accept: str) -> Response:
    headers = {"Vary": "Accept", "Cache-Control": "no-store"}
    if not prefers_csv(accept):
        return answer(scope.exchange, TertialReport, report, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="tertial-{report.period.id}.csv"'
    return Response(as_csv(report), media_type=MEDIA_TYPE, headers=headers)
