"""Do the ways that large pools take give exactly what small ones get: column generation, streaming, compiled loops?"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from app.domain.matching import kernels, optimum
from app.domain.matching.certificate import Certificate, is_proven, weight_held
from app.domain.matching.columns import Columns, columns_of
from app.domain.matching.engine import propose_columns
from app.domain.matching.market import Market, is_small, open_market
from app.domain.matching.model import arrange
from app.domain.matching.optimum import find_optimum, find_true_highest_prices
from app.domain.matching.pairs import HAS_COMPILER, Block, Finder, Kept, Least, Streamed, find_pairs
from app.domain.matching.policy import Policy
from app.domain.matching.proposal import Proposal
from app.domain.matching.solver import HAS_FAST_SOLVER, Graph, Indexes, solve
from bench.pools import make_policy, make_pool

ROOT = Path(__file__).parents[3]
POLICY = make_policy()


@pytest.fixture(scope="module")
def columns() -> Columns:
    return columns_of(arrange(make_pool(150)))


def run(columns: Columns, policy: Policy = POLICY) -> Proposal:
    return propose_columns(columns, policy, seed=3)


def finder(market: Market, *, compiled: bool = False, floor: int = 0) -> Finder:
    return Finder(market.constraints, market.scorer, market.mentors, market.left_out, floor, compiled)


def streamed(market: Market) -> Market:
    return replace(market, pairs=Streamed(finder(market)))


def test_column_generation_finds_the_same(columns: Columns, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(columns)
    monkeypatch.setattr(optimum, "SOLVED_WHOLE", 0)
    monkeypatch.setattr(optimum, "_CANDIDATES", 2)
    monkeypatch.setattr(optimum, "_ADDED", 1)
    assert run(columns) == whole
    assert whole.is_optimal
    assert whole.gap == 0


def test_a_few_candidates_alone_lose_people_and_say_so(columns: Columns, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pricing, the result is worse than the best; the gap that is told is true, and closes round by round."""
    best = run(columns)
    monkeypatch.setattr(optimum, "SOLVED_WHOLE", 0)
    monkeypatch.setattr(optimum, "_CANDIDATES", 1)
    tries = [propose_columns(columns, POLICY, seed=3, rounds=rounds) for rounds in (0, 1, 50)]
    assert tries[0].people < best.people
    for tried in tries[:2]:
        assert not tried.is_optimal
        assert tried.weight < best.weight <= tried.bound
    assert tries[2].is_optimal
    assert tries[2].weight == best.weight


def test_no_more_rounds_are_made_than_asked_for(columns: Columns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimum, "SOLVED_WHOLE", 0)
    monkeypatch.setattr(optimum, "_CANDIDATES", 1)
    monkeypatch.setattr(optimum, "_ADDED", 1)
    market = open_market(columns, POLICY, seed=3)
    solved: list[Graph] = []

    def count(graph: Graph) -> Indexes:
        solved.append(graph)
        return solve(graph)

    monkeypatch.setattr(optimum, "solve", count)
    for rounds in range(4):
        solved.clear()
        find_optimum(market, rounds)
        assert len(solved) == rounds + 1


