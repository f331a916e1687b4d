"""Which questions does a follow-up ask, and is an answer one that the question allows?

The questions stand in `data/questionnaires.json`, by kind and version. None takes free text: nothing about health or
other people can be written down by accident.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from app.domain.errors import RuleViolation
from app.domain.follow_ups import FollowUpKind

_SCALE = (1, 5)


class QuestionType(StrEnum):
    BOOLEAN = "boolean"
    SCALE5 = "scale5"  # 1 (least) to 5 (most)
    INTEGER = "integer"
    CHOICE = "choice"


@dataclass(frozen=True)
class Option:
    code: str
    en: str
    sv: str


@dataclass(frozen=True)
class Question:
    """One question. `minimum` and `maximum` belong to integers and scales, `options` to choices.

    `near`: how far apart two people's numbers may lie and still be near each other (see domain/expectations.py).
    """

    code: str
    type: QuestionType
    is_required: bool
    en: str
    sv: str
    minimum: int | None = None
    maximum: int | None = None
    options: tuple[Option, ...] = ()
    near: int = 0

    def fault(self, answer: object) -> str | None:
        """Why the answer is not allowed, as a reason code; None when it is."""
        if self.type is QuestionType.BOOLEAN:
            return None if isinstance(answer, bool) else "notBoolean"
        if self.type is QuestionType.CHOICE:
            return None if answer in [option.code for option in self.options] else "notAnOption"
        if not isinstance(answer, int) or isinstance(answer, bool):
            return "notInteger"
        is_too_low = self.minimum is not None and answer < self.minimum
        is_too_high = self.maximum is not None and answer > self.maximum
        return "outOfRange" if is_too_low or is_too_high else None


@dataclass(frozen=True)
class Questionnaire:
    kind: FollowUpKind
    version: int
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a set of answers: where (a pointer) and why (a reason code), never the answer itself."""

    pointer: str
    reason: str


def first_fault(questions: Sequence[Question], answers: Mapping[str, object]) -> Fault | None:
    """The first answer that its question does not allow; None when all are allowed."""
    if not answers.keys() <= {question.code for question in questions}:
        # The unknown name came from the caller and is not repeated, not even in the pointer.
        return Fault("/answers", "unknownQuestion")
    for question in questions:
        answer = answers.get(question.code)
        if answer is None and not question.is_required:
            continue
        if reason := "required" if answer is None else question.fault(answer):
            return Fault(f"/answers/{question.code}", reason)
    return None


def in_order(questions: Sequence[Question], answers: Mapping[str, object]) -> dict[str, object]:
    """The answers in the order of the questions, without unanswered ones (absent or null)."""
    return {one.code: answers[one.code] for one in questions if answers.get(one.code) is not None}


def check_answers(questionnaire: Questionnaire, answers: Mapping[str, object]) -> dict[str, object]:
    """The answers in the questionnaire's order, without unanswered optional questions (absent or null).

    Raises `follow_up.answer_invalid` with a pointer and a reason code.
    """
    if fault := first_fault(questionnaire.questions, answers):
        raise RuleViolation("follow_up.answer_invalid", pointer=fault.pointer, reason=fault.reason)
    return in_order(questionnaire.questions, answers)


@cache
def questionnaires() -> tuple[Questionnaire, ...]:
    """Every version of every questionnaire, in the order of the data file."""
    text = files("app.domain.data").joinpath("questionnaires.json").read_text(encoding="utf-8")
    return tuple(
        Questionnaire(FollowUpKind(entry["kind"]), entry["version"], tuple(map(read_question, entry["questions"])))
        for entry in json.loads(text)
    )


def questionnaire(kind: FollowUpKind, version: int | None = None) -> Questionnaire:
    """The kind's questionnaire, the newest unless a version is asked for. Raises `follow_up.unknown_questionnaire`."""
    found = [q for q in questionnaires() if q.kind is kind and version in {None, q.version}]
    if not found:
        raise RuleViolation("follow_up.unknown_questionnaire", kind=kind.value)
    return max(found, key=lambda q: q.version)


def read_question(entry: Mapping[str, Any]) -> Question:
    """A question from its form in the data files."""
    kind = QuestionType(entry["type"])
    lowest, highest = _SCALE if kind is QuestionType.SCALE5 else (entry.get("minimum"), entry.get("maximum"))
    return Question(
        code=entry["code"],
        type=kind,
        is_required=entry["required"],
        en=entry["en"],
        sv=entry["sv"],
        minimum=lowest,
        maximum=highest,
        options=tuple(Option(**option) for option in entry.get("options", ())),
        near=entry.get("near", 0),
    )
