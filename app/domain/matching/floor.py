"""How high can the lowest score be without costing anybody a place?"""

from dataclasses import replace

import numpy as np

from app.domain.matching.market import Market
from app.domain.matching.optimum import Optimum, find_optimum
from app.domain.matching.pairs import Kept
from app.domain.matching.solver import UNMATCHED


def raise_floor(market: Market, found: Optimum) -> tuple[Market, Optimum]:
    """The market with the highest floor that keeps both people and priority, and its optimum, by bisection.

    A market whose pairs are not all in memory is left as it is.
    """
    pairs = market.pairs
    rows = np.flatnonzero(found.mates != UNMATCHED)
    if not isinstance(pairs, Kept) or not len(rows):
        return market, found
    wanted = _served(market, found)
    lowest = int(market.scorer.score(rows, found.mates[rows]).min())  # this much is reached already
    highest = int(pairs.score.max())
    best = market, found
    while lowest < highest:
        floor = (lowest + highest + 1) // 2
        narrowed = replace(market, pairs=pairs.at_least(floor), floor=floor)
        tried = find_optimum(narrowed)
        if _served(narrowed, tried) == wanted:
            best, lowest = (narrowed, tried), floor
        else:
            highest = floor - 1
    return best if best[0] is not market else _at(market, pairs, lowest)


def _at(market: Market, pairs: Kept, floor: int) -> tuple[Market, Optimum]:
    """The floor that the optimum reaches by itself; above the policy's own it must be held too."""
    narrowed = replace(market, pairs=pairs.at_least(floor), floor=floor)
    return narrowed, find_optimum(narrowed)


def _served(market: Market, found: Optimum) -> tuple[int, int]:
    rows = np.flatnonzero(found.mates != UNMATCHED)
    return len(rows), int(market.priority[rows].sum())
