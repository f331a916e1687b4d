"""Which pairs are possible, and what is each worth? All of them kept, or made anew in blocks when they are too many."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.domain.matching.bitmaps import unpack
from app.domain.matching.columns import Booleans, Codes, Words
from app.domain.matching.constraints import Constraint, find_feasible
from app.domain.matching.scoring import Integers, Points, Scorer

if TYPE_CHECKING:
    from app.domain.matching.kernels import Scan

T = TypeVar("T", bound=np.generic)
Cols = NDArray[np.unsignedinteger]
HAS_COMPILER = find_spec("numba") is not None
WORTH_COMPILING = 200_000_000  # mentee x mentor; below, compiling takes longer than it saves
MOST_KEPT = 20_000_000  # pairs: 4 bytes each, up to 65,535 mentors
_BLOCK = 1 << 16  # pairs handed out at a time
_CELLS = 1 << 20  # mentee x mentor looked at at a time
_CELLS_COMPILED = 1 << 22  # the same, where no array is made of all of them


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

    def by_pair(self, of_mentee: NDArray[T]) -> NDArray[T]:
        """What is known of each mentee, for each pair."""
        return np.repeat(of_mentee[self.first : self.first + len(self.start) - 1], np.diff(self.start))

    @property
    def mentees(self) -> Codes:
        return np.arange(self.first, self.first + len(self.start) - 1)


@dataclass(frozen=True, slots=True)
class Least:
    """Only pairs that score more than the two limits together are asked for."""

    by_mentee: Codes
    by_mentor: Codes

    def passes(self, by_mentee: Codes, cols: NDArray[np.integer], score: NDArray[np.integer]) -> Booleans:
        """Of pairs with these mentors and scores; `by_mentee` is the limit of each pair's mentee."""
        return np.asarray(score > by_mentee + self.by_mentor.take(cols))


class Pairs(Protocol):
    """Possible pairs in order of mentee, then mentor."""

    def blocks(self, least: Least | None = None) -> Iterator[Block]: ...


@dataclass(frozen=True)
class Finder:
    """Makes the possible pairs of some mentees: allowed by every constraint, and scored no lower than the floor."""

    constraints: Sequence[Constraint]
    scorer: Scorer
    mentors: int
    left_out: Booleans  # mentees who are not to be paired
    floor: int
    is_compiled: bool = False

    def find(self, first: int, stop: int, least: Least | None = None) -> Block:
        feasible = find_feasible(self.constraints, np.arange(first, stop))
        feasible[self.left_out[first:stop]] = 0
        rows, cols, score = (
            self._scan(feasible, first, least) if self.is_compiled else self._score(feasible, first, least)
        )
        return Block(first, np.searchsorted(rows, np.arange(stop - first + 1)), cols, score)

    def find_all(self, least: Least | None = None) -> Iterator[Block]:
        step = max(1, (_CELLS_COMPILED if self.is_compiled else _CELLS) // max(1, self.mentors))
        for first in range(0, len(self.left_out), step):
            yield self.find(first, min(first + step, len(self.left_out)), least)

    def _score(self, feasible: Words, first: int, least: Least | None) -> tuple[Codes, Codes, Integers]:
        rows, cols = np.divmod(np.flatnonzero(unpack(feasible, self.mentors)), max(1, self.mentors))
        score = self.scorer.score(rows + first, cols)
        if self.floor or least is not None:
            kept = score >= self.floor
            if least is not None:
                kept &= least.passes(least.by_mentee[rows + first], cols, score)
            rows, cols, score = rows[kept], cols[kept], score[kept]
        return rows, cols, score

    def _scan(self, feasible: Words, first: int, least: Least | None) -> tuple[Codes, Codes, Integers]:
        limits = least or self._no_limits
        return self._layout.find(feasible, first, self.floor, limits.by_mentee, limits.by_mentor)

    @cached_property
    def _layout(self) -> "Scan":
        from app.domain.matching.kernels import Scan  # noqa: PLC0415  the extra `fast`

        return Scan.of(self.scorer, len(self.left_out), self.mentors)

    @cached_property
    def _no_limits(self) -> Least:
        return Least(np.full(len(self.left_out), -1, dtype=np.int64), np.zeros(self.mentors, dtype=np.int64))


@dataclass(frozen=True)
class Kept:
    """Every possible pair in memory."""

    start: Codes
    cols: Cols  # as short as the number of mentors allows
    score: Points

    def blocks(self, least: Least | None = None) -> Iterator[Block]:
        first, mentees = 0, len(self.start) - 1
        while first < mentees:
            stop = int(np.searchsorted(self.start, self.start[first] + _BLOCK, side="right")) - 1
            stop = min(max(stop, first + 1), mentees)
            yield self._part(first, stop, least)
            first = stop

    def at_least(self, floor: int) -> "Kept":
        """Those with a score of `floor` or more."""
        kept = self.score >= floor
        before = np.concatenate([[0], np.cumsum(kept)])
        return Kept(before[self.start], self.cols[kept], self.score[kept])

    def _part(self, first: int, stop: int, least: Least | None) -> Block:
        here = slice(int(self.start[first]), int(self.start[stop]))
        start, cols, score = self.start[first : stop + 1] - self.start[first], self.cols[here], self.score[here]
        if least is not None:
            by_mentee = np.repeat(least.by_mentee[first:stop], np.diff(start))
            kept = np.flatnonzero(least.passes(by_mentee, cols, score))
            start, cols, score = np.searchsorted(kept, start), cols[kept], score[kept]
        return Block(first, start, cols.astype(np.int64), score.astype(np.int64))


@dataclass(frozen=True)
class Streamed:
    """Every possible pair, made anew whenever it is asked for: time for memory."""

    finder: Finder

    def blocks(self, least: Least | None = None) -> Iterator[Block]:
        return self.finder.find_all(least)


def find_pairs(finder: Finder, most_kept: int | None = None) -> Pairs:
    """All possible pairs, kept as long as they are no more than `most_kept` (else `MOST_KEPT`)."""
    most = MOST_KEPT if most_kept is None else most_kept
    mentees, size = len(finder.left_out), 0
    room = min(most, mentees * finder.mentors)  # the system gives memory only to what is written
    cols = np.empty(room, dtype=np.min_scalar_type(finder.mentors))
    scores = np.empty(room, dtype=np.int16)
    sizes = [np.zeros(1, dtype=np.int64)]
    for block in finder.find_all():
        stop, looked_at = size + len(block.cols), block.first + len(block.start) - 1
        if stop > most or stop * mentees > 2 * most * looked_at:
            return Streamed(finder)  # too many already, or very likely to be
        cols[size:stop], scores[size:stop] = block.cols, block.score
        sizes.append(np.diff(block.start))
        size = stop
    return Kept(np.cumsum(np.concatenate(sizes)), cols[:size], scores[:size])
