"""Are questionnaires complete data, and is every answer checked without being echoed?"""

from typing import Any

import pytest

from app.domain import questionnaires as module
from app.domain.errors import RuleViolation, catalogue
from app.domain.follow_ups import FollowUpKind
from app.domain.questionnaires import Question, Questionnaire, QuestionType, check_answers, questionnaire

CHECK_IN = questionnaire(FollowUpKind.CHECK_IN_MENTOR)
GOOD: dict[str, object] = {"hasMet": True, "contactWorks": 4, "needsSupport": False, "wantsToContinue": True}
IN_DEPTH: dict[str, object] = {
    "goalProgress": 1,
    "relationQuality": 5,
    "feelsSafe": True,
    "mainActivity": "language",
    "needsChange": False,
}


@pytest.mark.parametrize("kind", FollowUpKind)
def test_every_kind_asks_complete_questions_in_both_languages(kind: FollowUpKind) -> None:
    asked = questionnaire(kind)
    assert asked.kind is kind
    assert len({question.code for question in asked.questions}) == len(asked.questions) > 0
    for question in asked.questions:
        assert question.en
        assert question.sv
        assert bool(question.options) == (question.type is QuestionType.CHOICE)
        is_number = question.type in {QuestionType.INTEGER, QuestionType.SCALE5}
        assert (question.minimum is not None) == (question.maximum is not None) == is_number
        assert all(option.en and option.sv for option in question.options)


def test_answers_come_back_in_order_without_unanswered_optional_ones() -> None:
    backwards = dict(reversed(GOOD.items()))
    assert list(check_answers(CHECK_IN, {**backwards, "meetingCount": None}).items()) == list(GOOD.items())
    assert check_answers(CHECK_IN, {**GOOD, "meetingCount": 0})["meetingCount"] == 0
    assert check_answers(questionnaire(FollowUpKind.IN_DEPTH), IN_DEPTH) == IN_DEPTH


@pytest.mark.parametrize(
    ("change", "pointer", "reason"),
    [
        ({"hasMet": None}, "/answers/hasMet", "required"),
        ({"hasMet": 1}, "/answers/hasMet", "notBoolean"),
        ({"contactWorks": 0}, "/answers/contactWorks", "outOfRange"),
        ({"contactWorks": 6}, "/answers/contactWorks", "outOfRange"),
        ({"contactWorks": True}, "/answers/contactWorks", "notInteger"),
        ({"contactWorks": 3.0}, "/answers/contactWorks", "notInteger"),
        ({"meetingCount": -1}, "/answers/meetingCount", "outOfRange"),
        ({"meetingCount": 61}, "/answers/meetingCount", "outOfRange"),
        ({"meetingCount": "7"}, "/answers/meetingCount", "notInteger"),
        ({"Kalle Påhittad": True}, "/answers", "unknownQuestion"),
    ],
)
def test_a_bad_answer_is_refused_with_pointer_and_reason(change: dict[str, Any], pointer: str, reason: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        check_answers(CHECK_IN, {**GOOD, **change})
    assert (caught.value.code, caught.value.pointer) == ("follow_up.answer_invalid", pointer)
    assert caught.value.facts == {"reason": reason}
    assert caught.value.code in catalogue()


@pytest.mark.parametrize("answer", ["sleeping", 1, ["language"], {}])
def test_a_choice_is_one_of_its_options(answer: object) -> None:
    with pytest.raises(RuleViolation) as caught:
        check_answers(questionnaire(FollowUpKind.IN_DEPTH), {**IN_DEPTH, "mainActivity": answer})
    assert caught.value.facts == {"reason": "notAnOption"}


def test_a_missing_required_answer_is_refused() -> None:
    with pytest.raises(RuleViolation) as caught:
        check_answers(CHECK_IN, {})
    assert (caught.value.pointer, caught.value.facts) == ("/answers/hasMet", {"reason": "required"})


@pytest.fixture
def two_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    question = Question("open", QuestionType.INTEGER, is_required=True, en="How many?", sv="Hur många?")
    newer = Questionnaire(FollowUpKind.ENTRY, 2, (question,))
    shipped = module.questionnaires()
    monkeypatch.setattr(module, "questionnaires", lambda: (newer, *shipped))


def test_the_newest_version_is_asked_unless_one_is_named(two_versions: None) -> None:
    assert questionnaire(FollowUpKind.ENTRY).version == 2
    assert questionnaire(FollowUpKind.ENTRY, 1).version == 1
    # An integer without bounds takes every whole number.
    assert check_answers(questionnaire(FollowUpKind.ENTRY), {"open": -(10**9)}) == {"open": -(10**9)}


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(RuleViolation) as caught:
        questionnaire(FollowUpKind.ENTRY, 99)
    assert caught.value.code == "follow_up.unknown_questionnaire"
    assert caught.value.code in catalogue()
