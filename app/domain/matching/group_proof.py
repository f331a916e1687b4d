"""Are these really the best groups? Bounds that anyone can compute from prices of mentees; no solver is trusted.

Whatever the prices `u >= 0` of the mentees, no choice of groups is worth more than all prices together and, for every
mentor, what the best group of an allowed size is worth beyond the prices of its members, or nothing. It is Lagrange's
bound (Fisher 1981). Where one set of prices cannot tell, the choices are parted: with this group, and without it; each
part has prices of its own, and the highest bound of a part bounds them all. A later aim is bounded among the choices that do no worse by the earlier ones: each of those has a
multiplier `>= 0` and adds what a pair contributes to it. Everything is in whole numbers, `SCALE` to the unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.matching.columns import Codes
from app.domain.matching.group_sizes import Limits
from app.domain.matching.market import Market
from app.domain.matching.proposal import Aim
from app.domain.matching.solver import UNMATCHED, Integers

SCALE = 1 << 20
AIMS = tuple(Aim)
OPEN, CLOSED = 1, -1
_IMPOSSIBLE = -(1 << 60)  # to be open, and of no allowed size


@dataclass(frozen=True, slots=True)
class Candidates:
    """The possible pairs with mentors who can open a group, and what each gives towards every aim."""

    rows: Codes
    cols: Codes
    gives: tuple[Integers, ...]  # in the order of AIMS


def candidates_of(market: Market, limits: Limits) -> Candidates:
    none = np.zeros(0, dtype=np.int64)
    blocks = [*market.pairs.blocks()]
    rows = np.concatenate([none, *(block.rows for block in blocks)])
    cols = np.concatenate([none, *(block.cols for block in blocks)])
    score = np.concatenate([none, *(block.score for block in blocks)])
    at = np.flatnonzero(limits.can_open[cols])
    rows, cols = rows[at], cols[at]
    score = score[at] + market.bonus(rows, cols)
    return Candidates(rows, cols, (np.ones_like(rows), market.priority[rows], score))


def values_of(market: Market, mates: Codes) -> tuple[int, ...]:
    """What a matching reaches of every aim; the score with the bonus of pairs that were proposed already."""
    rows = np.flatnonzero(mates != UNMATCHED)
    cols = mates[rows]
    score = market.scorer.score(rows, cols) + market.bonus(rows, cols)
    return len(rows), int(market.priority[rows].sum()), int(score.sum())


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the choices of groups, and prices for them. `prices` and `multipliers` are not negative."""

    decided: Codes  # by mentor: OPEN, CLOSED, or 0
    prices: Integers
    multipliers: tuple[int, ...]  # one for every aim before


def is_whole(parts: Sequence[Codes]) -> bool:
    """Whether every choice of groups is in one of the parts, given by what is decided in each."""
    if not all(decided.any() for decided in parts):
        return True
    if not parts:
        return False
    mentor = int(np.count_nonzero(np.stack(parts), axis=0).argmax())
    return all(
        is_whole([_undecide(decided, mentor) for decided in parts if decided[mentor] != other])
        for other in (OPEN, CLOSED)
    )


def _undecide(decided: Codes, mentor: int) -> Codes:
    rest = decided.copy()
    rest[mentor] = 0
    return rest


def bound(found: Candidates, limits: Limits, values: Sequence[int], part: Part) -> int:
    """No choice of groups in this part that reaches the first `values` reaches more of the aim after them."""
    prices, multipliers = part.prices, part.multipliers
    worth = found.gives[len(multipliers)] * SCALE - prices[found.rows]
    for multiplier, gives in zip(multipliers, found.gives, strict=False):
        worth = worth + multiplier * gives
    order = np.lexsort((-worth, found.cols))
    cols, together = found.cols[order], np.cumsum(worth[order])
    first = np.searchsorted(cols, cols)
    together -= (together - worth[order])[first]  # of the mentor's best, one after the other
    size = np.arange(len(cols)) - first + 1
    allowed = (size >= limits.least[cols]) & (size <= limits.most[cols])
    best = np.where(part.decided == OPEN, _IMPOSSIBLE, 0)
    np.maximum.at(best, cols[allowed], together[allowed])
    best[part.decided == CLOSED] = 0
    owed = sum(multiplier * value for multiplier, value in zip(multipliers, values, strict=False))
    most: int = int(prices.sum()) + sum(best.tolist()) - owed
    return most // SCALE
