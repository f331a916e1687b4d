"""Do groups open only at an allowed size, serve as many as can be, and is what is said about them true?"""

from dataclasses import replace
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from app.domain.errors import RuleViolation
from app.domain.glossary import CefrLevel
from app.domain.matching import group_proof, group_proposal, groups
from app.domain.matching.engine import propose, verify
from app.domain.matching.explanation import explain_pair, explain_unmatched
from app.domain.matching.group_sizes import Limits
from app.domain.matching.policy import Policy, default_policy_document
from app.domain.matching.proposal import Aim, Blocking, Group, LossReason, Proposal, Stage, UnmatchedKind
from app.domain.matching.what_if import MoreMentors, Relax, default_questions, explore
from tests.domain.matching.people import make_mentee, make_mentor, make_pool, mentee_id, mentor_id, pairs_of


def policy_of(least: int, most: int, **changes: Any) -> Policy:
    document = default_policy_document("sv-adult-labour") | {"group": {"min": least, "max": most}}
    return Policy.parse(document | changes)


THREE = policy_of(3, 4)
SOMALI = {"sv": CefrLevel.B2, "so": CefrLevel.NATIVE}


def propose_groups(mentors: list[int], mentees: int, policy: Policy = THREE) -> Proposal:
    """Mentors with so many places each."""
    made = [make_mentor(n, capacity=places) for n, places in enumerate(mentors)]
    pool = make_pool(made, [make_mentee(n) for n in range(mentees)])
    proposal = propose(pool, policy, seed=1)
    assert proposal.is_optimal
    assert proposal.gap == 0
    assert verify(pool, policy, proposal)
    return proposal


@pytest.mark.parametrize(
    ("places", "mentees", "sizes"),
    [
        ([4], 2, []),  # too few for a group
        ([4], 3, [3]),
        ([9], 6, [4]),  # no group is larger than the policy's most
        ([3, 3], 5, [3]),
        ([4, 4], 6, [3, 3]),
        ([4, 4], 7, [3, 4]),
        ([2, 2, 2], 6, []),
        ([], 3, []),
        ([4], 0, []),
    ],
)
def test_group_opens_at_an_allowed_size_or_not_at_all(places: list[int], mentees: int, sizes: list[int]) -> None:
    proposal = propose_groups(places, mentees)
    assert sorted(group.size for group in proposal.groups) == sizes
    assert proposal.people == sum(sizes) == len(proposal.pairs)
    assert [stage.aim for stage in proposal.stages] == list(Aim)
    assert all(stage.is_proven for stage in proposal.stages)
    assert proposal.greedy is None


def test_waiting_longest_costs_nobody_a_place() -> None:
    """Two who waited long fit only mentor 0, whose group would take two of those without whom mentor 1 leads none."""
    mentors = [make_mentor(0, capacity=4, languages=SOMALI), make_mentor(1, capacity=5)]
    policy = policy_of(4, 5, **with_language({"mentorMin": None, "menteeMin": None}))
    long = [make_mentee(n, languages={"so": CefrLevel.NATIVE}, waiting_days=300) for n in range(2)]
    short = [make_mentee(n, languages={"sv": CefrLevel.B2}) for n in range(2, 7)]
    pool = make_pool(mentors, [*long, *short])
    proposal = propose(pool, policy, seed=1)
    assert proposal.groups == (Group(mentor_id(1), 5),)
    assert proposal.is_optimal
    pool = replace(pool, mentees=pool.mentees[:-1])
    assert propose(pool, policy, seed=1).groups == (Group(mentor_id(0), 4),)  # as many, and they have waited longer


def with_language(rule: dict[str, Any]) -> dict[str, Any]:
    constraints = default_policy_document("sv-adult-labour")["constraints"]
    return {"constraints": constraints | {"language": constraints["language"] | rule}}


