"""Is the OpenAPI document valid and the committed one, and does every operation introduce itself?"""

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter

from openapi_spec_validator import OpenAPIV31SpecValidator

from app.main import BASE_PATH
from tests.contracts.document import (
    COMMITTED,
    ROOT,
    all_operations,
    contents,
    document,
    responses,
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
        "anonymise",
        "answer",
        "apply",
        "approve",
        "assess",
        "cancel",
        "close",
        "confirm",
        "copy",
        "correct",
        "create",
        "decide",
        "end",
        "escalate",
        "execute",
        "exit",
        "extend",
        "give",
        "hold",
        "identify",
        "lift",
        "link",
        "log",
        "make",
        "move",
        "open",
        "pause",
        "plan",
        "prepare",
        "propose",
        "protect",
        "publish",
        "record",
        "refresh",
        "refuse",
        "reject",
        "reopen",
        "report",
        "request",
        "reschedule",
        "resume",
        "review",
        "revoke",
        "screen",
        "send",
        "set",
        "sign",
        "start",
        "submit",
        "sync",
        "terminate",
        "update",
        "upload",
        "void",
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
    named = re.search(r"url: '([^']+)'", page.text)
    assert named
    shown = world.anonymous.get(f"//root{named[1]}").json()
    assert shown == {**document(), "servers": [{"url": BASE_PATH}]}
    assert not re.search(r"(?:src|href)=\"https?:", page.text), "the documentation asks nobody else's server"


def unaddressed(source: str) -> list[str]:
    """Calls of `answer` that say something was made, but not where it is."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    found = []
    for call in calls:
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        if re.search(r"\b20[12]\b", given.get("status", "")) and "location" not in given:
            found.append(ast.unparse(call))
    return found


def test_what_is_made_has_an_address() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "app/features").rglob("*.py")]
    assert [call for source in sources for call in unaddressed(source)] == []
    assert unaddressed("answer(x, status=201)\nanswer(x, status=201, location=y)") == ["answer(x, status=201)"]
