"""Is a matching really the best there is? Integer prices, and a check that trusts no solver."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.domain.matching.columns import WORD, Codes
from app.domain.matching.constraints import find_feasible
from app.domain.matching.market import Market
from app.domain.matching.solver import UNMATCHED, Graph, Integers

_ROWS = 1024  # checked at a time
UNBOUNDED = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Certificate:
    """Prices of mentees and mentors. Both are >= 0 and together they cover every pair's weight."""

    mentee_price: Integers
    mentor_price: Integers

    def gain(self, rows: Codes, cols: Codes, weight: Integers) -> Integers:
        """What each pair weighs beyond its two prices."""
        return weight - self.mentee_price[rows] - self.mentor_price[cols]

    def bound(self, capacity: Integers) -> int:
        """No matching weighs more, whatever made the prices, as long as they cover every pair."""
        return int(self.mentee_price.sum()) + int((capacity * self.mentor_price).sum())


def find_certificate(graph: Graph, mates: Codes) -> Certificate:
    """The lowest mentor prices that the matching allows (Bellman-Ford), and the mentee prices that cover every pair.

    It proves the matching optimal within the graph exactly when it is; for any other matching it still gives a true
    bound.
    """
    held = weight_held(graph, mates)
    gain = graph.weight - held[graph.rows]
    cols, mate = graph.cols, mates[graph.rows]
    has_free_place = graph.capacity > count_mates(mates, graph.mentors)
    price = np.zeros(graph.mentors, dtype=np.int64)
    unmatched = np.flatnonzero(mate == UNMATCHED)
    np.maximum.at(price, cols[unmatched], gain[unmatched])
    swap = np.flatnonzero((mate != UNMATCHED) & (cols != mate))
    cols, mate, gain = cols[swap], mate[swap], gain[swap]
    changed = np.ones(graph.mentors, dtype=np.bool_)  # a price of 0 also says what a swap must not gain
    for _ in range(graph.mentors):
        if not changed.any() or price[has_free_place].any():
            break  # settled; or a free place would have a price, so the matching is not optimal
        before = price.copy()
        moved = np.flatnonzero(changed.take(mate))
        np.maximum.at(price, cols[moved], gain[moved] + before[mate[moved]])
        changed = price > before
    return Certificate(_cover(graph, price), price)


def _cover(graph: Graph, mentor_price: Integers) -> Integers:
    cover = np.zeros(graph.mentees, dtype=np.int64)
    np.maximum.at(cover, graph.rows, graph.weight - mentor_price[graph.cols])
    return cover


def weight_held(graph: Graph, mates: Codes) -> Integers:
    """The weight of each mentee's own pair; 0 without one."""
    held = np.zeros(graph.mentees, dtype=np.int64)
    own = np.flatnonzero(mates[graph.rows] == graph.cols)
    held[graph.rows[own]] = graph.weight[own]
    return held


def count_mates(mates: Codes, mentors: int) -> Codes:
    """How many mentees each mentor has."""
    return np.bincount(mates[mates != UNMATCHED], minlength=mentors)


def is_proven(market: Market, mates: Codes, certificate: Certificate) -> bool:
    """Whether `mates` is a matching of the market and the certificate proves that none weighs more.

    Weak duality, checked on every possible pair; it does not matter where either came from. The pairs themselves are
    held against the constraints and weighed anew.
    """
    u, v = certificate.mentee_price, certificate.mentor_price
    if len(u) != market.mentees or len(v) != market.mentors or not is_matching(market, mates):
        return False
    heavy = market.pairs.blocks(market.least(u, v))
    if not covers(((block.rows, block.cols, market.weigh(block)) for block in heavy), certificate):
        return False
    return certificate.bound(market.capacity) == int(market.held(mates).sum())


def covers(pairs: Iterable[tuple[Codes, Codes, Integers]], certificate: Certificate) -> bool:
    """Whether none of the pairs (mentees, mentors, weights) weighs more than its two prices together."""
    if (certificate.mentee_price < 0).any() or (certificate.mentor_price < 0).any():
        return False
    return not any((certificate.gain(rows, cols, weight) > 0).any() for rows, cols, weight in pairs)


def is_matching(market: Market, mates: Codes) -> bool:
    """Whether every pair is allowed and no mentor has more mentees than free places."""
    if len(mates) != market.mentees or not ((mates >= UNMATCHED) & (mates < market.mentors)).all():
        return False
    rows = np.flatnonzero(mates != UNMATCHED)
    if (count_mates(mates, market.mentors) > market.capacity).any() or market.left_out[rows].any():
        return False
    return all(_is_allowed(market, rows[start : start + _ROWS], mates) for start in range(0, len(rows), _ROWS))


def _is_allowed(market: Market, rows: Codes, mates: Codes) -> bool:
    cols = mates[rows]
    words = find_feasible(market.constraints, rows)[np.arange(len(rows)), cols // WORD]
    is_allowed = (words >> (cols % WORD).astype(np.uint64)) & np.uint64(1)
    return bool(is_allowed.all()) and bool((market.scorer.score(rows, cols) >= market.floor).all())


def find_highest_prices(graph: Graph, mates: Codes, begin: Integers | None = None) -> Integers:
    """What a place with each mentor costs the others at most: an unmatched mentee above it is served.

    UNBOUNDED where there is no place at all. Only meaningful for an optimal matching. `begin` are prices known to be
    no lower, to go on from.
    """
    held = weight_held(graph, mates)
    price = highest_prices_at_most(graph.capacity, mates, held) if begin is None else begin.copy()
    mate = mates[graph.rows]
    swap = np.flatnonzero((mate != UNMATCHED) & (graph.cols != mate))
    mate, cols = mate[swap], graph.cols[swap]
    loss = held[graph.rows[swap]] - graph.weight[swap]
    changed = price < UNBOUNDED
    for _ in range(graph.mentors):
        before = price.copy()
        moved = np.flatnonzero(changed.take(cols))
        np.minimum.at(price, mate[moved], before[cols[moved]] + loss[moved])
        changed = price < before
        if not changed.any():
            break
    return price


def highest_prices_at_most(capacity: Integers, mates: Codes, held: Integers) -> Integers:
    """The highest prices before any swap is looked at: nothing where a place is free, else the least pair held."""
    price = np.where(capacity > count_mates(mates, len(capacity)), 0, UNBOUNDED)
    rows = np.flatnonzero(mates != UNMATCHED)
    np.minimum.at(price, mates[rows], held[rows])  # where a place is free it stays nothing
    return price