def test_members_suit_their_groups() -> None:
    mentors = [make_mentor(0, capacity=2, occupation="2512"), make_mentor(1, capacity=2, occupation="5120")]
    mentees = [make_mentee(n, occupation="2512" if n % 2 else "5120") for n in range(4)]
    proposal = propose(make_pool(mentors, mentees), policy_of(2, 2), seed=1)
    assert pairs_of(proposal) == {(mentor_id(n % 2 == 0), mentee_id(n)) for n in range(4)}
    assert {pair.rank for pair in proposal.pairs} == {1}


def test_pinned_mentees_are_in_the_group() -> None:
    mentors = [make_mentor(0, capacity=4), make_mentor(1, capacity=4)]
    pool = make_pool(mentors, [make_mentee(n) for n in range(3)])
    two = replace(pool, pins=frozenset({(mentor_id(0), mentee_id(0)), (mentor_id(0), mentee_id(1))}))
    proposal = propose(two, THREE, seed=1)
    assert proposal.groups == (Group(mentor_id(0), 3),)
    assert proposal.unused_mentors == (mentor_id(1),)
    assert verify(two, THREE, proposal)
    apart = replace(pool, pins=frozenset({(mentor_id(0), mentee_id(0)), (mentor_id(1), mentee_id(1))}))
    proposal = propose(apart, THREE, seed=1)
    assert proposal.groups == (Group(mentor_id(0), 1), Group(mentor_id(1), 1))  # decided on; nobody can be added
    assert (proposal.people, len(proposal.unmatched)) == (2, 1)
    assert verify(apart, THREE, proposal)


def test_mentor_without_a_group_is_not_a_free_place() -> None:
    mentors = [make_mentor(0, capacity=4), make_mentor(1, capacity=4), make_mentor(2, capacity=0)]
    (left,) = propose(make_pool(mentors, [make_mentee(n) for n in range(5)]), THREE, seed=1).unmatched
    assert (left.kind, left.feasible_mentors, left.priority_lacking) == (UnmatchedKind.PLACES_RAN_OUT, 3, None)
    assert Blocking("groupSize", 2, 1) in left.blocking
    assert explain_unmatched(left, "sv") == (
        "3 mentorer passar, men ingen av dem leder en grupp med en ledig plats.",
        "1 av dem öppnar ingen grupp: helheten skulle inte bli bättre med den.",
    )
    (full,) = propose(make_pool(mentors[:1], [make_mentee(n) for n in range(5)]), THREE, seed=1).unmatched
    assert full.blocking == ()
    assert explain_unmatched(full, "en") == (
        "1 mentor fits, but the places ran out.",
        "None of them has a free place now.",
    )


def test_better_mentor_without_a_group_is_explained() -> None:
    mentors = [make_mentor(0, capacity=2), make_mentor(1, capacity=4, occupation=None)]
    proposal = propose(make_pool(mentors, [make_mentee(n) for n in range(3)]), THREE, seed=1)
    for pair in proposal.pairs:
        assert pair.alternative is not None
        assert (pair.mentor, pair.alternative.reason) == (mentor_id(1), LossReason.PLACE_NEEDED_ELSEWHERE)
        assert len(explain_pair(pair, "sv")) == 3


@pytest.mark.parametrize(("places", "named"), [([2, 2], ("groupSize",)), ([2, 3], ()), ([], ())])
def test_sizes_that_exclude_everybody_are_named(places: list[int], named: tuple[str, ...]) -> None:
    assert propose_groups(places, 5).contradiction == named


def test_conditions_that_exclude_everybody_are_named_with_groups_too() -> None:
    pool = make_pool([make_mentor(0, capacity=4, place="1480")], [make_mentee(n) for n in range(4)])
    assert propose(pool, THREE, seed=1).contradiction == ("place",)


def test_too_many_pairs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "MOST_PAIRS", 3)
    with pytest.raises(RuleViolation) as refusal:
        propose_groups([4], 4)
    assert (refusal.value.code, refusal.value.facts) == ("matching.groups_too_large", {"largest": 3})


