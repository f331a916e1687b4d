"""Is every policy that is accepted complete and canonical, and every mistake pointed at?"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.domain.errors import RuleViolation, catalogue
from app.domain.matching.policy import Policy, default_policy_document, digest

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
        ("/constraints/age", {}, "unknownKey"),
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
        ("/scoreFloor", 10_001, "outOfRange"),
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


@pytest.mark.parametrize("version", [0, 2, "1", None, True])
def test_unknown_version_is_told_apart(version: object) -> None:
    with pytest.raises(RuleViolation) as refusal:
        Policy.parse(changed("/schema", version))
    assert refusal.value.code == "matching_policy.version_unknown"


def test_not_an_object() -> None:
    not_a_mapping: Any = ["schema"]
    with pytest.raises(RuleViolation) as refusal:
        Policy.parse(not_a_mapping)
    assert refusal.value.pointer == ""


@pytest.mark.parametrize(
    "respell",
    [
        lambda document: document["weights"].update(goals=300.0),
        lambda document: document["constraints"]["conflicts"].reverse(),
    ],
)
def test_digest_depends_on_meaning_not_spelling(respell: Callable[[dict[str, Any]], None]) -> None:
    document = default_policy_document("sv-adult-labour")
    plain = digest(Policy.parse(document))
    respell(document)
    assert digest(Policy.parse(document)) == plain
    assert digest(Policy.parse(changed("/weights/goals", 301))) != plain


def test_every_gender_rule_survives() -> None:
    document = changed("/constraints/gender/mentorIn", ["female", "other"])
    assert Policy.parse(document).document() == document


def test_codes_are_documented() -> None:
    codes = {"matching_policy.invalid", "matching_policy.version_unknown", "matching.person_twice"}
    assert codes | {"matching.enrolment_twice", "matching.weights_too_large"} <= catalogue().keys()
