"""Which laws hold when pairs are decided on, kept, streamed, floored, grouped, or the run is cut short?"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from unittest.mock import patch
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import RuleViolation
from app.domain.matching.certificate import is_proven
from app.domain.matching.columns import columns_of
from app.domain.matching.engine import propose, propose_columns, verify
from app.domain.matching.market import open_market
from app.domain.matching.model import EnrolmentPair, Pool, arrange
from app.domain.matching.optimum import find_optimum
from app.domain.matching.pairs import Finder, Streamed
from app.domain.matching.policy import GroupSize, Policy
from tests.domain.matching.people import pairs_of
from tests.properties.test_matching_laws import policies, pools, refusals, totals

pytestmark = pytest.mark.no_cover  # what each line does is tested in tests/domain; these are many runs
FEW = settings(max_examples=15, deadline=None)
SOME = settings(max_examples=20, deadline=None)
OPTIMUM = "app.domain.matching.optimum"


def tier_of(pool: Pool, policy: Policy, mentee: UUID) -> int:
    (days,) = [one.waiting_days for one in pool.mentees if one.id == mentee]
    return min(1 + days // policy.tier_days, policy.max_tier)


def scores_of(pool: Pool, policy: Policy) -> dict[EnrolmentPair, int]:
    """By (mentee, mentor). Which pairs are possible, and their scores, are held against an oracle in the other laws."""
    market = open_market(columns_of(arrange(replace(pool, pins=frozenset()))), policy, seed=1)
    mentees, mentors = market.columns.mentees.ids, market.columns.mentors.ids
    return {
        (mentees[row], mentors[col]): score
        for block in market.pairs.blocks()
        for row, col, score in zip(block.rows.tolist(), block.cols.tolist(), block.score.tolist(), strict=True)
        if market.capacity[col]
    }


def every_matching(pool: Pool, scores: dict[EnrolmentPair, int]) -> Iterator[dict[UUID, UUID]]:
    """Mentor by mentee, within the free places."""

    def assign(at: int, free: dict[UUID, int], made: dict[UUID, UUID]) -> Iterator[dict[UUID, UUID]]:
        if at == len(pool.mentees):
            yield made
            return
        mentee = pool.mentees[at].id
        yield from assign(at + 1, free, made)
        for mentor, places in free.items():
            if places and (mentee, mentor) in scores:
                yield from assign(at + 1, free | {mentor: places - 1}, made | {mentee: mentor})

    return assign(0, {mentor.id: mentor.capacity for mentor in pool.mentors}, {})


@st.composite
def pinned_pools(draw: st.DrawFn, policy: Policy) -> Pool:
    """A pool with some of its possible pairs decided on, each mentee at most once and no mentor beyond the places."""
    pool = draw(pools())
    possible = sorted((mentor, mentee) for mentee, mentor in scores_of(pool, policy))
    pins: dict[UUID, UUID] = {}
    for mentor, mentee in draw(st.permutations(possible))[:2]:
        places = next(one.capacity for one in pool.mentors if one.id == mentor)
        if mentee not in pins and [*pins.values()].count(mentor) < places:
            pins[mentee] = mentor
    return replace(pool, pins=frozenset((mentor, mentee) for mentee, mentor in pins.items()))


@FEW
@given(st.data(), policies(), st.integers())
def test_every_pin_is_in_every_result(data: st.DataObject, policy: Policy, seed: int) -> None:
    pool = data.draw(pinned_pools(policy))
    proposal = propose(pool, policy, seed)
    assert pool.pins <= pairs_of(proposal)
    assert {(pair.mentor, pair.mentee) for pair in proposal.pairs if pair.is_pinned} == pool.pins
    assert proposal.is_optimal
    assert verify(pool, policy, proposal)
    scores = scores_of(pool, policy)
    best = max(
        (len(one), sum(tier_of(pool, policy, mentee) for mentee in one), sum(scores[pair] for pair in one.items()))
        for one in every_matching(pool, scores)
        if {(mentor, mentee) for mentee, mentor in one.items()} >= pool.pins
    )
    assert totals(proposal) == best


@FEW
@given(pools(), policies())
def test_pin_that_breaks_a_constraint_is_refused_by_name(pool: Pool, policy: Policy) -> None:
    policy = replace(policy, score_floor=0)
    for mentor in pool.mentors:
        for mentee in pool.mentees:
            broken = refusals(mentor, mentee, pool, policy)
            pinned = replace(pool, pins=frozenset({(mentor.id, mentee.id)}))
            if not broken:
                assert pairs_of(propose(pinned, policy, seed=1)) >= pinned.pins
                continue
            with pytest.raises(RuleViolation) as refusal:
                propose(pinned, policy, seed=1)
            assert refusal.value.code == "matching.pin_breaks_constraint"
            (named,) = refusal.value.facts["pairs"]
            assert (named["mentor"], named["mentee"]) == (str(mentor.id), str(mentee.id))
            assert set(named["constraints"]) == broken


@SOME
@given(pools(), policies(), st.integers(), st.integers())
def test_kept_pairs_stay_among_equals(pool: Pool, policy: Policy, first: int, second: int) -> None:
    policy = replace(policy, keep_bonus=1)
    before = propose(pool, policy, first)
    after = propose(replace(pool, kept=frozenset(pairs_of(before))), policy, second)
    assert pairs_of(after) == pairs_of(before)
    assert all(pair.is_kept for pair in after.pairs)
    assert totals(after) == totals(before)


@FEW
@given(pools(), policies())
def test_floor_is_raised_as_high_as_costs_nobody(pool: Pool, policy: Policy) -> None:
    plain, raised = propose(pool, policy, seed=1), propose(pool, replace(policy, raises_floor=True), seed=1)
    assert totals(raised)[:2] == totals(plain)[:2]
    assert raised.is_optimal
    assert verify(pool, replace(policy, raises_floor=True), raised)
    if not plain.people:
        return
    scores = scores_of(pool, policy)
    lowest = [
        min(scores[pair] for pair in one.items())
        for one in every_matching(pool, scores)
        if (len(one), sum(tier_of(pool, policy, mentee) for mentee in one)) == totals(plain)[:2]
    ]
    assert raised.score_floor == min(pair.score for pair in raised.pairs) == max(lowest)


@SOME
@given(pools(), policies())
def test_contradiction_excludes_everybody_and_no_smaller_one_does(pool: Pool, policy: Policy) -> None:
    named = set(propose(pool, policy, seed=1).contradiction)
    broken = [refusals(mentor, mentee, pool, policy) for mentor in pool.mentors for mentee in pool.mentees]
    if any(names <= {"freePlace"} for names in broken) or not broken:
        assert not named
        return
    assert all(names & named for names in broken)
    every = sorted(set().union(*broken))
    assert not any(all(names & {*fewer} for names in broken) for fewer in combinations(every, len(named) - 1))


@SOME
@given(pools(), policies(), st.integers())
def test_column_generation_finds_what_a_whole_solve_finds(pool: Pool, policy: Policy, seed: int) -> None:
    whole = propose(pool, policy, seed)
    with patch(f"{OPTIMUM}.SOLVED_WHOLE", 0), patch(f"{OPTIMUM}._CANDIDATES", 1), patch(f"{OPTIMUM}._ADDED", 1):
        generated = propose(pool, policy, seed)
    assert generated.is_optimal
    assert pairs_of(generated) == pairs_of(whole)
    assert totals(generated) == totals(whole)
    assert verify(pool, policy, generated)


@SOME
@given(pools(), policies(), st.integers())
def test_streamed_pairs_are_the_kept_ones(pool: Pool, policy: Policy, seed: int) -> None:
    columns = columns_of(arrange(pool))
    kept = open_market(columns, policy, seed)
    finder = Finder(kept.constraints, kept.scorer, kept.mentors, kept.left_out, kept.floor)
    streamed = replace(kept, pairs=Streamed(finder))
    every = [
        [
            (row, col, score)
            for block in market.pairs.blocks()
            for row, col, score in zip(block.rows.tolist(), block.cols.tolist(), block.score.tolist(), strict=True)
        ]
        for market in (kept, streamed)
    ]
    assert every[0] == every[1]
    found, again = find_optimum(kept), find_optimum(streamed)
    assert is_proven(streamed, again.mates, again.certificate)
    assert kept.held(found.mates).sum() == streamed.held(again.mates).sum()


@SOME
@given(pools(), policies(), st.integers())
def test_run_that_is_cut_short_reports_a_true_gap(pool: Pool, policy: Policy, seed: int) -> None:
    best = propose(pool, policy, seed)
    with patch(f"{OPTIMUM}.SOLVED_WHOLE", 0), patch(f"{OPTIMUM}._CANDIDATES", 1):
        short = propose_columns(columns_of(arrange(pool)), policy, seed, rounds=0)
    assert short.weight <= best.weight <= short.bound
    assert short.gap == short.bound - short.weight
    assert short.is_optimal == (short.gap == 0)


@SOME
@given(pools(), policies(), st.integers(2, 3), st.integers(0, 2), st.lists(st.integers(0, 4), min_size=4, max_size=4))
def test_groups_are_the_best_of_all(pool: Pool, policy: Policy, least: int, more: int, places: list[int]) -> None:
    size = GroupSize(least, least + more)
    policy = replace(policy, group=size)
    pool = replace(
        pool, mentors=tuple(replace(one, capacity=free) for one, free in zip(pool.mentors, places, strict=False))
    )
    proposal = propose(pool, policy, seed=1)
    scores = scores_of(pool, replace(policy, group=None))
    best = max(
        (len(one), sum(tier_of(pool, policy, mentee) for mentee in one), sum(scores[pair] for pair in one.items()))
        for one in every_matching(pool, scores)
        if all(size.least <= [*one.values()].count(mentor) <= size.most for mentor in one.values())
    )
    assert totals(proposal) == best
    assert {group.size for group in proposal.groups} <= {*range(size.least, size.most + 1)}
    assert sum(group.size for group in proposal.groups) == proposal.people
    assert all(stage.bound >= stage.value for stage in proposal.stages)
    assert proposal.is_optimal == verify(pool, policy, proposal) == (proposal.gap == 0)
