"""Which mentors should open a group, and who should be in it? Most people, then longest waiting, then highest score.

With a least size priority can cost a place, so that one weight does not hold the whole objective: the three aims are
pursued one after the other by HiGHS (SciPy's `milp`), in which only "does this group open?" is a whole number. The
members of the groups that open are then found exactly, in integers. Proof: `group_proof`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, hstack, vstack

from app.domain.errors import RuleViolation
from app.domain.matching.columns import Booleans, Codes
from app.domain.matching.group_proof import (
    AIMS,
    CLOSED,
    OPEN,
    SCALE,
    Candidates,
    Part,
    bound,
    candidates_of,
    values_of,
)
from app.domain.matching.group_sizes import Limits, are_groups
from app.domain.matching.market import Market, is_small
from app.domain.matching.solver import Graph, Integers, solve

MOST_PAIRS = 300_000  # the programme has a row for each
MOST_PARTS = 64  # of one proof: for each the programme is solved once more
_DEAR = 10.0  # times all that could be gained
_NODES = 2_000  # of the search, in one stage: a bound that does not depend on how fast the machine is
Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Proof:
    """One aim: what was reached, and parts whose prices bound it."""

    value: int
    bound: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    mates: Codes
    proofs: tuple[Proof, ...]  # in the order of AIMS

    @property
    def proven(self) -> int:
        """How many aims, from the first, are proven to be reached as far as possible."""
        missed = [at for at, one in enumerate(self.proofs) if one.bound != one.value]
        return missed[0] if missed else len(self.proofs)


def find_groups(market: Market, limits: Limits) -> Groups:
    """The best groups, and the bounds of every aim.

    Raises RuleViolation `matching.groups_too_large`: beyond MOST_PAIRS possible pairs the search would not end.
    """
    if not is_small(market.pairs, MOST_PAIRS):
        raise RuleViolation("matching.groups_too_large", largest=MOST_PAIRS)
    found = candidates_of(market, limits)
    programme = _Programme.of(market.mentees, found, limits)
    is_open = np.zeros(market.mentors, dtype=np.bool_)
    reached: list[int] = []
    for aim in range(len(AIMS)):
        chosen = programme.search(reached)
        is_open = is_open if chosen is None else chosen
        mates = _fill(market, limits, found, is_open)
        reached.append(values_of(market, mates)[aim])
    values = values_of(market, mates)
    return Groups(mates, tuple(_prove(programme, found, limits, values, aim) for aim in range(len(AIMS))))


def _prove(programme: "_Programme", found: Candidates, limits: Limits, values: tuple[int, ...], aim: int) -> Proof:
    """The part with the highest bound is parted until none is above the value, or there are too many."""
    nothing = np.zeros(len(limits.most), dtype=np.int64)
    open_parts = [programme.price(values[:aim], nothing)]
    bounds = [bound(found, limits, values, open_parts[0][0])]
    while max(bounds) > values[aim] and len(bounds) < MOST_PARTS:
        at = bounds.index(max(bounds))
        part, undecided = open_parts[at]
        if undecided is None:
            break
        del open_parts[at], bounds[at]
        for way in (OPEN, CLOSED):
            decided = part.decided.copy()
            decided[undecided] = way
            open_parts.append(programme.price(values[:aim], decided))
            bounds.append(bound(found, limits, values, open_parts[-1][0]))
    return Proof(values[aim], max(bounds), tuple(part for part, _ in open_parts))


def _fill(market: Market, limits: Limits, found: Candidates, is_open: Booleans) -> Codes:
    """The best members of the groups that are open, each of at least its least size.

    A mentor stands twice: with the places that must be filled, which are worth more than everything else together, and
    with those that may be.
    """
    weight = market.base * found.gives[1] + found.gives[2]
    must = market.base * (int(market.priority.sum()) + 1)
    rows, cols = np.tile(found.rows, 2), np.concatenate([found.cols, found.cols + market.mentors])
    weights = np.concatenate([weight + must, weight])
    order = np.lexsort((cols, rows))
    capacity = np.concatenate([np.where(is_open, limits.least, 0), np.where(is_open, limits.most - limits.least, 0)])
    graph = Graph(market.mentees, capacity, rows[order], cols[order], weights[order])
    mates = graph.mates(solve(graph))
    mates[mates >= market.mentors] -= market.mentors
    if not are_groups(market, mates, limits):
        raise ArithmeticError("the solver opened a group that cannot be filled")
    return mates


@dataclass(frozen=True, slots=True)
class _Programme:
    """Whether each pair is made, then whether each group opens; every row is `matrix @ both <= limit`."""

    mentees: int
    opening: Codes  # the mentors who can open a group
    mentors: int
    gives: tuple[Integers, ...]
    matrix: csr_array
    limit: Reals

    @classmethod
    def of(cls, mentees: int, found: Candidates, limits: Limits) -> "_Programme":
        opening = np.flatnonzero(limits.can_open)
        pairs, groups = len(found.rows), len(opening)
        pair, group = np.arange(pairs), np.searchsorted(opening, found.cols)
        every, at = np.arange(groups), pairs + np.arange(groups)
        least, most = limits.least[opening], limits.most[opening]
        entries = [  # row, column, value: one mentor each; at most; at least; only in an open group
            (found.rows, pair, np.ones(pairs)),
            (mentees + group, pair, np.ones(pairs)),
            (mentees + every, at, -most),
            (mentees + groups + group, pair, -np.ones(pairs)),
            (mentees + groups + every, at, least),
            (mentees + 2 * groups + pair, pair, np.ones(pairs)),
            (mentees + 2 * groups + pair, pairs + group, -np.ones(pairs)),
        ]
        rows, cols, values = (np.concatenate(part) for part in zip(*entries, strict=True))
        shape = (mentees + 2 * groups + pairs, pairs + groups)
        matrix = csr_array((values.astype(np.float64), (rows, cols)), shape=shape)
        limit = np.concatenate([np.ones(mentees), np.zeros(2 * groups + pairs)])
        return cls(mentees, opening, len(limits.most), found.gives, matrix, limit)

    def search(self, reached: Sequence[int]) -> Booleans | None:
        """Which groups open, where the aims before have `reached` so much; None when nothing was found in time."""
        is_open = np.zeros(self.mentors, dtype=np.bool_)
        if not len(self.opening):
            return is_open
        matrix, limit = self._with(reached)
        pairs, groups = len(self.gives[0]), len(self.opening)
        found = milp(
            self._cost(len(reached)),
            integrality=np.concatenate([np.zeros(pairs), np.ones(groups)]),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(matrix, -np.inf, limit),
            options={"node_limit": _NODES, "mip_rel_gap": 0},
        )
        if found.x is None:
            return None
        is_open[self.opening] = found.x[pairs:] > 0.5  # noqa: PLR2004  0 or 1, but for rounding
        return is_open

    def price(self, reached: Sequence[int], decided: Codes) -> tuple[Part, int | None]:
        """Prices and multipliers for what is decided, and the group that it is hardest to tell about of the others.

        They come from the programme without whole numbers. A mentee may have several mentors there, and an aim be missed,
        at a high price: what is decided may be impossible, and that is how it shows.
        """
        undecided = np.flatnonzero(decided[self.opening] == 0)
        pairs, soft = len(self.gives[0]), self.mentees + len(reached)
        nothing = Part(decided, np.zeros(self.mentees, dtype=np.int64), (0,) * len(reached))
        if not pairs:
            return nothing, None
        matrix, limit = self._with(reached)
        at = np.concatenate([np.arange(self.mentees), np.arange(len(limit) - len(reached), len(limit))])
        slack = csr_array((-np.ones(soft), (at, np.arange(soft))), shape=(len(limit), soft))
        cost = self._cost(len(reached))
        dear = np.full(soft, _DEAR * (1 + float(self.gives[len(reached)].max()) * self.mentees))
        low, high = np.zeros(len(cost) + soft), np.concatenate([np.ones(len(cost)), np.full(soft, np.inf)])
        low[pairs + np.flatnonzero(decided[self.opening] == OPEN)] = 1
        high[pairs + np.flatnonzero(decided[self.opening] == CLOSED)] = 0
        found = linprog(  # type: ignore[call-overload]  # the stubs know of no sparse matrix
            np.concatenate([cost, dear]),
            A_ub=hstack([matrix, slack], format="csr"),
            b_ub=limit,
            bounds=np.stack([low, high], axis=1),
            method="highs",
        )
        if found.status != 0:
            return nothing, None
        duals = np.rint(np.maximum(0, -found.ineqlin.marginals) * SCALE).astype(np.int64)
        part = Part(decided, duals[: self.mentees], tuple(duals[len(duals) - len(reached) :].tolist()))
        if not len(undecided):
            return part, None
        doubt = np.abs(found.x[pairs + undecided] - 0.5)  # neither open nor closed
        return part, int(self.opening[undecided[doubt.argmin()]])

    def _cost(self, aim: int) -> Reals:
        return np.concatenate([-self.gives[aim].astype(np.float64), np.zeros(len(self.opening))])

    def _with(self, reached: Sequence[int]) -> tuple[csr_array, Reals]:
        """The rows and their limits, with one more for every aim before: no less than was reached."""
        if not reached:
            return self.matrix, self.limit
        before = np.stack([self._cost(aim) for aim in range(len(reached))])
        matrix = vstack([self.matrix, csr_array(before)], format="csr")
        return matrix, np.concatenate([self.limit, -np.array(reached, dtype=np.float64)])
