"""Where in a JSON document is the mistake? Strict reading with JSON pointers (RFC 6901)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from math import isfinite
from typing import Any, Never, TypeVar

from app.domain.errors import RuleViolation

Choice = TypeVar("Choice", bound=StrEnum)


class Node:
    """One value of the document. Every reading method raises RuleViolation(code) that points at the value."""

    def __init__(self, value: Any, code: str, pointer: str = "") -> None:
        self.value = value
        self._code = code
        self.pointer = pointer

    def refuse(self, reason: str) -> Never:
        raise RuleViolation(self._code, pointer=self.pointer, reason=reason)

    def members(self, *names: str) -> dict[str, "Node"]:
        """Exactly these members: none missing, none unknown."""
        if not isinstance(self.value, Mapping):
            self.refuse("notAnObject")
        for name in self.value:
            if name not in names:
                self._below(name).refuse("unknownKey")
        for name in names:
            if name not in self.value:
                self._below(name).refuse("missing")
        return {name: self._below(name) for name in names}

    def items(self) -> list["Node"]:
        if not isinstance(self.value, list | tuple):
            self.refuse("notAList")
        return [self._below(str(index), item) for index, item in enumerate(self.value)]

    def integer(self, low: int, high: int) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.refuse("notAnInteger")
        if not low <= self.value <= high:
            self.refuse("outOfRange")
        return self.value

    def weight(self, high: int) -> int | float:
        """A finite number from 0 to `high`; whole numbers come back as int, so that 2 and 2.0 are one policy."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            self.refuse("notANumber")
        if isinstance(self.value, float) and not isfinite(self.value):
            self.refuse("notFinite")
        if self.value < 0:
            self.refuse("negative")
        if self.value > high:
            self.refuse("outOfRange")
        return int(self.value) if self.value == int(self.value) else self.value

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.refuse("notABoolean")
        return self.value

    def text(self) -> str:
        if not isinstance(self.value, str):
            self.refuse("notAString")
        return self.value

    def choice(self, choices: type[Choice]) -> Choice:
        if self.text() not in set(choices):
            self.refuse("unknownValue")
        return choices(self.value)

    def choices(self, choices: type[Choice]) -> frozenset[Choice]:
        found: set[Choice] = set()
        for item in self.items():
            one = item.choice(choices)
            if one in found:
                item.refuse("repeated")
            found.add(one)
        return frozenset(found)

    def _below(self, name: object, value: Any = None) -> "Node":
        token = str(name).replace("~", "~0").replace("/", "~1")
        inner = self.value.get(name) if isinstance(self.value, Mapping) else value
        return Node(inner, self._code, f"{self.pointer}/{token}")


def in_order(values: Iterable[StrEnum]) -> list[str]:
    """Plain strings, sorted: one way to write a set."""
    return sorted(value.value for value in values)
