"""Are points what the policy says they are?"""

from typing import Any

import numpy as np
import pytest

from app.domain.glossary import CefrLevel, Goal, Interest
from app.domain.matching.columns import columns_of
from app.domain.matching.policy import Criterion, Policy, default_policy_document
from app.domain.matching.scoring import Scorer, share_points
from tests.domain.matching.people import make_mentee, make_mentor, make_pool


def mark(criterion: str, mentor: dict[str, Any], mentee: dict[str, Any]) -> int:
    """The points when only this criterion has a weight: ten times its mark."""
    document = default_policy_document("sv-adult-labour")
    document["weights"] = dict.fromkeys(document["weights"], 0) | {criterion: 7}
    pool = make_pool([make_mentor(1, **mentor)], [make_mentee(1, **mentee)])
    return int(Scorer(columns_of(pool), Policy.parse(document)).score(np.array([0]), np.array([0]))[0])


@pytest.mark.parametrize(
    ("mentor", "mentee", "points"),
    [
        ("2512", "2512", 10_000), ("2511", "2512", 7_500), ("25", "2512", 4_500), ("2", "2512", 2_000),
        ("5120", "2512", 0), (None, "2512", 0), (None, None, 0), ("1512", "2512", 0),
    ],
)  # fmt: skip
def test_occupation_by_common_leading_digits(mentor: str | None, mentee: str | None, points: int) -> None:
    assert mark("occupation", {"occupation": mentor}, {"occupation": mentee}) == points


def test_goals_by_the_share_of_the_mentees() -> None:
    wanted = frozenset({Goal.FIND_WORK, Goal.BUILD_NETWORK, Goal.CHOOSE_STUDIES})
    assert mark("goals", {"goals": frozenset({Goal.FIND_WORK, Goal.START_BUSINESS})}, {"goals": wanted}) == 3_330
    assert mark("goals", {"goals": frozenset(Goal)}, {"goals": wanted}) == 10_000
    assert mark("goals", {"goals": frozenset(Goal)}, {"goals": frozenset()}) == 0


def test_languages_by_the_best_shared_one() -> None:
    mentor = {"languages": {"sv": CefrLevel.NATIVE, "so": CefrLevel.A1}}
    assert mark("languages", mentor, {"languages": {"sv": CefrLevel.NATIVE}}) == 10_000
    assert mark("languages", mentor, {"languages": {"sv": CefrLevel.A2, "so": CefrLevel.NATIVE}}) == 2_850
    assert mark("languages", mentor, {"languages": {"ti": CefrLevel.NATIVE}}) == 0


@pytest.mark.parametrize(("hours", "points"), [(0, 0), (1, 1_000), (9, 9_000), (10, 10_000), (168, 10_000)])
def test_availability_until_it_is_enough(hours: int, points: int) -> None:
    everything = {"availability": frozenset(range(168))}
    assert mark("availability", everything, {"availability": frozenset(range(168 - hours, 168))}) == points


@pytest.mark.parametrize(
    ("mentor", "mentee", "remote", "points"),
    [
        ("0182", "0182", False, 10_000), ("0182A0010", "0182", False, 8_000), ("0180", "0182", False, 4_000),
        ("0180", "0182", True, 4_000), ("1480", "0182", True, 3_000), ("1480", "0182", False, 0),
        ("101001", "101001", False, 10_000), ("101001", "101002", False, 0), (None, None, False, 0),
    ],
)  # fmt: skip
def test_place_by_nearness(mentor: str | None, mentee: str | None, remote: bool, points: int) -> None:  # noqa: FBT001  a case, not a switch
    sides = [{"place": place, "has_remote": remote} for place in (mentor, mentee)]
    assert mark("place", *sides) == points


def test_points_sum_to_ten_thousand_exactly() -> None:
    thirds = dict.fromkeys(Criterion, 0) | {Criterion.GOALS: 1, Criterion.PLACE: 1, Criterion.LANGUAGES: 1}
    assert sorted(share_points(thirds).values()) == [0, 0, 0, 0, 3_333, 3_333, 3_334]
    tiny = dict.fromkeys(Criterion, 1e-300) | {Criterion.GOALS: 0.1}
    assert share_points(tiny)[Criterion.GOALS] == 10_000


@pytest.mark.parametrize(
    ("wanted", "offered", "points"),
    [
        ("", "abc", 0),
        ("ab", "", 0),
        ("ab", "a", 5_000),
        ("abc", "cab", 10_000),
        ("abc", "c", 3_330),
        ("a", "abc", 10_000),
    ],
)
def test_skills_by_the_share_of_the_mentees(wanted: str, offered: str, points: int) -> None:
    assert mark("skills", {"skills": frozenset(offered)}, {"skills": frozenset(wanted)}) == points


@pytest.mark.parametrize(("common", "points"), [(0, 0), (1, 3_330), (2, 6_660), (3, 10_000), (5, 10_000)])
def test_interests_until_they_are_enough(common: int, points: int) -> None:
    some = frozenset(list(Interest)[:common])
    assert mark("interests", {"interests": some | {Interest.TRAVEL}}, {"interests": some}) == points
