"""What goes over the wire, and how is an answer made? camelCase schemas and bytes serialised once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar
from uuid import UUID

from fastapi import Response
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from sqlmodel import Session

from app.domain.purposes import Purpose
from app.kit.columns import Row
from app.kit.idempotency import Slot

T = TypeVar("T")
NOT_MODIFIED = 304
PUBLIC = "public, max-age=300"
"""Cache-Control of what anybody may read: five minutes, then ask whether it has changed."""


def _utc_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


Instant = Annotated[
    AwareDatetime,
    AfterValidator(lambda at: at.astimezone(UTC)),
    PlainSerializer(_utc_text, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant: RFC 3339 with any offset in, UTC with `Z` out."""


class Schema(BaseModel):
    """A body or an answer: camelCase outside, snake_case inside, unknown keys refused.

    `names_nobody`: nobody need look through it for people whose data it shows. `is_shown_once`: it shows a secret, of which only the hash is stored; such an answer is not kept for retries.
    """

    is_shown_once: ClassVar[bool] = False
    names_nobody: ClassVar[bool] = False

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        from_attributes=True,
        allow_inf_nan=False,
    )


@dataclass
class Exchange:
    """What the answer needs to know of the request: its address, its validators, its idempotency slot.

    `shown` collects what was answered, for whoever must record whose data was shown; `login_id`, `purpose` and
    `reference` go into that record.
    """

    session: Session
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    if_none_match: str | None = None
    slot: Slot | None = None
    shown: list[object] = field(default_factory=list)
    login_id: UUID | None = None
    purpose: Purpose | None = None
    reference: str | None = None


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def answer(
    exchange: Exchange,
    model: type[T],
    value: Any,
    *,
    status: int = 200,
    location: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Serialise `value` as `model` once, with ETag for stored rows; keeps a copy for retries with the same key.

    Of an answer that is shown once no copy is kept, only that it was given.

    The session is flushed first, so that versions are final and constraints have spoken. What may be cached, by a
    Cache-Control among `headers`, gets an ETag of its contents.
    """
    exchange.session.flush()
    if not (isinstance(value, Schema) and value.names_nobody):
        exchange.shown.append(value)
    body = _dump(model, value)
    sent = {"Cache-Control": "no-store", **(headers or {})}
    version = getattr(value, "version", None) if isinstance(value, Row | Schema) else None
    if version is not None or sent["Cache-Control"] != "no-store":
        sent["ETag"] = _tag(body) if version is None else f'"{version}-{hashlib.sha256(body).hexdigest()[:12]}"'
        if status == 200 and _matches(exchange.if_none_match, sent["ETag"]):  # noqa: PLR2004  200 may become 304
            return Response(status_code=NOT_MODIFIED, headers=sent)
    if location is not None:
        sent["Location"] = location
    if exchange.slot is not None and _is_shown_once(model):
        exchange.slot.keep_secret(exchange.session, status, location)
    elif exchange.slot is not None:
        exchange.slot.keep(exchange.session, status, sent, body)
    return Response(body, status_code=status, media_type="application/json", headers=sent)


def answer_public(
    exchange: Exchange, body: bytes, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer what anybody may read and keep for a while, in another form than our own JSON."""
    sent = {"Cache-Control": PUBLIC, "ETag": _tag(body), **(headers or {})}
    if _matches(exchange.if_none_match, sent["ETag"]):
        return Response(status_code=NOT_MODIFIED, headers=sent)
    return Response(body, media_type=media_type, headers=sent)


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _is_shown_once(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, Schema) and model.is_shown_once


def _dump(model: type[T], value: Any) -> bytes:
    """Raises: TypeError, which is our fault and not the caller's, naming places only: the values may be personal."""
    adapter: TypeAdapter[Any] = _adapter(model)  # type: ignore[arg-type]  # every class is hashable
    try:
        told = adapter.validate_python(value, from_attributes=True)
    except ValidationError as wrong:
        places = sorted({(one["type"], *one["loc"]) for one in wrong.errors(include_input=False)}, key=str)
        raise TypeError(f"the answer is no {model.__name__}: {places}") from None
    return adapter.dump_json(told, by_alias=True)


def _matches(wanted: str | None, etag: str) -> bool:
    """Weak comparison (RFC 9110 §13.1.2): proxies that compress mark our tags as weak."""
    if wanted is None:
        return False
    return wanted.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in wanted.split(",")]
