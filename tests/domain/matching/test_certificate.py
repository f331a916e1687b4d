"""Does the certificate prove the optimum, and refuse everything else?"""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain.errors import RuleViolation
from app.domain.matching import solver
from app.domain.matching.certificate import (
    UNBOUNDED,
    Certificate,
    covers,
    find_certificate,
    find_highest_prices,
    is_matching,
    weight_held,
)
from app.domain.matching.columns import columns_of
from app.domain.matching.engine import propose, verify
from app.domain.matching.market import open_market
from app.domain.matching.model import arrange
from app.domain.matching.proposal import Duals, Proposal
from app.domain.matching.solver import HAS_FAST_SOLVER, LARGEST_WEIGHT, UNMATCHED, Graph, solve
from tests.domain.matching.people import make_mentee, make_mentor, make_policy, make_pool, mentee_id, mentor_id

BASE = 30_001
AMIRA, BERHANE, CARIN, ELIF = range(4)
MARIA, NILS, OLGA = range(3)
EDGES = [
    (AMIRA, MARIA, 3, 9_000), (AMIRA, NILS, 3, 8_500), (BERHANE, MARIA, 2, 7_000), (CARIN, OLGA, 1, 3_000),
    (ELIF, OLGA, 1, 6_000),
]  # fmt: skip


def build(edges: list[tuple[int, int, int, int]], mentees: int, capacity: list[int]) -> Graph:
    rows, cols, priority, score = (np.array(column, dtype=np.int64) for column in zip(*edges, strict=True))
    return Graph(mentees, np.array(capacity, dtype=np.int64), rows, cols, BASE * priority + score)


EXAMPLE = build(EDGES, 4, [1, 1, 1])


def mates_of(graph: Graph, chosen: list[int]) -> NDArray[np.int64]:
    return graph.mates(np.array(chosen, dtype=np.int64))


def is_proven(graph: Graph, mates: NDArray[np.int64], certificate: Certificate) -> bool:
    """What the engine asks of a whole market, of a bare graph."""
    is_covered = covers([(graph.rows, graph.cols, graph.weight)], certificate)
    return is_covered and certificate.bound(graph.capacity) == int(weight_held(graph, mates).sum())


def test_prices_that_lack_a_single_point_for_one_pair_cover_nothing() -> None:
    nothing = np.zeros(1, dtype=np.int64)
    for weight, holds in ((7, True), (8, False)):
        pair = nothing, nothing, np.array([weight])
        assert covers([pair], Certificate(np.array([3]), np.array([4]))) is holds


def test_a_pair_that_a_condition_excludes_is_no_matching() -> None:
    """Whatever it weighs: asked of the conditions themselves, not of the possible pairs."""
    pool = make_pool([make_mentor(0), make_mentor(1, languages={})], [make_mentee(0), make_mentee(1)])
    market = open_market(columns_of(arrange(pool)), make_policy(), seed=1)
    ids = market.columns.mentors.ids
    fits, excluded = ids.index(mentor_id(0)), ids.index(mentor_id(1))
    assert is_matching(market, np.array([fits, UNMATCHED]))
    assert not is_matching(market, np.array([excluded, UNMATCHED]))
    assert not is_matching(market, np.array([UNMATCHED, excluded]))
    assert not is_matching(market, np.array([fits, excluded]))


def test_worked_example() -> None:
    """Three people, priority 6, score 21 500; the prices prove it and say what one more place is worth."""
    mates = EXAMPLE.mates(solve(EXAMPLE))
    certificate = find_certificate(EXAMPLE, mates)
    assert int(weight_held(EXAMPLE, mates).sum()) == certificate.bound(EXAMPLE.capacity) == 201_506
    assert certificate.mentee_price.tolist() == [98_503, 66_502, 0, 3_000]
    assert certificate.mentor_price.tolist() == [500, 0, 33_001]
    assert find_highest_prices(EXAMPLE, mates)[OLGA] == 36_001
    assert is_proven(EXAMPLE, mates, certificate)


@pytest.mark.parametrize("chosen", [[], [0], [0, 4], [1, 2, 3]])
def test_lesser_matching_is_not_proven_but_bounded(chosen: list[int]) -> None:
    mates = mates_of(EXAMPLE, chosen)
    certificate = find_certificate(EXAMPLE, mates)
    assert not is_proven(EXAMPLE, mates, certificate)
    assert certificate.bound(EXAMPLE.capacity) >= 201_506
    assert not is_proven(EXAMPLE, mates, find_certificate(EXAMPLE, EXAMPLE.mates(solve(EXAMPLE))))


def test_improving_cycle_ends_the_search() -> None:
    """No free place anywhere: only swapping the two would be better, so the prices would rise for ever."""
    square = build([(0, 0, 1, 1), (0, 1, 1, 9), (1, 0, 1, 9), (1, 1, 1, 1)], 2, [1, 1])
    straight = mates_of(square, [0, 3])
    certificate = find_certificate(square, straight)
    assert not is_proven(square, straight, certificate)
    assert certificate.bound(square.capacity) >= 2 * BASE + 18


def test_prices_must_cover_and_be_positive() -> None:
    mates = EXAMPLE.mates(solve(EXAMPLE))
    good = find_certificate(EXAMPLE, mates)
    for shift in (600, -70_000):
        shifted = Certificate(
            good.mentee_price + np.array([shift, 0, 0, 0]), good.mentor_price - np.array([shift, 0, 0])
        )
        assert shifted.bound(EXAMPLE.capacity) == good.bound(EXAMPLE.capacity)
        assert not is_proven(EXAMPLE, mates, shifted)


