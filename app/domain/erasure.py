"""What becomes of each stored thing about a person who is erased, and why is something kept or not handed out?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Fate(StrEnum):
    """What erasing a person does to a row about them."""

    DELETED = "deleted"
    EMPTIED = "emptied"  # the row stays for statistics or for the other person; what is personal in it goes
    KEPT = "kept"  # nothing in it says who it is about, once the record is empty


@dataclass(frozen=True)
class Rule:
    """The fate of a table's rows; `values` are what emptied columns hold afterwards; `why`, and why it is not exported."""

    fate: Fate
    values: Mapping[str, Any] = field(default_factory=dict)
    why: str | None = None
    not_exported: str | None = None


@cache
def erasure_rules() -> Mapping[str, Rule]:
    """By table. Raises: ValueError for what is kept without a reason."""
    text = files("app.domain.data").joinpath("erasure.json").read_text(encoding="utf-8")
    return {table: _rule(table, told) for table, told in json.loads(text).items()}


def _rule(table: str, told: Mapping[str, Any]) -> Rule:
    rule = Rule(Fate(told["fate"]), told.get("values", {}), told.get("why"), told.get("notExported"))
    if rule.fate is not Fate.DELETED and not rule.why:
        raise ValueError(f"{table} is kept without a reason")
    if (rule.fate is Fate.EMPTIED) != bool(rule.values):
        raise ValueError(f"{table}: what is emptied names its columns")
    return rule