@pytest.mark.parametrize("seed", range(12))
def test_prices_are_told_right_where_the_draw_took_other_pairs_than_the_candidates(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    market = open_market(columns_of(arrange(make_pool(80, seed))), POLICY, seed)
    whole = find_optimum(market)
    monkeypatch.setattr(optimum, "SOLVED_WHOLE", 0)
    monkeypatch.setattr(optimum, "_CANDIDATES", 1)
    monkeypatch.setattr(optimum, "_ADDED", 1)
    generated = find_optimum(market)
    assert generated.mates.tolist() == whole.mates.tolist()
    assert weight_held(generated.graph, generated.mates).tolist() == market.held(whole.mates).tolist()
    prices = [find_true_highest_prices(market, each).tolist() for each in (whole, generated)]
    assert prices[0] == prices[1]


def test_streaming_finds_as_much(columns: Columns) -> None:
    market = open_market(columns, POLICY, seed=3)
    kept, found = find_optimum(market), find_optimum(streamed(market))
    assert isinstance(market.pairs, Kept)
    assert int(market.held(found.mates).sum()) == int(market.held(kept.mates).sum())
    assert is_proven(streamed(market), found.mates, found.certificate)
    prices = [find_true_highest_prices(each, kept) for each in (market, streamed(market))]
    assert prices[0].tolist() == prices[1].tolist()


def test_too_many_pairs_are_streamed_and_explained(columns: Columns, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(columns)
    monkeypatch.setattr("app.domain.matching.pairs.MOST_KEPT", 10)
    apart = run(columns)
    assert apart.greedy is None
    assert apart.is_optimal
    assert (apart.people, apart.priority, apart.score) == (whole.people, whole.priority, whole.score)
    reasons = [
        {one.mentee: (one.kind, one.blocking, one.smallest_change) for one in each.unmatched} for each in (whole, apart)
    ]
    both = reasons[0].keys() & reasons[1].keys()
    assert {one: reasons[0][one] for one in both} == {one: reasons[1][one] for one in both}


def test_floor_is_not_raised_where_pairs_are_streamed(columns: Columns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.domain.matching.pairs.MOST_KEPT", 10)
    assert run(columns, replace(POLICY, raises_floor=True)).score_floor == 0


@pytest.mark.parametrize("floor", [0, 4_000])
def test_the_inner_loop_agrees_with_numpy(columns: Columns, floor: int) -> None:
    """Both as they are written; that the compiler keeps their meaning is the next test's."""
    market = open_market(columns, POLICY, seed=3)
    least = Least(np.arange(150) * 130, np.arange(market.mentors) * 10)
    for limits in (None, least):
        slow, quick = (
            finder(market, compiled=compiled, floor=floor).find(20, 90, limits) for compiled in (False, True)
        )
        for name in ("start", "cols", "score"):
            assert getattr(slow, name).tolist() == getattr(quick, name).tolist(), name
        assert len(slow.cols)


def test_candidates_are_the_best_with_a_place(columns: Columns, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each mentee, and of as good ones those that the draw puts first."""
    monkeypatch.setattr(optimum, "_CANDIDATES", 3)
    market = open_market(replace(columns, capacity=np.arange(len(columns.capacity)) % 3), POLICY, seed=3)
    expected = []
    for block in market.pairs.blocks():
        for mentee, first, stop in zip(block.mentees.tolist(), block.start[:-1], block.start[1:], strict=True):
            cols = block.cols[first:stop]
            order = np.lexsort((market.draw(np.full(len(cols), mentee), cols), -market.weigh(block)[first:stop]))
            best = [col for col in cols[order].tolist() if market.capacity[col]][:3]
            expected += [(mentee, col) for col in sorted(best)]
    graph = optimum._collect(market, market.weigh, partial(optimum._best, market))
    assert [*zip(graph.rows.tolist(), graph.cols.tolist(), strict=True)] == expected


def test_only_pairs_that_gain_or_nearly_do_are_added_and_none_without_weight(
    columns: Columns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At prices of nothing a pair gains what it weighs; a pair without weight is none that may be made."""
    monkeypatch.setattr(optimum, "_NEAR", 5)
    monkeypatch.setattr(optimum, "_ADDED", 4)
    market = open_market(columns, POLICY, seed=3)
    block = Block(0, np.array([0, 5]), np.arange(5), np.zeros(5, dtype=np.int64))
    nothing, four = np.zeros(market.mentees, dtype=np.int64), np.full(market.mentors, 4)
    added = [
        optimum._gaining(market, Certificate(nothing, four), block, np.array(weight)).tolist()
        for weight in ([0, 0, 0, 0, 0], [0, 3, 0, 9, 0], [8, 7, 6, 5, 4])
    ]
    assert added == [[], [1, 3], [0, 1, 2, 3]]
    far = Certificate(nothing, four + 2)
    assert optimum._gaining(market, far, block, np.array([1, 2, 0, 6, 1])).tolist() == [1, 3]


@pytest.mark.parametrize(("most", "looked_at"), [(40, None), (20, 6), (19, 1), (39, 10)])
def test_pairs_are_kept_while_they_are_not_too_many_and_not_likely_to_be(most: int, looked_at: int | None) -> None:
    """Ten mentees with four pairs each: twice too many are expected at once, a few too many when they are there."""
    seen = []

    def find_all() -> Iterator[Block]:
        for mentee in range(10):
            seen.append(mentee)
            yield Block(mentee, np.array([0, 4]), np.arange(4), np.arange(4))

    found = find_pairs(cast("Finder", SimpleNamespace(find_all=find_all, left_out=np.zeros(10), mentors=4)), most)
    assert len(seen) == (looked_at or 10)
    assert isinstance(found, Streamed if looked_at else Kept)
    if isinstance(found, Kept):
        assert is_small(found, 40)
        assert not is_small(found, 39)


def test_limits_hold_for_kept_pairs_too(columns: Columns) -> None:
    market = open_market(columns, POLICY, seed=3)
    least = Least(np.arange(150) * 20, np.arange(market.mentors) * 10)
    kept, made = ([*pairs.blocks(least)] for pairs in (market.pairs, Streamed(finder(market))))
    for name in ("rows", "cols", "score"):
        assert (
            np.concatenate([getattr(one, name) for one in kept]).tolist()
            == np.concatenate([getattr(one, name) for one in made]).tolist()
        )


@pytest.mark.slow
def test_compiled_it_still_agrees() -> None:
    """In a process of its own, since the tests run the loop as plain Python."""
    program = """
from tests.domain.matching.test_large import *
columns = columns_of(arrange(make_pool(150)))
market = open_market(columns, POLICY, seed=3)
for least in (Least(np.arange(150) * 50, np.arange(market.mentors) * 10), None):
    plain, compiled = (finder(market, compiled=one, floor=1_000).find(0, 150, least) for one in (False, True))
    assert kernels.scan.signatures, "it was not compiled"
    assert plain.cols.tolist() == compiled.cols.tolist() and plain.score.tolist() == compiled.score.tolist()
print(len(plain.cols))
"""
    done = subprocess.run(  # noqa: S603  the program above, by this interpreter
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": ""},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100


def test_the_extra_is_tested_and_not_only_promised() -> None:
    assert HAS_FAST_SOLVER
    assert HAS_COMPILER
    assert kernels.scan is not None
