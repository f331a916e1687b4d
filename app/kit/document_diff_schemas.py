"""Which differences of two schemas matter to whom? What is asked may only widen, what is answered may only narrow."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

from app.kit.document_schemas import REFERENCE
from app.kit.document_words import Node


class Weight(IntEnum):
    """How much a difference asks of a client that was written for the old document."""

    BREAKING = 0
    CHANGED = 1
    ADDED = 2


class Side(StrEnum):
    """Does the client send it or receive it?"""

    ASKED = "asked"
    ANSWERED = "answered"


@dataclass(frozen=True, order=True)
class Difference:
    """One line of a changelog."""

    weight: Weight
    where: str
    text: str


LIMITS = {
    "maxLength": -1,
    "maximum": -1,
    "exclusiveMaximum": -1,
    "maxItems": -1,
    "maxProperties": -1,
    "minLength": 1,
    "minimum": 1,
    "exclusiveMinimum": 1,
    "minItems": 1,
}
"""Limit → the direction in which it gets tighter."""


@dataclass
class Comparison:
    """Two documents' schemas; a component is compared once for each side that uses it."""

    old: Node
    new: Node
    seen: set[tuple[str, str, Side]] = field(default_factory=set)

    def differences(self, old: Node, new: Node, where: str, side: Side) -> Iterator[Difference]:
        names = old.get("$ref", ""), new.get("$ref", "")
        if all(names):
            if (*names, side) in self.seen:
                return
            self.seen.add((*names, side))
            where = names[1].removeprefix(REFERENCE) if names[0] == names[1] else where
        old, new = _merged(old, self.old), _merged(new, self.new)
        if not any({"anyOf", "oneOf"} & one.keys() for one in (old, new)):
            old, new = _follow(old, self.old), _follow(new, self.new)
        yield from self._alternatives(old, new, where, side)

    def _alternatives(self, old: Node, new: Node, where: str, side: Side) -> Iterator[Difference]:
        before, after = _ways(old), _ways(new)
        for kind in sorted(before.keys() - after.keys()):
            weight, text = _LOST[side]
            yield Difference(weight, where, text.format(kind))
        for kind in sorted(after.keys() - before.keys()):
            weight, text = _GAINED[side]
            yield Difference(weight, where, text.format(kind))
        for kind in sorted(before.keys() & after.keys()):
            if "$ref" in before[kind]:
                yield from self.differences(before[kind], after[kind], where, side)
            else:
                yield from self._alike(before[kind], after[kind], where, side)

    def _alike(self, old: Node, new: Node, where: str, side: Side) -> Iterator[Difference]:
        """Both are of one type."""
        yield from _values(old, new, where, side)
        yield from _limits(old, new, where, side)
        yield from self._fields(old, new, where, side)
        for key in ("items", "additionalProperties"):
            before, after = old.get(key), new.get(key)
            if isinstance(before, dict) and isinstance(after, dict):
                yield from self.differences(before, after, f"{where}[]", side)
        if side is Side.ASKED and new.get("additionalProperties") is False and old.get("additionalProperties", 1):
            yield Difference(Weight.BREAKING, where, "takes no unknown fields any more")

    def _fields(self, old: Node, new: Node, where: str, side: Side) -> Iterator[Difference]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed, needed_now = set(old.get("required", [])), set(new.get("required", []))
        for name in sorted(before.keys() - after.keys()):
            yield Difference(Weight.BREAKING, f"{where}.{name}", "is gone")
        for name in sorted(after.keys() - before.keys()):
            is_asked_for = side is Side.ASKED and name in needed_now
            weight = Weight.BREAKING if is_asked_for else Weight.ADDED
            yield Difference(weight, f"{where}.{name}", "is new and required" if is_asked_for else "is new")
        for name in sorted(before.keys() & after.keys()):
            if side is Side.ASKED and name in needed_now - needed:
                yield Difference(Weight.BREAKING, f"{where}.{name}", "is required now")
            if side is Side.ASKED and name in needed - needed_now:
                yield Difference(Weight.CHANGED, f"{where}.{name}", "may be left out now")
            if side is Side.ANSWERED and name in needed - needed_now:
                yield Difference(Weight.BREAKING, f"{where}.{name}", "may be missing now")
            yield from self.differences(before[name], after[name], f"{where}.{name}", side)


_LOST = {
    Side.ASKED: (Weight.BREAKING, "takes {} no more"),
    Side.ANSWERED: (Weight.CHANGED, "is never {} any more"),
}
_GAINED = {
    Side.ASKED: (Weight.ADDED, "takes {} too"),
    Side.ANSWERED: (Weight.BREAKING, "may be {} now"),
}


def _follow(schema: Node, document: Node) -> Node:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].removeprefix(REFERENCE)]
    return schema


def _merged(schema: Node, document: Node) -> Node:
    """Alternatives that are all enumerations are one enumeration: a new one brings new values, and nothing else."""
    ways = [_follow(way, document) for way in [*schema.get("anyOf", []), *schema.get("oneOf", [])]]
    if not ways or not all("enum" in way for way in ways):
        return schema
    return {"type": "string", "enum": [value for way in ways for value in way["enum"]]}


def _ways(schema: Node) -> dict[str, Node]:
    """The alternatives that a schema allows, by what they are called."""
    ways = [*schema.get("anyOf", []), *schema.get("oneOf", [])] or [schema]
    return {_kind(way): way for way in ways}


def _kind(way: Node) -> str:
    if "$ref" in way:
        return str(way["$ref"].removeprefix(REFERENCE))
    kind = way.get("type", "anything")
    return f"{kind} ({way['format']})" if "format" in way else str(kind)


def _values(old: Node, new: Node, where: str, side: Side) -> Iterator[Difference]:
    """Values of an enumeration: clients are told to expect new ones in answers (docs/guide/versions.md)."""
    before, after = _allowed(old), _allowed(new)
    if before is None or after is None:
        if before != after:
            is_closer = before is None
            weight = Weight.BREAKING if is_closer == (side is Side.ASKED) else Weight.CHANGED
            yield Difference(weight, where, "is one of a list now" if is_closer else "is no list of values any more")
        return
    for value in sorted(before - after):
        weight = Weight.BREAKING if side is Side.ASKED else Weight.CHANGED
        yield Difference(weight, where, f"has no value {value} any more")
    for value in sorted(after - before):
        yield Difference(Weight.ADDED, where, f"has a new value {value}")


def _allowed(schema: Node) -> set[str] | None:
    values: Any = schema.get("enum", [schema["const"]] if "const" in schema else None)
    return None if values is None else {str(value) for value in values}


def _limits(old: Node, new: Node, where: str, side: Side) -> Iterator[Difference]:
    for name, tighter in LIMITS.items():
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        is_tighter = before is None or (after is not None and (after - before) * tighter > 0)
        weight = Weight.BREAKING if is_tighter and side is Side.ASKED else Weight.CHANGED
        yield Difference(weight, where, f"{name} was {_said(before)} and is {_said(after)}")
    if old.get("pattern") != new.get("pattern"):
        is_tighter = side is Side.ASKED and "pattern" in new
        weight = Weight.BREAKING if is_tighter else Weight.CHANGED
        yield Difference(weight, where, f"pattern was {_said(old.get('pattern'))} and is {_said(new.get('pattern'))}")


def _said(value: object) -> str:
    return "nothing" if value is None else f"`{value}`"
