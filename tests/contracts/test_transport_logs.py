"""Do the logs follow every request, and say nothing that belongs to a person?"""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.roles import Role
from app.kit.telemetry import JsonLines, configure_logs
from tests.contracts.test_transport import TRACE, api_of
from tests.world import World

SECRETS = ("Påhittad", "-1212", "hemligt@example.org", "?", "filter", "lösenfras", "eyJ")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the application's log would print."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("mentorskap")
    before = (logger.level, logger.propagate)
    logger.addHandler(handler)
    logger.setLevel("DEBUG")
    logger.propagate = False
    yield stream
    logger.removeHandler(handler)
    logger.level, logger.propagate = before


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_is_one_line_with_its_template(world: World, written: io.StringIO) -> None:
    client = world.client(Role.SYSTEM_ADMINISTRATOR)
    partner = world.partner()
    trace = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    for method in ("GET", "HEAD"):
        client.call(method, f"/partners/{partner}", headers=trace)
    got, head = lines(written)
    assert (got["method"], got["status"], got["traceId"]) == ("GET", 200, TRACE)
    assert got["route"].endswith("/partners/{partnerId}")
    assert (head["method"], head["route"]) == ("HEAD", got["route"])
    assert got["milliseconds"] >= 0
    assert str(partner) not in written.getvalue()


def test_logs_hold_no_personal_value_and_no_query(world: World, written: io.StringIO) -> None:
    login = {"email": "hemligt@example.org", "password": "en lösenfras", "Påhittad": "19121212-1212"}
    world.anonymous.post("/auth/sessions", login)
    world.anonymous.post("/auth/sessions", {key: login[key] for key in ("email", "password")})
    world.anonymous.get("/partners?filter=19121212-1212")
    world.anonymous.get("/Påhittad/19121212-1212", headers={"Authorization": "Bearer eyJhbGciOi"})
    world.client(Role.COORDINATOR).get("/me?filter=Påhittad")
    assert len(lines(written)) >= 5
    for secret in SECRETS:
        assert secret not in written.getvalue()


def test_a_fault_is_one_line_with_its_place_and_without_its_text(world: World, written: io.StringIO) -> None:
    def fail(name: str) -> None:
        raise LookupError(name)

    api_of(world).add_api_route("/log-faults", lambda: fail("Påhittad Person, 19121212-1212"))
    response = world.anonymous.get("/log-faults")
    assert response.status_code == 500
    (fault,) = [line for line in lines(written) if line["level"] == "error"]
    assert (fault["exception"], fault["traceId"]) == ("LookupError", response.json()["traceId"])
    assert fault["where"][-1].endswith(" fail")
    for secret in SECRETS:
        assert secret not in written.getvalue()


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The whole logging as a running process has it, on a stream of ours."""
    names = ("", "mentorskap", "uvicorn.error", "dbos")
    before = {name: (logging.getLogger(name).handlers, logging.getLogger(name).propagate) for name in names}
    levels = {name: logging.getLogger(name).level for name in names}
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logs("INFO")
    yield stream
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = before[name]
        logger.setLevel(levels[name])


@pytest.mark.parametrize("name", ["mentorskap", "uvicorn.error", "dbos", "sqlalchemy.pool"])
def test_everything_is_json_without_the_text_of_exceptions(configured: io.StringIO, name: str) -> None:
    try:
        int("Påhittad Person, 19121212-1212")
    except ValueError:
        logging.getLogger(name).exception("it failed")
    (line,) = lines(configured)
    assert (line["level"], line["logger"], line["message"]) == ("error", name, "it failed")
    assert "Påhittad" not in configured.getvalue()
