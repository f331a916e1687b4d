"""What do generated schemas leave unsaid that tools and people need? Limits that formats imply, and a value to show."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.kit.document_words import UUID_EXAMPLE, Node

REFERENCE = "#/components/schemas/"
SAMPLES = {
    "uuid": UUID_EXAMPLE,
    "date": "2026-03-02",
    "date-time": "2026-03-02T09:00:00.000000Z",
    "time": "17:30:00",
    "email": "kontakt@forening.example",
    "password": "en lång lösenfras",
}
LENGTHS = {"uuid": 36, "date": 10, "date-time": 32, "time": 21, "email": 254}
INTEGERS = {"int32": 2**31 - 1, "int64": 2**53}  # what JSON carries exactly is less than 64 bits (RFC 7493)
ILLUSTRATIONS = frozenset({"example", "examples", "default", "const", "enum"})
DEEP = 8  # deeper than any body


def nodes(value: Any) -> Iterator[Node]:
    """Every object inside a part of the document, outermost first; values that only illustrate are passed over."""
    if isinstance(value, list):
        for inner in value:
            yield from nodes(inner)
    if isinstance(value, dict):
        yield value
        for key, inner in value.items():
            if key == "properties":  # names of fields, which may be called anything
                yield from nodes(list(inner.values()))
            elif key not in ILLUSTRATIONS:
                yield from nodes(inner)


def reachable(part: Any, schemas: Node) -> set[str]:
    """The names of the schemas that a part of the document leads to."""
    found: set[str] = set()
    waiting = [part]
    while waiting:
        for node in nodes(waiting.pop()):
            name = str(node.get("$ref", "")).removeprefix(REFERENCE)
            if name in schemas and name not in found:
                found.add(name)
                waiting.append(schemas[name])
    return found


def finish_schema(part: Any, *, is_answer: bool) -> None:
    """Say what formats imply; bounds of integers only in answers, for in a request they must be checked to be true."""
    for node in nodes(part):
        kind = node.get("format")
        if node.get("type") == "string":
            if kind in LENGTHS:
                node.setdefault("maxLength", LENGTHS[kind])
            if kind in SAMPLES and "examples" not in node:
                node.setdefault("example", SAMPLES[kind])
        if node.get("type") == "integer":
            _finish_integer(node, is_answer=is_answer)
        if node.get("additionalProperties") is True:
            del node["additionalProperties"]  # what is not named is allowed by itself
            node["maxProperties"] = 100
        if isinstance(node.get("title"), str) and "properties" not in node and "enum" not in node:
            del node["title"]  # the property's own name, written worse


def _finish_integer(node: Node, *, is_answer: bool) -> None:
    for limit in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        if limit in node:
            node[limit] = int(node[limit])
    most = max(abs(int(node.get(name, 0))) for name in ("maximum", "exclusiveMaximum", "minimum"))
    node.setdefault("format", "int64" if most >= 2**31 else "int32")
    if is_answer:
        largest = INTEGERS[node["format"]]
        node.setdefault("maximum", largest)
        node.setdefault("minimum", -largest)


class Sampler:
    """Makes a small plausible value for any schema of a document; a field borrows the example of its namesakes."""

    def __init__(self, schemas: Node) -> None:
        self.schemas = schemas
        self.borrowed: dict[tuple[str, str], list[Any]] = {}
        for node in nodes(schemas):
            for name, field in node.get("properties", {}).items():
                found = [example for inner in nodes(field) for example in _examples(inner)]
                for family in {_family(node), ""}:  # relatives first, then anybody of that name
                    self.borrowed.setdefault((family, name), []).extend(found)

    def sample(self, schema: Mapping[str, Any], name: tuple[str, str] = ("", ""), depth: int = 0) -> Any:
        """A value that the schema describes: its own example if it has one. `name` is the family's and the field's."""
        if "$ref" in schema:
            return self.sample(self.schemas[schema["$ref"].removeprefix(REFERENCE)], name, depth)
        given = [*(schema[key] for key in ("example", "const") if key in schema), *_examples(schema)]
        given += schema.get("enum", [])
        if given:
            return given[0]
        ways = [*schema.get("anyOf", []), *schema.get("oneOf", []), *schema.get("allOf", [])]
        if ways:
            return self.sample(ways[0], name, depth)
        if schema.get("default") is not None:
            return schema["default"]
        make: dict[Any, Callable[[], Any]] = {
            "object": lambda: self._object(schema, depth),
            "array": lambda: self._array(schema, name, depth),
            "integer": lambda: _number(schema),
            "number": lambda: _number(schema),
            "boolean": lambda: True,
            "string": lambda: self._string(schema, name),
        }
        return make.get(schema.get("type"), lambda: None)()

    def _object(self, schema: Mapping[str, Any], depth: int) -> Node:
        fields = schema.get("properties", {}) if depth < DEEP else {}
        return {name: self.sample(field, (_family(schema), name), depth + 1) for name, field in fields.items()}

    def _array(self, schema: Mapping[str, Any], name: tuple[str, str], depth: int) -> list[Any]:
        if "items" not in schema or depth >= DEEP:
            return []
        return [self.sample(schema["items"], name, depth + 1)] * max(1, schema.get("minItems", 1))

    def _string(self, schema: Mapping[str, Any], name: tuple[str, str]) -> str:
        least, most = schema.get("minLength", 0), schema.get("maxLength", 2048)
        plain = ("text" * (least // 4 + 1))[:most]
        borrowed = [*self.borrowed.get(name, []), *self.borrowed.get(("", name[1]), [])]
        fitting = (
            one
            for one in [SAMPLES.get(str(schema.get("format"))), *borrowed]
            if isinstance(one, str) and least <= len(one) <= most and re.search(schema.get("pattern", ""), one)
        )
        return next(fitting, plain)


def _examples(schema: Mapping[str, Any]) -> list[Any]:
    given = schema.get("examples", [])
    return given if given or schema.get("format") not in {"email", "password"} else [SAMPLES[schema["format"]]]


def _family(schema: Mapping[str, Any]) -> str:
    return re.sub(r"(Create|Patch|Read)$", "", str(schema.get("title", "")))


def _number(schema: Mapping[str, Any]) -> Any:
    least = schema["exclusiveMinimum"] + 1 if "exclusiveMinimum" in schema else schema.get("minimum", 1)
    return min(max(least, 1), schema.get("maximum", least + 1))