def test_place_that_does_not_exist_has_no_highest_price() -> None:
    graph = build([(0, 0, 1, 5), (0, 1, 1, 9)], 1, [1, 0])
    mates = graph.mates(solve(graph))
    assert find_highest_prices(graph, mates).tolist() == [BASE + 5, UNBOUNDED]
    assert is_proven(graph, mates, find_certificate(graph, mates))


@pytest.mark.parametrize("seed", range(6))
def test_both_solvers_agree(seed: int) -> None:
    """OR-Tools, where it is installed, reaches the same weight as SciPy on a pool large enough for it."""
    random = np.random.default_rng(seed)
    edges = np.unique(random.integers(0, [300, 150], size=(60_000, 2)), axis=0)
    weight = BASE * random.integers(1, 4, size=len(edges)) + random.integers(0, 10_000, size=len(edges))
    graph = Graph(300, random.integers(1, 4, size=150), edges[:, 0], edges[:, 1], weight)
    totals = {int(graph.weight[solve(graph, fast=fast)].sum()) for fast in (False, HAS_FAST_SOLVER)}
    assert len(totals) == 1
    mates = graph.mates(solve(graph, fast=HAS_FAST_SOLVER))
    assert is_proven(graph, mates, find_certificate(graph, mates))


@pytest.mark.parametrize("top", [2**40, LARGEST_WEIGHT])
def test_weights_that_one_solver_refuses_the_other_takes(monkeypatch: pytest.MonkeyPatch, top: int) -> None:
    """OR-Tools scales weights by the number of nodes: those of the second case are then no longer exact."""
    monkeypatch.setattr("app.domain.matching.solver._WORTH_FAST", 0)
    places = np.arange(40, dtype=np.int64)
    rows, cols = np.repeat(places, 40), np.tile(places, 40)
    weight = top - (rows * 7 + cols * 11) % 13
    graph = Graph(40, np.ones(80 * 80, dtype=np.int64), rows, cols, weight)
    flow = solver._solve_as_flow(graph, np.arange(len(rows)))
    assert (flow is None) is (top == LARGEST_WEIGHT)
    assert int(weight[solve(graph, fast=True)].sum()) == int(weight[solve(graph, fast=False)].sum())


@pytest.mark.parametrize("fast", [False, True])
def test_least_weight_is_worth_more_than_nobody(monkeypatch: pytest.MonkeyPatch, *, fast: bool) -> None:
    monkeypatch.setattr("app.domain.matching.solver._WORTH_FAST", 0)
    each = np.arange(5, dtype=np.int64)
    assert solve(Graph(5, np.ones(5, dtype=np.int64), each, each, np.ones(5, dtype=np.int64)), fast=fast).tolist() == [
        *range(5)
    ]


def test_draws_leave_room_for_what_they_are_added_to() -> None:
    """Both solvers can add up: SciPy sums of 2**53, OR-Tools weights of 2**62 times the nodes."""
    sizes = [(1, 1), (580, 1_000), (5_800, 10_000), (58_000, 100_000), (1_000_000, 1_000_000)]
    assert [solver.tie_bits(mentees, mentors) for mentors, mentees in sizes] == [40, 36, 30, 22, 16]
    for mentors, mentees in sizes:
        top = 2 * ((mentees << solver.tie_bits(mentees, mentors)) + 1) + (1 << solver.tie_bits(mentees, mentors))
        assert top <= LARGEST_WEIGHT
        assert top * (mentees + mentors + 3) < 2**62


def test_weights_beyond_exact_arithmetic_are_refused() -> None:
    graph = replace(EXAMPLE, weight=EXAMPLE.weight + LARGEST_WEIGHT)
    with pytest.raises(RuleViolation) as refusal:
        solve(graph)
    assert refusal.value.code == "matching.weights_too_large"


POOL = make_pool(
    [make_mentor(1), make_mentor(2, occupation=None)], [make_mentee(1), make_mentee(2), make_mentee(3, place="1480")]
)
POLICY = make_policy()
HONEST = propose(POOL, POLICY, seed=1)
FIRST, SECOND = HONEST.pairs


@pytest.mark.parametrize(
    "tampered",
    [
        replace(HONEST, pairs=(FIRST,)),
        replace(HONEST, pairs=(FIRST, FIRST)),
        replace(HONEST, pairs=(FIRST, replace(SECOND, score=SECOND.score + 1))),
        replace(HONEST, pairs=(FIRST, replace(SECOND, mentee=mentee_id(3)))),
        replace(HONEST, pairs=(FIRST, replace(SECOND, mentor=mentor_id(9)))),
        replace(HONEST, duals=replace(HONEST.duals, base=1)),
        replace(HONEST, duals=Duals(HONEST.duals.base, {}, HONEST.duals.mentors)),
        replace(HONEST, duals=replace(HONEST.duals, mentors=dict.fromkeys(HONEST.duals.mentors, 2**63))),
        replace(HONEST, duals=replace(HONEST.duals, mentors=dict.fromkeys(HONEST.duals.mentors, 0))),
        replace(HONEST, pool_digest="0" * 64),
        replace(HONEST, policy_digest="0" * 64),
    ],
)
def test_tampered_proposal_is_not_verified(tampered: Proposal) -> None:
    assert verify(POOL, POLICY, HONEST)
    assert not verify(POOL, POLICY, tampered)
