"""Is every difference of two documents found, and weighed as whoever wrote a client for the old one would?"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app import cli
from app.kit.document_diff import as_markdown, bare, compare
from app.kit.document_diff_schemas import Weight

Node = dict[str, Any]
REF = "#/components/schemas/"
JSON = "application/json"
THING: Node = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "maxLength": 100, "pattern": "^a"},
        "kind": {"$ref": REF + "Kind"},
        "note": {"anyOf": [{"type": "string", "maxLength": 10}, {"type": "null"}]},
        "parts": {"type": "array", "maxItems": 5, "items": {"$ref": REF + "Part"}},
    },
}
DOCUMENT: Node = {
    "info": {"title": "Things", "version": "1.0.0", "description": "Words."},
    "paths": {
        "/things": {
            "post": {
                "operationId": "createThing",
                "security": [{"bearer": []}],
                "x-permission": "thing:create",
                "parameters": [
                    {"name": "page", "in": "query", "required": False, "schema": {"type": "integer", "maximum": 9}},
                ],
                "requestBody": {"required": True, "content": {JSON: {"schema": {"$ref": REF + "ThingCreate"}}}},
                "responses": {
                    "201": {
                        "headers": {"ETag": {}},
                        "content": {JSON: {"schema": {"$ref": REF + "ThingRead"}}, "text/csv": {"schema": {}}},
                    },
                    "404": {"$ref": "#/components/responses/Problem404"},
                },
            }
        },
        "/parts": {"get": {"operationId": "listParts", "responses": {}}},
    },
    "components": {
        "responses": {"Problem404": {"headers": {"Retry-After": {}}}},
        "schemas": {
            "Kind": {"type": "string", "enum": ["big", "small"]},
            "Part": {"type": "object", "properties": {"parent": {"$ref": REF + "Part"}, "size": {"type": "integer"}}},
            "ThingCreate": {**copy.deepcopy(THING), "additionalProperties": False},
            "ThingRead": copy.deepcopy(THING),
            "description": {"type": "string", "description": "A schema and a field may be called like a word."},
        },
    },
}
POST = "POST /things"


def operation(document: Node) -> Node:
    found: Node = document["paths"]["/things"]["post"]
    return found


def schema(document: Node, name: str) -> Node:
    found: Node = document["components"]["schemas"][name]
    return found


def asked(change: Callable[[Node], Any]) -> Callable[[Node], Any]:
    return lambda d: change(schema(d, "ThingCreate"))


def answered(change: Callable[[Node], Any]) -> Callable[[Node], Any]:
    return lambda d: change(schema(d, "ThingRead"))


def at(change: Callable[[Node], Any]) -> Callable[[Node], Any]:
    return lambda d: change(operation(d))


B, C, A = Weight.BREAKING, Weight.CHANGED, Weight.ADDED
NEW: Node = {"type": "string"}
CASES: list[tuple[Callable[[Node], Any], list[tuple[Weight, str, str]]]] = [
    (lambda d: d["paths"].pop("/parts"), [(B, "GET /parts", "is gone")]),
    (lambda d: d["paths"].update({"/x": {"get": {"operationId": "getX", "responses": {}}}}), [(A, "GET /x", "is new")]),
    (at(lambda o: o.update(operationId="addThing")), [(B, POST, "is called addThing")]),
    (at(lambda o: o.update(deprecated=True)), [(C, POST, "is deprecated")]),
    (at(lambda o: o.update(security=[])), [(C, POST, "is open to anybody now")]),
    (lambda d: d["paths"]["/parts"]["get"].update(security=[{"bearer": []}]), [(B, "GET /parts", "asks for a token now")]),
    (at(lambda o: o.update({"x-permission": "thing:own"})), [(B, POST, "asks for thing:own, no longer thing:create")]),
    (at(lambda o: o["parameters"].clear()), [(B, f"{POST} query page", "is gone")]),
    (at(lambda o: o["parameters"].append({"name": "q", "in": "query", "schema": NEW})), [(A, f"{POST} query q", "is new")]),
    (at(lambda o: o["parameters"].append({"name": "q", "in": "query", "required": True, "schema": NEW})),
     [(B, f"{POST} query q", "is new and required")]),
    (at(lambda o: o["parameters"][0].update(required=True)), [(B, f"{POST} query page", "is required now")]),
    (at(lambda o: o["parameters"][0]["schema"].update(maximum=5)), [(B, f"{POST} query page", "maximum was `9` and is `5`")]),
    (at(lambda o: o["parameters"][0]["schema"].update(minimum=1)), [(B, f"{POST} query page", "minimum was nothing and is `1`")]),
    (at(lambda o: o.pop("requestBody")), [(B, POST, "takes no body any more")]),
    (lambda d: d["paths"]["/parts"]["get"].update(requestBody={"content": {}}), [(A, "GET /parts", "takes a body now")]),
    (lambda d: d["paths"]["/parts"]["get"].update(requestBody={"required": True}), [(B, "GET /parts", "takes a body now")]),
    (at(lambda o: o["requestBody"]["content"].update({"text/csv": {"schema": {}}})), [(A, f"{POST} body", "has the form text/csv too")]),
    (at(lambda o: o["responses"]["201"]["content"].pop("text/csv")), [(B, f"{POST} 201", "has no form text/csv any more")]),
    (at(lambda o: o["responses"].pop("201")), [(B, POST, "answers 201 no more")]),
    (at(lambda o: o["responses"].pop("404")), [(C, POST, "answers 404 no more")]),
    (at(lambda o: o["responses"].update({"202": {}})), [(B, POST, "may answer 202 now")]),
    (at(lambda o: o["responses"].update({"429": {}})), [(C, POST, "may answer 429 now")]),
    (at(lambda o: o["responses"]["201"]["headers"].clear()), [(B, f"{POST} 201", "has no header ETag any more")]),
    (lambda d: d["components"]["responses"]["Problem404"]["headers"].update(Date={}), [(A, f"{POST} 404", "has a header Date")]),
    (asked(lambda s: s["properties"].pop("note")), [(B, "ThingCreate.note", "is gone")]),
    (asked(lambda s: s["properties"].update(x=NEW)), [(A, "ThingCreate.x", "is new")]),
    (asked(lambda s: (s["properties"].update(x=NEW), s["required"].append("x"))), [(B, "ThingCreate.x", "is new and required")]),
    (asked(lambda s: s["required"].append("kind")), [(B, "ThingCreate.kind", "is required now")]),
    (asked(lambda s: s["required"].clear()), [(C, "ThingCreate.name", "may be left out now")]),
    (asked(lambda s: s["properties"]["name"].update(maxLength=50)), [(B, "ThingCreate.name", "maxLength was `100`")]),
    (asked(lambda s: s["properties"]["name"].update(maxLength=200)), [(C, "ThingCreate.name", "maxLength was `100`")]),
    (asked(lambda s: s["properties"]["name"].update(pattern="^b")), [(B, "ThingCreate.name", "pattern was `^a` and is `^b`")]),
    (asked(lambda s: s["properties"]["name"].pop("pattern")), [(C, "ThingCreate.name", "pattern was `^a` and is nothing")]),
    (asked(lambda s: s["properties"]["name"].update(type="integer")),
     [(B, "ThingCreate.name", "takes string no more"), (A, "ThingCreate.name", "takes integer too")]),
    (asked(lambda s: s["properties"]["name"].update(format="email")),
     [(B, "ThingCreate.name", "takes string no more"), (A, "ThingCreate.name", "takes string (email) too")]),
    (asked(lambda s: s["properties"]["note"]["anyOf"].pop()), [(B, "ThingCreate.note", "takes null no more")]),
    (asked(lambda s: s["properties"]["name"].update(enum=["a"])), [(B, "ThingCreate.name", "is one of a list now")]),
    (answered(lambda s: s["properties"]["name"].update(const="a")), [(C, "ThingRead.name", "is one of a list now")]),
    (answered(lambda s: s.update(additionalProperties=False)), []),
    (answered(lambda s: s["properties"].pop("note")), [(B, "ThingRead.note", "is gone")]),
    (answered(lambda s: s["properties"].update(x=NEW)), [(A, "ThingRead.x", "is new")]),
    (answered(lambda s: s["required"].clear()), [(B, "ThingRead.name", "may be missing now")]),
    (answered(lambda s: s["required"].append("kind")), []),
    (answered(lambda s: s["properties"]["note"]["anyOf"].pop()), [(C, "ThingRead.note", "is never null any more")]),
    (answered(lambda s: s["properties"]["note"]["anyOf"].append({"type": "integer"})), [(B, "ThingRead.note", "may be integer now")]),
    (answered(lambda s: s["properties"]["parts"].update(maxItems=2)), [(C, "ThingRead.parts", "maxItems was `5` and is `2`")]),
    (lambda d: schema(d, "Kind")["enum"].append("huge"), [(A, "Kind", "has a new value huge")]),
    (lambda d: schema(d, "Kind")["enum"].remove("big"), [(B, "Kind", "has no value big any more"), (C, "Kind", "has no value big any more")]),
    (lambda d: schema(d, "Kind").pop("enum"), [(B, "Kind", "is no list"), (C, "Kind", "is no list")]),
    (lambda d: schema(d, "Part")["properties"]["size"].update(maximum=3),
     [(B, "Part.size", "maximum was nothing and is `3`"), (C, "Part.size", "maximum was nothing and is `3`")]),
    (lambda d: d["info"].update(description="Other words."), []),
    (asked(lambda s: s["properties"]["name"].update(description="A name.", examples=["x"])), []),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), CASES)
def test_a_difference_is_found_and_weighed(
    change: Callable[[Node], Any], expected: list[tuple[Weight, str, str]]
) -> None:
    new = copy.deepcopy(DOCUMENT)
    change(new)
    found = compare(DOCUMENT, new)
    assert len(found) == len(expected), found
    for one, (weight, where, text) in zip(found, sorted(expected), strict=True):
        assert (one.weight, one.where) == (weight, where)
        assert one.text.startswith(text)


def test_closing_a_body_breaks() -> None:
    old = copy.deepcopy(DOCUMENT)
    schema(old, "ThingCreate").pop("additionalProperties")
    (found,) = compare(old, DOCUMENT)
    assert (found.weight, found.text) == (B, "takes no unknown fields any more")


def test_a_body_that_may_not_be_left_out_any_more_breaks() -> None:
    old = copy.deepcopy(DOCUMENT)
    operation(old)["requestBody"]["required"] = False
    (found,) = compare(old, DOCUMENT)
    assert (found.weight, found.where, found.text) == (B, POST, "needs a body now")


def test_a_schema_that_is_only_named_is_the_same() -> None:
    new = copy.deepcopy(DOCUMENT)
    new["components"]["schemas"]["Name"] = schema(new, "ThingRead")["properties"]["name"]
    schema(new, "ThingRead")["properties"]["name"] = {"$ref": REF + "Name"}
    assert compare(DOCUMENT, new) == []


def test_a_second_list_of_values_brings_new_values() -> None:
    new = copy.deepcopy(DOCUMENT)
    new["components"]["schemas"]["Other"] = {"type": "string", "enum": ["odd"]}
    schema(new, "ThingRead")["properties"]["kind"] = {"anyOf": [{"$ref": REF + "Kind"}, {"$ref": REF + "Other"}]}
    (found,) = compare(DOCUMENT, new)
    assert (found.weight, found.where, found.text) == (A, "ThingRead.kind", "has a new value odd")
    (back,) = compare(new, DOCUMENT)
    assert (back.weight, back.text) == (C, "has no value odd any more")


def test_what_is_remembered_of_a_release_is_enough_to_compare() -> None:
    kept = bare(DOCUMENT)
    assert compare(kept, DOCUMENT) == compare(DOCUMENT, kept) == []
    assert "Words" not in json.dumps(kept)
    assert kept["components"]["schemas"]["description"] == {"type": "string"}


def test_the_changelog_is_grouped_and_short() -> None:
    new = copy.deepcopy(DOCUMENT)
    new["info"]["version"] = "1.1.0"
    new["paths"].pop("/parts")
    for number in range(30):
        new["paths"][f"/x{number}"] = {"get": {"operationId": f"getX{number}", "responses": {}}}
    assert as_markdown(DOCUMENT, new, compare(DOCUMENT, new)) == (
        "## API 1.0.0 → 1.1.0\n\n### Breaking\n\n- `GET /parts`: is gone\n"
        "\n### Added\n\n- `GET /x0` and 29 more places: is new\n"
    )
    assert as_markdown(DOCUMENT, DOCUMENT, []).endswith("Nothing that a client could notice.\n")


def test_the_command_tells_and_can_refuse(tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    without = copy.deepcopy(DOCUMENT)
    without["paths"].pop("/parts")
    old.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    new.write_text(json.dumps(without), encoding="utf-8")
    run = CliRunner().invoke
    told = run(cli.app, ["api-diff", str(old), str(new)])
    assert (told.exit_code, "`GET /parts`: is gone" in told.stdout) == (0, True)
    assert run(cli.app, ["api-diff", str(old), str(new), "--check"]).exit_code == 1
    assert run(cli.app, ["api-diff", str(new), str(old), "--check"]).exit_code == 0
    for text in ("no json", "[]", "{}"):
        old.write_text(text, encoding="utf-8")
        refused = run(cli.app, ["api-diff", str(old), str(new)])
        assert (refused.exit_code, "cannot be read as an OpenAPI document" in refused.stderr) == (1, True)
