"""Is a programme's description still vouched for, and what are its categories called?"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from app.domain.days import add_months

FRESH_MONTHS = 12
"""So long a description is taken to hold after somebody vouched for it."""
ASK_AGAIN_MONTHS = 3
"""So long its owner is left in peace after being asked."""


def is_stale(assured_on: date | None, today: date) -> bool:
    """Has nobody vouched for the description in the last twelve months?"""
    return assured_on is None or add_months(assured_on, FRESH_MONTHS) < today


def label(group: str, value: str) -> Mapping[str, str] | None:
    """What a category, kind, listing, factor or language is called: `sv` and `en`; None for what has no name here."""
    if group == "language":
        names = _read("languages.json")
        return {one: names[one][value] for one in ("sv", "en")} if value in names["sv"] else None
    found: Mapping[str, str] | None = _read("catalogue.json").get(group, {}).get(value)
    return found


def labels(group: str) -> Mapping[str, Mapping[str, str]]:
    """Every value of a group with its names, in the order of the glossary."""
    found: Mapping[str, Mapping[str, str]] = _read("catalogue.json")[group]
    return found


def ask_for_assurance(programs: Sequence[str]) -> tuple[str, str]:
    """Subject and body of the letter that asks a partner about its programmes, in Swedish and English."""
    letter = _read("catalogue.json")["letter"]
    listed = "\n".join(f"- {name}" for name in programs)
    bodies = (letter["body"][one].format(programs=listed) for one in ("sv", "en"))
    return " / ".join(letter["subject"][one] for one in ("sv", "en")), "\n\n***\n\n".join(bodies) + "\n"


@cache
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("app.domain.data").joinpath(name).read_text(encoding="utf-8"))
    return found
