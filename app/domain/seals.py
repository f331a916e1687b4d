"""What exactly is sealed of a log? The bytes of a row, of its entry in a checkpoint, and of the checkpoint itself.

Everything here is a format that others check without this code: it is changed by a new format number only.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

FORMAT = 1
FIRST = "0" * 64
"""What the first checkpoint has for a previous root."""
HEADING = b"mentorskap audit seal 1\n"
"""Before what is signed, so that it can never be taken for a token."""
ENTRY_BYTES = 41


class Log(StrEnum):
    ACCESS = "access"
    CHANGE = "change"


TABLES: Mapping[Log, str] = MappingProxyType({Log.ACCESS: "access_record", Log.CHANGE: "change"})
COLUMNS: Mapping[int, Mapping[Log, tuple[str, ...]]] = MappingProxyType(
    {
        1: MappingProxyType(
            {
                Log.ACCESS: (
                    "id", "xact_id", "at", "user_id", "login_id", "partner_id", "role", "permission", "decision", "subject", "subject_id",
                    "people", "purpose", "reference", "trace_id",
                ),
                Log.CHANGE: (
                    "id", "xact_id", "at", "kind", "subject", "subject_id", "program_id", "partner_id", "actor_id", "fields", "trace_id",
                ),
            }
        )
    }
)  # fmt: skip
"""The sealed columns of each log, by format. A new column of a log needs a new format: a contract test says so."""
MARKS: Mapping[Log, bytes] = MappingProxyType({Log.ACCESS: b"a", Log.CHANGE: b"c"})


@dataclass(frozen=True)
class Entry:
    """A row in the list of a checkpoint: which log, which row, and the hash of everything stored in it."""

    log: Log
    id: int
    digest: bytes

    def to_bytes(self) -> bytes:
        return MARKS[self.log] + self.id.to_bytes(8, "big", signed=True) + self.digest


@dataclass(frozen=True)
class Reach:
    """How far a checkpoint has come in a log, and how many of its rows it holds."""

    xact_id: int
    id: int
    count: int


@dataclass(frozen=True)
class Checkpoint:
    """What is signed: the chain, the places in both logs, and the root of the tree of their entries."""

    number: int
    at: datetime
    previous_root: str
    access: Reach
    change: Reach
    tree_root: str
    format: int = FORMAT

    def text(self) -> str:
        """The one spelling of this checkpoint."""
        told: dict[str, Any] = {
            "format": self.format,
            "number": self.number,
            "at": self.at,
            "previousRoot": self.previous_root,
            "treeRoot": self.tree_root,
        }
        for log, reach in ((Log.ACCESS, self.access), (Log.CHANGE, self.change)):
            told[log.value] = [reach.xact_id, reach.id, reach.count]
        return spell(told)

    def root(self) -> str:
        """The hash that the next checkpoint repeats."""
        return hashlib.sha256(self.text().encode()).hexdigest()


def signed_bytes(root: str) -> bytes:
    """What the signature of a checkpoint with this root is over."""
    return HEADING + root.encode()


def entry_of(log: Log, row: Mapping[str, Any], format_number: int = FORMAT) -> Entry:
    """The entry of a stored row."""
    text = row_text(log, row, format_number)
    return Entry(log, row["id"], hashlib.sha256(text.encode()).digest())


def row_text(log: Log, row: Mapping[str, Any], format_number: int = FORMAT) -> str:
    """The one spelling of a stored row: its sealed columns as JSON, and nothing else."""
    return spell({name: row[name] for name in COLUMNS[format_number][log]})


def read_entries(stored: bytes) -> Iterator[Entry]:
    """The list of a checkpoint from its bytes. Raises: ValueError when they are no such list."""
    if len(stored) % ENTRY_BYTES:
        raise ValueError("not a list of entries")
    logs = {mark: log for log, mark in MARKS.items()}
    for first in range(0, len(stored), ENTRY_BYTES):
        part = stored[first : first + ENTRY_BYTES]
        if part[:1] not in logs:
            raise ValueError("not a list of entries")
        yield Entry(logs[part[:1]], int.from_bytes(part[1:9], "big", signed=True), part[9:])


def spell(told: Mapping[str, Any]) -> str:
    """JSON with sorted names, no blanks, UTF-8 as it is; instants in UTC with microseconds, ids in small letters."""
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_spelled)


def _spelled(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"a {type(value).__name__} has no spelling")
