"""Which requests come in at all? Bodies of bounded size, in strict JSON and UTF-8, without what the database refuses.

Checked before routing, so that one answer holds for every operation: Python's parser alone would let through UTF-16,
NaN, numbers that become infinite, and objects that say the same thing twice.
"""

import json
import math
import re
from collections.abc import Iterator
from email.message import Message as MediaType
from typing import Any, NoReturn

from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.problems import FieldProblem, Problem, pointer_to, problem_response

JSON_TYPES = frozenset({"application/json", "application/merge-patch+json"})
MOST_DEPTH = 32
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
ESCAPED_UNSTORABLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


class Unstorable(Problem):
    """422: texts that no row can hold, each by its pointer."""

    def __init__(self, places: list[tuple[str, ...]]) -> None:
        super().__init__("request.invalid")
        message = "must not contain control characters"
        self.errors = [FieldProblem(pointer=pointer_to(p), code="field.invalid", message=message) for p in places[:100]]


class Intake:
    """Raw ASGI middleware: reads the whole body and refuses with a problem document what cannot be meant.

    `most_bytes` bounds every body; below `json_below` a body must be JSON. What is PUT to an address that `files`
    matches, below that, and is no JSON, is a file: whoever is admitted reads it part by part (app/kit/uploads.py).
    """

    def __init__(self, app: ASGIApp, most_bytes: int, json_below: str, files: re.Pattern[str] | None = None) -> None:
        self.app = app
        self.most_bytes = most_bytes
        self.json_below = json_below + "/"
        self.files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            _check_address(request)
            if self._is_file(request):
                _check_encoding(request)
                await self.app(scope, receive, send)
                return
            body = await self._read(request, receive)
            if body:
                self._check(request, body)
        except Problem as problem:
            errors = problem.errors if isinstance(problem, Unstorable) else []
            await problem_response(request, problem.code, errors=errors)(scope, receive, send)
            return
        except ClientDisconnect:
            return
        await self.app(scope, _again(body, receive), send)

    async def _read(self, request: Request, receive: Receive) -> bytes:
        """The whole body. Raises: Problem 413 as soon as it is known to be too large; ClientDisconnect."""
        declared = request.headers.get("content-length", "0")
        if not declared.isdecimal() or len(declared) > 12 or int(declared) > self.most_bytes:  # noqa: PLR2004  12 digits are beyond any limit
            raise Problem("request.too_large")
        chunks, size, is_more = [], 0, True
        while is_more:
            message = await receive()
            if message["type"] == "http.disconnect":  # half a body must not be taken for a whole one
                raise ClientDisconnect
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            is_more = message.get("more_body", False)
            if size > self.most_bytes:
                raise Problem("request.too_large")
        return b"".join(chunks)

    def _is_file(self, request: Request) -> bool:
        path = request.scope["path"]
        if self.files is None or request.method != "PUT" or not path.startswith(self.json_below):
            return False
        is_there = self.files.fullmatch(path.removeprefix(self.json_below)) is not None
        return is_there and _media_type(request.headers.get("content-type", "")).get_content_type() not in JSON_TYPES

    def _check(self, request: Request, body: bytes) -> None:
        _check_encoding(request)
        if request.scope["path"].startswith(self.json_below):
            _check_media_type(request.headers.get("content-type", ""))
            check_json(body)


def _check_address(request: Request) -> None:
    """PostgreSQL stores no NUL: an address with one names nothing, a query with one asks nothing."""
    if "\0" in request.scope["path"]:
        raise Problem("resource.not_found")
    if b"%00" in request.scope["query_string"]:
        raise Problem("request.invalid")


def _check_encoding(request: Request) -> None:
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Problem("request.media_type_unsupported")


def _media_type(header: str) -> MediaType:
    said = MediaType()
    said["content-type"] = header
    return said


def _check_media_type(header: str) -> None:
    said = _media_type(header)
    charset = said.get_param("charset", "utf-8")
    is_utf8 = str(charset).lower() in {"utf-8", "utf8"}
    if not header or said.get_content_type() not in JSON_TYPES or not is_utf8:
        raise Problem("request.media_type_unsupported")


def check_json(body: bytes) -> None:
    """Refuse what is not one JSON value in UTF-8 (RFC 8259) with unique names (RFC 7493) and storable text.

    Raises: Problem 400 for malformed JSON, 415 for another encoding, 422 with pointers for NUL and lone surrogates.
    """
    if not json.detect_encoding(body).startswith("utf-8"):
        raise Problem("request.media_type_unsupported")
    try:
        value = json.loads(
            body.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite
        )
    except (ValueError, RecursionError):
        raise Problem("request.malformed_json") from None
    if _is_deeper(value, MOST_DEPTH):
        raise Problem("request.malformed_json")
    if ESCAPED_UNSTORABLE.search(body):
        places = list(_unstorable(value, ()))
        if places:
            raise Unstorable(places)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("beyond the largest number")
    return number


def _is_deeper(value: Any, most: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return most == 0 or any(_is_deeper(one, most - 1) for one in inner)


def _unstorable(value: Any, where: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The places of texts, and of names, that hold NUL or half a surrogate pair."""
    if isinstance(value, str) and UNSTORABLE.search(value):
        yield where
    if isinstance(value, dict):
        if any(UNSTORABLE.search(name) for name in value):
            yield where
        for name, one in value.items():
            yield from _unstorable(one, (*where, name))
    if isinstance(value, list):
        for place, one in enumerate(value):
            yield from _unstorable(one, (*where, str(place)))


def _again(body: bytes, receive: Receive) -> Receive:
    """The body that was read, once; then whatever the server says next."""
    is_given = False

    async def give() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give
