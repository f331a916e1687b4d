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
TRACEPARENT = re.compile(rb"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def trace_id_of(scope: MutableMapping[str, Any]) -> str:
    """The 32 hexadecimal digits that name this request's trace."""
    return str(scope.get("state", {}).get("trace_id", "0" * 32))


def trace_header_of(scope: MutableMapping[str, Any]) -> dict[str, str]:
    """The `traceparent` of this request's answer: also for answers that are made outside the middleware."""
    found = scope.get("state", {}).get("traceparent")
    return {"traceparent": found} if found else {}


def claim_report(scope: MutableMapping[str, Any]) -> bool:
    """True once per request: a fault passes through the API and the root, and is one line in the log."""
    state = scope.setdefault("state", {})
    is_first = "is_reported" not in state
    state["is_reported"] = True
    return is_first


def _trace_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"traceparent":
            found = TRACEPARENT.fullmatch(value)
            if found:
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
        traceparent = f"00-{trace}-{secrets.token_hex(8)}-01"
        scope.setdefault("state", {}).update(trace_id=trace, traceparent=traceparent)
        header = (b"traceparent", traceparent.encode())
        began = time.perf_counter()
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                others = [pair for pair in message["headers"] if pair[0] != b"traceparent"]
                message["headers"] = [*others, header]
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
    """Send this application's logs, and what libraries warn of, as JSON lines to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("", "mentorskap", "uvicorn.error", "dbos"):  # the nameless one is everybody else
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(level if name == "mentorskap" else logging.WARNING)
