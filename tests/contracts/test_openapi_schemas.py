"""Are the schemas named, bounded, closed, in camelCase, and is every example one that fits?"""

import json
import re

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # publishes no types

from tests.contracts.document import Node, all_operations, contents, document, followed, parameters, schemas, subschemas

CAMEL = re.compile(r"[a-z]+(?:[A-Z][a-z]+)*")


def mistakes(value: object, schema: Node) -> list[str]:
    """Why a value does not fit a schema of the document."""
    whole = {**schema, "components": document()["components"]}
    checker = Draft202012Validator.FORMAT_CHECKER
    return [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(whole, format_checker=checker).iter_errors(value)
    ]


def test_every_content_has_an_example_that_fits() -> None:
    wrong = {}
    for where, media_type, media in contents():
        is_json = media_type.endswith("json")
        found = mistakes(media["example"], media["schema"]) if "example" in media else ["no example"] * is_json
        if found:
            wrong[where] = found
    assert wrong == {}


def test_examples_of_fields_fit() -> None:
    wrong = {}
    for place, schema in subschemas():
        given = [*schema.get("examples", []), *([schema["example"]] if "example" in schema else [])]
        found = [mistake for value in given for mistake in mistakes(value, schema)]
        if found:
            wrong[place] = found
    assert wrong == {}


def test_a_misfit_would_be_noticed() -> None:
    schema = {"$ref": "#/components/schemas/ApiInfo"}
    assert mistakes({"apiName": 1}, schema)
    assert mistakes("2026-13-01", {"type": "string", "format": "date"})


def test_enumerations_are_components() -> None:
    inline = [place for place, schema in subschemas() if "enum" in schema and place not in schemas()]
    assert inline == []


def test_components_have_plain_names() -> None:
    assert [name for name in schemas() if not re.fullmatch(r"(?:[A-Z][a-z]+)+", name)] == []
    assert "HTTPValidationError" not in json.dumps(document())


def test_every_component_is_used() -> None:
    text = json.dumps(document())
    assert [name for name in schemas() if f'"#/components/schemas/{name}"' not in text] == []


def test_names_are_camel_case_in_letters_only() -> None:
    fields = [f"{place}.{name}" for place, schema in subschemas() for name in schema.get("properties", {})]
    given = [f"{operation}?{one['name']}" for where in ("query", "path") for operation, one in parameters(where)]
    assert [name for name in fields + given if not CAMEL.fullmatch(re.split(r"[.?]", name)[-1])] == []


def unbounded(schema: Node) -> str | None:
    """What a schema leaves without a limit."""
    if {"enum", "const"} & schema.keys():
        return None
    low = {"minimum", "exclusiveMinimum"} & schema.keys()
    high = {"maximum", "exclusiveMaximum"} & schema.keys()
    match schema.get("type"):
        case "string":
            return None if "maxLength" in schema else "maxLength"
        case "integer" | "number":
            return None if low and high else "minimum and maximum"
        case "array":
            return None if "maxItems" in schema else "maxItems"
        case "object":
            is_closed = "properties" in schema and schema.get("additionalProperties", False) is False
            return None if is_closed or "maxProperties" in schema else "maxProperties"
    return None


def test_everything_is_bounded() -> None:
    assert {place: missing for place, schema in subschemas() if (missing := unbounded(schema))} == {}


def test_every_schema_says_what_it_is() -> None:
    anything = [
        place
        for place, schema in subschemas()
        if not {"type", "$ref", "anyOf", "oneOf", "allOf", "enum", "const"} & schema.keys()
    ]
    assert anything == []


def test_bodies_forbid_unknown_fields() -> None:
    open_bodies = []
    for _, _, operation in all_operations():
        for media in operation.get("requestBody", {}).get("content", {}).values():
            body = followed(media["schema"])
            if body.get("type") != "string" and body.get("additionalProperties") is not False:  # a file is text
                open_bodies.append(operation["operationId"])
    assert open_bodies == []


@pytest.mark.parametrize(
    ("schema", "missing"),
    [
        ({"type": "string"}, "maxLength"),
        ({"type": "string", "enum": ["a"]}, None),
        ({"type": "integer", "minimum": 1}, "minimum and maximum"),
        ({"type": "number", "exclusiveMinimum": 1, "maximum": 2}, None),
        ({"type": "array", "items": {}}, "maxItems"),
        ({"type": "object"}, "maxProperties"),
        ({"type": "object", "properties": {}, "additionalProperties": {"type": "integer"}}, "maxProperties"),
        ({"type": "object", "properties": {}, "additionalProperties": False}, None),
    ],
)
def test_what_is_unbounded_is_noticed(schema: Node, missing: str | None) -> None:
    assert unbounded(schema) == missing
