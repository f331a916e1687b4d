"""Is every policy that is accepted complete and canonical, and every mistake pointed at?"""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from app.domain.errors import RuleViolation, catalogue
from app.domain.matching.policy import Policy, default_policy_document, digest
from app.domain.matching.policy_versions import SCHEMA

PROFILES = ("sv-adult-labour", "youth-16-29", "intro-meeting", "internship-4m", "eepm5-default")


def changed(pointer: str, value: Any) -> dict[str, Any]:
    """The default document with one value put, or removed when the value is `...`."""
    document = default_policy_document("sv-adult-labour")
    *path, last = pointer.split("/")[1:]
    inner: Any = document
    for name in path:
        inner = inner[name]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return document


@pytest.mark.parametrize("profile", PROFILES)
def test_shipped_policy_is_canonical(profile: str) -> None:
    document = default_policy_document(profile)
    policy = Policy.parse(document)
    assert policy.document() == document
    assert Policy.parse(json.loads(json.dumps(policy.document()))) == policy


def test_shipped_policy_cannot_be_spoiled_for_the_next_reader() -> None:
    default_policy_document("youth-16-29")["weights"].clear()
    Policy.parse(default_policy_document("youth-16-29"))


def test_unknown_profile() -> None:
    with pytest.raises(RuleViolation) as refusal:
        default_policy_document("nonsense")
    assert refusal.value.code == "benchmark.unknown_profile"


@pytest.mark.parametrize(
    ("pointer", "value", "reason"),
    [
        ("/extra", 1, "unknownKey"),
        ("/constraints/wages", {}, "unknownKey"),
        ("/constraints/age", {}, "missing"),
        ("/constraints/age/mentorIn", ["old"], "unknownValue"),
        ("/constraints/age/legalGround", " ", "outOfRange"),
        ("/constraints/age/legalGround", "x" * 61, "outOfRange"),
        ("/constraints/training/mentor", 1, "notABoolean"),
        ("/capacity/max", 0, "outOfRange"),
        ("/capacity/max", 21, "outOfRange"),
        ("/group", {"min": 1, "max": 4}, "outOfRange"),
        ("/group", {"min": 5, "max": 4}, "aboveMax"),
        ("/scoreFloor/raise", 1, "notABoolean"),
        ("/rematch/keepBonus", -1, "outOfRange"),
        ("/constraints/a~1b", {}, "unknownKey"),
        ("/schema", ..., "missing"),
        ("/weights/goals", ..., "missing"),
        ("/weights", [], "notAnObject"),
        ("/weights/goals", -1, "negative"),
        ("/weights/goals", float("nan"), "notFinite"),
        ("/weights/goals", float("inf"), "notFinite"),
        ("/weights/goals", True, "notANumber"),
        ("/weights/goals", "3", "notANumber"),
        ("/weights/goals", 10**400, "outOfRange"),
        ("/ssykLevels", [0, 1, 2, 3], "notFiveMarks"),
        ("/ssykLevels", [0, 500, 400, 600, 1000], "decreasing"),
        ("/ssykLevels", "01234", "notAList"),
        ("/ssykLevels/2", 1001, "outOfRange"),
        ("/tierDays", 0, "outOfRange"),
        ("/tierDays", 30.5, "notAnInteger"),
        ("/maxTier", True, "notAnInteger"),
        ("/scoreFloor/least", 10_001, "outOfRange"),
        ("/constraints/language/menteeMin", "A3", "unknownValue"),
        ("/constraints/language/mentorMin", 2, "notAString"),
        ("/constraints/language/code", "Swedish", "notAnIso639Code"),
        ("/constraints/language/needsShared", None, "notABoolean"),
        ("/constraints/availability/minOverlapHours", 169, "outOfRange"),
        ("/constraints/place/rule", "near", "unknownValue"),
        ("/constraints/gender/mentorIn", [], "empty"),
        ("/constraints/gender/mentorIn/1", "female", "repeated"),
        ("/constraints/conflicts", {}, "notAList"),
        ("/constraints/conflicts/0", "sameTeam", "unknownValue"),
        ("/constraints/businessOwner", "always", "unknownValue"),
    ],
)
def test_mistake_is_pointed_at(pointer: str, value: Any, reason: str) -> None:
    if pointer == "/constraints/gender/mentorIn/1":
        document = changed("/constraints/gender/mentorIn", ["female", "female"])
    elif pointer == "/ssykLevels/2":
        document = changed("/ssykLevels", [0, 0, value, 1000, 1000])
    elif "~1" in pointer:
        document = default_policy_document("sv-adult-labour")
        document["constraints"]["a/b"] = value
    elif pointer == "/constraints/conflicts/0":
        document = changed("/constraints/conflicts", [value])
    else:
        document = changed(pointer, value)
    if value == {} and pointer == "/constraints/age":
        pointer = "/constraints/age/mentorIn"
    if isinstance(value, dict) and "min" in value:
        pointer = "/group/min"
    if value == ["old"]:
        pointer += "/0"
    with pytest.raises(RuleViolation) as refusal:
        Policy.parse(document)
    found = (refusal.value.code, refusal.value.pointer, refusal.value.facts["reason"])
    assert found == ("matching_policy.invalid", pointer, reason)


