"""What can go wrong by rule, and with which stable code?

Every code stands in `data/problems/*.json` with its HTTP status and its title in English and Swedish.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class ProblemText:
    """One documented problem: its usual HTTP status and its titles."""

    status: int
    en: str
    sv: str


@cache
def catalogue() -> dict[str, ProblemText]:
    """Every documented problem by code, read once from the data files."""
    found: dict[str, ProblemText] = {}
    for source in sorted(files("app.domain.data.problems").iterdir(), key=lambda item: item.name):
        if source.name.endswith(".json"):
            for code, text in json.loads(source.read_text(encoding="utf-8")).items():
                if code in found:
                    raise ValueError(f"problem code {code} is described twice")
                found[code] = ProblemText(**text)
    return found


class RuleViolation(Exception):  # noqa: N818  a rule was violated; "Error" would say less
    """A rule refuses the act. `facts` become the problem's nested `context`; never personal values."""

    def __init__(self, code: str, /, *, pointer: str | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.pointer = pointer
        self.facts = facts
