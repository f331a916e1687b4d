"""Which laws hold for every pool, however odd? Each against a plain-Python oracle that shares no code."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.glossary import AgeGroup, CefrLevel, Gender, Goal, Interest, RuledOut
from app.domain.matching.engine import propose, verify
from app.domain.matching.model import Mentee, Mentor, Pool
from app.domain.matching.policy import Policy, default_policy_document
from app.domain.matching.proposal import Proposal, UnmatchedKind
from tests.domain.matching.people import make_mentee, make_mentor, person_id

LEVELS = {level: rank for rank, level in enumerate(CefrLevel)}
NOT_SUGGESTED = {"samePerson", "blockedPair", "genderPreference", "agePreference", "sameHolder", "freePlace"}
pytestmark = pytest.mark.no_cover  # what each line does is tested in tests/domain; these are many runs
LAWS = settings(max_examples=60, deadline=None)
PERSON: dict[str, st.SearchStrategy[Any]] = {
    "languages": st.dictionaries(st.sampled_from(["sv", "so"]), st.sampled_from(CefrLevel)),
    "occupation": st.sampled_from([None, "2", "2512", "2511", "5120"]),
    "place": st.sampled_from([None, "0182", "0180", "1480"]),
    "has_remote": st.booleans(),
    "availability": st.frozensets(st.integers(0, 3)),
    "goals": st.frozensets(st.sampled_from(Goal), max_size=3),
    "gender": st.sampled_from([Gender.FEMALE, Gender.MALE]),
    "accepts_gender": st.sampled_from([None, None, Gender.FEMALE]),
    "employer": st.sampled_from([None, person_id(900), person_id(901)]),
    "age_group": st.sampled_from([None, AgeGroup.FROM_25_TO_39, AgeGroup.FROM_55]),
    "accepts_age_groups": st.frozensets(st.sampled_from([AgeGroup.FROM_25_TO_39, AgeGroup.FROM_55])),
    "skills": st.frozensets(st.sampled_from("abc"), max_size=2),
    "interests": st.frozensets(st.sampled_from(Interest), max_size=3),
    "is_trained": st.booleans(),
    "is_ready": st.sampled_from([True, True, True, False]),
    "holder": st.sampled_from([person_id(800), person_id(801)]),
    "is_anonymous": st.booleans(),
}


@st.composite
def some_of_each(draw: st.DrawFn, kinds: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """A person who fits everybody but for a few drawn differences."""
    names = draw(st.sets(st.sampled_from(sorted(kinds)), max_size=4))
    return {name: draw(kinds[name]) for name in sorted(names)}


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    mentor = PERSON | {"capacity": st.integers(0, 2), "is_business_owner": st.booleans()}
    mentee = PERSON | {
        "waiting_days": st.integers(0, 90),
        "needs_business_owner": st.booleans(),
        "person": st.just(person_id(0)),
    }
    mentors = [make_mentor(n, **draw(some_of_each(mentor))) for n in range(draw(st.integers(0, 4)))]
    mentees = [make_mentee(n, **draw(some_of_each(mentee))) for n in range(draw(st.integers(0, 5)))]
    for index in [at for at, one in enumerate(mentees) if one.person == person_id(0)][1:]:
        mentees[index] = replace(mentees[index], person=person_id(10_000 + index))  # once per side
    all_pairs = [(one.person, other.person) for one in mentors for other in mentees]
    reasons = st.sampled_from(RuledOut)
    blocked = draw(st.dictionaries(st.sampled_from(all_pairs), reasons, max_size=2)) if all_pairs else {}
    return Pool(tuple(mentors), tuple(mentees), blocked)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    document = default_policy_document("sv-adult-labour")
    levels = st.sampled_from([None, "A2", "B2"])
    document["constraints"] = {
        "language": {"code": "sv", "menteeMin": draw(levels), "mentorMin": draw(levels), "needsShared": draw(st.booleans())},
        "availability": {"minOverlapHours": draw(st.integers(0, 2))},
        "place": {"rule": draw(st.sampled_from(["same", "sameOrRemote", "any"]))},
        "gender": {
            "mentorIn": draw(st.sampled_from([None, ["female"]])), "respectPreferences": draw(st.booleans()),
            "legalGround": "DL 2:4",
        },
        "age": {
            "mentorIn": draw(st.sampled_from([None, None, ["from55"]])), "respectPreferences": draw(st.booleans()),
            "legalGround": "DL 2:4",
        },
        "training": {"mentor": draw(st.booleans()), "mentee": draw(st.booleans())},
        "conflicts": draw(st.lists(st.sampled_from(["sameEmployer", "ownCaseWorker", "sameHousehold"]), unique=True)),
        "businessOwner": draw(st.sampled_from(["whenNeeded", "ignore"])),
    }  # fmt: skip
    weights = draw(st.lists(st.integers(0, 9), min_size=7, max_size=7).filter(any))
    document["weights"] = dict(zip(document["weights"], weights, strict=True))
    document["scoreFloor"]["least"] = draw(st.sampled_from([0, 0, 4_000]))
    return Policy.parse(document | {"tierDays": 30, "maxTier": 3})


def known(person: Mentor | Mentee, code: str, least: str | CefrLevel) -> bool:
    return code in person.languages and LEVELS[person.languages[code]] >= LEVELS[CefrLevel(least)]


def refusals(mentor: Mentor, mentee: Mentee, pool: Pool, policy: Policy) -> set[str]:
    """The oracle: every hard rule, one person beside the other, in plain Python."""
    rules = policy.document()["constraints"]
    language, conflicts, gender = rules["language"], rules["conflicts"], rules["gender"]
    is_near = mentor.place is not None and mentor.place == mentee.place
    is_remote = rules["place"]["rule"] == "sameOrRemote" and mentor.has_remote and mentee.has_remote
    age, training, why = rules["age"], rules["training"], pool.blocked.get((mentor.person, mentee.person))
    wishes = [(mentor.accepts_gender, mentee.gender), (mentee.accepts_gender, mentor.gender)]
    ages = [(mentor.accepts_age_groups, mentee.age_group), (mentee.accepts_age_groups, mentor.age_group)]
    refused = {
        "mentorReady": not mentor.is_ready,
        "menteeReady": not mentee.is_ready,
        "menteeLanguage": language["menteeMin"] and not known(mentee, "sv", language["menteeMin"]),
        "mentorLanguage": language["mentorMin"] and not known(mentor, "sv", language["mentorMin"]),
        "sharedLanguage": language["needsShared"]
        and not any(known(mentor, code, "A2") and known(mentee, code, "A2") for code in ("sv", "so")),
        "availability": len(mentor.availability & mentee.availability) < rules["availability"]["minOverlapHours"],
        "place": rules["place"]["rule"] != "any" and not is_near and not is_remote,
        "mentorGender": gender["mentorIn"] is not None and mentor.gender not in gender["mentorIn"],
        "genderPreference": gender["respectPreferences"] and any(wish not in (None, actual) for wish, actual in wishes),
        "businessOwner": rules["businessOwner"] == "whenNeeded"
        and mentee.needs_business_owner and not mentor.is_business_owner,
        "sameEmployer": "sameEmployer" in conflicts and mentor.employer is not None and mentor.employer == mentee.employer,
        "ownCaseWorker": "ownCaseWorker" in conflicts and why == "ownCaseWorker",
        "sameHousehold": "sameHousehold" in conflicts and why == "sameHousehold",
        "mentorTraining": training["mentor"] and not mentor.is_trained,
        "menteeTraining": training["mentee"] and not mentee.is_trained,
        "mentorAge": age["mentorIn"] is not None and mentor.age_group not in age["mentorIn"],
        "agePreference": age["respectPreferences"] and any(wish and actual not in wish for wish, actual in ages),
        "sameHolder": (mentor.is_anonymous or mentee.is_anonymous) and mentor.holder != mentee.holder,
        "samePerson": mentor.person == mentee.person,
        "blockedPair": why in {"declined", "byStaff"},
        "scoreFloor": policy.score_floor and score_of(mentor, mentee, policy) < policy.score_floor,
        "freePlace": mentor.capacity == 0,
    }  # fmt: skip
    return {name for name, is_refused in refused.items() if is_refused}


def score_of(mentor: Mentor, mentee: Mentee, policy: Policy) -> int:
    """What the engine itself gives the two alone, all rules off: its parts are tested one by one elsewhere."""
    document = policy.document() | {"scoreFloor": {"least": 0, "raise": False}}
    document["constraints"] = {
        "language": {"code": "sv", "menteeMin": None, "mentorMin": None, "needsShared": False},
        "availability": {"minOverlapHours": 0},
        "place": {"rule": "any"},
        "gender": {"mentorIn": None, "respectPreferences": False, "legalGround": None},
        "age": {"mentorIn": None, "respectPreferences": False, "legalGround": None},
        "training": {"mentor": False, "mentee": False},
        "conflicts": [],
        "businessOwner": "ignore",
    }
    apart = replace(mentor, capacity=1, is_ready=True, person=UUID(int=1), holder=mentee.holder)
    alone = Pool((apart,), (replace(mentee, is_ready=True),))
    return propose(alone, Policy.parse(document), seed=0).score


def feasible_scores(pool: Pool, policy: Policy) -> dict[tuple[UUID, UUID], int]:
    return {
        (mentee.id, mentor.id): score_of(mentor, mentee, policy)
        for mentor in pool.mentors
        for mentee in pool.mentees
        if not refusals(mentor, mentee, pool, policy)
    }


def every_total(pool: Pool, policy: Policy) -> Iterator[tuple[int, int, int]]:
    """(people, priority, score) of every matching there is."""
    scores = feasible_scores(pool, policy)

    def assign(at: int, free: dict[UUID, int], total: tuple[int, int, int]) -> Iterator[tuple[int, int, int]]:
        if at == len(pool.mentees):
            yield total
            return
        mentee = pool.mentees[at]
        yield from assign(at + 1, free, total)
        for mentor, places in free.items():
            if places and (mentee.id, mentor) in scores:
                people, priority, score = total
                tier = min(1 + mentee.waiting_days // policy.tier_days, policy.max_tier)
                added = (people + 1, priority + tier, score + scores[mentee.id, mentor])
                yield from assign(at + 1, free | {mentor: places - 1}, added)

    yield from assign(0, {mentor.id: mentor.capacity for mentor in pool.mentors}, (0, 0, 0))


def totals(proposal: Proposal) -> tuple[int, int, int]:
    return proposal.people, proposal.priority, proposal.score


@LAWS
@given(pools(), policies(), st.integers())
def test_nobody_could_do_better(pool: Pool, policy: Policy, seed: int) -> None:
    proposal = propose(pool, policy, seed)
    assert totals(proposal) == max(every_total(pool, policy))
    assert proposal.is_optimal
    assert proposal.bound == proposal.weight
    assert verify(pool, policy, proposal)
    assert proposal.greedy is not None
    assert proposal.greedy.people <= proposal.people


@LAWS
@given(pools(), policies())
def test_no_rule_is_broken_and_points_add_up(pool: Pool, policy: Policy) -> None:
    proposal = propose(pool, policy, seed=1)
    scores = feasible_scores(pool, policy)
    for pair in proposal.pairs:
        mentee = next(one for one in pool.mentees if one.id == pair.mentee)
        fitting = [one for one in pool.mentors if refusals(one, mentee, pool, policy) <= {"freePlace"}]
        mine = [score_of(one, mentee, policy) for one in fitting]
        assert pair.feasible_mentors == len(mine)
        assert scores[pair.mentee, pair.mentor] == pair.score == sum(pair.contributions.values())
        assert pair.rank == 1 + sum(score > pair.score for score in mine)
    for mentor in pool.mentors:
        assert sum(pair.mentor == mentor.id for pair in proposal.pairs) <= mentor.capacity
    served = [pair.mentee for pair in proposal.pairs] + [left.mentee for left in proposal.unmatched]
    assert sorted(served) == sorted(mentee.id for mentee in pool.mentees)
    used = {pair.mentor for pair in proposal.pairs}
    idle = {mentor.id for mentor in pool.mentors if mentor.capacity and mentor.id not in used}
    assert set(proposal.unused_mentors) == idle


@LAWS
@given(pools(), policies(), st.integers(), st.randoms(use_true_random=False))
def test_order_of_input_changes_nothing(pool: Pool, policy: Policy, seed: int, order: random.Random) -> None:
    mentors, mentees = list(pool.mentors), list(pool.mentees)
    order.shuffle(mentors)
    order.shuffle(mentees)
    assert propose(Pool(tuple(mentors), tuple(mentees), pool.blocked), policy, seed) == propose(pool, policy, seed)


@LAWS
@given(pools(), policies())
def test_one_more_place_gains_exactly_its_price(pool: Pool, policy: Policy) -> None:
    before = propose(pool, policy, seed=1)
    for at, mentor in enumerate(pool.mentors):
        mentors = (*pool.mentors[:at], replace(mentor, capacity=mentor.capacity + 1), *pool.mentors[at + 1 :])
        after = propose(replace(pool, mentors=mentors), policy, seed=1)
        assert after.weight - before.weight == before.duals.mentors[mentor.id]


@LAWS
@given(pools(), policies(), some_of_each(PERSON))
def test_one_more_mentor_never_lowers_anything(pool: Pool, policy: Policy, newcomer: dict[str, Any]) -> None:
    more = replace(pool, mentors=(*pool.mentors, make_mentor(50, **newcomer)))
    assert totals(propose(more, policy, seed=1)) >= totals(propose(pool, policy, seed=1))


@LAWS
@given(pools(), policies())
def test_reasons_are_true(pool: Pool, policy: Policy) -> None:
    """Counts agree with the oracle; the smallest change opens exactly as many as it says, and no smaller one any."""
    mentees = {mentee.id: mentee for mentee in pool.mentees}
    for left in propose(pool, policy, seed=1).unmatched:
        failed = [refusals(mentor, mentees[left.mentee], pool, policy) for mentor in pool.mentors]
        for one in left.blocking:
            assert one.passing == sum(one.constraint not in names for names in failed)
            assert one.sole_blocker == sum(names == {one.constraint} for names in failed)
        assert {one.constraint for one in left.blocking} == set().union(*failed)
        assert left.feasible_mentors == sum(names <= {"freePlace"} for names in failed)
        assert (left.kind is UnmatchedKind.NO_FEASIBLE_MENTOR) == (left.feasible_mentors == 0)
        if left.smallest_change is not None:
            changed = set(left.smallest_change.constraints)
            assert sum(names <= changed for names in failed) == left.smallest_change.opens > 0
            for smaller in combinations(sorted(set().union(*failed) - NOT_SUGGESTED), len(changed) - 1):
                assert not any(names <= set(smaller) for names in failed)
        elif left.kind is UnmatchedKind.NO_FEASIBLE_MENTOR:
            assert all(names & NOT_SUGGESTED for names in failed)


@LAWS
@given(pools(), policies())
def test_waiting_lacks_exactly_as_many_tiers(pool: Pool, policy: Policy) -> None:
    document = policy.document() | {"maxTier": 1_000}
    policy = Policy.parse(document)
    before = propose(pool, policy, seed=1)
    for left in before.unmatched:
        if left.priority_lacking is None:
            continue
        served, earlier = (wait(pool, left.mentee, left.priority_lacking.days - less) for less in (0, 1))
        assert left.mentee in {pair.mentee for pair in propose(served, policy, seed=1).pairs}
        assert propose(earlier, policy, seed=1).weight == before.weight  # a day less still gains nothing


def wait(pool: Pool, mentee: UUID, days: int) -> Pool:
    longer = [replace(one, waiting_days=one.waiting_days + days * (one.id == mentee)) for one in pool.mentees]
    return replace(pool, mentees=tuple(longer))
