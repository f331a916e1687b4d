"""Which rules and preferences does a program match by? Parsed from JSON, versioned, compared by digest."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, cast

from app.domain.errors import RuleViolation
from app.domain.glossary import CefrLevel, Gender
from app.domain.matching.reader import Node, in_order

SCHEMA = 1
FULL_SCORE = 10_000
FULL_MARK = 1_000  # of one criterion, before its weight
_INVALID = "matching_policy.invalid"
_HIGHEST_WEIGHT = 1_000_000
_SSYK_MARKS = 5  # no common digit, then one to four


class Criterion(StrEnum):
    """What makes one feasible mentor better than another."""

    OCCUPATION = "occupation"
    GOALS = "goals"
    LANGUAGES = "languages"
    AVAILABILITY = "availability"
    PLACE = "place"


class PlaceRule(StrEnum):
    SAME = "same"  # the same municipality
    SAME_OR_REMOTE = "sameOrRemote"  # or both can meet at a distance
    ANY = "any"


class Conflict(StrEnum):
    SAME_EMPLOYER = "sameEmployer"
    OWN_CASE_WORKER = "ownCaseWorker"
    SAME_HOUSEHOLD = "sameHousehold"


class BusinessOwnerRule(StrEnum):
    WHEN_NEEDED = "whenNeeded"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class LanguageRule:
    """Levels are in the language `code` (ISO 639); `needs_shared` asks for some language both know at A2 or better."""

    code: str
    mentee_min: CefrLevel | None
    mentor_min: CefrLevel | None
    needs_shared: bool


@dataclass(frozen=True, slots=True)
class Policy:
    language: LanguageRule
    min_overlap_hours: int
    place: PlaceRule
    mentor_genders: frozenset[Gender] | None
    respects_gender_preferences: bool
    conflicts: frozenset[Conflict]
    business_owner: BusinessOwnerRule
    weights: Mapping[Criterion, int | float]
    ssyk_marks: tuple[int, ...]  # 0..1000 by number of common leading SSYK digits
    tier_days: int
    max_tier: int
    score_floor: int

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> "Policy":
        """The policy a JSON document describes.

        Raises RuleViolation `matching_policy.version_unknown`, or `matching_policy.invalid` with a JSON pointer and
        a `reason`.
        """
        _check_schema(document)
        top = Node(document, _INVALID).members(
            "schema", "constraints", "weights", "ssykLevels", "tierDays", "maxTier", "scoreFloor"
        )
        rules = top["constraints"].members("language", "availability", "place", "gender", "conflicts", "businessOwner")
        gender = rules["gender"].members("mentorIn", "respectPreferences")
        return cls(
            language=_parse_language(rules["language"]),
            min_overlap_hours=rules["availability"].members("minOverlapHours")["minOverlapHours"].integer(0, 168),
            place=rules["place"].members("rule")["rule"].choice(PlaceRule),
            mentor_genders=_parse_genders(gender["mentorIn"]),
            respects_gender_preferences=gender["respectPreferences"].flag(),
            conflicts=rules["conflicts"].choices(Conflict),
            business_owner=rules["businessOwner"].choice(BusinessOwnerRule),
            weights=_parse_weights(top["weights"]),
            ssyk_marks=_parse_marks(top["ssykLevels"]),
            tier_days=top["tierDays"].integer(1, 3_660),
            max_tier=top["maxTier"].integer(1, 1_000),
            score_floor=top["scoreFloor"].integer(0, FULL_SCORE),
        )

    def document(self) -> dict[str, Any]:
        """The canonical JSON document: `Policy.parse(policy.document()) == policy`."""
        return {
            "schema": SCHEMA,
            "constraints": {
                "language": {
                    "code": self.language.code,
                    "menteeMin": self.language.mentee_min and self.language.mentee_min.value,
                    "mentorMin": self.language.mentor_min and self.language.mentor_min.value,
                    "needsShared": self.language.needs_shared,
                },
                "availability": {"minOverlapHours": self.min_overlap_hours},
                "place": {"rule": self.place.value},
                "gender": {
                    "mentorIn": None if self.mentor_genders is None else in_order(self.mentor_genders),
                    "respectPreferences": self.respects_gender_preferences,
                },
                "conflicts": in_order(self.conflicts),
                "businessOwner": self.business_owner.value,
            },
            "weights": {criterion.value: self.weights[criterion] for criterion in Criterion},
            "ssykLevels": list(self.ssyk_marks),
            "tierDays": self.tier_days,
            "maxTier": self.max_tier,
            "scoreFloor": self.score_floor,
        }


def digest(policy: Policy) -> str:
    """SHA-256 of the canonical document, hexadecimal."""
    text = json.dumps(policy.document(), sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def default_policy_document(profile: str) -> dict[str, Any]:
    """The shipped policy of a benchmark profile, yours to change. Raises RuleViolation for an unknown profile."""
    found = _defaults().get(profile)
    if found is None:
        raise RuleViolation("benchmark.unknown_profile")
    return deepcopy(found)


@cache
def _defaults() -> dict[str, dict[str, Any]]:
    text = files("app.domain.data").joinpath("matching_policies.json").read_text(encoding="utf-8")
    return cast("dict[str, dict[str, Any]]", json.loads(text))


def _check_schema(document: Any) -> None:
    """An unknown version is told apart from a mistake before anything else is read."""
    if not isinstance(document, Mapping) or "schema" not in document:
        return  # the strict reading will say so
    if isinstance(document["schema"], bool) or document["schema"] != SCHEMA:
        raise RuleViolation("matching_policy.version_unknown", pointer="/schema", known=[SCHEMA])


def _parse_language(node: Node) -> LanguageRule:
    rule = node.members("code", "menteeMin", "mentorMin", "needsShared")
    code = rule["code"].text()
    if not (2 <= len(code) <= 3 and code.isascii() and code.isalpha() and code.islower()):  # noqa: PLR2004  ISO 639
        rule["code"].refuse("notAnIso639Code")
    least = {
        name: None if rule[name].value is None else rule[name].choice(CefrLevel) for name in ("menteeMin", "mentorMin")
    }
    return LanguageRule(code, least["menteeMin"], least["mentorMin"], rule["needsShared"].flag())


def _parse_genders(node: Node) -> frozenset[Gender] | None:
    if node.value is None:
        return None
    return node.choices(Gender) or node.refuse("empty")


def _parse_weights(node: Node) -> dict[Criterion, int | float]:
    found = node.members(*Criterion)
    weights = {criterion: found[criterion].weight(_HIGHEST_WEIGHT) for criterion in Criterion}
    if not any(weights.values()):
        node.refuse("allZero")
    return weights


def _parse_marks(node: Node) -> tuple[int, ...]:
    marks = tuple(item.integer(0, FULL_MARK) for item in node.items())
    if len(marks) != _SSYK_MARKS:
        node.refuse("notFiveMarks")
    if list(marks) != sorted(marks):
        node.refuse("decreasing")  # a closer occupation is never worth less
    return marks
