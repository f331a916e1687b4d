"""Which pairs are possible, and what is each worth? All of them kept, or made anew in blocks when they are too many."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.domain.matching.bitmaps import unpack
from app.domain.matching.columns import Booleans, Codes
from app.domain.matching.constraints import Constraint, find_feasible
from app.domain.matching.scoring import Integers, Scorer

MOST_KEPT = 20_000_000  # pairs: 6 bytes each
_BLOCK = 1 << 18  # pairs handed out at a time
_CELLS = 1 << 24  # mentee x mentor looked at at a time


@dataclass(frozen=True)
class Block:
    """The possible pairs of the mentees `first`, `first + 1`, …: `start[k]:start[k + 1]` are those of the k-th."""

    first: int
    start: Codes
    cols: Codes
    score: Integers

    @cached_property
    def rows(self) -> Codes:
        """The mentee of each pair."""
        return np.repeat(self.mentees, np.diff(self.start))

    @property
    def mentees(self) -> Codes:
        return np.arange(self.first, self.first + len(self.start) - 1)


class Pairs(Protocol):
    """Possible pairs in order of mentee, then mentor."""

    def blocks(self) -> Iterator[Block]: ...

    def of(self, mentee: int) -> Block: ...


@dataclass(frozen=True)
class Finder:
    """Makes the possible pairs of some mentees: allowed by every constraint, and scored no lower than the floor."""

    constraints: Sequence[Constraint]
    scorer: Scorer
    mentors: int
    left_out: Booleans  # mentees who are not to be paired
    floor: int

    def find(self, first: int, stop: int) -> Block:
        at = np.arange(first, stop)
        feasible = find_feasible(self.constraints, at)
        feasible[self.left_out[first:stop]] = 0
        rows, cols = np.divmod(np.flatnonzero(unpack(feasible, self.mentors)), max(1, self.mentors))
        score = self.scorer.score(rows + first, cols)
        if self.floor:
            kept = score >= self.floor
            rows, cols, score = rows[kept], cols[kept], score[kept]
        return Block(first, np.searchsorted(rows, np.arange(stop - first + 1)), cols, score)

    def find_all(self) -> Iterator[Block]:
        step = max(1, _CELLS // max(1, self.mentors))
        for first in range(0, len(self.left_out), step):
            yield self.find(first, min(first + step, len(self.left_out)))


@dataclass(frozen=True)
class Kept:
    """Every possible pair in memory."""

    start: Codes
    cols: NDArray[np.int32]
    score: NDArray[np.int16]

    @classmethod
    def join(cls, parts: Sequence["Kept"]) -> "Kept":
        """One after the other; at least one part."""
        sizes = np.concatenate([np.diff(part.start) for part in parts])
        return cls(
            np.concatenate([[0], np.cumsum(sizes)]),
            np.concatenate([part.cols for part in parts]),
            np.concatenate([part.score for part in parts]),
        )

    def blocks(self) -> Iterator[Block]:
        first, mentees = 0, len(self.start) - 1
        while first < mentees:
            stop = int(np.searchsorted(self.start, self.start[first] + _BLOCK, side="right")) - 1
            stop = min(max(stop, first + 1), mentees)
            yield self._part(first, stop)
            first = stop

    def of(self, mentee: int) -> Block:
        return self._part(mentee, mentee + 1)

    def at_least(self, floor: int) -> "Kept":
        """Those with a score of `floor` or more."""
        kept = self.score >= floor
        before = np.concatenate([[0], np.cumsum(kept)])
        return Kept(before[self.start], self.cols[kept], self.score[kept])

    def _part(self, first: int, stop: int) -> Block:
        here = slice(int(self.start[first]), int(self.start[stop]))
        start = self.start[first : stop + 1] - self.start[first]
        return Block(first, start, self.cols[here].astype(np.int64), self.score[here].astype(np.int64))


@dataclass(frozen=True)
class Streamed:
    """Every possible pair, made anew whenever it is asked for: time for memory."""

    finder: Finder

    def blocks(self) -> Iterator[Block]:
        return self.finder.find_all()

    def of(self, mentee: int) -> Block:
        return self.finder.find(mentee, mentee + 1)


def find_pairs(finder: Finder, most_kept: int = MOST_KEPT) -> Pairs:
    """All possible pairs, kept as long as they are no more than `most_kept`."""
    parts = [Kept(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int16))]
    size = 0
    for block in finder.find_all():
        parts.append(Kept(block.start, block.cols.astype(np.int32), block.score.astype(np.int16)))
        size += len(block.cols)
        if size > most_kept:
            return Streamed(finder)
    return Kept.join(parts)
