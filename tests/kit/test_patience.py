"""Does waiting end when the caller goes, when nothing can be seen, and when the time is up?"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from app.kit import patience
from app.kit.patience import Patience, heed, wanted_seconds


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "SECONDS_BETWEEN_LOOKS", 0.02)


class Caller:
    """One request with a body, and what came back; goes away after so many seconds."""

    def __init__(self, prefer: str = "wait=5", goes_after: float = 60, method: str = "GET") -> None:
        headers = [(b"prefer", prefer.encode())] if prefer else []
        self.scope: Scope = {"type": "http", "method": method, "headers": headers}
        self.goes_after = goes_after
        self.got: list[Message] = []
        self.is_first = True

    async def receive(self) -> Message:
        if self.is_first:
            self.is_first = False
            return {"type": "http.request", "body": b"asked", "more_body": False}
        await asyncio.sleep(self.goes_after)
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.got.append(message)

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.got[0]["headers"])


class Operation:
    """Answers how often it has been asked; has something to tell from the `news`th time on."""

    def __init__(self, news: int) -> None:
        self.news = news
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.bodies.append((await receive()).get("body", b""))
        scope["route"] = "found"
        heed(scope, is_nothing_yet=len(self.bodies) < self.news)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(len(self.bodies)).encode()})


def ask(operation: Any, caller: Caller, look: Callable[[], Any]) -> float:
    began = time.monotonic()
    asyncio.run(Patience(operation, look)(caller.scope, caller.receive, caller.send))
    return time.monotonic() - began


def moving() -> Callable[[], int]:
    looks = iter(range(1_000_000))
    return lambda: next(looks)


def test_it_is_asked_anew_whenever_something_happens() -> None:
    operation, caller = Operation(news=4), Caller()
    assert ask(operation, caller, moving()) < 4
    assert operation.bodies == [b"asked"] * 4
    assert caller.got[1]["body"] == b"4"
    assert caller.headers == {b"preference-applied": b"wait=5"}
    assert caller.scope["route"] == "found"


def test_the_time_is_up() -> None:
    operation, caller = Operation(news=9), Caller("wait=1")
    assert 0.9 < ask(operation, caller, lambda: 7) < 4
    assert caller.got[1]["body"] == b"1"


def test_who_goes_is_not_waited_for() -> None:
    operation, caller = Operation(news=9), Caller(goes_after=0.1)
    assert ask(operation, caller, lambda: 7) < 3
    assert len(operation.bodies) == 1


def test_who_cannot_look_waits_and_says_so_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> int:
        raise OSError

    caller = Caller("wait=1")
    assert 0.9 < ask(Operation(news=9), caller, fail) < 4
    assert {one.message for one in caplog.records} == {"cannot look for news"}


def test_a_second_wait_looks_anew() -> None:
    """After everybody has gone nobody looks; the next one begins again."""

    async def twice() -> list[int]:
        operation, found = Operation(news=2), []
        waiting = Patience(operation, moving())
        for _ in range(2):
            caller = Caller()
            operation.bodies.clear()
            await waiting(caller.scope, caller.receive, caller.send)
            found.append(len(operation.bodies))
            await asyncio.sleep(0.1)
        return found

    assert asyncio.run(twice()) == [2, 2]


@pytest.mark.parametrize(("prefer", "method"), [("", "GET"), ("wait=5", "POST"), ("respond-async", "GET")])
def test_others_pass_untouched(prefer: str, method: str) -> None:
    operation, caller = Operation(news=9), Caller(prefer, method=method)
    assert ask(operation, caller, moving()) < 1
    assert caller.headers == {}


def test_an_operation_that_knows_nothing_of_waiting_is_answered_at_once() -> None:
    async def operation(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    caller = Caller()
    assert ask(operation, caller, moving()) < 1
    assert caller.headers == {}


def test_what_is_no_request_passes() -> None:
    seen: list[Scope] = []

    async def operation(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    caller = Caller()
    caller.scope = {"type": "lifespan"}
    ask(operation, caller, moving())
    assert seen == [{"type": "lifespan"}]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("wait=7", 7), ('wait="7"', 7), ("Wait = 7", 7), ("a, wait=7; b", 7), ("wait=999999", 20), ("wait=7s", 0),
     ("swait=7", 0), ("wait=1234567", 0), ("wait=07", 7)],
)  # fmt: skip
def test_how_long_is_read_from_the_header(said: str, seconds: int) -> None:
    assert wanted_seconds({"headers": [(b"prefer", said.encode())]}) == seconds
