"""Are the best for one person found without a run, and does an assessment say the same as a run would?"""

from dataclasses import replace
from uuid import UUID

import pytest

from app.domain.errors import RuleViolation
from app.domain.glossary import CefrLevel
from app.domain.matching.engine import propose
from app.domain.matching.policy import Policy, default_policy_document
from app.domain.matching.suggestions import assess, suggest_mentees, suggest_mentors
from tests.domain.matching.people import make_mentee, make_mentor, make_policy, make_pool, mentee_id, mentor_id

POLICY = make_policy()
OCCUPATIONS = ("2600", "2519", "2512", "2521", None)  # beside 2512: closer and closer, the same, and so on


def test_best_mentors_first_with_points_and_free_places() -> None:
    mentors = [make_mentor(n, occupation=one, capacity=n + 1) for n, one in enumerate(OCCUPATIONS)]
    pool = make_pool([*mentors, make_mentor(9, place="1480")], [make_mentee(1), make_mentee(2)])
    found = suggest_mentors(pool, POLICY, mentee_id(1), limit=3)
    assert [one.mentor for one in found] == [mentor_id(2), mentor_id(1), mentor_id(3)]
    assert [one.rank for one in found] == [1, 2, 3]
    assert [one.free_places for one in found] == [3, 2, 4]
    assert {one.mentee for one in found} == {mentee_id(1)}
    assert all(one.score == sum(one.contributions.values()) for one in found)
    assert len(suggest_mentors(pool, POLICY, mentee_id(1), limit=10)) == 5  # not the one too far away
    assert suggest_mentors(pool, POLICY, mentee_id(1), limit=0) == ()


def test_full_mentor_is_not_suggested_but_keeps_the_rank() -> None:
    mentors = [make_mentor(1, capacity=0), make_mentor(2, occupation=None)]
    (found,) = suggest_mentors(make_pool(mentors, [make_mentee(1)]), POLICY, mentee_id(1), limit=5)
    assert (found.mentor, found.rank) == (mentor_id(2), 2)


def test_pins_take_their_places() -> None:
    mentors = [make_mentor(1), make_mentor(2, capacity=3)]
    pool = make_pool(mentors, [make_mentee(n) for n in range(4)])
    pool = replace(pool, pins=frozenset({(mentor_id(1), mentee_id(0)), (mentor_id(2), mentee_id(1))}))
    (found,) = suggest_mentors(pool, POLICY, mentee_id(2), limit=5)
    assert (found.mentor, found.free_places) == (mentor_id(2), 2)
    assert suggest_mentors(pool, POLICY, mentee_id(0), limit=5) == ()
    assert {one.mentee for one in suggest_mentees(pool, POLICY, mentor_id(2), limit=5)} == {mentee_id(2), mentee_id(3)}
    assert suggest_mentees(pool, POLICY, mentor_id(1), limit=5) == ()
    assert assess(pool, POLICY, mentor_id(1), mentee_id(0)).broken == ()
    assert assess(pool, POLICY, mentor_id(1), mentee_id(2)).broken == ("freePlace",)


def test_no_more_places_than_the_policy_gives() -> None:
    policy = Policy.parse(default_policy_document("sv-adult-labour") | {"capacity": {"max": 2}})
    pool = make_pool([make_mentor(1, capacity=5)], [make_mentee(1)])
    assert [one.free_places for one in suggest_mentors(pool, policy, mentee_id(1), limit=5)] == [2]


def test_best_mentees_for_a_mentor() -> None:
    mentees = [make_mentee(n, occupation=one, waiting_days=100 * n) for n, one in enumerate(OCCUPATIONS)]
    mentees.append(make_mentee(9, is_ready=False))
    pool = make_pool([make_mentor(1), make_mentor(2)], mentees)
    found = suggest_mentees(pool, POLICY, mentor_id(1), limit=2)
    assert [(one.mentor, one.mentee, one.rank) for one in found] == [
        (mentor_id(1), mentee_id(2), 1),
        (mentor_id(1), mentee_id(1), 2),
    ]


