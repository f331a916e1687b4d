"""Is a personnummer found wherever it stands in a body, and never said again?"""

import json
from typing import Any

import pytest

from app.domain.errors import RuleViolation
from app.kit.bodies import check_body
from app.kit.text import looks_like_personnummer

NUMBER = "19811228-9874"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"freeText": f"jag är {NUMBER}"}, "/freeText"),
        ({"freeText": "8112289874@example.org"}, "/freeText"),
        ({"number": 8112289874}, "/number"),
        ({"number": 198112289874}, "/number"),
        ({"lines": [{"freeText": "ord"}, {"freeText": NUMBER}]}, "/lines/1/freeText"),
        ({"words": ["ord", NUMBER]}, "/words/1"),
        ({"openPart": {"a/b": {"c~d": [1, NUMBER]}}}, "/openPart/a~1b/c~0d/1"),
        ({"openPart": {"a": {NUMBER: "ord"}}}, "/openPart/a"),
        ({"openPart": {NUMBER: NUMBER}}, "/openPart"),
        ({"externalId": f"urn:{NUMBER}"}, "/externalId"),
        (NUMBER, "/"),
    ],
)
def test_it_is_refused_with_a_pointer_that_does_not_repeat_it(body: Any, pointer: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        check_body(json.dumps(body).encode())
    assert (refused.value.code, refused.value.pointer, refused.value.facts) == (
        "text.personnummer_refused",
        pointer,
        {},
    )


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"freeText": "08-465 004 12, 2026-03-02", "number": 12, "words": ["212000-0167"]},
        {"openPart": {"a": [None, True, 1.5, {"b": "ord"}]}, "lines": [{"freeText": "8112289875"}]},
    ],
)
def test_other_texts_and_numbers_pass(body: Any) -> None:
    check_body(json.dumps(body).encode())


@pytest.mark.parametrize("body", [b"", b"namn;nummer\n\xe5;8112289874", b"{"])
def test_what_is_no_json_is_checked_by_who_reads_it(body: bytes) -> None:
    check_body(body)


@pytest.mark.parametrize("one", ["0199c0de-0000-7000-8000-198112289874", "0199C0DE-0000-7000-8000-198112289874"])
def test_an_id_is_no_text(one: str) -> None:
    assert looks_like_personnummer(one)
    check_body(json.dumps({"participantId": one}).encode())
    with pytest.raises(RuleViolation):
        check_body(json.dumps({"note": f"person {one}"}).encode())
