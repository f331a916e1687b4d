"""How is a long list read? Numbered pages for people (RFC 8288 links), signed cursors for feeds."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Response
from pydantic import Field
from sqlalchemy import Select, func, select

from app.kit.problems import Problem
from app.kit.wire import Exchange, Schema, answer

ItemT = TypeVar("ItemT")


class PageQuery(Schema):
    """`page` counts from 1; a page past the end is empty, never an error."""

    page: int = Field(1, ge=1, le=1_000_000, description="Page number, from 1. / Sidnummer, från 1.")
    limit: int = Field(20, ge=1, le=200, description="Items per page. / Antal per sida.")


class PageMeta(Schema):
    page: int = Field(ge=1, le=1_000_000)
    limit: int = Field(ge=1, le=200)
    count: int = Field(ge=0, le=200, description="Items on this page.")
    total_count: int = Field(ge=0, le=2**53, description="Items within the caller's reach.")


class PageLinks(Schema):
    self: str = Field(max_length=2048)
    first: str = Field(max_length=2048)
    last: str = Field(max_length=2048)
    prev: str | None = Field(None, max_length=2048)
    next: str | None = Field(None, max_length=2048)


class Page(Schema, Generic[ItemT]):
    """One page of a collection."""

    items: list[ItemT] = Field(max_length=200)
    meta: PageMeta
    links: PageLinks


def answer_page(exchange: Exchange, model: Any, statement: Select[Any], query: PageQuery, *, keys: Any) -> Response:
    """Run `statement` for one page, ordered by `keys` (they must end in a unique column), and answer it."""
    session = exchange.session
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    ordered = statement.order_by(*(keys if isinstance(keys, Sequence) else [keys]))
    rows = list(session.scalars(ordered.limit(query.limit).offset((query.page - 1) * query.limit)))
    return answer_items(exchange, model, rows, query, total)


def answer_items(
    exchange: Exchange,
    model: Any,
    rows: Sequence[Any],
    query: PageQuery,
    total: int,
    *,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer rows that were already read as one page out of `total`."""
    exchange.shown.extend(rows)
    links = _links(exchange, query, total)
    page = {
        "items": list(rows),
        "meta": PageMeta(page=query.page, limit=query.limit, count=len(rows), total_count=total),
        "links": links,
    }
    relations = {name: target for name, target in links.model_dump().items() if target and name != "self"}
    header = ", ".join(f'<{target}>; rel="{name}"' for name, target in relations.items())
    return answer(exchange, Page[model], page, headers={"Link": header, **(headers or {})})


def _links(exchange: Exchange, query: PageQuery, total: int) -> PageLinks:
    last = max(1, -(-total // query.limit))

    def to(number: int) -> str:
        return exchange.path + "?" + urlencode({**exchange.query, "page": number, "limit": query.limit})

    return PageLinks(
        self=to(query.page),
        first=to(1),
        last=to(last),
        prev=to(min(query.page - 1, last)) if query.page > 1 else None,
        next=to(query.page + 1) if query.page < last else None,
    )


class Cursors:
    """Opaque places in a feed, signed and bound to the caller and the filter they were given for."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seal(self, place: Sequence[Any], bound_to: str) -> str:
        """The cursor for a place; only `open` with the same binding reads it."""
        payload = json.dumps(list(place), separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._sign(payload, bound_to) + payload).decode().rstrip("=")

    def open(self, cursor: str, bound_to: str) -> list[Any]:
        """The place inside a cursor. Raises: Problem 400 for anything this process's secret did not seal."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError as broken:
            raise Problem("request.cursor_invalid") from broken
        signature, payload = raw[:16], raw[16:]
        if not hmac.compare_digest(signature, self._sign(payload, bound_to)):
            raise Problem("request.cursor_invalid")
        place: list[Any] = json.loads(payload)
        if self.seal(place, bound_to) != cursor:  # base64 has several spellings of the same bytes; only ours is taken
            raise Problem("request.cursor_invalid")
        return place

    def _sign(self, payload: bytes, bound_to: str) -> bytes:
        return hmac.digest(self._secret, bound_to.encode() + b"\0" + payload, hashlib.sha256)[:16]
