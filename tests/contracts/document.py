"""What is in the OpenAPI document? One copy of it, and ways to walk it that report where they stand."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from app.kit.documents import operations
from app.main import describe
from app.settings import Settings

Node = dict[str, Any]
ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "openapi" / "openapi.json"


@cache
def document() -> Node:
    return describe(Settings())


def schemas() -> Node:
    found: Node = document()["components"]["schemas"]
    return found


def all_operations() -> list[tuple[str, str, Node]]:
    """Every (path, METHOD, operation)."""
    return [(path, method.upper(), operation) for path, method, operation in operations(document())]


def parameters(where: str) -> Iterator[tuple[str, Node]]:
    """Every parameter in `query`, `path` or `header`, with the operation's id."""
    for _, _, operation in all_operations():
        for parameter in operation.get("parameters", []):
            if parameter["in"] == where:
                yield operation["operationId"], parameter


def responses() -> Iterator[tuple[str, str, Node]]:
    """Every (operation id, status, response), references followed."""
    for _, _, operation in all_operations():
        for status, response in operation["responses"].items():
            yield operation["operationId"], status, followed(response)


def followed(node: Node) -> Node:
    if "$ref" not in node:
        return node
    found: Any = document()
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return followed(found)


def contents() -> Iterator[tuple[str, str, Node]]:
    """Every (where, media type, media object) of requests and answers."""
    for _, _, operation in all_operations():
        for media_type, media in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{operation['operationId']} request", media_type, media
    for name, status, response in responses():
        for media_type, media in response.get("content", {}).items():
            yield f"{name} {status}", media_type, media


def subschemas() -> Iterator[tuple[str, Node]]:
    """Every schema of the document, inner ones too, with its place."""
    for name, schema in schemas().items():
        yield from _within(name, schema)
    for name, header in document()["components"]["headers"].items():
        yield from _within(f"header {name}", header["schema"])
    for where in ("query", "path", "header"):
        for operation, parameter in parameters(where):
            yield from _within(f"{operation}?{parameter['name']}", parameter["schema"])
    for where, _, media in contents():
        yield from _within(where, media["schema"])


def _within(place: str, schema: Node) -> Iterator[tuple[str, Node]]:
    yield place, schema
    for name, inner in schema.get("properties", {}).items():
        yield from _within(f"{place}.{name}", inner)
    for key in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for inner in schema.get(key, []):
            yield from _within(place, inner)
    for key in ("items", "additionalProperties", "not"):
        if isinstance(schema.get(key), dict):
            yield from _within(f"{place}[]", schema[key])