def test_all_weights_zero() -> None:
    document = default_policy_document("sv-adult-labour")
    document["weights"] = dict.fromkeys(document["weights"], 0)
    with pytest.raises(RuleViolation) as refusal:
        Policy.parse(document)
    assert (refusal.value.pointer, refusal.value.facts["reason"]) == ("/weights", "allZero")


@pytest.mark.parametrize(
    ("pointer", "values"),
    [
        ("/tierDays", [1, 3_660]),
        ("/maxTier", [1, 1_000]),
        ("/scoreFloor/least", [0, 10_000]),
        ("/rematch/keepBonus", [0, 10_000]),
        ("/constraints/availability/minOverlapHours", [0, 168]),
        ("/capacity/max", [1, 20, None]),
        ("/group", [{"min": 2, "max": 2}, {"min": 20, "max": 20}, None]),
        ("/weights/goals", [0, 1_000_000, 0.5]),
        ("/ssykLevels", [[0, 0, 0, 0, 0], [1_000] * 5]),
        ("/constraints/language/code", ["so", "prs"]),
        ("/constraints/age/legalGround", ["x", "x" * 60, None]),
    ],
)
def test_what_is_just_allowed(pointer: str, values: list[Any]) -> None:
    for value in values:
        assert Policy.parse(changed(pointer, value)).document() == changed(pointer, value)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/tierDays", 3_661),
        ("/maxTier", 1_001),
        ("/scoreFloor/least", -1),
        ("/rematch/keepBonus", 10_001),
        ("/constraints/availability/minOverlapHours", -1),
        ("/weights/goals", 1_000_001),
    ],
)
def test_what_is_just_too_much(pointer: str, value: int) -> None:
    with pytest.raises(RuleViolation) as refusal:
        Policy.parse(changed(pointer, value))
    assert refusal.value.pointer == pointer


@pytest.mark.parametrize("version", [0, 3, -1, "1", 1.0, None, True])
def test_unknown_version_is_told_apart(version: object) -> None:
    with pytest.raises(RuleViolation) as refusal:
        Policy.parse(changed("/schema", version))
    assert (refusal.value.code, refusal.value.facts["known"]) == ("matching_policy.version_unknown", [1, 2])


def test_not_an_object() -> None:
    not_a_mapping: Any = ["schema"]
    with pytest.raises(RuleViolation) as refusal:
        Policy.parse(not_a_mapping)
    assert refusal.value.pointer == ""


@pytest.mark.parametrize(
    "respell",
    [
        lambda document: document["weights"].update(goals=280.0),
        lambda document: document["constraints"]["conflicts"].reverse(),
    ],
)
def test_digest_depends_on_meaning_not_spelling(respell: Callable[[dict[str, Any]], None]) -> None:
    document = default_policy_document("sv-adult-labour")
    plain = digest(Policy.parse(document))
    respell(document)
    assert digest(Policy.parse(document)) == plain
    assert digest(Policy.parse(changed("/weights/goals", 301))) != plain


