"""How fast is the engine, beside the solver alone and beside what others use? Goals: the project's matching design.

Every ratio is of CPU seconds in this run. "Pipeline" is everything from columns to explanations and proof.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from operator import itemgetter
from typing import Any

import numpy as np

from app.domain.matching import optimum, solver
from app.domain.matching.certificate import is_proven
from app.domain.matching.columns import Columns, columns_of
from app.domain.matching.engine import propose_columns
from app.domain.matching.market import Market, open_market
from app.domain.matching.model import Pool, arrange
from app.domain.matching.optimum import Optimum, find_optimum, find_true_highest_prices
from app.domain.matching.pair_reasons import describe_pairs
from app.domain.matching.pairs import Finder
from app.domain.matching.policy import Policy
from app.domain.matching.proposal import Proposal
from app.domain.matching.solver import UNMATCHED, Graph, solve
from app.domain.matching.survey import survey
from app.domain.matching.unmatched_reasons import describe_unmatched
from bench.measuring import at_least, at_most, cpu_seconds, figure, in_child, ratio
from bench.peers import (
    score_in_plain_python,
    score_with_columns,
    solve_by_mentor_match,
    solve_by_networkx,
    solve_by_scipy,
)
from bench.pools import make_policy, make_pool

NAME = "matching"
SEED = 2014
POLICY = make_policy()


def run() -> Iterator[dict[str, Any]]:
    yield from _thousand()
    yield from _ten_thousand()
    yield from _what_pruning_costs()


def _thousand() -> Iterator[dict[str, Any]]:
    case = "1,000 x 580"
    pool = arrange(make_pool(1_000))
    columns = columns_of(pool)
    graph = complete_graph(open_market(columns, POLICY, SEED))
    value = ratio(lambda: core(columns), lambda: solve_by_scipy(graph), rounds=15)
    yield at_most(NAME, case, "core pipeline / SciPy solving alone", value, 2)
    found = core(columns)
    yield figure(NAME, case, "proven gap", found.gap, 0, holds=found.gap == 0 and found.is_optimal)
    yield from _peers(case, columns)


def _peers(case: str, columns: Columns) -> Iterator[dict[str, Any]]:
    """One place each and no tiers, because the peers know neither; the same pairs, the same weights.

    Like for like is to find the matching from the pairs and their weights, which we prove as well; the pipeline also
    makes the pairs and explains them.
    """
    single = replace(columns, capacity=np.minimum(columns.capacity, 1))
    flat = replace(POLICY, max_tier=1)
    market = open_market(single, flat, SEED)
    ours, found = min((cpu_seconds(lambda: core(single, flat)) for _ in range(5)), key=itemgetter(0))
    alike, _ = min((cpu_seconds(lambda: _found_and_proven(market)) for _ in range(5)), key=itemgetter(0))
    graph = complete_graph(market)
    for peer, their_solve, goal in (
        ("mentor-match", solve_by_mentor_match, 200),
        ("networkx max_weight_matching", solve_by_networkx, 1_000),
    ):
        theirs, weight = cpu_seconds(lambda solve_it=their_solve: solve_it(graph))  # type: ignore[misc]
        yield at_least(NAME, case, f"{peer} / finding and proving the same", theirs / alike, goal)
        yield at_least(NAME, case, f"{peer} / core pipeline", theirs / ours, goal / 2)
        yield figure(NAME, case, f"weight above {peer}", found.weight - weight, 0, holds=found.weight >= weight)


def _found_and_proven(market: Market) -> bool:
    with _scipy_alone():
        found = find_optimum(market)
    return is_proven(market, found.mates, found.certificate)


def _ten_thousand() -> Iterator[dict[str, Any]]:
    case = "10,000 x 5,800"
    _load_libraries()  # so that neither child's memory counts OR-Tools itself, or the compiler
    pool = arrange(make_pool(10_000))
    columns = columns_of(pool)
    graph = complete_graph(open_market(columns, POLICY, SEED))
    their_memory, (alone, _) = in_child(lambda: cpu_seconds(lambda: len(solve(graph, fast=True))))
    our_memory, (fast, found) = in_child(lambda: cpu_seconds(lambda: summary(propose_columns(columns, POLICY, SEED))))
    core_alone, also_found = min((cpu_seconds(lambda: summary(core(columns))) for _ in range(3)), key=itemgetter(0))
    yield at_most(NAME, case, "fast pipeline / OR-Tools alone on the complete graph", fast / alone, 1)
    yield at_most(NAME, case, "fast pipeline's memory / OR-Tools' alone", our_memory / their_memory, 0.1)
    yield at_most(NAME, case, "core pipeline / OR-Tools alone on the complete graph", core_alone / alone, 4)
    yield figure(NAME, case, "proven gap", found[0], 0, holds=found[0] == 0 and found == also_found)
    market = open_market(columns, POLICY, SEED)
    found_best = find_optimum(market)
    explaining = min(cpu_seconds(lambda: explain(market, found_best))[0] for _ in range(3))
    yield at_most(NAME, case, "explanations of everyone / the core run", explaining / core_alone, 0.05)
    yield from _scoring(case, pool, market)


def _load_libraries() -> None:
    market = open_market(columns_of(arrange(make_pool(1_000))), POLICY, SEED)  # enough pairs for OR-Tools to be asked
    solve(complete_graph(market), fast=True)
    finder = Finder(market.constraints, market.scorer, market.mentors, market.left_out, 0, is_compiled=True)
    finder.find(0, market.mentees)


def _scoring(case: str, pool: Pool, market: Market) -> Iterator[dict[str, Any]]:
    some = 20
    plain, expected = cpu_seconds(lambda: score_in_plain_python(POLICY, [*pool.mentors], [*pool.mentees[:some]]))
    ours, found = cpu_seconds(lambda: score_with_columns(market, some))
    yield at_least(NAME, case, "scoring in plain Python / by the engine, a pair", plain / ours, 80)
    yield figure(NAME, case, "scores that differ", sum(map(int.__ne__, expected, found)), 0, holds=expected == found)


def _what_pruning_costs() -> Iterator[dict[str, Any]]:
    """People lost when only the first candidates are solved, which the pricing finds again."""
    columns = columns_of(arrange(make_pool(3_000)))
    whole = optimum.SOLVED_WHOLE
    optimum.SOLVED_WHOLE = 0
    try:
        pruned, best = (propose_columns(columns, POLICY, SEED, rounds=rounds) for rounds in (0, None))
    finally:
        optimum.SOLVED_WHOLE = whole
    lost = best.people - pruned.people
    yield figure(NAME, "3,000 x 1,740", "people lost without pricing", lost, 0, holds=pruned.gap > 0)
    yield figure(
        NAME,
        "3,000 x 1,740",
        "people gained over greedy",
        best.people - (best.greedy.people if best.greedy else 0),
        0,
        holds=best.is_optimal,
    )


def explain(market: Market, found: Optimum) -> int:
    """Every pair and every mentee without one, with reasons; how many there are."""
    mates = found.mates
    highest = find_true_highest_prices(market, found)
    own = market.held(mates) - market.base * market.priority * (mates != UNMATCHED)
    looked = survey(market, mates, own, highest)
    pairs = [*describe_pairs(market, mates, highest, looked)]
    return len(pairs) + len([*describe_unmatched(market, np.flatnonzero(mates == UNMATCHED), looked)])


def core(columns: Columns, policy: Policy = POLICY) -> Proposal:
    """A run with NumPy and SciPy alone."""
    with _scipy_alone():
        return propose_columns(columns, policy, SEED)


@contextmanager
def _scipy_alone() -> Iterator[None]:
    has_fast = solver.HAS_FAST_SOLVER
    solver.HAS_FAST_SOLVER = False
    try:
        yield
    finally:
        solver.HAS_FAST_SOLVER = has_fast


def complete_graph(market: Market) -> Graph:
    """Every possible pair at once, as the solver alone would get them."""
    blocks = [*market.pairs.blocks()]
    return Graph(
        market.mentees,
        market.capacity,
        np.concatenate([block.rows for block in blocks]),
        np.concatenate([block.cols for block in blocks]),
        np.concatenate([market.weigh(block) for block in blocks]),
    )


def summary(found: Proposal) -> tuple[int, int, int, int]:
    """What two ways of solving must agree on."""
    return found.gap, found.people, found.priority, found.score
