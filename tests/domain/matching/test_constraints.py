"""Does each constraint refuse exactly the pairs it names, and is it named when it does?"""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.glossary import AgeGroup, CefrLevel, Gender, RuledOut
from app.domain.matching.engine import propose
from app.domain.matching.model import Mentee, Mentor
from app.domain.matching.policy import Policy
from tests.domain.matching.people import make_mentee, make_mentor, make_policy, make_pool, person_id

EMPLOYER = person_id(77)
WOMEN_ONLY = {"mentorIn": ["female"], "respectPreferences": True, "legalGround": "DL 2:4"}
NOT_YOUNG = {"mentorIn": ["from40To54", "from55"], "respectPreferences": True, "legalGround": "DL 2:4"}
NO_SWEDISH = {"code": "sv", "menteeMin": None, "mentorMin": None, "needsShared": True}


def blockers(mentor: Mentor, mentee: Mentee, policy: Policy) -> list[str]:
    proposal = propose(make_pool([mentor], [mentee]), policy, seed=1)
    return [one.constraint for left in proposal.unmatched for one in left.blocking]


@pytest.mark.parametrize(
    ("name", "mentor", "mentee", "constraints"),
    [
        ("mentorReady", {"is_ready": False}, {}, {}),
        ("menteeReady", {}, {"is_ready": False}, {}),
        ("menteeLanguage", {"languages": {"sv": CefrLevel.B2, "so": CefrLevel.NATIVE}},
         {"languages": {"sv": CefrLevel.A1, "so": CefrLevel.NATIVE}}, {}),
        ("mentorLanguage", {"languages": {"sv": CefrLevel.B1}}, {}, {}),
        ("sharedLanguage", {"languages": {"sv": CefrLevel.A1}}, {}, {"language": NO_SWEDISH}),
        ("sharedLanguage", {"languages": {}}, {"languages": {}}, {"language": NO_SWEDISH}),
        ("availability", {"availability": frozenset({1})}, {}, {}),
        ("availability", {}, {"availability": frozenset({17, 0})}, {"availability": {"minOverlapHours": 2}}),
        ("place", {"place": "0180"}, {}, {}),
        ("place", {"place": None}, {"place": None}, {}),
        ("place", {"has_remote": True, "place": "0180"}, {"has_remote": True}, {"place": {"rule": "same"}}),
        ("mentorGender", {"gender": Gender.MALE}, {}, {"gender": WOMEN_ONLY}),
        ("genderPreference", {"gender": Gender.MALE}, {"accepts_gender": Gender.FEMALE}, {}),
        ("genderPreference", {"accepts_gender": Gender.FEMALE}, {"gender": Gender.OTHER}, {}),
        ("businessOwner", {}, {"needs_business_owner": True}, {}),
        ("sameEmployer", {"employer": EMPLOYER}, {"employer": EMPLOYER}, {}),
        ("mentorTraining", {"is_trained": False}, {}, {"training": {"mentor": True}}),
        ("menteeTraining", {}, {"is_trained": False}, {"training": {"mentee": True}}),
        ("mentorAge", {}, {}, {"age": NOT_YOUNG}),
        ("mentorAge", {"age_group": None}, {}, {"age": NOT_YOUNG}),
        ("agePreference", {"accepts_age_groups": frozenset({AgeGroup.FROM_55})}, {}, {}),
        ("agePreference", {"age_group": None}, {"accepts_age_groups": frozenset({AgeGroup.FROM_55})}, {}),
        ("agePreference", {"age_group": None}, {"accepts_age_groups": frozenset({AgeGroup.UNDER_18})}, {}),
        ("samePerson", {"person": person_id(5)}, {"person": person_id(5)}, {}),
        ("sameHolder", {"holder": person_id(5)}, {"is_anonymous": True}, {}),
        ("sameHolder", {"is_anonymous": True}, {"holder": person_id(5)}, {}),
    ],
)  # fmt: skip
def test_constraint_refuses_and_is_named(
    name: str, mentor: dict[str, Any], mentee: dict[str, Any], constraints: dict[str, Any]
) -> None:
    assert blockers(make_mentor(1, **mentor), make_mentee(1, **mentee), make_policy(**constraints)) == [name]


