"""What people have decided beforehand, and what nobody can do: pins, proposals that stay, floors, contradictions."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.domain.errors import RuleViolation
from app.domain.glossary import CefrLevel, Gender, Goal
from app.domain.matching.certificate import Certificate, is_proven
from app.domain.matching.columns import columns_of
from app.domain.matching.engine import propose, verify
from app.domain.matching.explanation import explain_pair
from app.domain.matching.market import open_market
from app.domain.matching.model import Pool, arrange
from app.domain.matching.optimum import find_optimum
from app.domain.matching.policy import Policy
from tests.domain.matching.people import (
    make_mentee,
    make_mentor,
    make_policy,
    make_pool,
    mentee_id,
    mentor_id,
    pairs_of,
)

POLICY = make_policy()
NEAR, FAR = make_mentor(1), make_mentor(2, occupation=None)
TWO = make_pool([NEAR, FAR], [make_mentee(1), make_mentee(2, occupation=None)])


def pinned(pool: Pool, *pairs: tuple[int, int]) -> Pool:
    return replace(pool, pins=frozenset((mentor_id(one), mentee_id(other)) for one, other in pairs))


def test_a_pin_is_in_the_result_though_it_costs_points() -> None:
    free, held = propose(TWO, POLICY, seed=1), propose(pinned(TWO, (2, 1)), POLICY, seed=1)
    assert pairs_of(held) == {(mentor_id(2), mentee_id(1)), (mentor_id(1), mentee_id(2))}
    assert (held.people, held.priority) == (free.people, free.priority)
    assert held.score < free.score
    assert held.is_optimal
    assert verify(pinned(TWO, (2, 1)), POLICY, held)
    assert not verify(pinned(TWO, (2, 1)), POLICY, replace(held, pairs=held.pairs[1:]))
    (mine,) = [pair for pair in held.pairs if pair.is_pinned]
    assert (mine.mentee, mine.rank, mine.feasible_mentors, mine.alternative) == (mentee_id(1), 2, 2, None)
    assert explain_pair(mine, "sv")[1] == "Paret bestämdes innan körningen."
    assert not held.unused_mentors


def test_a_pin_takes_a_place() -> None:
    pool = pinned(make_pool([NEAR], [make_mentee(1), make_mentee(2, waiting_days=300)]), (1, 1))
    found = propose(pool, POLICY, seed=1)
    assert pairs_of(found) == {(mentor_id(1), mentee_id(1))}
    assert found.greedy is not None
    assert found.greedy.people == 1
    assert [left.mentee for left in found.unmatched] == [mentee_id(2)]


@pytest.mark.parametrize(
    ("pool", "constraints"),
    [
        (make_pool([make_mentor(1, place="1480")], [make_mentee(1)]), ["place"]),
        (make_pool([make_mentor(1, capacity=0)], [make_mentee(1)]), ["freePlace"]),
        (make_pool([make_mentor(1, is_ready=False, languages={})], [make_mentee(1)]),
         ["mentorReady", "mentorLanguage", "sharedLanguage"]),
    ],
)  # fmt: skip
def test_a_pin_that_breaks_a_constraint_is_refused_by_name(pool: Pool, constraints: list[str]) -> None:
    with pytest.raises(RuleViolation) as refusal:
        propose(pinned(pool, (1, 1)), POLICY, seed=1)
    assert refusal.value.code == "matching.pin_breaks_constraint"
    assert refusal.value.facts["pairs"] == [
        {"mentor": str(mentor_id(1)), "mentee": str(mentee_id(1)), "constraints": constraints}
    ]


@pytest.mark.parametrize(
    ("pairs", "code"), [([(1, 9)], "matching.pin_unknown"), ([(1, 1), (2, 1)], "matching.pin_twice")]
)
def test_a_pin_must_make_sense(pairs: list[tuple[int, int]], code: str) -> None:
    with pytest.raises(RuleViolation) as refusal:
        propose(pinned(TWO, *pairs), POLICY, seed=1)
    assert refusal.value.code == code


@pytest.mark.parametrize(("bonus", "stays"), [(0, False), (10_000, True)])
def test_a_proposal_stays_for_as_long_as_its_bonus_outweighs(bonus: int, *, stays: bool) -> None:
    pool = replace(TWO, kept=frozenset({(mentor_id(2), mentee_id(1)), (mentor_id(7), mentee_id(1))}))
    policy = replace(POLICY, keep_bonus=bonus)
    found = propose(pool, policy, seed=1)
    assert ((mentor_id(2), mentee_id(1)) in pairs_of(found)) is stays
    assert [pair.is_kept for pair in found.pairs] == [stays, False]
    assert found.is_optimal
    assert verify(pool, policy, found)
    if stays:
        assert explain_pair(found.pairs[0], "en")[-1] == "The pair was proposed before, and stays."


def test_a_bonus_never_costs_anybody_a_place() -> None:
    """Kept with the one mentor whom the other can have, both would not be served."""
    near, far = make_mentor(1), make_mentor(2, place="1480")
    mobile = make_mentee(1, has_remote=True)
    pool = make_pool([near, replace(far, has_remote=True)], [mobile, make_mentee(2)])
    kept = replace(pool, kept=frozenset({(mentor_id(1), mentee_id(1))}))
    assert propose(kept, replace(POLICY, keep_bonus=10_000), seed=1).people == 2


def test_the_floor_rises_as_far_as_nobody_pays() -> None:
    """Two ways to serve both: 10 000 and 0 have the best total, 4 000 and 4 000 the better worst pair."""
    work, business = Goal.FIND_WORK, Goal.START_BUSINESS
    weights = dict.fromkeys(POLICY.document()["weights"], 0) | {"occupation": 6, "goals": 4}
    policy = Policy.parse(POLICY.document() | {"weights": weights})
    raising = replace(policy, raises_floor=True)
    mentors = [
        make_mentor(1, goals=frozenset({work, business})),
        make_mentor(2, occupation=None, goals=frozenset({work})),
    ]
    mentees = [make_mentee(1), make_mentee(2, occupation="9111", goals=frozenset({business}))]
    pool = make_pool(mentors, mentees)
    plain, raised = propose(pool, policy, seed=1), propose(pool, raising, seed=1)
    assert (plain.score, plain.score_floor) == (10_000, 0)
    assert ([pair.score for pair in raised.pairs], raised.score_floor) == ([4_000, 4_000], 4_000)
    assert (raised.people, raised.priority) == (plain.people, plain.priority)
    assert raised.is_optimal
    assert verify(pool, raising, raised)
    assert not verify(pool, raising, replace(raised, score_floor=-1))
    assert not verify(pool, policy, raised)


def test_a_floor_that_is_reached_already_is_held() -> None:
    """The best total's worst pair is the best that the worst can be."""
    raising = replace(POLICY, raises_floor=True)
    raised = propose(TWO, raising, seed=1)
    assert raised.score_floor == min(pair.score for pair in raised.pairs) > 0
    assert verify(TWO, raising, raised)
    nobody = propose(make_pool([], [make_mentee(1)]), raising, seed=1)
    assert (nobody.people, nobody.score_floor) == (0, 0)


