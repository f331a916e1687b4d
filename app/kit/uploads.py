"""How does a file come in that is larger than any other body? Part by part onto disk, after the caller was admitted.

It lies in a temporary file without a name, which is gone with the request, however that ends.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import Message
from tempfile import TemporaryFile
from typing import IO, Any

from fastapi import Request
from starlette.requests import ClientDisconnect

from app.domain.errors import RuleViolation
from app.kit.accept import JSON
from app.kit.problems import Problem
from app.kit.spreadsheets import CSV, XLSX

NDJSON = "application/x-ndjson"
FORMATS = {CSV: "csv", NDJSON: "ndjson", XLSX: "xlsx", JSON: "ndjson"}
"""What may be sent as a file; a JSON body is `{"rows": […]}` and becomes NDJSON."""
PART = 256 * 1024


@dataclass(frozen=True)
class Upload:
    """A file that has come in whole: its bytes, how many, their SHA-256, and the format that the caller says it has."""

    file: IO[bytes]
    size: int
    digest: str
    format: str

    def parts(self) -> Iterator[bytes]:
        """The bytes from the beginning, in parts of bounded size."""
        self.file.seek(0)
        while part := self.file.read(PART):
            yield part


@asynccontextmanager
async def spooled(request: Request, most_bytes: int) -> AsyncIterator[Upload]:
    """The body as a file. Raises: Problem 413 as soon as it is too large, 415; `import.rows_malformed`; ClientDisconnect."""
    media_type = media_type_of(request.headers.get("content-type", ""))
    if media_type not in FORMATS:
        raise Problem("request.media_type_unsupported")
    size, digest = 0, hashlib.sha256()
    with TemporaryFile() as file:  # noqa: ASYNC115, RUF100  the local disk is not waited for
        async for part in _sent(request, most_bytes):
            size += len(part)
            if size > most_bytes:
                raise Problem("request.too_large")
            digest.update(part)
            file.write(part)
        if media_type == JSON:
            _as_lines(file)
        yield Upload(file, size, digest.hexdigest(), FORMATS[media_type])


def media_type_of(header: str) -> str:
    said = Message()
    said["content-type"] = header
    return said.get_content_type() if header else ""


async def _sent(request: Request, most_bytes: int) -> AsyncIterator[bytes]:
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or len(declared) > 12 or int(declared) > most_bytes:  # noqa: PLR2004  beyond any limit
        raise Problem("request.too_large")
    try:
        async for part in request.stream():
            yield part
    except ClientDisconnect:  # half a file must not be taken for a whole one
        raise Problem("request.malformed") from None


def _as_lines(file: IO[bytes]) -> None:
    """Turn `{"rows": […]}`, which has been checked as JSON already, into one object a line."""
    file.seek(0)
    value: Any = json.loads(file.read() or b"null")
    rows = value.get("rows") if isinstance(value, dict) and len(value) == 1 else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RuleViolation("import.rows_malformed", pointer="/rows")
    file.seek(0)
    file.truncate()
    file.writelines(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
