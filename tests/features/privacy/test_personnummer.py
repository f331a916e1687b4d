"""Is a personnummer refused in every free text of every operation, and never said again? Found in the document itself."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.canaries import Sweep
from tests.canary_oracle import Principal
from tests.canary_world import CanaryWorld
from tests.contracts.document import Node, all_operations, followed
from tests.world import World

NUMBER = "19811228-9874"
NO_TEXT = frozenset({"uuid", "date", "date-time"})
STORES_NO_TEXT = {
    "createOidcSession": "verified, never stored",
    "createSession": "compared, never stored",
    "refreshTokens": "compared, never stored",
    "setPassword": "only a hash of it is stored",
}
"""Operations without a guard, each with the reason why its texts need no check."""

ROW_BY_ROW = {
    "uploadImportFile": "a file is not refused whole: each of its rows that holds one is, see tests/features/imports"
}


def request_schema(operation: Node) -> Node | None:
    content = operation.get("requestBody", {}).get("content", {})
    return content["application/json"]["schema"] if "application/json" in content else None


def texts(schema: Node) -> Iterator[tuple[str, Any]]:
    """Every place in a body where somebody can write text: its pointer, and a body with a number there and no more."""
    schema = followed(schema)
    for inner in (*schema.get("anyOf", []), *schema.get("oneOf", []), *schema.get("allOf", [])):
        yield from texts(inner)
    for name, inner in schema.get("properties", {}).items():
        for pointer, body in texts(inner):
            yield f"/{name}{pointer}", {name: body}
    if schema.get("type") == "object" and "properties" not in schema:
        yield "/anything", {"anything": NUMBER}
        yield "", {NUMBER: True}
    if schema.get("type") == "array":
        for pointer, body in texts(schema["items"]):
            yield f"/0{pointer}", [body]
    if is_text(schema):
        yield "", NUMBER


def is_text(schema: Node) -> bool:
    return schema.get("type") == "string" and "enum" not in schema and schema.get("format") not in NO_TEXT


OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, method, operation in all_operations()
    if (schema := request_schema(operation)) is not None and any(texts(schema))
}


@pytest.fixture(scope="module")
def sweep(world: World) -> Sweep:
    return Sweep(CanaryWorld(world, each=5), most_ids=12)


def callers(sweep: Sweep) -> list[Principal]:
    """Those without a person first: they may do most."""
    return sorted(sweep.scene.principals, key=lambda who: who.person is not None)


def send(who: Principal, method: str, address: str, body: Any) -> httpx.Response:
    return who.client.call(method, address, json=body, headers={"If-Match": "*"})


def reached(sweep: Sweep, name: str, body: Any) -> tuple[Principal, str]:
    """Somebody who may call the operation, and an address of theirs. Raises: LookupError when there is nobody."""
    method, path, operation = OPERATIONS[name]
    for address in sweep.addresses(path, operation):
        for who in callers(sweep):
            if send(who, method, address, body).status_code not in {401, 403, 404}:
                return who, address
    raise LookupError(f"nobody in the canary world may call {name}")


@pytest.mark.parametrize("name", sorted(OPERATIONS.keys() - STORES_NO_TEXT.keys() - ROW_BY_ROW.keys()))
def test_no_text_of_a_body_takes_one(sweep: Sweep, name: str) -> None:
    method, _, operation = OPERATIONS[name]
    schema = request_schema(operation)
    assert schema is not None
    found = list(texts(schema))
    who, address = reached(sweep, name, found[0][1])
    for pointer, body in found:
        refused = send(who, method, address, body)
        assert (refused.status_code, refused.json()["code"]) == (422, "text.personnummer_refused"), (pointer, who.name)
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer or "/"]
        assert NUMBER not in f"{refused.headers}{refused.text}"


@pytest.mark.parametrize("name", STORES_NO_TEXT)
def test_what_needs_no_login_repeats_none_either(world: World, name: str) -> None:
    method, path, operation = OPERATIONS[name]
    schema = request_schema(operation)
    assert schema is not None
    for _, body in texts(schema):
        answer = world.anonymous.call(method, path, json={**body, NUMBER: NUMBER})
        assert answer.status_code == 422
        assert NUMBER not in f"{answer.headers}{answer.text}"


def test_free_texts_are_found() -> None:
    """The walk itself: a body with every shape that bodies have."""
    text, number = {"type": "string"}, {"type": "integer"}
    lines = {"type": "array", "items": {"type": "object", "properties": {"note": text, "size": number}}}
    day, choice = {"type": "string", "format": "date"}, {"type": "string", "enum": ["a"]}
    schema = {
        "type": "object",
        "properties": {
            "title": {"anyOf": [text, {"type": "null"}]},
            "lines": lines,
            "day": day,
            "choice": choice,
            "answers": {"type": "object"},
        },
    }
    assert [pointer for pointer, _ in texts(schema)] == ["/title", "/lines/0/note", "/answers/anything", "/answers"]
    assert dict(texts(schema))["/lines/0/note"] == {"lines": [{"note": NUMBER}]}