def test_search_that_ends_early_says_how_far_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "milp", lambda *_args, **_options: SimpleNamespace(x=None))
    pool = make_pool([make_mentor(0, capacity=4)], [make_mentee(n) for n in range(4)])
    proposal = propose(pool, THREE, seed=1)
    assert (proposal.people, proposal.is_optimal) == (0, False)
    assert proposal.stages[0].bound == 4
    assert not verify(pool, THREE, proposal)
    monkeypatch.undo()
    assert proposal.bound >= propose_groups([4], 4).weight


def test_proof_that_would_take_too_many_parts_says_how_far_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "MOST_PARTS", 1)
    pool = make_pool([make_mentor(n, capacity=4) for n in range(2)], [make_mentee(n) for n in range(5)])
    proposal = propose(pool, THREE, seed=1)
    assert (proposal.people, proposal.stages[0].bound, proposal.is_optimal) == (4, 5, False)
    assert proposal.gap > 0


def test_prices_that_cannot_be_found_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "linprog", lambda *_args, **_options: SimpleNamespace(status=4))
    pool = make_pool([make_mentor(n, capacity=3) for n in range(3)], [make_mentee(n) for n in range(4)])
    proposal = propose(pool, THREE, seed=1)
    assert proposal.people == 3
    assert (proposal.stages[0].bound, proposal.is_optimal) == (9, False)  # every place, as if mentees could be doubled


def test_solver_that_opens_what_cannot_be_filled_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "milp", lambda cost, **_options: SimpleNamespace(x=np.ones(len(cost))))
    with pytest.raises(ArithmeticError):
        propose(make_pool([make_mentor(0, capacity=4)], [make_mentee(n) for n in range(2)]), THREE, seed=1)


def test_verification_notices_every_lie() -> None:
    mentors = [make_mentor(0, capacity=4), make_mentor(1, capacity=4)]
    pool = make_pool(mentors, [make_mentee(n) for n in range(5)])
    honest = propose(pool, THREE, seed=1)
    people, *others = honest.stages
    leaf, one = people.leaves[0], mentee_id(0)
    assert len(people.leaves) > 1  # five mentees are not enough for two groups, which prices alone cannot tell

    def tell(**lie: Any) -> Proposal:
        return replace(honest, stages=(replace(people, **lie), *others))

    def price(**lie: Any) -> Proposal:
        return tell(leaves=(replace(leaf, **lie), *people.leaves[1:]))

    negative = replace(others[1].leaves[0], opened=frozenset(), closed=frozenset(), multipliers=(-1, 0))
    smaller = replace(honest, pairs=honest.pairs[:2])
    (left,), mentor = honest.unmatched, honest.groups[0].mentor
    one_more = replace(honest.pairs[0], mentee=left.mentee)
    lies = [
        replace(honest, groups=()),
        replace(honest, pairs=(*honest.pairs, one_more), groups=(Group(mentor, 5),)),
        replace(honest, stages=honest.stages[::-1]),
        replace(smaller, groups=(Group(mentor, 2),)),
        replace(honest, pairs=honest.pairs[:3], groups=(Group(mentor, 3),)),
        tell(value=5, bound=5),
        tell(bound=3),
        tell(leaves=people.leaves[1:]),
        tell(leaves=()),
        price(multipliers=(0,)),
        price(prices={}),
        price(prices=dict(leaf.prices) | {one: -1}),
        price(prices=dict(leaf.prices) | {one: 1 << 70}),
        price(prices=dict.fromkeys(leaf.prices, 1 << 40)),
        replace(honest, stages=(people, others[0], replace(others[1], leaves=(negative,)))),
    ]
    assert verify(pool, THREE, honest)
    assert not any(verify(pool, THREE, lie) for lie in lies)


def test_stage_is_proven_when_the_bound_is_reached() -> None:
    stage = Stage(Aim.PEOPLE, 3, 4, ())
    assert not stage.is_proven
    assert replace(stage, value=4).is_proven