@pytest.mark.parametrize(
    ("mentors", "mentees", "named"),
    [
        ([make_mentor(1, place="1480"), make_mentor(2, place="1480")], [make_mentee(1)], ("place",)),
        ([make_mentor(1, place="1480"), make_mentor(2, languages={"sv": CefrLevel.A2})], [make_mentee(1)],
         ("mentorLanguage", "place")),
        ([make_mentor(1, gender=Gender.MALE)], [make_mentee(1, accepts_gender=Gender.FEMALE)], ("genderPreference",)),
        ([make_mentor(1)], [make_mentee(1)], ()),
        ([make_mentor(1, capacity=0)], [make_mentee(1)], ()),
        ([], [make_mentee(1)], ()),
        ([make_mentor(1)], [], ()),
    ],
)  # fmt: skip
def test_constraints_that_contradict_each_other_are_named(
    mentors: list[Any], mentees: list[Any], named: tuple[str, ...]
) -> None:
    assert propose(make_pool(mentors, mentees), POLICY, seed=1).contradiction == named


def test_the_check_believes_nobody() -> None:
    """Negative prices, somebody too many, a pair that may not be, a floor: each is refused by itself."""
    pool = arrange(make_pool([NEAR, make_mentor(3, place="1480")], [make_mentee(1), make_mentee(2)]))
    market = open_market(columns_of(pool), POLICY, seed=1)
    found = find_optimum(market)
    u, v = found.certificate.mentee_price, found.certificate.mentor_price
    assert is_proven(market, found.mates, found.certificate)
    assert not is_proven(market, found.mates, Certificate(u + 5, v - 10))
    assert not is_proven(market, found.mates, Certificate(u[:1], v))
    assert not is_proven(market, found.mates[:1], found.certificate)
    assert not is_proven(market, np.array([0, 0]), found.certificate)
    assert not is_proven(market, np.array([1, 0]), found.certificate)
    assert not is_proven(market, np.array([2, -1]), found.certificate)
    assert not is_proven(replace(market, floor=10_001), found.mates, found.certificate)
