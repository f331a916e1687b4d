"""How does an operation leave? Declared in one line, told in every answer (RFC 9745, RFC 8594) and in the document."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from fastapi.routing import APIRoute, iter_route_contexts
from starlette.datastructures import MutableHeaders
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.document_words import Node

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


@dataclass(frozen=True)
class Retirement:
    """Since when an operation is deprecated, until when it answers, and what to call instead.

    `successor` is a path from the server's root, with the same parameters: `/mentorskap/v1/programs/{programId}`.
    """

    deprecated_on: date
    sunset_on: date
    successor: str

    def __post_init__(self) -> None:
        if self.sunset_on < self.deprecated_on:
            raise ValueError("an operation cannot end before it is deprecated (RFC 9745 §4)")
        if not self.successor.startswith("/"):
            raise ValueError("the successor is a path from the server's root")

    def headers(self, path_parameters: dict[str, str]) -> list[tuple[str, str]]:
        since = int(_midnight(self.deprecated_on).timestamp())
        address = self.successor.format_map({name: quote(value, safe="") for name, value in path_parameters.items()})
        return [
            ("Deprecation", f"@{since}"),
            ("Sunset", format_datetime(_midnight(self.sunset_on), usegmt=True)),
            ("Link", f'<{address}>; rel="successor-version"'),
        ]


def retires(deprecated_on: date, sunset_on: date, successor: str) -> Callable[[Endpoint], Endpoint]:
    """Declare, below the route's own decorator, that an operation is on its way out."""
    retirement = Retirement(deprecated_on, sunset_on, successor)

    def declare(endpoint: Endpoint) -> Endpoint:
        endpoint.retirement = retirement  # type: ignore[attr-defined]  # read by `retirement_of`
        return endpoint

    return declare


def retirement_of(route: object) -> Retirement | None:
    found = getattr(getattr(route, "endpoint", None), "retirement", None)
    return found if isinstance(found, Retirement) else None


class Retiring:
    """Raw ASGI middleware: adds the headers to whatever a retiring operation answers, refusals too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            retirement = retirement_of(scope.get("route"))
            if retirement is not None and message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in retirement.headers(scope.get("path_params", {})):
                    headers.append(name, value)
            await send(message)

        await self.app(scope, receive, answer)


def publish_retirements(document: Node, routes: Sequence[BaseRoute]) -> None:
    """Mark what retires: `deprecated`, the day of its end and its successor in words, the headers on its answers.

    Raises: LookupError when a successor in this version is not in the document.
    """
    base = urlsplit(document["servers"][0]["url"]).path
    for context in iter_route_contexts(routes):
        route = context.original_route
        retirement = retirement_of(route)
        if isinstance(route, APIRoute) and retirement is not None:
            own = retirement.successor.removeprefix(base)
            if own != retirement.successor and own not in document["paths"]:
                raise LookupError(f"{retirement.successor} is no operation of this version")
            for method in context.methods or ():
                _publish(document, document["paths"][context.path][method.lower()], retirement)


def _publish(document: Node, operation: Node, retirement: Retirement) -> None:
    operation["deprecated"] = True
    english, _, swedish = operation["description"].partition(" / ")
    end, instead = retirement.sunset_on, retirement.successor
    operation["description"] = (
        f"{english} Deprecated: it ends on {end}; use {instead}. / {swedish} Utfasas: upphör {end}; använd {instead}."
    )
    document["components"]["headers"] |= HEADERS
    for response in operation["responses"].values():
        if "$ref" not in response:  # what all operations share cannot speak of one
            response["headers"] |= {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


HEADERS: Node = {
    "Deprecation": {
        "description": "Since when the operation is deprecated, as seconds since 1970 (RFC 9745).",
        "schema": {"type": "string", "maxLength": 20, "pattern": "^@[0-9]+$", "example": "@1767225600"},
    },
    "Sunset": {
        "description": "When the operation ends (RFC 8594); Link names its successor-version.",
        "schema": {"type": "string", "maxLength": 29, "example": "Fri, 01 Jan 2027 00:00:00 GMT"},
    },
}
