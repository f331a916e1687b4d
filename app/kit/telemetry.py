"""How is one request followed through the logs? W3C `traceparent` in and out, JSON lines without personal data."""

import json
import logging
import re
import secrets
import sys
import time
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.clock import now

log = logging.getLogger("mentorskap")
TRACEPARENT = re.compile(rb"^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$")


def trace_id_of(scope: MutableMapping[str, Any]) -> str:
    """The 32 hexadecimal digits that name this request's trace."""
    return str(scope.get("state", {}).get("trace_id", "0" * 32))


def _trace_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"traceparent":
            found = TRACEPARENT.match(value)
            if found and found[1] != b"0" * 32:
                return found[1].decode()
    return secrets.token_hex(16)


class Telemetry:
    """Raw ASGI middleware: reads or begins the trace, answers `traceparent`, writes one log line per request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        trace = _trace_id(scope)
        scope.setdefault("state", {})["trace_id"] = trace
        header = (b"traceparent", f"00-{trace}-{secrets.token_hex(8)}-01".encode())
        began = time.perf_counter()
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], header]
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            route = scope.get("route")
            facts = {
                "method": scope["method"],
                "route": getattr(route, "path", "-"),  # the template, never the filled-in path
                "status": status,
                "milliseconds": round((time.perf_counter() - began) * 1000, 1),
                "traceId": trace,
            }
            log.info("request", extra={"facts": facts})


class JsonLines(logging.Formatter):
    """One JSON object per line; only the message's fixed text and the listed facts, so values cannot slip in."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": now().isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[2]:
            line["where"] = _frames(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def _frames(trace: Any) -> list[str]:
    """Module, line and function of each frame: enough to find a fault, without the values in it."""
    frames: list[str] = []
    while trace:
        code = trace.tb_frame.f_code
        frames.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-8:]


def configure_logs(level: str) -> None:
    """Send this application's logs (and uvicorn's errors) as JSON lines to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("mentorskap", "uvicorn.error", "dbos"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(level if name == "mentorskap" else logging.WARNING)