def test_what_if_with_groups() -> None:
    """Two more mentors of three are asked about; two mentees have no group, and one place more opens none."""
    pool = make_pool([make_mentor(0, capacity=4)], [make_mentee(n) for n in range(8)])
    proposal = propose(pool, THREE, seed=1)
    questions = default_questions(pool, THREE, proposal)
    assert questions == (MoreMentors(1, places=4),)
    answers = explore(pool, THREE, 1, [*questions, MoreMentors(2, places=2), Relax(("place",))])
    assert [one.people_gained for one in answers] == [4, 0, 0]
    assert all(one.is_optimal for one in answers)


def test_what_is_not_proven_is_bounded_as_if_it_could_be_all_there_is() -> None:
    """Of people, priority and score: a bound counts the proven aims, the first that is not, and nothing behind it."""
    market: Any = SimpleNamespace(base=100, priority=np.array([1, 2]))
    person = 100 * (1 + 2 + 1)

    def weighed(*proofs: tuple[int, int]) -> tuple[int, int]:
        found = groups.Groups(np.zeros(0, dtype=np.int64), tuple(groups.Proof(*one, ()) for one in proofs))
        return group_proposal._weigh(market, found)

    assert weighed((2, 2), (3, 3), (40, 40)) == (2 * person + 340, 2 * person + 340)
    assert weighed((2, 2), (3, 3), (40, 60)) == (2 * person + 340, 2 * person + 360)
    assert weighed((2, 2), (3, 4), (40, 60)) == (2 * person + 340, 2 * person + 400 + 99)
    assert weighed((2, 3), (3, 4), (40, 60)) == (2 * person + 340, 3 * person + person - 1)


def test_bound_is_whole_and_counts_no_closed_group() -> None:
    """Prices are 2**20 to the unit, as the document of the proof says: a little less than a unit bounds nothing."""
    one, none = np.array([1]), np.zeros(1, dtype=np.int64)
    candidates = group_proof.Candidates(none, none, (one, one, one))
    limits = Limits(none, one, one)
    for price, decided, most in ((2**20 - 1, -1, 0), (2**20, -1, 1), (2**20 - 1, 0, 1), (2**19, 0, 1), (2**21, 0, 2)):
        part = group_proof.Part(np.array([decided]), np.array([price]), ())
        assert group_proof.bound(candidates, limits, (), part) == most


def test_progress_is_told_to_its_end() -> None:
    told: list[tuple[int, int]] = []
    pool = make_pool([make_mentor(0, capacity=4)], [make_mentee(n) for n in range(4)])
    propose(pool, THREE, 1, lambda done, total: told.append((done, total)))
    (total,) = {of for _, of in told}
    assert total == len(Aim) + 2
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1] == (total, total)


@pytest.mark.parametrize("seed", [11, 22, 34])
def test_choices_are_parted_until_the_groups_are_proven(seed: int) -> None:
    """Pools where one set of prices cannot tell which groups should open: with this group, and without it."""
    chance = Random(seed)  # noqa: S311  a pool, not a secret
    tongues = ["sv", "so", "ar", "fa"]
    mentors = [
        make_mentor(
            n,
            capacity=chance.choice([2, 3, 4, 5]),
            languages=dict.fromkeys(chance.sample(tongues, 2), CefrLevel.NATIVE),
        )
        for n in range(4)
    ]
    mentees = [
        make_mentee(n, languages={chance.choice(tongues): CefrLevel.B2}, waiting_days=chance.choice([0, 60, 200, 400]))
        for n in range(chance.choice([8, 9, 10]))
    ]
    pool, least = make_pool(mentors, mentees), chance.choice([2, 3])
    policy = policy_of(least, least + 1, **with_language({"mentorMin": None, "menteeMin": None}))
    proposal = propose(pool, policy, seed=1)
    assert max(len(stage.leaves) for stage in proposal.stages) > 1
    assert proposal.is_optimal
    assert verify(pool, policy, proposal)
