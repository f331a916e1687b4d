"""Does an operation on its way out say so, in every answer and in the document, by one line on its route?"""

import contextlib
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI, Response

from app import main
from app.features.access.guards import PUBLIC, Visit
from app.kit.problems import Problem
from app.kit.retirement import Retirement, retires
from app.kit.wire import answer
from app.settings import Settings
from tests.world import World

SINCE, UNTIL = date(2026, 1, 1), date(2027, 1, 1)
SUCCESSOR = "/mentorskap/v1/catalogue/programs/{programId}"
router = APIRouter(tags=["about"])


@router.get("/old-programs/{programId}", operation_id="getOldProgram", summary="An old program", response_model=str)
@retires(SINCE, UNTIL, SUCCESSOR)
def get_old_program(visit: Annotated[Visit, PUBLIC], programId: str) -> Response:  # noqa: N803  the path's own name
    """A program as it was told before. / Ett program som det berättades förr."""
    if programId == "refused":
        raise Problem("resource.not_found")
    return answer(visit.exchange, str, programId)


@pytest.fixture
def retiring(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Iterator[World]:
    """The application with one operation that is on its way out."""
    monkeypatch.setattr(main, "ROUTERS", (*main.ROUTERS, router))
    with World.open(database_url) as world:
        yield world


def announced(response: Any) -> list[str | None]:
    return [response.headers.get(name) for name in ("Deprecation", "Sunset", "Link")]


def test_every_answer_of_it_tells_when_it_ends_and_what_follows(retiring: World) -> None:
    found = retiring.anonymous.get("/old-programs/p1")
    assert (found.status_code, found.json()) == (200, "p1")
    assert announced(found) == [
        "@1767225600",
        "Fri, 01 Jan 2027 00:00:00 GMT",
        '</mentorskap/v1/catalogue/programs/p1>; rel="successor-version"',
    ]
    refused = retiring.anonymous.get("/old-programs/refused")
    assert refused.status_code == 404
    assert announced(refused)[0] == "@1767225600"
    assert announced(retiring.anonymous.call("HEAD", "/old-programs/p1"))[0] == "@1767225600"


def test_no_other_operation_says_it(retiring: World) -> None:
    assert announced(retiring.anonymous.get("/api-info")) == [None, None, None]
    assert announced(retiring.anonymous.get("/nothing-here")) == [None, None, None]


def test_the_document_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "ROUTERS", (*main.ROUTERS, router))
    told: FastAPI = main.create_api(None, Settings())
    operation = told.openapi()["paths"]["/old-programs/{programId}"]["get"]
    assert operation["deprecated"] is True
    english, _, swedish = operation["description"].partition(" / ")
    assert english.endswith(f"Deprecated: it ends on 2027-01-01; use {SUCCESSOR}.")
    assert swedish.endswith(f"Utfasas: upphör 2027-01-01; använd {SUCCESSOR}.")
    assert {"Deprecation", "Sunset"} <= operation["responses"]["200"]["headers"].keys()
    assert {"Deprecation", "Sunset"} <= told.openapi()["components"]["headers"].keys()


@pytest.mark.parametrize(("successor", "fits"), [("/mentorskap/v1/nowhere", False), ("/mentorskap/v2/programs", True)])
def test_a_successor_in_this_version_must_be_there(
    monkeypatch: pytest.MonkeyPatch, successor: str, *, fits: bool
) -> None:
    monkeypatch.setattr(get_old_program, "retirement", Retirement(SINCE, UNTIL, successor))
    monkeypatch.setattr(main, "ROUTERS", (*main.ROUTERS, router))
    with contextlib.nullcontext() if fits else pytest.raises(LookupError, match="nowhere"):
        main.describe(Settings())


def test_what_was_asked_cannot_break_out_of_the_header(retiring: World) -> None:
    for hostile in ("%3E%3B%20rel%3Dx", "a%22%2C%0Db"):
        found = retiring.anonymous.get(f"/old-programs/{hostile}")
        assert announced(found)[2] == f'</mentorskap/v1/catalogue/programs/{hostile}>; rel="successor-version"'


@pytest.mark.parametrize(
    ("sunset", "successor"), [(date(2025, 12, 31), SUCCESSOR), (UNTIL, "https://elsewhere.example/programs")]
)
def test_a_declaration_that_cannot_be_kept_is_refused(sunset: date, successor: str) -> None:
    with pytest.raises(ValueError, match=r"cannot end before|a path from the server"):
        Retirement(SINCE, sunset, successor)
