"""Which rules and preferences does a program match by? Parsed from JSON, versioned, compared by digest."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, TypeVar, cast

from app.domain.errors import RuleViolation
from app.domain.glossary import AgeGroup, CefrLevel, Gender, Side
from app.domain.matching.policy_versions import SCHEMA, upgrade
from app.domain.matching.reader import Node, in_order

FULL_SCORE = 10_000
FULL_MARK = 1_000  # of one criterion, before its weight
_INVALID = "matching_policy.invalid"
_HIGHEST_WEIGHT = 1_000_000
_SSYK_MARKS = 5  # no common digit, then one to four
_MOST_PLACES = 20  # of one mentor, in all programs together
_LONGEST_GROUND = 60
Word = TypeVar("Word", bound=StrEnum)


class Criterion(StrEnum):
    """What makes one feasible mentor better than another."""

    OCCUPATION = "occupation"
    SKILLS = "skills"
    GOALS = "goals"
    INTERESTS = "interests"
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
class Restriction:
    """A rule of the program on who may be a mentor (`mentor_in`, on a recorded legal ground), and people's own wishes."""

    mentor_in: frozenset[str] | None
    respects_preferences: bool
    legal_ground: str | None


@dataclass(frozen=True, slots=True)
class GroupSize:
    """Group mentoring: a mentor leads at least `least` and at most `most` mentees, or no group at all."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Policy:
    language: LanguageRule
    min_overlap_hours: int
    place: PlaceRule
    gender: Restriction
    age: Restriction
    trained: frozenset[Side]  # whose training must be done before a proposal
    conflicts: frozenset[Conflict]
    business_owner: BusinessOwnerRule
    weights: Mapping[Criterion, int | float]
    ssyk_marks: tuple[int, ...]  # 0..1000 by number of common leading SSYK digits
    most_mentees: int | None  # of one mentor in one run; None: as many as there are free places
    group: GroupSize | None
    tier_days: int
    max_tier: int
    score_floor: int
    raises_floor: bool  # to the highest floor that costs neither people nor priority
    keep_bonus: int  # score that a proposal already made is worth more

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> "Policy":
        """The policy a JSON document describes; a document of an older version is brought up to date first.

        Raises RuleViolation `matching_policy.version_unknown`, `matching_policy.legal_ground_missing`, or
        `matching_policy.invalid` with a JSON pointer and a `reason`.
        """
        top = Node(upgrade(document), _INVALID).members(*_TOP)
        rules = top["constraints"].members(*_CONSTRAINTS)
        floor = top["scoreFloor"].members("least", "raise")
        group = _parse_group(top["group"])
        return cls(
            language=_parse_language(rules["language"]),
            min_overlap_hours=rules["availability"].members("minOverlapHours")["minOverlapHours"].integer(0, 168),
            place=rules["place"].members("rule")["rule"].choice(PlaceRule),
            gender=_parse_restriction(rules["gender"], Gender),
            age=_parse_restriction(rules["age"], AgeGroup),
            trained=_parse_training(rules["training"]),
            conflicts=rules["conflicts"].choices(Conflict),
            business_owner=rules["businessOwner"].choice(BusinessOwnerRule),
            weights=_parse_weights(top["weights"]),
            ssyk_marks=_parse_marks(top["ssykLevels"]),
            most_mentees=_parse_capacity(top["capacity"], group),
            group=group,
            tier_days=top["tierDays"].integer(1, 3_660),
            max_tier=top["maxTier"].integer(1, 1_000),
            score_floor=floor["least"].integer(0, FULL_SCORE),
            raises_floor=floor["raise"].flag(),
            keep_bonus=top["rematch"].members("keepBonus")["keepBonus"].integer(0, FULL_SCORE),
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
                "gender": _restriction(self.gender),
                "age": _restriction(self.age),
                "training": {side.value: side in self.trained for side in Side},
                "conflicts": in_order(self.conflicts),
                "businessOwner": self.business_owner.value,
            },
            "weights": {criterion.value: self.weights[criterion] for criterion in Criterion},
            "ssykLevels": list(self.ssyk_marks),
            "capacity": {"max": self.most_mentees},
            "group": self.group and {"min": self.group.least, "max": self.group.most},
            "tierDays": self.tier_days,
            "maxTier": self.max_tier,
            "scoreFloor": {"least": self.score_floor, "raise": self.raises_floor},
            "rematch": {"keepBonus": self.keep_bonus},
        }


_TOP = (
    "schema", "constraints", "weights", "ssykLevels", "capacity", "group", "tierDays", "maxTier", "scoreFloor", "rematch",
)  # fmt: skip
_CONSTRAINTS = (
    "language", "availability", "place", "gender", "age", "training", "conflicts", "businessOwner",
)  # fmt: skip


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


def _parse_language(node: Node) -> LanguageRule:
    rule = node.members("code", "menteeMin", "mentorMin", "needsShared")
    code = rule["code"].text()
    if not (2 <= len(code) <= 3 and code.isascii() and code.isalpha() and code.islower()):  # noqa: PLR2004  ISO 639
        rule["code"].refuse("notAnIso639Code")
    least = {
        name: None if rule[name].value is None else rule[name].choice(CefrLevel) for name in ("menteeMin", "mentorMin")
    }
    return LanguageRule(code, least["menteeMin"], least["mentorMin"], rule["needsShared"].flag())


def _parse_restriction(node: Node, words: type[Word]) -> Restriction:
    """Who may be a mentor is narrowed only on a ground that somebody has written down (diskrimineringslagen)."""
    rule = node.members("mentorIn", "respectPreferences", "legalGround")
    ground = None if rule["legalGround"].value is None else rule["legalGround"].text().strip()
    if ground is not None and not 1 <= len(ground) <= _LONGEST_GROUND:
        rule["legalGround"].refuse("outOfRange")
    allowed = None
    if rule["mentorIn"].value is not None:
        allowed = frozenset(one.value for one in rule["mentorIn"].choices(words)) or rule["mentorIn"].refuse("empty")
        if ground is None:
            raise RuleViolation("matching_policy.legal_ground_missing", pointer=rule["legalGround"].pointer)
    return Restriction(allowed, rule["respectPreferences"].flag(), ground)


def _restriction(rule: Restriction) -> dict[str, Any]:
    return {
        "mentorIn": None if rule.mentor_in is None else sorted(rule.mentor_in),
        "respectPreferences": rule.respects_preferences,
        "legalGround": rule.legal_ground,
    }


def _parse_training(node: Node) -> frozenset[Side]:
    sides = node.members(*Side)
    return frozenset(side for side in Side if sides[side].flag())


def _parse_group(node: Node) -> GroupSize | None:
    if node.value is None:
        return None
    size = node.members("min", "max")
    group = GroupSize(size["min"].integer(2, _MOST_PLACES), size["max"].integer(2, _MOST_PLACES))
    if group.least > group.most:
        size["min"].refuse("aboveMax")
    return group


def _parse_capacity(node: Node, group: GroupSize | None) -> int | None:
    most = node.members("max")["max"]
    if most.value is None:
        return None
    places = most.integer(1, _MOST_PLACES)
    if group and places < group.least:
        most.refuse("belowGroupMin")  # no group could ever open
    return places


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