@pytest.mark.parametrize(
    ("why", "conflicts", "names"),
    [
        (RuledOut.DECLINED, [], ["blockedPair"]),
        (RuledOut.BY_STAFF, [], ["blockedPair"]),
        (RuledOut.OWN_CASE_WORKER, ["ownCaseWorker"], ["ownCaseWorker"]),
        (RuledOut.OWN_CASE_WORKER, ["sameHousehold"], []),
        (RuledOut.SAME_HOUSEHOLD, ["sameHousehold"], ["sameHousehold"]),
        (RuledOut.SAME_HOUSEHOLD, [], []),
    ],
)
def test_two_who_are_ruled_out(why: RuledOut, conflicts: list[str], names: list[str]) -> None:
    mentor, mentee = make_mentor(1), make_mentee(1)
    pool = replace(make_pool([mentor], [mentee]), blocked={(mentor.person, mentee.person): why})
    proposal = propose(pool, make_policy(conflicts=conflicts), seed=1)
    assert [one.constraint for left in proposal.unmatched for one in left.blocking] == names


@pytest.mark.parametrize(
    ("mentor", "mentee", "constraints"),
    [
        ({}, {}, {}),
        ({"is_trained": False}, {"is_trained": False}, {}),
        ({"age_group": AgeGroup.FROM_55}, {}, {"age": NOT_YOUNG}),
        ({"accepts_age_groups": frozenset({AgeGroup.FROM_25_TO_39})}, {"age_group": AgeGroup.FROM_25_TO_39}, {}),
        ({"age_group": None}, {"age_group": None}, {}),
        ({"accepts_age_groups": frozenset({AgeGroup.UNDER_18})}, {"age_group": AgeGroup.UNDER_18}, {}),
        ({"accepts_age_groups": frozenset({AgeGroup.FROM_55})}, {}, {"age": {"respectPreferences": False}}),
        ({"languages": {"so": CefrLevel.A2}}, {"languages": {"so": CefrLevel.A2}}, {"language": NO_SWEDISH}),
        ({"languages": {}}, {"languages": {}}, {"language": NO_SWEDISH | {"needsShared": False}}),
        ({"place": "0182A0010"}, {"place": "0182R001"}, {}),  # a DeSO and a RegSO of one municipality
        ({"place": "0180", "has_remote": True}, {"has_remote": True}, {}),
        ({"place": None}, {"place": "0180"}, {"place": {"rule": "any"}}),
        ({"availability": frozenset()}, {}, {"availability": {"minOverlapHours": 0}}),
        ({"gender": Gender.FEMALE}, {"accepts_gender": Gender.FEMALE}, {"gender": WOMEN_ONLY}),
        ({"accepts_gender": Gender.MALE}, {}, {"gender": {"mentorIn": None, "respectPreferences": False}}),
        ({"is_business_owner": True}, {"needs_business_owner": True}, {}),
        ({}, {"needs_business_owner": True}, {"businessOwner": "ignore"}),
        ({"employer": EMPLOYER}, {"employer": EMPLOYER}, {"conflicts": []}),
        ({"employer": EMPLOYER}, {"employer": None}, {}),
        ({"holder": person_id(5)}, {}, {}),
        ({"is_anonymous": True}, {"is_anonymous": True}, {}),
    ],
)
def test_allowed(mentor: dict[str, Any], mentee: dict[str, Any], constraints: dict[str, Any]) -> None:
    assert blockers(make_mentor(1, **mentor), make_mentee(1, **mentee), make_policy(**constraints)) == []


def test_blocked_pair() -> None:
    mentor, mentee = make_mentor(1), make_mentee(1)
    stranger = (person_id(98), person_id(99))
    pool = make_pool([mentor], [mentee], (mentor.person, mentee.person), stranger)
    proposal = propose(pool, make_policy(), seed=1)
    assert [one.constraint for one in proposal.unmatched[0].blocking] == ["blockedPair"]
    assert proposal.unmatched[0].smallest_change is None  # what people declined is not suggested again
    other_way = make_pool([mentor], [mentee], (mentee.person, mentor.person))
    assert propose(other_way, make_policy(), seed=1).people == 1


def test_an_anonymous_person_is_never_suggested_to_another_holder() -> None:
    mentor, mentee = make_mentor(1, holder=person_id(5), place="0180"), make_mentee(1, is_anonymous=True)
    (left,) = propose(make_pool([mentor], [mentee]), make_policy(), seed=1).unmatched
    assert {one.constraint for one in left.blocking} == {"place", "sameHolder"}
    assert left.smallest_change is None  # the consent is the person's own to give


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"availability": frozenset({168})}, "availability"),
        ({"availability": frozenset({-1})}, "availability"),
        ({"occupation": ""}, "occupation"),
        ({"occupation": "25123"}, "occupation"),
        ({"occupation": "2a"}, "occupation"),
        ({"capacity": -1}, "capacity"),
    ],
)
def test_impossible_values_are_refused(change: dict[str, Any], error: str) -> None:
    with pytest.raises(ValueError, match=error):
        make_mentor(1, **change)


def test_negative_waiting_is_refused() -> None:
    with pytest.raises(ValueError, match="waiting_days"):
        replace(make_mentee(1), waiting_days=-1)
