"""Imports over HTTP: asked for, given their file, followed, and told of row by row."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from app.domain.roles import Permission
from app.features.access.guards import admission, file_limit, on, outbox
from app.features.access.scope import Scope
from app.features.imports import actions, queries
from app.features.imports.schemas import ImportCreate, ImportRead, ImportResult, ImportRowQuery, ImportRowRead
from app.features.imports.tables import Import
from app.features.partners.tables import Partner
from app.kit.accept import JSON, preferred
from app.kit.jobs import Outbox
from app.kit.pages import Page, PageQuery, answer_items
from app.kit.spreadsheets import CSV, XLSX, Sheet, as_csv
from app.kit.uploads import NDJSON, Upload, spooled
from app.kit.wire import answer

router = APIRouter(tags=["imports"])
LARGEST = 2**27
ROWS: dict[str, Any] = {
    "type": "object",
    "required": ["rows"],
    "additionalProperties": False,
    "properties": {"rows": {"type": "array", "maxItems": 100_000, "items": {"type": "object", "maxProperties": 1000}}},
}
EXAMPLE = {
    "rows": [{"externalId": "17", "förnamn": "Påhittad", "efternamn": "Person", "född": "1980-05-17", "kön": "kvinna"}]
}
FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file itself. / Själva filen.",
        "content": {
            CSV: {"schema": {"type": "string", "maxLength": LARGEST}},
            NDJSON: {
                "schema": {"type": "string", "maxLength": LARGEST},
                "example": json.dumps(EXAMPLE["rows"][0]) + "\n",
            },
            XLSX: {"schema": {"type": "string", "format": "binary", "maxLength": LARGEST}},
            JSON: {"schema": ROWS, "example": EXAMPLE},
        },
    }
}
FORMS: dict[int | str, dict[str, Any]] = {200: {"content": {CSV: {"schema": {"type": "string", "maxLength": LARGEST}}}}}
HEADINGS = (
    "rad",
    "externt id",
    "utfall",
    "deltagare",
    "kod",
    "fält",
    "meddelande",
    "ändrade fält",
    "möjliga dubbletter",
)


async def file_of(
    request: Request,
    _: Annotated[None, admission(Import, Permission.IMPORT_CREATE)],
    most_bytes: Annotated[int, Depends(file_limit)],
) -> AsyncIterator[Upload]:
    """The file, read after its sender was admitted and while no transaction is open."""
    async with spooled(request, most_bytes) as upload:
        yield upload


@router.post(
    "/partners/{partnerId}/imports",
    operation_id="createImport",
    summary="Announce a file of rows",
    status_code=201,
    response_model=ImportRead,
)
def create_import(
    scope: Annotated[Scope[Partner], on(Partner, Permission.IMPORT_CREATE)], body: ImportCreate
) -> Response:
    """Say what the rows are; then PUT the file to the import's `/file`. / Tala om vad raderna är; skicka sedan filen."""
    made = actions.request_import(scope, body)
    address = f"{scope.exchange.path.partition('/partners/')[0]}/imports/{made.id}"
    scope.session.flush()
    return answer(scope.exchange, ImportRead, queries.read_import(made), status=201, location=address)


@router.get(
    "/partners/{partnerId}/imports",
    operation_id="listImports",
    summary="List imports",
    response_model=Page[ImportRead],
)
def list_imports(
    scope: Annotated[Scope[Partner], on(Partner, Permission.IMPORT_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """The latest first. / De senaste först."""
    found, total = queries.page_of_imports(scope, query)
    return answer_items(scope.exchange, ImportRead, found, query, total)


@router.get("/imports/{importId}", operation_id="getImport", summary="Read an import", response_model=ImportRead)
def get_import(scope: Annotated[Scope[Import], on(Import, Permission.IMPORT_READ)]) -> Response:
    """How far it is, and what its file was found to be. / Hur långt den har kommit, och vad filen visade sig vara."""
    return answer(scope.exchange, ImportRead, queries.read_import(scope.row))


@router.put(
    "/imports/{importId}/file",
    operation_id="uploadImportFile",
    summary="Send the file of an import",
    status_code=202,
    response_model=ImportRead,
    openapi_extra=FILE,
)
def upload_import_file(
    upload: Annotated[Upload, Depends(file_of)],  # before the guard: its transaction begins when the file is here
    scope: Annotated[Scope[Import], on(Import, Permission.IMPORT_CREATE, is_conditional=False, is_file=True)],
    jobs: Annotated[Outbox, Depends(outbox)],
) -> Response:
    """CSV, NDJSON or XLSX of at most 64 MiB, or JSON of at most 1 MiB. The same file again changes nothing.

    CSV, NDJSON eller XLSX på högst 64 MiB, eller JSON på högst 1 MiB. Samma fil en gång till ändrar ingenting.
    """
    row = actions.receive_file(scope, jobs, upload)
    scope.session.flush()
    address = scope.exchange.path.removesuffix("/file")
    return answer(scope.exchange, ImportRead, queries.read_import(row), status=202, location=address)


@router.get(
    "/imports/{importId}/rows",
    operation_id="listImportRows",
    summary="List what became of the rows",
    response_model=Page[ImportRowRead],
)
def list_import_rows(
    scope: Annotated[Scope[Import], on(Import, Permission.IMPORT_READ)], query: Annotated[ImportRowQuery, Query()]
) -> Response:
    """By line; what stood in a cell is not repeated. / Efter rad; vad som stod i en cell upprepas inte."""
    found, total = queries.rows_of(scope, query)
    return answer_items(scope.exchange, ImportRowRead, found, query, total)


@router.get(
    "/imports/{importId}/result",
    operation_id="getImportResult",
    summary="Read what became of every row",
    response_model=ImportResult,
    responses=FORMS,
)
def get_import_result(
    request: Request, scope: Annotated[Scope[Import], on(Import, Permission.IMPORT_READ)]
) -> Response:
    """All rows at once, as JSON or CSV by Accept. / Alla rader på en gång, som JSON eller CSV enligt Accept."""
    items = queries.all_rows(scope)
    if preferred(request.headers.get("accept", JSON), (JSON, CSV)) == JSON:
        return answer(scope.exchange, ImportResult, {"import_id": scope.row.id, "items": items})
    scope.exchange.shown.append(items)
    body = as_csv(Sheet("resultat", HEADINGS, [_cells(one) for one in items]))
    named = {"Content-Disposition": f'attachment; filename="import-{scope.row.id}.csv"', "Cache-Control": "no-store"}
    return Response(body, media_type=CSV, headers=named)


@router.post(
    "/imports/{importId}/cancellation",
    operation_id="cancelImport",
    summary="Call off an import",
    response_model=ImportRead,
)
def cancel_import(scope: Annotated[Scope[Import], on(Import, Permission.IMPORT_CREATE)]) -> Response:
    """Nothing more is applied; row by row, what was applied stays. / Inget mer införs; införda rader står kvar."""
    row = actions.cancel_import(scope)
    scope.session.flush()
    return answer(scope.exchange, ImportRead, queries.read_import(row))


def _cells(one: ImportRowRead) -> tuple[str | int | None, ...]:
    person = str(one.participant_id) if one.participant_id else None
    outcome = one.outcome.value
    return (
        one.line,
        one.external_id,
        outcome,
        person,
        one.problem_code,
        one.pointer,
        one.message,
        ", ".join(one.changed_fields),
        one.possible_duplicates,
    )
