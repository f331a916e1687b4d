"""How is the national REST API profile (DIGG 1.2) checked? Every rule looks at a document and answers its findings."""

import re
from collections.abc import Callable, Iterator
from typing import Any

Node = dict[str, Any]
Rule = Callable[[Node], list[str]]
RULES: dict[str, Rule] = {}
SNAKE = re.compile(r"[a-z]+(?:_[a-z]+)*")
CAMEL = re.compile(r"[a-z]+(?:[A-Z][a-z]*)*")
JSON = "application/json"


def rule(*names: str) -> Callable[[Rule], Rule]:
    def keep(check: Rule) -> Rule:
        RULES["/".join(names)] = check
        return check

    return keep


def operations(document: Node) -> Iterator[tuple[str, str, Node]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def follow(document: Node, node: Node) -> Node:
    if "$ref" not in node:
        return node
    found: Any = document
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return follow(document, found)


def parameters(document: Node, where: str) -> Iterator[tuple[str, Node]]:
    for path, method, operation in operations(document):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == where:
                yield f"{method} {path} {parameter['name']}", parameter


def responses(document: Node) -> Iterator[tuple[str, str, Node]]:
    for path, method, operation in operations(document):
        for status, response in operation["responses"].items():
            yield f"{method} {path} {status}", status, follow(document, response)


def bodies(document: Node) -> Iterator[tuple[str, Node]]:
    for path, method, operation in operations(document):
        if "requestBody" in operation:
            yield f"{method} {path} body", follow(document, operation["requestBody"])


def fields(document: Node) -> Iterator[tuple[str, str, Node]]:
    """Every property directly in a component schema."""
    for schema, content in document["components"]["schemas"].items():
        for name, field in content.get("properties", {}).items():
            yield f"{schema}.{name}", name, field
