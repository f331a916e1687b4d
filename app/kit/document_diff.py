"""What has changed between two OpenAPI documents, and would it break a client? Breaking, changed, added; as Markdown."""

from collections.abc import Iterator
from typing import Any

from app.kit.document_diff_schemas import Comparison, Difference, Side, Weight
from app.kit.document_words import Node

HEADINGS = {Weight.BREAKING: "Breaking", Weight.CHANGED: "Changed", Weight.ADDED: "Added"}
WORDS = frozenset({"description", "summary", "example", "examples", "title", "tags", "termsOfService", "x-dcat"})
"""What is said to people only."""
NAMES = frozenset({"properties", "paths", "schemas", "headers", "responses", "content", "securitySchemes", "scopes"})
"""Whose keys are names, which may be called anything."""
OK = ("2", "3")
MANY = 20


def compare(old: Node, new: Node) -> list[Difference]:
    """Every difference that a client may notice, the breaking ones first; words for people are passed over."""
    comparison = Comparison(old, new)
    before, after = _operations(old), _operations(new)
    found = [Difference(Weight.BREAKING, where, "is gone") for where in before.keys() - after.keys()]
    found += [Difference(Weight.ADDED, where, "is new") for where in after.keys() - before.keys()]
    for where in sorted(before.keys() & after.keys()):
        found += _operation(comparison, before[where], after[where], where)
    return sorted(set(found))


def as_markdown(old: Node, new: Node, found: list[Difference]) -> str:
    """A section for a changelog."""
    text = f"## API {old['info']['version']} → {new['info']['version']}\n"
    if not found:
        return f"{text}\nNothing that a client could notice.\n"
    for weight, heading in HEADINGS.items():
        lines = list(_lines([one for one in found if one.weight is weight]))
        text += f"\n### {heading}\n\n{''.join(lines)}" if lines else ""
    return text


def _lines(found: list[Difference]) -> Iterator[str]:
    """One line for each difference; what is the same in many places is said once, with its number."""
    places: dict[str, list[str]] = {}
    for one in found:
        places.setdefault(one.text, []).append(one.where)
    for text, where in places.items():
        shown = where if len(where) <= MANY else where[:1]
        more = f" and {len(where) - 1} more places" if len(where) > MANY else ""
        yield from (f"- `{place}`{more}: {text}\n" for place in shown)


def bare(document: Any, *, is_names: bool = False) -> Any:
    """The document without words for people: what a released version is remembered by."""
    if isinstance(document, list):
        return [bare(one) for one in document]
    if not isinstance(document, dict):
        return document
    return {
        key: bare(value, is_names=key in NAMES and not is_names)
        for key, value in document.items()
        if is_names or key not in WORDS
    }


def _operations(document: Node) -> dict[str, Node]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def _operation(comparison: Comparison, old: Node, new: Node, where: str) -> Iterator[Difference]:
    if old["operationId"] != new["operationId"]:
        text = f"is called {new['operationId']}, no longer {old['operationId']}: generated clients name it so"
        yield Difference(Weight.BREAKING, where, text)
    if new.get("deprecated") and not old.get("deprecated"):
        yield Difference(Weight.CHANGED, where, "is deprecated")
    now = new.get("x-permission")
    if bool(old.get("security")) != bool(new.get("security")):
        is_closed = bool(new.get("security"))
        weight = Weight.BREAKING if is_closed else Weight.CHANGED
        yield Difference(weight, where, "asks for a token now" if is_closed else "is open to anybody now")
    elif old.get("x-permission", now) != now:
        yield Difference(Weight.BREAKING, where, f"asks for {now}, no longer {old['x-permission']}")
    yield from _parameters(comparison, old, new, where)
    yield from _body(comparison, old.get("requestBody"), new.get("requestBody"), where)
    yield from _responses(comparison, old, new, where)


def _parameters(comparison: Comparison, old: Node, new: Node, where: str) -> Iterator[Difference]:
    before = {f"{where} {one['in']} {one['name']}": one for one in old.get("parameters", [])}
    after = {f"{where} {one['in']} {one['name']}": one for one in new.get("parameters", [])}
    for name in sorted(before.keys() - after.keys()):
        yield Difference(Weight.BREAKING, name, "is gone")
    for name in sorted(after.keys() - before.keys()):
        is_required = after[name].get("required", False)
        weight = Weight.BREAKING if is_required else Weight.ADDED
        yield Difference(weight, name, "is new and required" if is_required else "is new")
    for name in sorted(before.keys() & after.keys()):
        if after[name].get("required", False) and not before[name].get("required", False):
            yield Difference(Weight.BREAKING, name, "is required now")
        yield from comparison.differences(before[name]["schema"], after[name]["schema"], name, Side.ASKED)


def _body(comparison: Comparison, old: Node | None, new: Node | None, where: str) -> Iterator[Difference]:
    if old is None or new is None:
        if new is not None:
            weight = Weight.BREAKING if new.get("required") else Weight.ADDED
            yield Difference(weight, where, "takes a body now")
        elif old is not None:
            yield Difference(Weight.BREAKING, where, "takes no body any more")
        return
    if new.get("required") and not old.get("required"):
        yield Difference(Weight.BREAKING, where, "needs a body now")
    yield from _contents(comparison, old, new, f"{where} body", Side.ASKED)


def _responses(comparison: Comparison, old: Node, new: Node, where: str) -> Iterator[Difference]:
    before, after = old["responses"], new["responses"]
    for status in sorted(before.keys() - after.keys()):
        weight = Weight.BREAKING if status.startswith(OK) else Weight.CHANGED
        yield Difference(weight, where, f"answers {status} no more")
    for status in sorted(after.keys() - before.keys()):
        weight = Weight.BREAKING if status.startswith("2") else Weight.CHANGED
        yield Difference(weight, where, f"may answer {status} now")
    for status in sorted(before.keys() & after.keys()):
        was, now = _response(comparison.old, before[status]), _response(comparison.new, after[status])
        for name in sorted(was.get("headers", {}).keys() - now.get("headers", {}).keys()):
            yield Difference(Weight.BREAKING, f"{where} {status}", f"has no header {name} any more")
        for name in sorted(now.get("headers", {}).keys() - was.get("headers", {}).keys()):
            yield Difference(Weight.ADDED, f"{where} {status}", f"has a header {name}")
        yield from _contents(comparison, was, now, f"{where} {status}", Side.ANSWERED)


def _contents(comparison: Comparison, old: Node, new: Node, where: str, side: Side) -> Iterator[Difference]:
    before, after = old.get("content", {}), new.get("content", {})
    for media in sorted(before.keys() - after.keys()):
        yield Difference(Weight.BREAKING, where, f"has no form {media} any more")
    for media in sorted(after.keys() - before.keys()):
        yield Difference(Weight.ADDED, where, f"has the form {media} too")
    for media in sorted(before.keys() & after.keys()):
        yield from comparison.differences(before[media]["schema"], after[media]["schema"], where, side)


def _response(document: Node, response: Node) -> Node:
    name = response.get("$ref", "").removeprefix("#/components/responses/")
    found: Node = document["components"]["responses"][name] if name else response
    return found
