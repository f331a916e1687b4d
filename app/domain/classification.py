"""How delicate is a stored column? Every column of every table is in exactly one class, as data."""

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType


class Sensitivity(StrEnum):
    """From what anybody who reaches the row may see and filter on, to what leaves for nobody by default."""

    OPEN = "open"  # organisations, programmes, rules, and where a case stands
    INTERNAL = "internal"  # keys, versions, times and ids: they say nothing by themselves
    CONTACT = "contact"  # how somebody is reached
    IDENTITY = "identity"  # who somebody is
    SENSITIVE = "sensitive"  # how somebody lives, what they answered, what was decided about them
    PROTECTED = "protected"  # what tells of a protected identity, and secrets


PERSONAL = frozenset({Sensitivity.CONTACT, Sensitivity.IDENTITY, Sensitivity.SENSITIVE, Sensitivity.PROTECTED})
"""Never searched, filtered or sorted by; never in the change log or in logs."""


@cache
def classified() -> Mapping[str, Mapping[str, Sensitivity]]:
    """Every table's columns with their classes.

    Raises: ValueError for a class that does not exist, and for a column that stands twice.
    """
    text = files("app.domain.data").joinpath("classification.json").read_text(encoding="utf-8")
    return MappingProxyType({table: _columns(table, classes) for table, classes in json.loads(text).items()})


def class_of(table: str, column: str) -> Sensitivity:
    """The class of one column. Raises: KeyError when nobody has classified it: what is unclassified is not shown."""
    return classified()[table][column]


def personal_columns(table: str) -> frozenset[str]:
    """The columns of a table that hold personal data."""
    return frozenset(name for name, found in classified()[table].items() if found in PERSONAL)


def tables_with_personal_data() -> frozenset[str]:
    """The tables that need row-level security, or a written reason to do without."""
    return frozenset(table for table in classified() if personal_columns(table))


def _columns(table: str, classes: Mapping[str, list[str]]) -> Mapping[str, Sensitivity]:
    found: dict[str, Sensitivity] = {}
    for name, columns in classes.items():
        for column in columns:
            if column in found:
                raise ValueError(f"{table}.{column} is classified twice")
            found[column] = Sensitivity(name)
    return MappingProxyType(found)
