"""How does a policy document of an older version say the same in the present one?"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from app.domain.errors import RuleViolation

SCHEMA = 2
_FIRST = 1
Document = dict[str, Any]


def upgrade(document: Any) -> Any:
    """The document in the present version; what is not a document of a known version is left to the strict reading.

    Nothing is decided anew: what an older version could not say is off. Raises RuleViolation
    `matching_policy.version_unknown`, told apart from a mistake before anything else is read.
    """
    if not isinstance(document, Mapping) or "schema" not in document:
        return document
    version = document["schema"]
    if isinstance(version, bool) or not isinstance(version, int) or not _FIRST <= version <= SCHEMA:
        raise RuleViolation("matching_policy.version_unknown", pointer="/schema", known=[*range(_FIRST, SCHEMA + 1)])
    upgraded = deepcopy(dict(document))
    for step in _STEPS[version - _FIRST :]:
        step(upgraded)
    return upgraded


def _from_first(document: Document) -> None:
    """Version 2 adds age, training, skills, interests, groups, capacity, a floor that rises, and re-matching."""
    document["schema"] = 2
    rules, weights = document.get("constraints"), document.get("weights")
    if isinstance(rules, dict):
        rules.setdefault("age", {"mentorIn": None, "respectPreferences": False, "legalGround": None})
        rules.setdefault("training", {"mentor": False, "mentee": False})
        if isinstance(rules.get("gender"), dict):
            rules["gender"].setdefault("legalGround", None)
    if isinstance(weights, dict):
        weights.setdefault("skills", 0)
        weights.setdefault("interests", 0)
    document.setdefault("capacity", {"max": None})
    document.setdefault("group", None)
    document.setdefault("rematch", {"keepBonus": 0})
    if "scoreFloor" in document and not isinstance(document["scoreFloor"], dict):
        document["scoreFloor"] = {"least": document["scoreFloor"], "raise": False}


_STEPS: tuple[Callable[[Document], None], ...] = (_from_first,)
