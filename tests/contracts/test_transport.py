"""Does every error speak RFC 9457 in the caller's language, and do HTTP's own habits hold on every address?"""

from contextlib import ExitStack, closing
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.routing import Mount

from app.domain.errors import catalogue
from app.domain.roles import Role
from app.kit.ids import new_id
from app.main import BASE_PATH
from tests.world import Client, World

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
MEMBERS = {"type", "title", "status", "detail", "instance", "code", "traceId", "errors", "context"}


def api_of(world: World) -> FastAPI:
    (mounted,) = [route.app for route in world.app.routes if isinstance(route, Mount) and route.path == BASE_PATH]
    assert isinstance(mounted, FastAPI)
    return mounted


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document, after everything that holds for all of them has been checked."""
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json"), (
        response.text
    )
    body: dict[str, Any] = response.json()
    assert set(body) == MEMBERS
    assert (body["code"], body["status"]) == (code, status)
    assert body["type"].endswith(f"/problems/{code}")
    assert body["traceId"] == response.headers["traceparent"].split("-")[1]
    assert response.headers["cache-control"] == "no-store"
    return body


@pytest.fixture(scope="module")
def administrator(world: World) -> Client:
    return world.client(Role.SYSTEM_ADMINISTRATOR)


@pytest.mark.parametrize(
    "path", ["/nothing", "/partners/", "/partners/%00", "//root/nothing", "//root/mentorskap/v2/me"]
)
def test_an_unknown_address_is_a_problem(administrator: Client, path: str) -> None:
    problem(administrator.get(path), 404, "resource.not_found")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/partners", "GET, HEAD, POST"),
        ("/partners/0199c0de-0000-7000-8000-000000000000", "GET, HEAD, PATCH"),
        ("/auth/sessions", "POST"),
        ("//root/healthz", "GET, HEAD"),
        ("//root/oauth/token", "POST"),
    ],
)
def test_a_method_that_is_not_there_names_those_that_are(administrator: Client, path: str, allowed: str) -> None:
    for method in ("DELETE", "OPTIONS", "TRACE"):
        response = administrator.call(method, path)
        problem(response, 405, "request.method_not_allowed")
        assert response.headers["allow"] == allowed


@pytest.mark.parametrize("path", ["/api-info", "/me", "/partners?limit=1", "//root/healthz", "//root/docs"])
def test_head_answers_like_get_without_the_content(administrator: Client, path: str) -> None:
    got, head = administrator.get(path), administrator.call("HEAD", path)
    assert (head.status_code, head.content) == (200, b"")
    assert got.content
    different = {"traceparent"}
    assert {k: v for k, v in head.headers.items() if k not in different} == {
        k: v for k, v in got.headers.items() if k not in different
    }


def test_head_is_refused_like_get(world: World, administrator: Client) -> None:
    assert world.anonymous.call("HEAD", "/me").status_code == 401
    assert administrator.call("HEAD", "/auth/sessions").status_code == 405
    assert administrator.call("HEAD", f"/partners/{new_id()}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("sv", "sv"),
        ("sv-SE, sv;q=0.9, en;q=0.8", "sv"),
        ("en;q=0.8, sv; q=0.9", "sv"),
        ("sv; q=0.1, en", "en"),
        ("de, fi", "en"),
        ("svx", "en"),
        ("sv;q=0", "en"),
        ("sv;q=much, *", "en"),
    ],
)
def test_the_title_is_in_the_language_asked_for(world: World, asked: str, language: str) -> None:
    response = world.anonymous.get("/me", headers={"Accept-Language": asked})
    told = problem(response, 401, "auth.token_missing")
    assert told["title"] == getattr(catalogue()["auth.token_missing"], language)
    assert response.headers["content-language"] == language
    assert "Accept-Language" in response.headers["vary"]
    assert response.headers["www-authenticate"].startswith("Bearer")


def test_a_trace_is_continued(world: World) -> None:
    response = world.anonymous.get("/me", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
    version, trace, span, _ = response.headers["traceparent"].split("-")
    assert (version, trace, len(span)) == ("00", TRACE, 16)
    assert span != "00f067aa0ba902b7"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "rubbish",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-1-01",
    ],
)
def test_a_trace_is_invented(world: World, header: str | None) -> None:
    response = world.anonymous.get("/api-info", headers={} if header is None else {"traceparent": header})
    trace = response.headers["traceparent"].split("-")[1]
    assert trace not in {TRACE, "0" * 32}
    assert len(trace) == 32


@pytest.mark.parametrize(
    "path", ["/partners?page=%00", "/partners?page=0", "/partners?limit=201", "/partners?colour=red"]
)
def test_a_query_is_as_strict_as_a_body(administrator: Client, path: str) -> None:
    problem(administrator.get(path), 422, "request.invalid")


def test_a_query_that_no_operation_takes_is_refused(administrator: Client) -> None:
    problem(administrator.get("/me?colour=red"), 422, "request.query_unknown")
    problem(administrator.get("/api-info?colour=red"), 422, "request.query_unknown")


@pytest.fixture(scope="module")
def faulty(world: World) -> World:
    """Two routes whose faults say something personal."""

    def fail() -> None:
        raise LookupError("Påhittad Person, 19121212-1212")

    api_of(world).add_api_route("/faults", fail)
    world.app.add_api_route("/faults", fail)
    return world


@pytest.mark.parametrize("path", ["/faults", "//root/faults"])
def test_a_fault_tells_nothing(faulty: World, path: str) -> None:
    response = faulty.anonymous.get(path, headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
    told = problem(response, 500, "service.unexpected")
    assert told["traceId"] == TRACE
    for secret in ("Påhittad", "1212", "LookupError", "Traceback", ".py"):
        assert secret not in response.text


ORIGIN = "https://frontend.example"


def test_a_known_frontend_may_call_and_read_the_headers(database_url: str) -> None:
    with World.open(database_url, allowed_origins=[ORIGIN]) as world:
        asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
        asked["Access-Control-Request-Headers"] = "authorization, if-match, idempotency-key"
        preflight = world.anonymous.call("OPTIONS", "/partners", headers=asked)
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == ORIGIN
        assert "PATCH" in preflight.headers["access-control-allow-methods"]

        refused = world.anonymous.get("/me", headers={"Origin": ORIGIN})
        assert refused.headers["access-control-allow-origin"] == ORIGIN
        exposed = refused.headers["access-control-expose-headers"]
        for header in ("ETag", "Location", "Link", "traceparent", "Retry-After"):
            assert header in exposed


def test_an_unknown_frontend_gets_no_leave(world: World) -> None:
    asked = {"Origin": "https://other.example", "Access-Control-Request-Method": "GET"}
    assert "access-control-allow-origin" not in world.anonymous.call("OPTIONS", "/me", headers=asked).headers
    assert "access-control-allow-origin" not in world.anonymous.get("/api-info", headers=asked).headers


def bearer(world: World) -> dict[str, str]:
    token = world.runtime.issuer.issue(
        sub=new_id(), role=Role.COORDINATOR.value, ver=1, now=world.clock(), sid=new_id()
    )
    return {"Authorization": f"Bearer {token}"}


def test_a_database_that_does_not_answer_is_503() -> None:
    with World.open("postgresql+psycopg://nobody@127.0.0.1:1/nothing") as world:
        response = world.anonymous.get("/me", headers=bearer(world))
        problem(response, 503, "service.database_unreachable")
        assert int(response.headers["retry-after"]) > 0
        assert "127.0.0.1" not in response.text
        assert world.anonymous.get("//root/readyz").status_code == 503
        assert world.anonymous.get("//root/healthz").status_code == 200


def test_a_full_pool_is_503(world: World) -> None:
    with ExitStack() as held:
        for _ in range(25):  # twenty, and five that the pool may overflow by
            held.enter_context(world.runtime.database.engine.connect())
        response = world.anonymous.get("/me", headers=bearer(world))
    problem(response, 503, "service.busy")
    assert response.headers["retry-after"] == "1"


def test_a_row_that_somebody_else_holds_is_409(world: World) -> None:
    partner = world.partner()
    client = world.client(Role.PARTNER_ADMINISTRATOR, partner)
    with closing(world.runtime.database.engine.connect()) as other:
        other.execute(text("select 1 from partner where id = :id for update"), {"id": partner})
        response = client.patch(f"/partners/{partner}", {"website": None})
    problem(response, 409, "resource.busy")
    assert response.headers["retry-after"] == "1"
