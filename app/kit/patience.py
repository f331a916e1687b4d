"""How does somebody wait for news without holding a thread or a connection of the database? `Prefer: wait=N` (RFC 7240).

The operation is asked; when it says that there is nothing yet, its answer is held back and it is asked anew as soon as
something has happened, with everything that a request begins with: the token, the authority, a transaction of its own.
One look a second serves everybody who waits in this process, so it works with any number of processes.
"""

import asyncio
import re
from collections.abc import Callable, Hashable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import anyio.to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.telemetry import log

MOST_SECONDS = 20
SECONDS_BETWEEN_LOOKS = 1.0
PLACE = "mentorskap.patience"
WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?(\d{1,6})\"?\s*(?=$|[,;])", re.IGNORECASE)
Look = Callable[[], Hashable]


@dataclass
class Attempt:
    """One asking of the operation, its answer held back."""

    is_nothing_yet: bool = False
    is_applied: bool = False
    messages: list[Message] = field(default_factory=list)

    async def keep(self, message: Message) -> None:
        self.messages.append(message)

    async def release(self, send: Send, seconds: int) -> None:
        for message in self.messages:
            if message["type"] == "http.response.start" and self.is_applied:
                applied = (b"preference-applied", f"wait={seconds}".encode())
                message = {**message, "headers": [*message["headers"], applied]}  # noqa: PLW2901  the same, with more
            await send(message)


def heed(scope: MutableMapping[str, Any], *, is_nothing_yet: bool) -> None:
    """The operation's word that it lets callers wait, and whether its answer holds nothing new."""
    attempt = scope.get(PLACE)
    if isinstance(attempt, Attempt):
        attempt.is_applied, attempt.is_nothing_yet = True, is_nothing_yet


def wanted_seconds(scope: Scope) -> int:
    """How long the caller would wait, as far as we go along with it; 0: not at all."""
    said = b",".join(value for name, value in scope["headers"] if name == b"prefer").decode("latin-1")
    found = WAIT.search(said)
    return min(int(found[1]), MOST_SECONDS) if found else 0


class Patience:
    """Raw ASGI middleware. `look` answers, from a thread, whatever is another value after something has happened."""

    def __init__(self, app: ASGIApp, look: Look) -> None:
        self.app = app
        self._watch = Watch(look)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        seconds = wanted_seconds(scope) if scope["type"] == "http" and scope["method"] == "GET" else 0
        if not seconds:
            await self.app(scope, receive, send)
            return
        body = await receive()
        until = asyncio.get_running_loop().time() + seconds
        while True:
            seen = await self._watch.look()
            attempt = Attempt()
            asked = {**scope, PLACE: attempt}
            await self.app(asked, _again(body, receive), attempt.keep)
            scope["route"] = asked.get("route")
            left = until - asyncio.get_running_loop().time()
            if not attempt.is_nothing_yet or left <= 0:
                break
            if not await self._wait(seen, left, receive):
                break
        await attempt.release(send, seconds)

    async def _wait(self, seen: Hashable, seconds: float, receive: Receive) -> bool:
        """Has something happened? Not when the time is up, nor when the caller has gone."""
        moved = asyncio.create_task(self._watch.moved(seen, seconds))
        gone: asyncio.Future[Message] = asyncio.ensure_future(receive())
        try:
            both: set[asyncio.Future[Any]] = {moved, gone}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            return moved.done() and moved.result()
        finally:
            for task in (moved, gone):
                task.cancel()
            await asyncio.gather(moved, gone, return_exceptions=True)


class Watch:
    """One look a second for everybody who waits, and none while nobody does."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._value: Hashable = None
        self._waiting = 0
        self._looking: asyncio.Task[None] | None = None
        self._changed = asyncio.Condition()

    async def look(self) -> Hashable:
        """What stands now; None when it cannot be seen, which the asking itself will then say better."""
        try:
            return await anyio.to_thread.run_sync(self._look)
        except Exception as failed:  # noqa: BLE001  whatever it is, those who wait do not have to know
            log.warning("cannot look for news", extra={"facts": {"why": type(failed).__name__}})
            return None

    async def moved(self, seen: Hashable, seconds: float) -> bool:
        """Wait until what stands is not what was seen. False: the time is up."""
        self._waiting += 1
        if self._looking is None:
            self._value = seen
            self._looking = asyncio.create_task(self._look_again())
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: self._value not in (seen, None))
        except TimeoutError:
            return False
        else:
            return True
        finally:
            self._waiting -= 1

    async def _look_again(self) -> None:
        while self._waiting:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            value = await self.look()
            async with self._changed:
                self._value = value
                self._changed.notify_all()
        self._looking = None


def _again(body: Message, receive: Receive) -> Receive:
    """The body that was read, once for each asking; then whatever the server says next."""
    waiting = [body]

    async def give() -> Message:
        return waiting.pop() if waiting else await receive()

    return give
