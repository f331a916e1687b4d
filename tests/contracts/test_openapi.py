"""Is the OpenAPI document valid, complete, bounded, exemplary, and the same as the one that is committed?"""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # publishes no types
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.main import BASE_PATH
from tests.contracts.document import (
    COMMITTED,
    ROOT,
    Node,
    all_operations,
    contents,
    document,
    followed,
    parameters,
    responses,
    schemas,
    subschemas,
)
from tests.world import World

CAMEL = re.compile(r"[a-z]+(?:[A-Z][a-z]+)*")
CAMEL_WORD = re.compile(r"(?=[A-Z])")
VERBS = frozenset(
    [
        "accept",
        "acknowledge",
        "activate",
        "add",
        "answer",
        "approve",
        "cancel",
        "close",
        "confirm",
        "create",
        "end",
        "exit",
        "give",
        "hold",
        "link",
        "log",
        "move",
        "open",
        "prepare",
        "propose",
        "publish",
        "record",
        "refresh",
        "refuse",
        "reject",
        "request",
        "resume",
        "screen",
        "set",
        "sign",
        "submit",
        "terminate",
        "update",
        "waive",
        "withdraw",
    ]
)  # a new verb is added on purpose
RENDER = """
import hashlib, json
from app.main import describe
from app.settings import Settings
print(hashlib.sha256(json.dumps(describe(Settings())).encode()).hexdigest())
"""


def test_the_committed_document_is_the_served_one(world: World) -> None:
    served = world.anonymous.get("/openapi.json")
    assert served.status_code == 200
    assert served.json() == json.loads(COMMITTED.read_text(encoding="utf-8")), "run `make openapi` and look at the diff"


def test_the_committed_document_is_written_by_make() -> None:
    written = json.dumps(document(), ensure_ascii=False, indent=2) + "\n"
    assert COMMITTED.read_text(encoding="utf-8") == written, "run `make openapi`"


def test_every_process_writes_the_same_bytes() -> None:
    here = hashlib.sha256(json.dumps(document()).encode()).hexdigest()
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    there = subprocess.run(  # noqa: S603  our own code in a process with another order of hashes
        [sys.executable, "-c", RENDER], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert there.stdout.strip() == here


def test_it_is_valid_openapi() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document()).iter_errors()] == []


def test_there_is_something_to_look_at() -> None:
    assert len(all_operations()) > 100
    assert len(list(subschemas())) > 1000
    assert len(list(contents())) > 1000


def test_operation_ids_are_unique_and_begin_with_a_verb() -> None:
    names = [operation["operationId"] for _, _, operation in all_operations()]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert [name for name in names if not CAMEL.fullmatch(name)] == []
    verbs = {
        operation["operationId"]: (method, CAMEL_WORD.split(operation["operationId"])[0])
        for _, method, operation in all_operations()
    }
    assert [name for name, (method, verb) in verbs.items() if (method == "GET") != (verb in {"get", "list"})] == []
    assert [name for name, (method, verb) in verbs.items() if method != "GET" and verb not in VERBS] == []


def test_every_operation_is_described_in_english_and_swedish() -> None:
    wrong = []
    for path, method, operation in all_operations():
        english, _, swedish = operation.get("description", "").partition(" / ")
        if not english.strip() or not swedish.strip() or english == swedish:
            wrong.append(f"{method} {path}: {operation.get('description')}")
    assert wrong == []


def test_every_operation_has_a_summary_of_its_own() -> None:
    summaries = [operation["summary"] for _, _, operation in all_operations()]
    made_up = [one for one in summaries if " " in one and one == one.title()]  # FastAPI's guess from the function
    assert made_up == []
    assert [one for one, count in Counter(summaries).items() if count > 1] == []
    assert [one for one in summaries if one.endswith(".") or not one[0].isupper() or len(one) > 60] == []


def test_every_tag_is_declared_and_used() -> None:
    declared = [tag["name"] for tag in document()["tags"]]
    used = {tag for _, _, operation in all_operations() for tag in operation.get("tags", [])}
    assert len(declared) == len(set(declared))
    assert used == set(declared)
    assert [name for name, _, operation in all_operations() if len(operation.get("tags", [])) != 1] == []


def test_every_response_says_in_its_own_words_what_it_is() -> None:
    assert [
        f"{name} {status}"
        for name, status, response in responses()
        if response["description"] in {"", "Successful Response"}
    ] == []


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
            if body.get("additionalProperties") is not False:
                open_bodies.append(operation["operationId"])
    assert open_bodies == []


def test_every_retry_can_be_answered_from_memory() -> None:
    """Idempotency-Key keeps what `answer` sent: a POST that says nothing would be done twice."""
    silent = [
        operation["operationId"]
        for _, method, operation in all_operations()
        if method == "POST" and operation["security"] and "204" in operation["responses"]
    ]
    assert silent == []


def test_links_lead_somewhere() -> None:
    targets = {operation["operationId"]: operation for _, _, operation in all_operations()}
    links = [link for _, _, response in responses() for link in response.get("links", {}).values()]
    assert links
    for link in links:
        named = {parameter["name"] for parameter in targets[link["operationId"]]["parameters"]}
        assert set(link["parameters"]) <= named


def test_the_document_is_where_the_root_says(world: World) -> None:
    assert document()["servers"][0]["url"].endswith(BASE_PATH)
    page = world.anonymous.get("//root/docs")
    shown = world.anonymous.get("//root" + re.findall(r'"(/[a-z/]*openapi\.json)"|\'(/[a-z/]*openapi\.json)\'', page.text)[0][1]).json()
    assert shown == {**document(), "servers": [{"url": BASE_PATH}]}
    assert not re.search(r"(?:src|href)=\"https?:", page.text), "the documentation asks nobody else's server"
