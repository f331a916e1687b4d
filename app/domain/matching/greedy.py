"""What would taking the best pair first, again and again, have reached? Shown beside the optimum, never used."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.matching.columns import Codes
from app.domain.matching.market import Market
from app.domain.matching.pairs import Cols, Kept
from app.domain.matching.proposal import Greedy
from app.domain.matching.scoring import Points
from app.domain.matching.solver import Integers

_CHUNK = 1 << 14  # pairs put in order before those who are served are passed over
_ROWS = 256  # mentees whose pairs are looked up at a time


def take_greedily(market: Market) -> Greedy | None:
    """The people and the score it reaches, pins included; None when the pairs are too many to be put in order."""
    if not isinstance(market.pairs, Kept):
        return None
    pins = np.array(market.columns.pins, dtype=np.int64).reshape(-1, 2)
    people, score = len(pins), int(market.scorer.score(pins[:, 0], pins[:, 1]).sum())
    places = market.capacity.copy()
    waiting = np.where(market.left_out, 0, market.priority)
    for tier in np.unique(waiting)[::-1].tolist():
        served, their_score = _serve(market, market.pairs, np.flatnonzero(waiting == tier), places)
        people += served
        score += their_score
    return Greedy(people, score)


def _serve(market: Market, pairs: Kept, mentees: Codes, places: Integers) -> tuple[int, int]:
    """Take the best pair of one tier of waiting, again and again; ties by the draw. Uses the places up.

    Those that score best are put in order and looked at; then nobody who is served, or full, has a pair any more.
    """
    rows, cols, scores = _find_open(pairs, mentees, places)
    done = np.zeros(market.mentees, dtype=np.bool_)
    total = 0
    while len(rows):
        nth = max(0, len(rows) - _CHUNK)
        best = np.flatnonzero(scores >= np.partition(scores, nth)[nth])
        best = best[np.lexsort((market.draw(rows[best], cols[best]), -scores[best]))]
        for row, col, score in zip(rows[best].tolist(), cols[best].tolist(), scores[best].tolist(), strict=True):
            if not done[row] and places[col]:
                done[row] = True
                places[col] -= 1
                total += score
        left = ~done[rows] & (places[cols] > 0)
        rows, cols, scores = rows[left], cols[left], scores[left]
    return int(done.sum()), total


def _find_open(pairs: Kept, mentees: Codes, places: Integers) -> tuple[NDArray[np.int32], Cols, Points]:
    """The pairs of some mentees with mentors who have a place left, as short as they are kept: a tier may hold many."""
    room = int((pairs.start[mentees + 1] - pairs.start[mentees]).sum())
    found: tuple[Any, Any, Any] = (
        np.empty(room, dtype=np.int32),
        np.empty(room, pairs.cols.dtype),
        np.empty(room, pairs.score.dtype),
    )
    size = 0
    for first in range(0, len(mentees), _ROWS):
        some = mentees[first : first + _ROWS]
        counts = pairs.start[some + 1] - pairs.start[some]
        at = np.arange(counts.sum()) + np.repeat(pairs.start[some] - (np.cumsum(counts) - counts), counts)
        is_open = places[pairs.cols[at]] > 0
        at = at[is_open]
        part = slice(size, size + len(at))
        for kept, these in zip(found, (np.repeat(some, counts)[is_open], pairs.cols[at], pairs.score[at]), strict=True):
            kept[part] = these
        size += len(at)
    rows, cols, scores = found
    return rows[:size], cols[:size], scores[:size]
