"""How are a single pair's points, or what stands in its way, said in the words that a run uses?"""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, cast

from app.domain.matching.explanation import Language, explain_score
from app.domain.matching.suggestions import Assessment, Suggestion

_SENTENCES = {
    "sv": {"one": "Ett villkor hindrar: {names}.", "other": "Flera villkor hindrar: {names}."},
    "en": {"one": "One condition stands in the way: {names}.", "other": "Conditions stand in the way: {names}."},
}


def explain_broken(names: Sequence[str], language: Language) -> tuple[str, ...]:
    """One sentence with everything that keeps two people from each other."""
    said = [_conditions(language)[name] for name in names]
    sentence = _SENTENCES[language]["one" if len(said) == 1 else "other"]
    return (sentence.format(names="; ".join(said)),)


def explain_points(found: Suggestion | Assessment, language: Language) -> tuple[str, ...]:
    """The sentence about points that a run begins with."""
    return (explain_score(found.score, found.contributions, language),)


@cache
def _conditions(language: Language) -> dict[str, Any]:
    text = files("app.domain.data").joinpath("matching_texts.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text)[language]["constraints"])
