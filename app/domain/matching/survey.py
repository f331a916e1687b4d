"""What does one look at all possible pairs say about each mentee: how many fit, who else would, what is lacking?"""

from dataclasses import dataclass

import numpy as np

from app.domain.matching.certificate import UNBOUNDED
from app.domain.matching.columns import Codes
from app.domain.matching.market import Market
from app.domain.matching.pairs import Block
from app.domain.matching.solver import Integers

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
    begin, who = block.start[has_any], has_any + block.first
    found.better[who] = np.add.reduceat((block.score > own[block.rows]).astype(np.int64), begin)
    other = np.where(block.cols == mates[block.rows], _NOBODY, block.score)
    top = np.repeat(np.maximum.reduceat(other, begin), np.diff(block.start)[has_any])
    at = np.flatnonzero((other == top) & (other != _NOBODY))
    rows, cols = block.rows[at], block.cols[at]
    at = at[np.lexsort((market.draw(rows, cols), rows))]  # of as good ones the last stays: the one drawn highest
    found.alternative[block.rows[at]] = block.cols[at]
    found.alternative_score[block.rows[at]] = block.score[at]
    price = highest[block.cols]
    score = block.score + market.bonus(block.rows, block.cols)
    tiers = np.where(price < UNBOUNDED, (price - score) // market.base, UNBOUNDED)
    found.tiers[who] = np.minimum.reduceat(tiers, begin)
