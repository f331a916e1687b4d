"""How is a proposal said to a person? Short sentences in Swedish and English, worded in a data file."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

from app.domain.matching.group_sizes import GROUP_SIZE
from app.domain.matching.policy import FULL_SCORE
from app.domain.matching.proposal import Pair, SmallestChange, Unmatched, UnmatchedKind

Language = Literal["sv", "en"]


def explain_pair(pair: Pair, language: Language) -> tuple[str, ...]:
    """Why these two: the points, the rank, and what became of the best alternative. Names nobody."""
    texts, score = _texts(language), explain_score(pair.score, pair.contributions, language)
    if pair.is_pinned:
        return score, cast("str", texts["pinned"])
    if pair.alternative is None:
        return score, cast("str", texts["onlyMentor"])
    return (
        score,
        _fill(texts["rank"], rank=pair.rank, count=pair.feasible_mentors),
        _fill(texts["alternative"][pair.alternative.reason], score=_number(pair.alternative.score, language)),
        *([texts["kept"]] if pair.is_kept else []),
    )


def explain_score(score: int, contributions: Mapping[str, int], language: Language) -> str:
    """The score and the points that it is the sum of, the most first."""
    texts = _texts(language)
    by_points = sorted(contributions.items(), key=lambda item: (-item[1], item[0]))
    parts = [f"{texts['criteria'][criterion]} {_number(points, language)}" for criterion, points in by_points]
    return _fill(
        texts["score"], score=_number(score, language), full=_number(FULL_SCORE, language), parts=", ".join(parts)
    )


def explain_unmatched(unmatched: Unmatched, language: Language) -> tuple[str, ...]:
    """Why nobody: what stands in the way, how much of it alone, and the smallest change that would help."""
    texts = _texts(language)
    unopened = sum(one.sole_blocker for one in unmatched.blocking if one.constraint == GROUP_SIZE)
    if unopened:
        return _count(texts["noGroup"], unmatched.feasible_mentors), _count(texts["notOpened"], unopened)
    if unmatched.kind is UnmatchedKind.PLACES_RAN_OUT:
        return _count(texts["placesRanOut"], unmatched.feasible_mentors), _say_lacking(unmatched, texts)
    blocking = [
        _fill(
            _plural(texts["blocking"], one.sole_blocker),
            constraint=texts["constraints"][one.constraint],
            passing=one.passing,
            sole=one.sole_blocker,
        )
        for one in sorted(unmatched.blocking, key=lambda one: (-one.sole_blocker, one.passing, one.constraint))
    ]
    return texts["noFeasibleMentor"], *blocking, _say_change(unmatched.smallest_change, texts)


def _say_lacking(unmatched: Unmatched, texts: dict[str, Any]) -> str:
    lacking = unmatched.priority_lacking
    if lacking is None:
        return cast("str", texts["noFreePlace"])
    if not lacking.is_reachable:
        return cast("str", texts["waitingDoesNotHelp"])
    return _count(texts["waiting"], lacking.days)


def _say_change(change: SmallestChange | None, texts: dict[str, Any]) -> str:
    if change is None:
        return cast("str", texts["noChange"])
    return _count(texts["change"], change.opens, constraints=_join(change.constraints, texts))


def _join(constraints: Iterable[str], texts: dict[str, Any]) -> str:
    *first, last = (texts["constraints"][constraint] for constraint in constraints)
    return f"{', '.join(first)} {texts['and']} {last}" if first else last


def _count(forms: dict[str, str], count: int, **facts: object) -> str:
    return _fill(_plural(forms, count), count=count, **facts)


def _plural(forms: dict[str, str], count: int) -> str:
    return forms["one"] if count == 1 else forms["other"]


def _fill(template: str, **facts: object) -> str:
    return template.format(**facts)


def _number(value: int, language: Language) -> str:
    """Thousands apart, as the language writes them; Swedish with a no-break space."""
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}") if language == "sv" else f"{value:,}"


@cache
def _texts(language: Language) -> dict[str, Any]:
    text = files("app.domain.data").joinpath("matching_texts.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text)[language])