def test_equal_scores_are_drawn_and_drawn_alike() -> None:
    mentors = [make_mentor(n) for n in range(9)]
    pool = make_pool(mentors, [make_mentee(n) for n in range(9)])
    drawn = [[one.mentor for one in suggest_mentors(pool, POLICY, mentee_id(n), limit=9)] for n in range(9)]
    assert len({order[0] for order in drawn}) > 1
    turned = replace(pool, mentors=pool.mentors[::-1])
    assert [one.mentor for one in suggest_mentors(turned, POLICY, mentee_id(0), limit=9)] == drawn[0]
    assert {one.rank for one in suggest_mentors(pool, POLICY, mentee_id(0), limit=9)} == {1}


def test_assessment_agrees_with_a_run() -> None:
    mentors = [make_mentor(n, occupation=one) for n, one in enumerate(OCCUPATIONS)]
    pool = make_pool(mentors, [make_mentee(1)])
    (pair,) = propose(pool, POLICY, seed=1).pairs
    found = assess(pool, POLICY, pair.mentor, pair.mentee)
    assert (found.score, found.rank, found.feasible_mentors) == (pair.score, pair.rank, pair.feasible_mentors)
    assert (found.contributions, found.broken) == (pair.contributions, ())
    assert assess(pool, POLICY, mentor_id(0), mentee_id(1)).rank == 4


def test_assessment_names_everything_in_the_way() -> None:
    mentors = [make_mentor(1, place="1480", languages={"so": CefrLevel.NATIVE}, capacity=0), make_mentor(2, capacity=0)]
    pool = make_pool(mentors, [make_mentee(1)])
    found = assess(pool, POLICY, mentor_id(1), mentee_id(1))
    assert found.broken == ("mentorLanguage", "sharedLanguage", "place", "freePlace")
    assert (found.rank, found.feasible_mentors) == (None, 1)
    full = assess(pool, POLICY, mentor_id(2), mentee_id(1))
    assert (full.broken, full.rank) == (("freePlace",), 1)


def test_score_floor_is_a_condition() -> None:
    policy = Policy.parse(default_policy_document("sv-adult-labour") | {"scoreFloor": {"least": 9_999, "raise": False}})
    pool = make_pool([make_mentor(1)], [make_mentee(1)])
    assert suggest_mentors(pool, policy, mentee_id(1), limit=5) == ()
    assert assess(pool, policy, mentor_id(1), mentee_id(1)).broken == ("scoreFloor",)


def test_score_at_the_floor_is_enough() -> None:
    document = default_policy_document("sv-adult-labour")
    pool = make_pool([make_mentor(1)], [make_mentee(1)])
    score = assess(pool, POLICY, mentor_id(1), mentee_id(1)).score
    for least, broken in ((score, ()), (score + 1, ("scoreFloor",))):
        policy = Policy.parse(document | {"scoreFloor": {"least": least, "raise": False}})
        assert assess(pool, policy, mentor_id(1), mentee_id(1)).broken == broken


def test_unknown_people_are_refused() -> None:
    pool = make_pool([make_mentor(1)], [make_mentee(1)])
    stranger = UUID(int=1)
    with pytest.raises(RuleViolation) as refusal:
        suggest_mentors(pool, POLICY, stranger, limit=5)
    assert (refusal.value.code, refusal.value.facts) == ("matching.mentee_unknown", {"mentee": str(stranger)})
    with pytest.raises(RuleViolation) as refusal:
        suggest_mentees(pool, POLICY, stranger, limit=5)
    assert (refusal.value.code, refusal.value.facts) == ("matching.mentor_unknown", {"mentor": str(stranger)})
    with pytest.raises(RuleViolation, match=r"matching\.mentor_unknown"):
        assess(pool, POLICY, stranger, mentee_id(1))
    with pytest.raises(RuleViolation, match=r"matching\.mentee_unknown"):
        assess(pool, POLICY, mentor_id(1), stranger)
