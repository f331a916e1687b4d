"""What is a person told about the data stored about them, and in which words about who has seen it?"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from app.domain.classification import Sensitivity, classified
from app.domain.glossary import Side

ANY = "*"


@dataclass(frozen=True)
class Group:
    """A table of one's data: what it is for, by language, and the columns that are somebody else's data."""

    table: str
    purpose: Mapping[str, str]
    others: frozenset[str]


@cache
def _document() -> Mapping[str, Any]:
    text = files("app.domain.data").joinpath("self_access.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


@cache
def groups() -> tuple[Group, ...]:
    """The tables that a person's own data is read from, in the order they are told."""
    return tuple(
        Group(table, {"sv": told["sv"], "en": told["en"]}, frozenset(told.get("others", ())))
        for table, told in _document()["groups"].items()
    )


def left_out() -> Mapping[str, str]:
    """The tables that name a participant or an enrolment and are not told, each with the reason."""
    found: Mapping[str, str] = _document()["exceptions"]
    return found


def told_columns(group: Group, own_sides: Iterable[Side] = ()) -> frozenset[str]:
    """The columns that belong to the person's data: no internal keys, nothing that is the other side's.

    `own_sides` are the sides on which the person stands in a row about two people (none: it is about one person).
    """
    own = set(own_sides)
    foreign = tuple(f"{side.value}_" for side in Side if own and side not in own)
    return frozenset(
        name
        for name, found in classified()[group.table].items()
        if found is not Sensitivity.INTERNAL and name not in group.others and not name.startswith(foreign)
    )


def words_for(role: str, permission: str, decision: str, partner: str | None) -> dict[str, str]:
    """One sentence per language: which kind of user, of which organisation, did what with which data of yours."""
    document = _document()
    resource, _, action = permission.partition(":")
    things, acts = document["things"], document["acts"]
    act = acts[f"{decision}:{'read' if action == 'read' else 'write'}"]
    thing = things.get(resource, things[ANY])
    at = {"sv": f" hos {partner}", "en": f" of {partner}"} if partner else {"sv": "", "en": ""}
    who = document["roles"][role]
    return {language: f"{who[language]}{at[language]} {act[language]} {thing[language]}." for language in ("sv", "en")}
