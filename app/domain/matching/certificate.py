"""Is a matching really the best there is? Integer duals, and a check that trusts no solver."""

from dataclasses import dataclass

import numpy as np

from app.domain.matching.solver import UNMATCHED, Graph, Integers

UNBOUNDED = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Certificate:
    """Prices of mentees and mentors. Both are >= 0 and together they cover every pair's weight."""

    mentee_price: Integers
    mentor_price: Integers

    def bound(self, graph: Graph) -> int:
        """No matching weighs more, whatever made the prices, as long as they cover every pair."""
        return int(self.mentee_price.sum()) + int((graph.capacity * self.mentor_price).sum())


def find_certificate(graph: Graph, chosen: Integers) -> Certificate:
    """The lowest mentor prices that the matching allows (Bellman-Ford), and the mentee prices that cover every pair.

    It proves the matching optimal exactly when it is; for any other matching it still gives a true bound.
    """
    mates = graph.mates(chosen)
    held = _weight_held(graph, chosen)
    gain = graph.weight - held[graph.rows]
    cols, mate = graph.cols, mates[graph.rows]
    has_free_place = graph.capacity > np.bincount(graph.cols[chosen], minlength=graph.mentors)
    price = np.zeros(graph.mentors, dtype=np.int64)
    unmatched = np.flatnonzero(mate == UNMATCHED)
    np.maximum.at(price, cols[unmatched], gain[unmatched])
    changed = np.ones(graph.mentors, dtype=np.bool_)  # a price of 0 also says what a swap must not gain
    for _ in range(graph.mentors):
        if not changed.any() or price[has_free_place].any():
            break  # settled; or a free place would have a price, so the matching is not optimal
        before = price.copy()
        moved = np.flatnonzero((mate != UNMATCHED) & changed[mate] & (cols != mate))
        np.maximum.at(price, cols[moved], gain[moved] + before[mate[moved]])
        changed = price > before
    return Certificate(_cover(graph, price), price)


def _cover(graph: Graph, mentor_price: Integers) -> Integers:
    cover = np.zeros(graph.mentees, dtype=np.int64)
    np.maximum.at(cover, graph.rows, graph.weight - mentor_price[graph.cols])
    return cover


def _weight_held(graph: Graph, chosen: Integers) -> Integers:
    held = np.zeros(graph.mentees, dtype=np.int64)
    held[graph.rows[chosen]] = graph.weight[chosen]
    return held


def is_proven(graph: Graph, chosen: Integers, certificate: Certificate) -> bool:
    """Whether `chosen` is a matching of the graph and the certificate proves that none weighs more.

    Weak duality, checked on every feasible pair; it does not matter where either came from.
    """
    u, v = certificate.mentee_price, certificate.mentor_price
    if len(u) != graph.mentees or len(v) != graph.mentors or not is_matching(graph, chosen):
        return False
    covers = bool((u >= 0).all() and (v >= 0).all() and (u[graph.rows] + v[graph.cols] >= graph.weight).all())
    return covers and certificate.bound(graph) == int(graph.weight[chosen].sum())


def is_matching(graph: Graph, chosen: Integers) -> bool:
    """Nobody twice, no mentor beyond the free places."""
    each_once = bool((np.bincount(graph.rows[chosen], minlength=graph.mentees) <= 1).all())
    return each_once and bool((np.bincount(graph.cols[chosen], minlength=graph.mentors) <= graph.capacity).all())


def find_highest_prices(graph: Graph, chosen: Integers) -> Integers:
    """What a place with each mentor costs the others at most: an unmatched mentee above it is served.

    UNBOUNDED where there is no place at all. Only meaningful for an optimal matching.
    """
    mates = graph.mates(chosen)
    held = _weight_held(graph, chosen)
    price = np.where(graph.capacity > np.bincount(graph.cols[chosen], minlength=graph.mentors), 0, UNBOUNDED)
    price[graph.capacity == 0] = UNBOUNDED
    full = price == UNBOUNDED
    np.minimum.at(price, graph.cols[chosen], np.where(full[graph.cols[chosen]], held[graph.rows[chosen]], 0))
    mate = mates[graph.rows]
    swap = np.flatnonzero((mate != UNMATCHED) & (graph.cols != mate))
    mate, cols = mate[swap], graph.cols[swap]
    loss = held[graph.rows[swap]] - graph.weight[swap]
    for _ in range(graph.mentors):
        before = price.copy()
        reachable = np.flatnonzero(before[cols] < UNBOUNDED)
        np.minimum.at(price, mate[reachable], before[cols[reachable]] + loss[reachable])
        if (price == before).all():
            break
    return price
