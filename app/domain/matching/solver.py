"""Which pairs serve most people, then those who waited longest, then best? Exact, on integers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from app.domain.errors import RuleViolation

Integers = NDArray[np.int64]
Indexes = NDArray[np.intp]

UNMATCHED = -1
# SciPy solves in float64. With a dummy column per mentee no dual exceeds the largest cost, and a path sum stays
# within four times that: below this limit every number it forms is an exact integer (< 2**53).
LARGEST_WEIGHT = 2**51 - 1
_TIE_BITS = 40


@dataclass(frozen=True, slots=True)
class Graph:
    """The feasible pairs, ordered by mentee and then mentor. All weights are positive."""

    mentees: int
    capacity: Integers  # by mentor; 0 is allowed
    rows: Indexes  # mentee of each pair
    cols: Indexes  # mentor of each pair
    weight: Integers

    @property
    def mentors(self) -> int:
        return len(self.capacity)

    def mates(self, chosen: Integers) -> Integers:
        """The mentor of each mentee, or UNMATCHED, from the chosen pairs' indexes."""
        mates = np.full(self.mentees, UNMATCHED, dtype=np.int64)
        mates[self.rows[chosen]] = self.cols[chosen]
        return mates


def solve(graph: Graph) -> Integers:
    """Indexes of the pairs of a matching of largest weight, in order of mentee.

    Raises RuleViolation `matching.weights_too_large` when exact arithmetic cannot be guaranteed.
    """
    open_pairs = np.flatnonzero(graph.capacity[graph.cols] > 0)
    if not len(open_pairs):
        return np.zeros(0, dtype=np.int64)
    top = int(graph.weight.max())
    if top > LARGEST_WEIGHT:
        raise RuleViolation("matching.weights_too_large", largest=LARGEST_WEIGHT)
    pair, slot, slots = _open_slots(graph, open_pairs)
    # explicit zeros would be dropped, so every cost is at least 1; a dummy costs what a weight of 0 would
    dummies = np.arange(graph.mentees)
    costs = np.concatenate([top + 1 - graph.weight[pair], np.full(graph.mentees, top + 1)]).astype(np.float64)
    at = (np.concatenate([graph.rows[pair], dummies]), np.concatenate([slot, slots + dummies]))
    matrix = csr_array((costs, at), shape=(graph.mentees, slots + graph.mentees))
    rows, taken = min_weight_full_bipartite_matching(matrix)
    real = taken < slots
    mentor_of = _slot_owner(pair, slot, graph.cols, slots)
    return _find(graph, rows[real].astype(np.int64), mentor_of[taken[real]])


def break_ties(graph: Graph, mentee_price: Integers, mentor_price: Integers, draw: NDArray[np.uint64]) -> Integers:
    """Of all matchings of largest weight, the one of largest draw: nothing but the seed decides between equals.

    By complementary slackness a matching is optimal exactly when it uses only pairs without slack, serves every
    mentee with a price and fills every mentor with a price; so the last stage needs only those pairs.
    """
    tight = np.flatnonzero(mentee_price[graph.rows] + mentor_price[graph.cols] == graph.weight)
    bits = min(_TIE_BITS, 49 - graph.mentees.bit_length())
    must = np.int64(graph.mentees << bits) + 1
    rows, cols = graph.rows[tight], graph.cols[tight]
    weight = (draw[tight] >> np.uint64(64 - bits)).astype(np.int64) + 1
    weight += must * ((mentee_price[rows] > 0).astype(np.int64) + (mentor_price[cols] > 0))
    return tight[solve(Graph(graph.mentees, graph.capacity, rows, cols, weight))]


def draw_pairs(graph: Graph, mentee_keys: NDArray[np.uint64], mentor_keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """64 mixed bits per pair (the finaliser of SplitMix64) from the keyed hashes of its two people."""
    mixed = mentee_keys[graph.rows] ^ (mentor_keys[graph.cols] * np.uint64(0x9E3779B97F4A7C15))
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    drawn: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return drawn


def take_greedily(graph: Graph, draw: NDArray[np.uint64]) -> Integers:
    """Indexes of the pairs that taking the best remaining pair, again and again, would choose."""
    free_mentee = np.ones(graph.mentees, dtype=np.bool_)
    places = graph.capacity.copy()
    order = np.lexsort((draw, -graph.weight))
    chosen: list[int] = []
    size = max(1024, graph.mentees)
    for start in range(0, len(order), size):
        part = order[start : start + size]
        part = part[free_mentee[graph.rows[part]] & (places[graph.cols[part]] > 0)]
        pairs = zip(part.tolist(), graph.rows[part].tolist(), graph.cols[part].tolist(), strict=True)
        for index, row, col in pairs:
            if free_mentee[row] and places[col]:
                free_mentee[row] = False
                places[col] -= 1
                chosen.append(index)
    return np.array(chosen, dtype=np.int64)


def _open_slots(graph: Graph, open_pairs: Indexes) -> tuple[Indexes, Indexes, int]:
    """Every open pair once per free place of its mentor: the pair, its slot, and how many slots there are."""
    degree = np.bincount(graph.cols[open_pairs], minlength=graph.mentors)
    places = np.minimum(graph.capacity, degree)  # more places than candidates change nothing
    first = np.cumsum(places) - places
    copies = places[graph.cols[open_pairs]]
    pair = np.repeat(open_pairs, copies)
    nth = np.arange(len(pair)) - np.repeat(np.cumsum(copies) - copies, copies)
    return pair, first[graph.cols[pair]] + nth, int(places.sum())


def _slot_owner(pair: Indexes, slot: Indexes, cols: Indexes, slots: int) -> Integers:
    owner = np.empty(slots, dtype=np.int64)
    owner[slot] = cols[pair]
    return owner


def _find(graph: Graph, rows: Integers, cols: Integers) -> Integers:
    """Find the pairs (row, col) among the graph's ordered pairs."""
    keys = graph.rows.astype(np.int64) * graph.mentors + graph.cols
    return np.sort(np.searchsorted(keys, rows * graph.mentors + cols))
