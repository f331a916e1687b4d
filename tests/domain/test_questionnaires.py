"""Are questionnaires complete data, and is every answer checked without being echoed?"""

from datetime import date
from typing import Any

import pytest

from app.domain import questionnaires as module
from app.domain.errors import RuleViolation, catalogue
from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import Side
from app.domain.questionnaires import (
    Question,
    Questionnaire,
    QuestionType,
    check_answers,
    check_side,
    own_questions,
    questionnaire,
)

CHECK_IN = questionnaire(FollowUpKind.CHECK_IN_MENTOR)
GOOD: dict[str, object] = {"hasMet": True, "contactWorks": 4, "needsSupport": False, "wantsToContinue": True}
IN_DEPTH: dict[str, object] = {
    "goalProgress": 1,
    "relationQuality": 5,
    "feelsSafe": True,
    "mainActivity": "language",
    "needsChange": False,
}


@pytest.mark.parametrize("asked", module.questionnaires(), ids=lambda one: f"{one.kind}-{one.side}-{one.version}")
def test_every_version_asks_complete_questions_in_both_languages(asked: Questionnaire) -> None:
    assert len({question.code for question in asked.questions}) == len(asked.questions) > 0
    for question in asked.questions:
        assert question.en
        assert question.sv
        assert question.type is not QuestionType.TEXT, "shipped questions take no free text"
        assert bool(question.options) == (question.type is QuestionType.CHOICE)
        is_number = question.type in {QuestionType.INTEGER, QuestionType.SCALE5}
        assert (question.minimum is not None) == (question.maximum is not None) == is_number
        assert all(option.en and option.sv for option in question.options)


@pytest.mark.parametrize("kind", FollowUpKind)
@pytest.mark.parametrize("side", [None, *Side])
def test_every_kind_asks_every_side(kind: FollowUpKind, side: Side | None) -> None:
    asked = questionnaire(kind, side=side)
    assert asked.kind is kind
    assert asked.side in {None, side}


def test_an_exit_asks_each_side_its_own_questions_from_a_day_on() -> None:
    mentor, mentee = (questionnaire(FollowUpKind.EXIT, side=side) for side in Side)
    assert (mentor.version, mentee.version) == (2, 2)
    assert "confidence" in {one.code for one in mentee.questions} - {one.code for one in mentor.questions}
    before, after = date(2025, 12, 31), date(2026, 1, 1)
    for day, version in ((before, 1), (after, 2)):
        assert questionnaire(FollowUpKind.EXIT, side=Side.MENTEE, on=day).version == version
    # What was asked is found again, whatever is asked now.
    assert questionnaire(FollowUpKind.EXIT, 1, side=Side.MENTEE).version == 1


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


OWN: dict[str, Any] = {"code": "visited", "type": "boolean", "isRequired": False, "en": "Visited?", "sv": "Besökt?"}
COLOURS = [{"code": code, "en": code, "sv": code} for code in ("red", "green")]


def test_a_program_asks_more_than_what_is_shipped() -> None:
    shipped = questionnaire(FollowUpKind.CHECK_IN_MENTOR)
    own = own_questions(
        shipped.kind,
        [
            OWN,
            {**OWN, "code": "colour", "type": "choice", "options": COLOURS},
            {**OWN, "code": "hours", "type": "integer", "minimum": 0, "maximum": 8},
            {**OWN, "code": "mood", "type": "scale5"},
            {**OWN, "code": "note", "type": "text"},
        ],
    )
    asked = shipped.with_own(own)
    assert [one.code for one in asked.questions][-5:] == ["visited", "colour", "hours", "mood", "note"]
    said = {**GOOD, "colour": "red", "hours": 8, "mood": 5, "note": "Vi bytte lokal."}
    assert check_answers(asked, said) == said
    assert check_answers(asked, GOOD) == GOOD


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": "hasMet"}, "codeTaken"),
        ({"options": COLOURS}, "optionsBelongToChoices"),
        ({"type": "choice"}, "optionsBelongToChoices"),
        ({"type": "choice", "options": [*COLOURS, COLOURS[0]]}, "optionRepeated"),
        ({"type": "integer"}, "rangeInvalid"),
        ({"type": "integer", "minimum": 1}, "rangeInvalid"),
        ({"type": "integer", "minimum": 2, "maximum": 2}, "rangeInvalid"),
        ({"type": "integer", "minimum": -1, "maximum": 2}, "rangeInvalid"),
        ({"type": "integer", "minimum": 0, "maximum": 100_001}, "rangeInvalid"),
        ({"minimum": 1}, "rangeBelongsToNumbers"),
        ({"type": "text", "maximum": 1}, "rangeBelongsToNumbers"),
    ],
)
def test_an_own_question_that_makes_no_sense_is_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        own_questions(FollowUpKind.CHECK_IN_MENTOR, [{**OWN, "code": "first"}, {**OWN, **change}])
    assert (caught.value.code, caught.value.pointer) == ("questionnaire.question_invalid", "/questions/1")
    assert caught.value.facts == {"reason": reason}
    assert caught.value.code in catalogue()


def test_an_own_code_is_used_once() -> None:
    with pytest.raises(RuleViolation) as caught:
        own_questions(FollowUpKind.CHECK_IN_MENTOR, [OWN, OWN])
    assert caught.value.facts == {"reason": "codeTaken"}


@pytest.mark.parametrize(
    ("said", "reason"), [("", "notText"), ("  ", "notText"), (1, "notText"), ("x" * 501, "tooLong"), ("x" * 500, None)]
)
def test_a_text_is_short_and_says_something(said: object, reason: str | None) -> None:
    (question,) = own_questions(FollowUpKind.ENTRY, [{**OWN, "type": "text"}])
    assert question.fault(said) == reason


@pytest.mark.parametrize(
    ("kind", "side", "code"),
    [
        (FollowUpKind.EXIT, None, "questionnaire.side_missing"),
        (FollowUpKind.ENTRY, Side.MENTEE, "questionnaire.side_implied"),
        (FollowUpKind.EXIT, Side.MENTOR, None),
        (FollowUpKind.ENTRY, None, None),
    ],
)
def test_only_an_exit_names_its_side(kind: FollowUpKind, side: Side | None, code: str | None) -> None:
    if code is None:
        check_side(kind, side)
        return
    with pytest.raises(RuleViolation) as caught:
        check_side(kind, side)
    assert caught.value.code == code
    assert caught.value.code in catalogue()
