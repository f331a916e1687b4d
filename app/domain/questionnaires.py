"""Which questions does a follow-up ask, and is an answer one that the question allows?

The shipped questions stand in `data/questionnaires.json`, by kind and version (of an exit also by side). None of them
takes free text: nothing about health or other people can be written down by accident. A program may ask more besides,
see `own_questions`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from app.domain.errors import RuleViolation
from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import Side

_SCALE = (1, 5)
MAX_TEXT = 500
MAX_NUMBER = 100_000


class QuestionType(StrEnum):
    BOOLEAN = "boolean"
    SCALE5 = "scale5"  # 1 (least) to 5 (most)
    INTEGER = "integer"
    CHOICE = "choice"
    TEXT = "text"  # a line of plain text; only in a program's own questions


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
        if self.type is QuestionType.TEXT:
            return _fault_of_text(answer)
        if not isinstance(answer, int) or isinstance(answer, bool):
            return "notInteger"
        is_too_low = self.minimum is not None and answer < self.minimum
        is_too_high = self.maximum is not None and answer > self.maximum
        return "outOfRange" if is_too_low or is_too_high else None


def _fault_of_text(answer: object) -> str | None:
    if not isinstance(answer, str) or not answer.strip():
        return "notText"
    return "tooLong" if len(answer) > MAX_TEXT else None


@dataclass(frozen=True)
class Questionnaire:
    """One version of what a kind of follow-up asks; `side` only where the two sides are asked differently.

    It is asked in follow-ups that open on the day `since` or later.
    """

    kind: FollowUpKind
    version: int
    questions: tuple[Question, ...]
    side: Side | None = None
    since: date = date.min

    def with_own(self, questions: Sequence[Question]) -> "Questionnaire":
        """The same, and after it what a program asks besides."""
        return replace(self, questions=(*self.questions, *questions))


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
    return tuple(map(_read, json.loads(text)))


def _read(entry: Mapping[str, Any]) -> Questionnaire:
    side, since = entry.get("side"), entry.get("since")
    return Questionnaire(
        kind=FollowUpKind(entry["kind"]),
        version=entry["version"],
        questions=tuple(map(read_question, entry["questions"])),
        side=Side(side) if side else None,
        since=date.fromisoformat(since) if since else date.min,
    )


def questionnaire(
    kind: FollowUpKind, version: int | None = None, *, side: Side | None = None, on: date = date.max
) -> Questionnaire:
    """What the kind asks that side: the version named, or the newest that is asked in follow-ups opened on a day.

    Raises `follow_up.unknown_questionnaire`.
    """
    asked = [q for q in questionnaires() if q.kind is kind and q.side in {None, side}]
    found = [q for q in asked if q.version == version or (version is None and q.since <= on)]
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
        is_required=entry["isRequired"],
        en=entry["en"],
        sv=entry["sv"],
        minimum=lowest,
        maximum=highest,
        options=tuple(Option(**option) for option in entry.get("options", ())),
        near=entry.get("near", 0),
    )


def check_side(kind: FollowUpKind, side: Side | None) -> None:
    """An exit asks each side its own questions; every other kind says itself whom it asks.

    Raises `questionnaire.side_missing` or `questionnaire.side_implied`.
    """
    if kind is FollowUpKind.EXIT and side is None:
        raise RuleViolation("questionnaire.side_missing", pointer="/side")
    if kind is not FollowUpKind.EXIT and side is not None:
        raise RuleViolation("questionnaire.side_implied", pointer="/side")


def own_questions(kind: FollowUpKind, entries: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """What a program asks besides the shipped questions of a kind, from its form in the data files.

    The shipped ones are always asked too: health and reports rest on them. Raises `questionnaire.question_invalid` with
    a pointer and a reason code.
    """
    taken = {question.code for asked in questionnaires() if asked.kind is kind for question in asked.questions}
    found = []
    for place, entry in enumerate(entries):
        question = read_question(entry)
        if reason := "codeTaken" if question.code in taken else _fault_of(question):
            raise RuleViolation("questionnaire.question_invalid", pointer=f"/questions/{place}", reason=reason)
        taken.add(question.code)
        found.append(question)
    return tuple(found)


def _fault_of(question: Question) -> str | None:
    """What of a question does not fit its type, as a reason code."""
    codes = [option.code for option in question.options]
    if bool(codes) is not (question.type is QuestionType.CHOICE):
        return "optionsBelongToChoices"
    if len(set(codes)) < len(codes):
        return "optionRepeated"
    if question.type is QuestionType.INTEGER:
        lowest, highest = question.minimum, question.maximum
        is_range = lowest is not None and highest is not None and 0 <= lowest < highest <= MAX_NUMBER
        return None if is_range else "rangeInvalid"
    has_range = question.type is not QuestionType.SCALE5 and (question.minimum, question.maximum) != (None, None)
    return "rangeBelongsToNumbers" if has_range else None
