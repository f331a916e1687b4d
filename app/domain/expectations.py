"""What does each side expect, and how far apart do the two lie?

The questions are the same for both sides; they stand in `data/expectations.json` by version, and none takes free text.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from app.domain.errors import RuleViolation
from app.domain.questionnaires import Question, QuestionType, first_fault, in_order, read_question


class Likeness(StrEnum):
    """How the two answers to one question stand to each other."""

    SAME = "same"
    NEAR = "near"  # two numbers within the distance that the question names
    FAR = "far"
    UNANSWERED = "unanswered"  # by one side or both


@dataclass(frozen=True)
class ExpectationQuestions:
    """One version of the questions."""

    version: int
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Comparison:
    """One question with what each side answered (None: nothing); `apart` is the distance of two numbers."""

    question: Question
    mentor: object
    mentee: object

    @property
    def apart(self) -> int | None:
        mentor, mentee = self.mentor, self.mentee
        if self.question.type is QuestionType.BOOLEAN or not isinstance(mentor, int) or not isinstance(mentee, int):
            return None
        return abs(mentor - mentee)

    @property
    def likeness(self) -> Likeness:
        """A yes-or-no question asks for what both must be clear about: only two yes are the same."""
        if self.mentor is None or self.mentee is None:
            return Likeness.UNANSWERED
        if self.question.type is QuestionType.BOOLEAN:
            return Likeness.SAME if self.mentor is self.mentee is True else Likeness.FAR
        if self.mentor == self.mentee:
            return Likeness.SAME
        return Likeness.FAR if self.apart is None or self.apart > self.question.near else Likeness.NEAR


def compare(
    questions: Sequence[Question], mentor: Mapping[str, object], mentee: Mapping[str, object]
) -> tuple[Comparison, ...]:
    """Every question with both answers, in the questions' order; who has not answered gives an empty mapping."""
    return tuple(Comparison(one, mentor.get(one.code), mentee.get(one.code)) for one in questions)


def check_expectations(asked: ExpectationQuestions, answers: Mapping[str, object]) -> dict[str, object]:
    """The answers in the questions' order. Raises `expectations.answer_invalid` with a pointer and a reason code."""
    if fault := first_fault(asked.questions, answers):
        raise RuleViolation("expectations.answer_invalid", pointer=fault.pointer, reason=fault.reason)
    return in_order(asked.questions, answers)


@cache
def all_versions() -> tuple[ExpectationQuestions, ...]:
    """Every version, in the order of the data file."""
    text = files("app.domain.data").joinpath("expectations.json").read_text(encoding="utf-8")
    return tuple(
        ExpectationQuestions(entry["version"], tuple(map(read_question, entry["questions"])))
        for entry in json.loads(text)
    )


def expectation_questions(version: int | None = None) -> ExpectationQuestions:
    """The named version, or the newest. ValueError for an unknown one: what was answered stays in the data file."""
    return max((one for one in all_versions() if version in {None, one.version}), key=lambda one: one.version)
