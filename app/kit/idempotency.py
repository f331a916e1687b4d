"""Was this POST done before? `Idempotency-Key`: status and body kept in the transaction of the write, for 72 hours.

Of an answer that showed a secret only the fact is kept: what is stored as a hash must not lie beside it in the clear.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Text, cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Session, SQLModel, col

from app.kit.problems import Problem

KEPT_FOR = timedelta(hours=72)
EMPTY = 204
KEY = re.compile(r"[\x21-\x7e]{1,255}")


class IdempotencyRecord(SQLModel, table=True):
    """The answer a principal got for a key. Belongs to the principal, not to a program."""

    __tablename__ = "idempotency_record"

    principal_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True, max_length=255)
    fingerprint: str = Field(max_length=64)
    status: int
    headers: dict[str, str] = Field(sa_type=JSONB)
    body: bytes
    created_at: datetime = Field(sa_type=DateTime(timezone=True), index=True)

    @property
    def is_untold(self) -> bool:
        """Whether the request was carried out and its answer, which has a body, was not kept."""
        return not self.body and self.status != EMPTY


class Replayed(Exception):  # noqa: N818  not an error: the answer is already known
    """Short-circuits the request with the answer that was given before."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__("replayed")
        self.status = status
        self.headers = dict(headers) | {"Idempotency-Replayed": "true"}
        self.body = body


@dataclass(frozen=True)
class Slot:
    """A key this request holds until its transaction ends."""

    principal_id: UUID
    key: str
    fingerprint: str
    created_at: datetime

    def keep(self, session: Session, status: int, headers: dict[str, str], body: bytes) -> None:
        """Store the answer with the write itself: both become permanent, or neither."""
        session.add(IdempotencyRecord(**self.__dict__, status=status, headers=headers, body=body))
        session.flush()

    def keep_secret(self, session: Session, status: int, location: str | None) -> None:
        """Store that it was done, and where what was made is found; nothing of the answer, which shows a secret."""
        self.keep(session, status, {} if location is None else {"Location": location}, b"")


def begin(session: Session, principal_id: UUID, key: str, request: tuple[str, str, bytes], at: datetime) -> Slot:
    """Take the key for this transaction; `request` is method, path and body.

    Raises: Replayed when it was answered before; Problem 400 for a malformed key, 422 when the key came with
    another request, 409 while a twin is running and for an answer that is not kept because it showed a secret.
    """
    if not KEY.fullmatch(key):
        raise Problem("idempotency.key_malformed")
    method, path, body = request
    fingerprint = hashlib.sha256(b"\0".join([method.encode(), path.encode(), body])).hexdigest()
    number: Any = func.hashtextextended(f"{principal_id}:{key}", 0)
    if not session.scalar(select(func.pg_try_advisory_xact_lock(number))):
        raise Problem("idempotency.in_flight", retry_after=1)
    kept = session.get(IdempotencyRecord, (principal_id, key))
    if kept is not None and kept.created_at < at - KEPT_FOR:
        session.delete(kept)
        session.flush()
        kept = None
    if kept is None:
        return Slot(principal_id, key, fingerprint, at)
    if kept.fingerprint != fingerprint:
        raise Problem("idempotency.key_reused")
    if kept.is_untold:
        raise Problem("idempotency.answer_not_kept", location=kept.headers.get("Location"))
    raise Replayed(kept.status, kept.headers, kept.body)


def empty_answers(session: Session, naming: Iterable[UUID]) -> None:
    """Empty the kept answers that name one of these ids. The key stays taken: a retry must not be carried out anew."""
    pattern = "|".join(sorted(str(one) for one in naming))
    body, headers = func.convert_from(col(IdempotencyRecord.body), "UTF8"), cast(IdempotencyRecord.headers, Text)
    named = update(IdempotencyRecord).where(or_(body.regexp_match(pattern), headers.regexp_match(pattern)))
    session.execute(named.values(status=EMPTY, headers={}, body=b""))


def forget_principal(session: Session, principal_id: UUID) -> None:
    """Empty every answer kept for a principal who is no more."""
    theirs = update(IdempotencyRecord).where(col(IdempotencyRecord.principal_id) == principal_id)
    session.execute(theirs.values(status=EMPTY, headers={}, body=b""))
