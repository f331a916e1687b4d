"""Which pairs of a graph weigh most together? Exact, on integers, by SciPy or (much faster on large pools) OR-Tools."""

from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from app.domain.errors import RuleViolation

Integers = NDArray[np.int64]
Indexes = NDArray[np.int64]

UNMATCHED = -1
# SciPy solves in float64. With a dummy column per mentee no dual exceeds the largest cost, and a path sum stays
# within four times that: below this limit every number it forms is an exact integer (< 2**53).
LARGEST_WEIGHT = 2**51 - 1
HAS_FAST_SOLVER = find_spec("ortools") is not None
_WORTH_FAST = 20_000  # pairs; below, starting OR-Tools costs more than it saves


@dataclass(frozen=True, slots=True)
class Graph:
    """Pairs in order of mentee and then mentor. All weights are positive."""

    mentees: int
    capacity: Integers  # by mentor; 0 is allowed
    rows: Indexes  # mentee of each pair
    cols: Indexes  # mentor of each pair
    weight: Integers

    @property
    def mentors(self) -> int:
        return len(self.capacity)

    def mates(self, chosen: Indexes) -> Indexes:
        """The mentor of each mentee, or UNMATCHED, from the chosen pairs' indexes."""
        mates = np.full(self.mentees, UNMATCHED, dtype=np.int64)
        mates[self.rows[chosen]] = self.cols[chosen]
        return mates


def solve(graph: Graph, *, fast: bool | None = None) -> Indexes:
    """Indexes of the pairs of a matching of largest weight, in order of mentee; `fast` asks for one of the two solvers.

    Raises RuleViolation `matching.weights_too_large` when exact arithmetic cannot be guaranteed.
    """
    open_pairs = np.flatnonzero(graph.capacity[graph.cols] > 0)
    if not len(open_pairs):
        return np.zeros(0, dtype=np.int64)
    top = int(graph.weight.max())
    if top > LARGEST_WEIGHT:
        raise RuleViolation("matching.weights_too_large", largest=LARGEST_WEIGHT)
    found = None
    if (HAS_FAST_SOLVER if fast is None else fast) and len(open_pairs) >= _WORTH_FAST:
        found = _solve_as_flow(graph, open_pairs)
    return _solve_as_assignment(graph, open_pairs, top) if found is None else found


def _solve_as_assignment(graph: Graph, open_pairs: Indexes, top: int) -> Indexes:
    """One row a mentee, the heaviest first: who comes later then seldom moves who came before."""
    pair, slot, slots = _open_slots(graph, open_pairs)
    heaviest = np.zeros(graph.mentees, dtype=np.int64)
    np.maximum.at(heaviest, graph.rows[pair], graph.weight[pair])
    mentees = np.argsort(-heaviest, kind="stable")
    row_of = np.empty_like(mentees)
    row_of[mentees] = np.arange(graph.mentees)
    # explicit zeros would be dropped, so every cost is at least 1; a dummy costs what a weight of 0 would
    dummies = np.arange(graph.mentees)
    costs = np.concatenate([top + 1 - graph.weight[pair], np.full(graph.mentees, top + 1)]).astype(np.float64)
    at = (np.concatenate([row_of[graph.rows[pair]], dummies]), np.concatenate([slot, slots + dummies]))
    rows, taken = min_weight_full_bipartite_matching(
        csr_array((costs, at), shape=(graph.mentees, slots + graph.mentees))
    )
    real = taken < slots
    owner = np.empty(slots, dtype=np.int64)
    owner[slot] = graph.cols[pair]
    return _find(graph, mentees[rows[real]], owner[taken[real]])


def _solve_as_flow(graph: Graph, open_pairs: Indexes) -> Indexes | None:
    """A flow of one unit per mentee, through a mentor or past them all; None where OR-Tools refuses the weights.

    It scales them by the number of nodes, and looks itself whether they are still exact then.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # noqa: PLC0415  the extra `fast`

    mentees, mentors = np.arange(graph.mentees), graph.mentees + np.arange(graph.mentors)
    sink = graph.mentees + graph.mentors
    rows, cols = graph.rows[open_pairs], graph.cols[open_pairs]
    tails = np.concatenate([rows, mentees, mentors]).astype(np.int32)
    heads = np.concatenate([mentors[cols], np.full(graph.mentees + graph.mentors, sink)]).astype(np.int32)
    places = np.concatenate([np.ones(len(rows) + graph.mentees, dtype=np.int64), graph.capacity])
    costs = np.concatenate([-graph.weight[open_pairs], np.zeros(graph.mentees + graph.mentors, dtype=np.int64)])
    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tails, heads, places, costs)
    supplies = np.concatenate([np.ones(graph.mentees), np.zeros(graph.mentors), [-graph.mentees]]).astype(np.int64)
    flow.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supplies)
    if flow.solve() != flow.OPTIMAL:  # there is always a flow, past the mentors
        return None
    used = np.asarray(flow.flows(np.arange(len(rows), dtype=np.int32))) > 0
    return open_pairs[used]


def tie_bits(mentees: int, mentors: int) -> int:
    """How many bits of the draw both solvers can add up exactly."""
    return min(40, 58 - 2 * (mentees + mentors).bit_length())


def _open_slots(graph: Graph, open_pairs: Indexes) -> tuple[Indexes, Indexes, int]:
    """Every open pair once per free place of its mentor: the pair, its slot, and how many slots there are."""
    degree = np.bincount(graph.cols[open_pairs], minlength=graph.mentors)
    places = np.minimum(graph.capacity, degree)  # more places than candidates change nothing
    first = np.cumsum(places) - places
    copies = places[graph.cols[open_pairs]]
    pair = np.repeat(open_pairs, copies)
    nth = np.arange(len(pair)) - np.repeat(np.cumsum(copies) - copies, copies)
    return pair, first[graph.cols[pair]] + nth, int(places.sum())


def _find(graph: Graph, rows: Indexes, cols: Indexes) -> Indexes:
    """Find the pairs (row, col) among the graph's ordered pairs."""
    keys = graph.rows * np.int64(graph.mentors) + graph.cols
    return np.sort(np.searchsorted(keys, rows * np.int64(graph.mentors) + cols))
