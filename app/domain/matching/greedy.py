"""What would taking the best pair first, again and again, have reached? Shown beside the optimum, never used."""

import numpy as np
from numpy.typing import NDArray

from app.domain.matching.columns import Codes
from app.domain.matching.market import Market
from app.domain.matching.pairs import Kept
from app.domain.matching.proposal import Greedy
from app.domain.matching.solver import Integers

_CHUNK = 4096  # pairs looked at before those who are served are passed over


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


def _find_open(
    pairs: Kept, mentees: Codes, places: Integers
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int16]]:
    """The pairs of some mentees with mentors who have a place left, as short as they are kept: a tier may hold many."""
    counts = pairs.start[mentees + 1] - pairs.start[mentees]
    at = np.arange(counts.sum()) + np.repeat(pairs.start[mentees] - (np.cumsum(counts) - counts), counts)
    is_open = places[pairs.cols[at]] > 0
    at = at[is_open]
    return np.repeat(mentees.astype(np.int32), counts)[is_open], pairs.cols[at], pairs.score[at]


def _serve(market: Market, pairs: Kept, mentees: Codes, places: Integers) -> tuple[int, int]:
    """Take the best pair of one tier of waiting, again and again; ties by the draw. Uses the places up."""
    rows, cols, scores = _find_open(pairs, mentees, places)
    order = np.lexsort((market.draw(rows, cols), -scores))
    done = np.zeros(market.mentees, dtype=np.bool_)
    total = 0
    for start in range(0, len(order), _CHUNK):
        part = order[start : start + _CHUNK]
        part = part[~done[rows[part]] & (places[cols[part]] > 0)]
        for row, col, score in zip(rows[part].tolist(), cols[part].tolist(), scores[part].tolist(), strict=True):
            if not done[row] and places[col]:
                done[row] = True
                places[col] -= 1
                total += score
    return int(done.sum()), total
