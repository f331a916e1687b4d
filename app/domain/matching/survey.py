"""What does one look at all possible pairs say about each mentee: how many fit, who else would, what is lacking?"""

from dataclasses import dataclass

import numpy as np

from app.domain.matching.certificate import UNBOUNDED
from app.domain.matching.columns import Codes
from app.domain.matching.market import Market
from app.domain.matching.pairs import Block
from app.domain.matching.solver import LARGEST_WEIGHT, Integers

_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Survey:
    """What one look at all possible pairs says about each mentee."""

    feasible: Codes  # how many possible mentors
    better: Codes  # how many of them score higher than the proposed one
    alternative: Codes  # the other mentor with the best score, ties by draw, or _NOBODY
    alternative_score: Integers
    tiers: Integers  # the tier of waiting above which there is certainly a place; UNBOUNDED without any place


def survey(market: Market, mates: Codes, own: Integers, highest: Integers) -> Survey:
    """`own` is the score of each mentee's pair; `highest` are the highest prices of the mentors."""
    size = market.mentees
    nobody = np.full(size, _NOBODY, dtype=np.int64)
    found = Survey(np.zeros_like(nobody), np.zeros_like(nobody), nobody, np.zeros_like(nobody), nobody.copy())
    found.tiers.fill(UNBOUNDED)
    for block in market.pairs.blocks():
        sizes = np.diff(block.start)
        found.feasible[block.mentees] = sizes
        has_any = np.flatnonzero(sizes)
        if len(has_any):
            _look(market, block, has_any, mates, own, highest, found)
    return found


def _look(
    market: Market, block: Block, has_any: Codes, mates: Codes, own: Integers, highest: Integers, found: Survey
) -> None:
    begin, who, sizes = block.start[has_any], has_any + block.first, np.diff(block.start)[has_any]
    better = np.flatnonzero(block.score > block.by_pair(own))
    found.better[block.mentees] = np.diff(np.searchsorted(better, block.start))
    other = block.score.copy()
    other[block.cols == block.by_pair(mates)] = _NOBODY
    at = np.flatnonzero((other == np.repeat(np.maximum.reduceat(other, begin), sizes)) & (other != _NOBODY))
    rows, cols = block.rows[at], block.cols[at]
    last = np.lexsort((market.draw(rows, cols), rows))  # of as good ones the last stays: the one drawn highest
    found.alternative[rows[last]] = cols[last]
    found.alternative_score[rows[last]] = block.score[at[last]]
    lacking = np.minimum.reduceat(highest.take(block.cols) - market.worth(block), begin)
    found.tiers[who] = np.where(lacking > LARGEST_WEIGHT, UNBOUNDED, lacking // market.base)