@pytest.mark.parametrize(("rule", "narrow"), [("gender", ["female", "other"]), ("age", ["from40To54", "from55"])])
def test_a_rule_on_who_may_be_mentor_needs_a_legal_ground(rule: str, narrow: list[str]) -> None:
    document = changed(f"/constraints/{rule}/mentorIn", narrow)
    with pytest.raises(RuleViolation) as refusal:
        Policy.parse(document)
    assert refusal.value.code == "matching_policy.legal_ground_missing"
    assert refusal.value.pointer == f"/constraints/{rule}/legalGround"
    document["constraints"][rule]["legalGround"] = "DL 2 kap. 4 §"
    assert Policy.parse(document).document() == document


def test_group_and_capacity_agree() -> None:
    document = changed("/group", {"min": 4, "max": 8}) | {"capacity": {"max": 3}}
    with pytest.raises(RuleViolation) as refusal:
        Policy.parse(document)
    assert (refusal.value.pointer, refusal.value.facts["reason"]) == ("/capacity/max", "belowGroupMin")
    document["capacity"] = {"max": 4}
    assert Policy.parse(document).document() == document
    assert Policy.parse(changed("/capacity/max", 1)).most_mentees == 1
    with pytest.raises(RuleViolation) as refusal:
        Policy.parse(document | {"capacity": {"max": 21}})
    assert refusal.value.facts["reason"] == "outOfRange"


FIRST: dict[str, Any] = {
    "schema": 1,
    "constraints": {
        "language": {"code": "sv", "menteeMin": "A2", "mentorMin": "B2", "needsShared": True},
        "availability": {"minOverlapHours": 1},
        "place": {"rule": "sameOrRemote"},
        "gender": {"mentorIn": None, "respectPreferences": True},
        "conflicts": ["sameEmployer"],
        "businessOwner": "whenNeeded",
    },
    "weights": {"occupation": 300, "goals": 300, "languages": 120, "availability": 200, "place": 80},
    "ssykLevels": [0, 200, 450, 750, 1000],
    "tierDays": 30,
    "maxTier": 13,
    "scoreFloor": 700,
}


def test_policy_of_the_first_version_means_what_it_meant() -> None:
    before = deepcopy(FIRST)
    policy = Policy.parse(FIRST)
    assert before == FIRST  # nobody's document is changed under their hands
    document = policy.document()
    assert document["schema"] == SCHEMA
    assert {name: document["weights"][name] for name in FIRST["weights"]} == FIRST["weights"]
    assert (document["weights"]["skills"], document["weights"]["interests"]) == (0, 0)
    assert document["scoreFloor"] == {"least": 700, "raise": False}
    assert not policy.age.respects_preferences
    assert (policy.trained, policy.group, policy.most_mentees, policy.keep_bonus) == (frozenset(), None, None, 0)
    assert Policy.parse(document) == policy


@pytest.mark.parametrize("without", ["constraints", "weights", "scoreFloor"])
def test_first_version_is_read_as_strictly(without: str) -> None:
    document = {name: value for name, value in FIRST.items() if name != without}
    with pytest.raises(RuleViolation) as refusal:
        Policy.parse(document)
    assert (refusal.value.pointer, refusal.value.facts["reason"]) == (f"/{without}", "missing")


def test_first_version_needs_the_ground_too() -> None:
    document = deepcopy(FIRST)
    document["constraints"]["gender"]["mentorIn"] = ["female"]
    with pytest.raises(RuleViolation) as refusal:
        Policy.parse(document)
    assert refusal.value.code == "matching_policy.legal_ground_missing"
    document["constraints"]["gender"] = None
    with pytest.raises(RuleViolation) as refusal:
        Policy.parse(document)
    assert refusal.value.pointer == "/constraints/gender"


def test_codes_are_documented() -> None:
    codes = {"matching_policy.invalid", "matching_policy.version_unknown", "matching.person_twice"}
    assert codes | {"matching.enrolment_twice", "matching.weights_too_large"} <= catalogue().keys()
