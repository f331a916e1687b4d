"""Are the logs and their seals as they were made? Everything is computed anew, a few rows in memory at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from app.domain.seals import COLUMNS, ENTRY_BYTES, FIRST, Entry, Log, Reach, entry_of, read_entries, signed_bytes
from app.features.audit.queries.seals import all_rows_after, all_seals, checkpoint_of, reach_of, seal_before
from app.features.audit.tables import AuditSeal
from app.kit.keys import KeyRing, is_signed_by
from app.kit.merkle import root_of


class Fault(StrEnum):
    """What is wrong."""

    ROW_CHANGED = "row changed"
    ROW_MISSING = "row missing"
    ROW_ADDED = "row added"
    CHECKPOINT_MISSING = "checkpoint missing"
    CHECKPOINT_CHANGED = "checkpoint changed"
    CHAIN_BROKEN = "chain broken"
    KEY_UNKNOWN = "signed with an unknown key"
    SIGNATURE_WRONG = "signature wrong"
    LIST_CHANGED = "list of entries changed"
    ANCHOR_DIFFERS = "differs from the anchor"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was sealed, and where."""

    fault: Fault
    checkpoint: int
    log: Log | None = None
    row_id: int | None = None


@dataclass
class Verification:
    """One walk through everything. `findings` is read to its end; then the counts are those of the whole."""

    session: Session
    keyring: KeyRing
    anchor: Iterable[tuple[int, str]] = ()
    since: datetime | None = None
    checkpoints: int = 0
    rows: int = 0
    unsealed: int = 0
    unsealed_since: datetime | None = None

    def findings(self) -> Iterator[Finding]:
        """What is wrong, in the order of the checkpoints."""
        seals = all_seals(self.session, self.since)
        first = next(seals, None)
        before = None if first is None or self.since is None else seal_before(self.session, first.number)
        streams = {log: _Stream(all_rows_after(self.session, log, reach_of(before, log))) for log in Log}
        anchor = _Anchor(self.anchor)
        expected = 1 if self.since is None or first is None else first.number
        for seal in _chained(first, seals):
            for number in range(expected, seal.number):
                yield Finding(Fault.CHECKPOINT_MISSING, number)
            yield from self._checkpoint(seal, before, anchor)
            yield from self._rows(seal, streams)
            self.checkpoints += 1
            expected, before = seal.number + 1, seal
            self.session.expunge(seal)
        for number in anchor.beyond(expected):
            yield Finding(Fault.CHECKPOINT_MISSING, number)
        for stream in streams.values():
            self._count_unsealed(stream)

    def _checkpoint(self, seal: AuditSeal, before: AuditSeal | None, anchor: "_Anchor") -> Iterator[Finding]:
        jwk = self.keyring.find_archived(seal.kid)
        previous = FIRST if seal.number == 1 else before.root if before else None
        if seal.format not in COLUMNS or checkpoint_of(seal).root() != seal.root:
            yield Finding(Fault.CHECKPOINT_CHANGED, seal.number)
        elif jwk is None:
            yield Finding(Fault.KEY_UNKNOWN, seal.number)
        elif not is_signed_by(jwk, signed_bytes(seal.root), seal.signature):
            yield Finding(Fault.SIGNATURE_WRONG, seal.number)
        if previous is not None and seal.previous_root != previous:
            yield Finding(Fault.CHAIN_BROKEN, seal.number)
        if anchor.contradicts(seal.number, seal.root):
            yield Finding(Fault.ANCHOR_DIFFERS, seal.number)

    def _rows(self, seal: AuditSeal, streams: dict[Log, "_Stream"]) -> Iterator[Finding]:
        listed = _listed(seal)
        if listed is None:
            yield Finding(Fault.LIST_CHANGED, seal.number)
        for log, stream in streams.items():
            waiting = None if listed is None else {one.id: one.digest for one in listed if one.log is log}
            for row in stream.until(reach_of(seal, log)):
                self.rows += 1
                fault = None if waiting is None else _compare(waiting, entry_of(log, row, seal.format))
                if fault is not None:
                    yield Finding(fault, seal.number, log, row["id"])
            for row_id in sorted(waiting or ()):
                yield Finding(Fault.ROW_MISSING, seal.number, log, row_id)

    def _count_unsealed(self, stream: "_Stream") -> None:
        for row in stream.rest():
            self.unsealed += 1
            self.unsealed_since = min(row["at"], self.unsealed_since or row["at"])


def _chained(first: AuditSeal | None, others: Iterator[AuditSeal]) -> Iterator[AuditSeal]:
    if first is not None:
        yield first
        yield from others


def _listed(seal: AuditSeal) -> list[Entry] | None:
    """The list of a checkpoint, when its tree has the root that was signed and the numbers are right."""
    if seal.format not in COLUMNS:
        return None
    parts = [seal.leaves[first : first + ENTRY_BYTES] for first in range(0, len(seal.leaves), ENTRY_BYTES)]
    if root_of(parts).hex() != seal.tree_root:
        return None
    try:
        found = list(read_entries(seal.leaves))
    except ValueError:
        return None
    counts = [sum(one.log is log for one in found) for log in Log]
    return found if counts == [seal.access_count, seal.change_count] else None


def _compare(waiting: dict[int, bytes], entry: Entry) -> Fault | None:
    digest = waiting.pop(entry.id, None)
    if digest is None:
        return Fault.ROW_ADDED
    return None if digest == entry.digest else Fault.ROW_CHANGED


class _Stream:
    """The rows of a log, taken in pieces."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def until(self, reach: Reach) -> Iterator[Any]:
        """The rows up to and with a place."""
        while self._next is not None and (self._next["xact_id"], self._next["id"]) <= (reach.xact_id, reach.id):
            row, self._next = self._next, next(self._rows, None)
            yield row

    def rest(self) -> Iterator[Any]:
        if self._next is not None:
            yield self._next
            yield from self._rows


class _Anchor:
    """The anchored checkpoints, read alongside."""

    def __init__(self, lines: Iterable[tuple[int, str]]) -> None:
        self._lines = iter(lines)
        self._next = next(self._lines, None)

    def contradicts(self, number: int, root: str) -> bool:
        """Does the anchor have another root for this checkpoint?"""
        is_other = False
        while self._next is not None and self._next[0] <= number:
            is_other = is_other or (self._next[0] == number and self._next[1] != root)
            self._next = next(self._lines, None)
        return is_other

    def beyond(self, expected: int) -> Iterator[int]:
        """The checkpoints that the anchor has and the database has not, after the last one there is."""
        while self._next is not None:
            if self._next[0] >= expected:
                yield self._next[0]
            self._next = next(self._lines, None)
