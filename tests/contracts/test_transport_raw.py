"""What do the raw middlewares do with what a real server may hand them? Asked without a client that tidies up."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import anyio
import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.head import Head
from app.kit.intake import Intake
from tests.world import World

REQUEST = {"type": "http.request", "body": b"", "more_body": False}
GONE = {"type": "http.disconnect"}


class Inner:
    """An application that notes what reaches it and answers a body."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bytes]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append((scope["method"], (await receive())["body"]))
        scope["route"] = "found"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await send({"type": "http.response.body", "body": b"text"})


def ask(app: ASGIApp, *messages: Message, **over: Any) -> list[Message]:
    """What the application sends when the server says these things."""
    scope = {"type": "http", "method": "POST", "path": "/x", "query_string": b"", "headers": [], "scheme": "http"}
    scope |= {"server": ("test", 80), **over}
    waiting, sent = [*messages, GONE], []

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    anyio.run(app, scope, receive, send)
    return sent


def test_what_comes_in_pieces_arrives_whole() -> None:
    inner = Inner()
    pieces = [{"type": "http.request", "body": body, "more_body": body != b"c"} for body in (b"a", b"b", b"c")]
    assert ask(Intake(inner, 3, "/json"), *pieces)[0]["status"] == 200
    assert inner.asked == [("POST", b"abc")]


def test_half_a_body_is_not_taken_for_a_whole_one() -> None:
    inner = Inner()
    assert ask(Intake(inner, 99, "/json"), {"type": "http.request", "body": b"1", "more_body": True}) == []
    assert inner.asked == []


@pytest.mark.parametrize(
    ("over", "status"),
    [
        ({"path": "/x\0"}, 404),
        ({"query_string": b"name=%00"}, 422),
        ({"headers": [(b"content-length", b"-1")]}, 413),
        ({"headers": [(b"content-length", b"9" * 5000)]}, 413),
    ],
)
def test_what_nothing_inside_should_meet(over: dict[str, Any], status: int) -> None:
    inner = Inner()
    assert ask(Intake(inner, 99, "/json"), REQUEST, **over)[0]["status"] == status
    assert inner.asked == []


@pytest.mark.parametrize("app", [lambda inner: Intake(inner, 9, "/json"), Head])
def test_what_is_not_http_passes(app: Any) -> None:
    seen: list[str] = []

    async def inner(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    ask(app(inner), type="lifespan")
    assert seen == ["lifespan"]


def test_head_asks_as_get_and_keeps_the_content_back() -> None:
    inner = Inner()
    start, body = ask(Head(inner), REQUEST, method="HEAD")
    assert inner.asked == [("GET", b"")]
    assert start["headers"] == [(b"content-length", b"4")]
    assert body["body"] == b""
    assert ask(Head(Inner()), REQUEST, method="GET")[1]["body"] == b"text"


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    """The application behind a real server."""
    server = uvicorn.Server(uvicorn.Config(world.app, host="127.0.0.1", port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_a_real_server_frames_head_and_refusals(address: str) -> None:
    """One connection for all: a wrong frame would spoil the next answer."""
    with httpx.Client(base_url=address) as client:
        for path in ("/healthz", "/mentorskap/v1/api-info", "/nothing", "/mentorskap/v1/me"):
            got, head = client.get(path), client.head(path)
            assert (head.status_code, head.content) == (got.status_code, b"")
            lengths = [answer.headers["content-length"] for answer in (got, head)]
            assert lengths[0] == lengths[1] == str(len(got.content))
        large = client.post("/mentorskap/v1/partners", content=(b" " * 65536 for _ in range(64)))
        assert (large.status_code, large.json()["code"]) == (413, "request.too_large")
        assert client.get("/healthz").status_code == 200
