"""What do the matchings say is missing, and how is that said? One sentence a line, naming nobody."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, cast

from app.domain.matching.explanation import Language
from app.domain.matching.what_if_explanation import name_language

LANGUAGES = frozenset({"sharedLanguage", "mentorLanguage", "menteeLanguage"})
"""The conditions of matching that another language of the mentor would meet."""


class MissingKind(StrEnum):
    """What would let more people start."""

    LANGUAGE = "language"  # mentorer som talar ett språk
    PLACES = "places"  # fler mentorer, eller fler platser hos dem
    CONDITION = "condition"  # ett villkor som går att ändra
    ANOTHER_MENTOR = "anotherMentor"  # ingen ändring räcker


@dataclass(frozen=True)
class Missing:
    """One line: `language` is an ISO 639 code, `conditions` are names of constraints of matching."""

    kind: MissingKind
    language: str | None = None
    conditions: Sequence[str] = ()

    def said(self, people: int, mentors: int, language: Language) -> str:
        """The sentence in one of the two languages."""
        forms = gap_texts()["missing"][self.kind.value][language]
        return cast(
            "str",
            forms["one" if mentors == 1 else "other"].format(
                people=people,
                mentors=mentors,
                language=name_language(self.language, language) if self.language else "",
                condition=_joined(self.conditions, language),
            ),
        )


def _joined(names: Sequence[str], language: Language) -> str:
    told = _matching_texts()[language]
    return f" {told['and']} ".join(told["constraints"][one] for one in names)


@cache
def gap_texts() -> dict[str, Any]:
    """The texts of the gap view in `sv` and `en`."""
    return _read("gaps.json")


@cache
def _matching_texts() -> dict[str, Any]:
    return _read("matching_texts.json")


def _read(name: str) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(files("app.domain.data").joinpath(name).read_text(encoding="utf-8")))
