"""Are both sides asked the same, and is told truly how far their answers lie apart?"""

from typing import Any

import pytest

from app.domain import expectations as module
from app.domain.errors import RuleViolation, catalogue
from app.domain.expectations import (
    ExpectationQuestions,
    Likeness,
    check_expectations,
    compare,
    expectation_questions,
)
from app.domain.glossary import Goal
from app.domain.questionnaires import Question, QuestionType

ASKED = expectation_questions()
GOOD: dict[str, object] = {
    "goal": "findWork",
    "mainHelp": "contacts",
    "meetingsPerMonth": 2,
    "meetingMinutes": 60,
    "meetingMode": "inPerson",
    "betweenMeetings": "messages",
    "replyDays": 3,
    "firstContact": "mentor",
    "confidentiality": True,
    "noJobPromised": True,
}


def likeness(code: str, mentor: object, mentee: object) -> tuple[Likeness, int | None]:
    found = next(one for one in compare(ASKED.questions, {code: mentor}, {code: mentee}) if one.question.code == code)
    return found.likeness, found.apart


def test_the_questions_are_complete_in_both_languages_and_take_no_free_text() -> None:
    assert [question.code for question in ASKED.questions] == list(GOOD)
    for question in ASKED.questions:
        assert question.is_required
        assert question.en != question.sv
        assert bool(question.options) == (question.type is QuestionType.CHOICE)
        assert (question.minimum is not None) == (question.maximum is not None) == (question.near > 0)
        assert (question.near > 0) == (question.type is QuestionType.INTEGER)
        assert all(option.en and option.sv for option in question.options)
        assert len({option.code for option in question.options}) == len(question.options)
    goal = ASKED.questions[0]
    assert [option.code for option in goal.options] == list(Goal)


@pytest.mark.parametrize(
    ("code", "mentor", "mentee", "expected"),
    [
        ("meetingsPerMonth", 2, 2, (Likeness.SAME, 0)),
        ("meetingsPerMonth", 2, 1, (Likeness.NEAR, 1)),
        ("meetingsPerMonth", 1, 3, (Likeness.FAR, 2)),
        ("meetingMinutes", 60, 90, (Likeness.NEAR, 30)),
        ("meetingMinutes", 60, 91, (Likeness.FAR, 31)),
        ("replyDays", 1, 14, (Likeness.FAR, 13)),
        ("goal", "findWork", "findWork", (Likeness.SAME, None)),
        ("goal", "findWork", "startBusiness", (Likeness.FAR, None)),
        ("confidentiality", True, True, (Likeness.SAME, None)),
        ("confidentiality", True, False, (Likeness.FAR, None)),
        ("confidentiality", False, False, (Likeness.FAR, None)),
        ("noJobPromised", True, None, (Likeness.UNANSWERED, None)),
        ("meetingsPerMonth", None, 2, (Likeness.UNANSWERED, None)),
        ("meetingsPerMonth", None, None, (Likeness.UNANSWERED, None)),
    ],
)
def test_how_far_two_answers_lie_apart(
    code: str, mentor: object, mentee: object, expected: tuple[Likeness, int | None]
) -> None:
    assert likeness(code, mentor, mentee) == expected


def test_every_question_is_compared_in_order() -> None:
    compared = compare(ASKED.questions, GOOD, {**GOOD, "firstContact": "mentee"})
    assert [one.question.code for one in compared] == list(GOOD)
    assert {one.question.code: one.likeness for one in compared if one.likeness is not Likeness.SAME} == {
        "firstContact": Likeness.FAR
    }
    assert {one.likeness for one in compare(ASKED.questions, GOOD, {})} == {Likeness.UNANSWERED}


def test_answers_come_back_in_order() -> None:
    assert list(check_expectations(ASKED, dict(reversed(GOOD.items()))).items()) == list(GOOD.items())


@pytest.mark.parametrize(
    ("change", "pointer", "reason"),
    [
        ({"goal": None}, "/answers/goal", "required"),
        ({"goal": "becomeRich"}, "/answers/goal", "notAnOption"),
        ({"meetingsPerMonth": 0}, "/answers/meetingsPerMonth", "outOfRange"),
        ({"meetingsPerMonth": 13}, "/answers/meetingsPerMonth", "outOfRange"),
        ({"meetingMinutes": "60"}, "/answers/meetingMinutes", "notInteger"),
        ({"confidentiality": 1}, "/answers/confidentiality", "notBoolean"),
        ({"Kalle Påhittad": True}, "/answers", "unknownQuestion"),
    ],
)
def test_a_bad_answer_is_refused_with_pointer_and_reason(change: dict[str, Any], pointer: str, reason: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        check_expectations(ASKED, {**GOOD, **change})
    assert (caught.value.code, caught.value.pointer) == ("expectations.answer_invalid", pointer)
    assert caught.value.facts == {"reason": reason}
    assert caught.value.code in catalogue()


def test_the_newest_version_is_asked_unless_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    newer = ExpectationQuestions(2, (Question("more", QuestionType.BOOLEAN, is_required=True, en="More?", sv="Mer?"),))
    monkeypatch.setattr(module, "all_versions", lambda: (newer, ASKED))
    assert expectation_questions() is newer
    assert expectation_questions(1) is ASKED
