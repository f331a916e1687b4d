"""Can every result be said in both languages, rightly and without names?"""

import json
import re
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest

from app.domain.glossary import AgeGroup, Gender, RuledOut
from app.domain.matching.engine import propose
from app.domain.matching.explanation import Language, explain_pair, explain_unmatched
from app.domain.matching.policy import Criterion
from app.domain.matching.proposal import (
    Alternative,
    Blocking,
    LossReason,
    Pair,
    PriorityLacking,
    SmallestChange,
    Unmatched,
    UnmatchedKind,
)
from tests.domain.matching.people import make_mentee, make_mentor, make_policy, make_pool, mentee_id, mentor_id

TEXTS: dict[str, dict[str, Any]] = json.loads(
    files("app.domain.data").joinpath("matching_texts.json").read_text(encoding="utf-8")
)
PAIR = Pair(
    mentor=mentor_id(1), mentee=mentee_id(1), score=7_450, contributions={"goals": 3_000, "occupation": 4_450},
    rank=2, feasible_mentors=9, alternative=Alternative(mentor_id(2), 8_000, LossReason.PLACE_NEEDED_ELSEWHERE),
)  # fmt: skip


def leave(**changes: Any) -> Unmatched:
    facts: dict[str, Any] = {
        "mentee": mentee_id(1),
        "kind": UnmatchedKind.PLACES_RAN_OUT,
        "feasible_mentors": 2,
        "blocking": (),
    }
    return Unmatched(**facts | {"smallest_change": None, "priority_lacking": None} | changes)


def test_pair_in_english() -> None:
    assert explain_pair(PAIR, "en") == (
        "Score 7,450 of 10,000: occupation 4,450, goals 3,000.",
        "The mentor ranks 2 of 9 possible mentors.",
        "The best alternative scores 8,000, but the result as a whole would not be better with it.",
    )


def test_pair_in_swedish() -> None:
    first, second, _ = explain_pair(PAIR, "sv")
    assert first.replace("\N{NO-BREAK SPACE}", " ") == "Poäng 7 450 av 10 000: yrke 4 450, mål 3 000."
    assert second == "Mentorn har rang 2 av 9 möjliga mentorer."


def test_only_mentor() -> None:
    (pair,) = propose(make_pool([make_mentor(1)], [make_mentee(1)]), make_policy(), seed=1).pairs
    assert explain_pair(pair, "en")[1:] == ("This is the only possible mentor.",)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("reason", LossReason)
def test_every_reason_has_words(reason: LossReason, language: Language) -> None:
    told = explain_pair(replace(PAIR, alternative=Alternative(mentor_id(2), 123, reason)), language)
    assert "123" in told[2]


def test_no_feasible_mentor_says_the_change() -> None:
    left = leave(
        kind=UnmatchedKind.NO_FEASIBLE_MENTOR,
        blocking=(Blocking("place", 0, 1), Blocking("availability", 3, 4)),
        smallest_change=SmallestChange(("availability",), 4),
    )
    assert explain_unmatched(left, "en") == (
        "No mentor meets every condition.",
        "Condition: shared available hours. 3 pass it; 4 mentors are kept away by it alone.",
        "Condition: the place. 0 pass it; 1 mentor is kept away by it alone.",
        "Smallest change, set aside: shared available hours. 4 mentors then become possible.",
    )
    two = leave(kind=UnmatchedKind.NO_FEASIBLE_MENTOR, smallest_change=SmallestChange(("place", "availability"), 1))
    expected = "Minsta ändring, bortse från: platsen och gemensamma tider. Då blir 1 mentor möjlig."
    assert explain_unmatched(two, "sv")[-1] == expected
    none = leave(kind=UnmatchedKind.NO_FEASIBLE_MENTOR)
    assert explain_unmatched(none, "sv")[-1].startswith("Ingen ändring")


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        (None, "None of them has a free place now."),
        (PriorityLacking(1, 1, is_reachable=True), "With 1 more day of waiting, and all else the same"),
        (PriorityLacking(2, 45, is_reachable=True), "With 45 more days of waiting, and all else the same"),
        (PriorityLacking(2, 45, is_reachable=False), "Longer waiting alone does not give a place"),
    ],
)
def test_places_ran_out_says_what_waiting_does(lacking: PriorityLacking | None, said: str) -> None:
    first, second = explain_unmatched(leave(priority_lacking=lacking), "en")
    assert first == "2 mentors fit, but the places ran out."
    assert second.startswith(said)


def shape(texts: Any) -> Any:
    """Keys and placeholders, without the words."""
    if isinstance(texts, dict):
        return {key: shape(value) for key, value in texts.items()}
    return sorted(re.findall(r"\{\w+\}", texts))


def test_both_languages_say_the_same_things() -> None:
    assert shape(TEXTS["en"]) == shape(TEXTS["sv"])
    assert TEXTS["en"]["criteria"].keys() == set(Criterion)
    assert TEXTS["en"]["alternative"].keys() == set(LossReason)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_constraint_of_a_real_run_has_words(language: Language) -> None:
    narrow = {"mentorIn": ["female"], "legalGround": "DL 2:4"}
    policy = make_policy(
        gender=narrow, age=narrow | {"mentorIn": ["from55"]}, training={"mentor": True, "mentee": True}
    )
    misfit = make_mentor(
        1, gender=Gender.MALE, accepts_gender=Gender.MALE, is_ready=False, is_trained=False, languages={},
        availability=frozenset(), place=None, capacity=0, employer=mentee_id(9), holder=mentee_id(8), age_group=None,
    )  # fmt: skip
    mentee = make_mentee(
        1, is_ready=False, is_trained=False, languages={}, needs_business_owner=True, person=misfit.person,
        employer=mentee_id(9), is_anonymous=True, accepts_age_groups=frozenset({AgeGroup.FROM_55}),
    )  # fmt: skip
    named: set[str] = set()
    for why in RuledOut:
        pool = replace(make_pool([misfit], [mentee]), blocked={(misfit.person, misfit.person): why})
        (left,) = propose(pool, policy, seed=1).unmatched
        named |= {one.constraint for one in left.blocking}
        assert len(explain_unmatched(left, language)) == len(left.blocking) + 2
    assert named | {"scoreFloor", "groupSize"} == TEXTS["en"]["constraints"].keys()
