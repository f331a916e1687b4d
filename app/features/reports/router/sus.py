"""Rows for the follow-up of joint efforts over HTTP, as data or as a table."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.programs.tables import Program
from app.features.reports import queries
from app.features.reports.schemas import SusQuery, SusRow, SusSituation
from app.kit.accept import JSON, preferred
from app.kit.pages import Page, answer_items
from app.kit.spreadsheets import CSV, XLSX, Sheet, Value, as_csv, as_workbook

router = APIRouter(tags=["reports"])
Accept = Annotated[str, Header(max_length=1000, include_in_schema=False)]
LARGEST = 20_000_000
FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            CSV: {"schema": {"type": "string", "maxLength": LARGEST}},
            XLSX: {"schema": {"type": "string", "format": "binary", "maxLength": LARGEST}},
        }
    }
}
HEADINGS = (
    "Anonym", "År", "Kön", "Födelseår", "Inskrivning", "In", "In under perioden", "Ut", "Avslut",
    "Före: dag", "Före: försörjning", "Före: sysselsättning", "Före: omfattning", "Före: utbildning",
    "Efter: dag", "Efter: försörjning", "Efter: sysselsättning", "Efter: omfattning", "Efter: utbildning",
    "Påbörjat eller ökat", "Offentlig försörjning upphörde",
)  # fmt: skip


@router.get(
    "/programs/{programId}/exports/sus",
    operation_id="listSusRows",
    summary="In and out, before and after",
    response_model=Page[SusRow],
    responses=FORMS,
)
def list_sus_rows(
    scope: Annotated[Scope[Program], on(Program, Permission.OUTCOME_EXPORT_READ)],
    query: Annotated[SusQuery, Query()],
    accept: Accept = "*/*",
) -> Response:
    """Each enrolment of the tertial, without names; a table holds all of them. / Varje inskrivning, utan namn."""
    media = preferred(accept, (JSON, CSV, XLSX))
    if media == JSON:
        rows, total = queries.sus_page(scope, query)
        return answer_items(scope.exchange, SusRow, rows, query, total)
    export = queries.sus_export(scope, query)
    scope.exchange.shown.extend(export.rows)
    sheet = Sheet("SUS", HEADINGS, [_cells(row) for row in export.rows])
    body = as_csv(sheet) if media == CSV else as_workbook([sheet], scope.now)
    name = f"sus-{export.period_id}.{'csv' if media == CSV else 'xlsx'}"
    headers = {
        "Vary": "Accept",
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(body, media_type=media, headers=headers)


def _cells(row: SusRow) -> Sequence[Value]:
    enrolment = None if row.enrolment_id is None else str(row.enrolment_id)
    return (
        row.is_anonymous,
        row.year,
        row.gender.value,
        row.birth_year,
        enrolment,
        row.entered_on,
        row.is_entry,
        row.exited_on,
        row.end,
        *_situation(row.before),
        *_situation(row.after),
        row.has_increased,
        row.public_support_ended,
    )


def _situation(said: SusSituation | None) -> Sequence[Value]:
    if said is None:
        return (None,) * 5
    education = None if said.education is None else said.education.value
    return said.observed_on, said.income_source.value, said.occupation.value, said.extent_percent, education
