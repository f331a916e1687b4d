"""Which questions does a follow-up ask, and is an answer one that the question allows?

The questions stand in `data/questionnaires.json`, by kind and version. None takes free text: nothing about health or
other people can be written down by accident.
"""

import json
from collections.abc import Mapping
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
    """One question. `minimum` and `maximum` belong to integers and scales, `options` to choices."""

    code: str
    type: QuestionType
    is_required: bool
    en: str
    sv: str
    minimum: int | None = None
    maximum: int | None = None
    options: tuple[Option, ...] = ()

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


def check_answers(questionnaire: Questionnaire, answers: Mapping[str, object]) -> dict[str, object]:
    """The answers in the questionnaire's order, without unanswered optional questions (absent or null).

    Raises `follow_up.answer_invalid` with a pointer and a reason code, never with the answer itself.
    """
    if not answers.keys() <= {question.code for question in questionnaire.questions}:
        # The unknown name came from the caller and is not repeated, not even in the pointer.
        raise RuleViolation("follow_up.answer_invalid", pointer="/answers", reason="unknownQuestion")
    given: dict[str, object] = {}
    for question in questionnaire.questions:
        answer = answers.get(question.code)
        if answer is None and not question.is_required:
            continue
        fault = "required" if answer is None else question.fault(answer)
        if fault:
            raise RuleViolation("follow_up.answer_invalid", pointer=f"/answers/{question.code}", reason=fault)
        given[question.code] = answer
    return given


@cache
def questionnaires() -> tuple[Questionnaire, ...]:
    """Every version of every questionnaire, in the order of the data file."""
    text = files("app.domain.data").joinpath("questionnaires.json").read_text(encoding="utf-8")
    return tuple(
        Questionnaire(FollowUpKind(entry["kind"]), entry["version"], tuple(map(_question, entry["questions"])))
        for entry in json.loads(text)
    )


def questionnaire(kind: FollowUpKind, version: int | None = None) -> Questionnaire:
    """The kind's questionnaire, the newest unless a version is asked for. Raises `follow_up.unknown_questionnaire`."""
    found = [q for q in questionnaires() if q.kind is kind and version in {None, q.version}]
    if not found:
        raise RuleViolation("follow_up.unknown_questionnaire", kind=kind.value)
    return max(found, key=lambda q: q.version)


def _question(entry: Mapping[str, Any]) -> Question:
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
    )
