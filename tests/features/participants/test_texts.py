"""Is a personnummer found wherever it stands in a body, and never said again?"""

from typing import Any

import pytest
from pydantic import Field

from app.domain.errors import RuleViolation
from app.features.participants.actions import refuse_personnummer
from app.kit.wire import Schema

NUMBER = "19811228-9874"


class Line(Schema):
    """Part of a body."""

    free_text: str = ""


class Document(Schema):
    """A body with every shape that bodies have."""

    free_text: str = ""
    number: int | None = None
    lines: list[Line] = Field(default_factory=list)
    words: tuple[str, ...] = ()
    open_part: dict[str, Any] = Field(default_factory=dict)


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
    ],
)
def test_it_is_refused_with_a_pointer_that_does_not_repeat_it(body: dict[str, Any], pointer: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        refuse_personnummer(Document.model_validate(body))
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
def test_other_texts_and_numbers_pass(body: dict[str, Any]) -> None:
    refuse_personnummer(Document.model_validate(body))
