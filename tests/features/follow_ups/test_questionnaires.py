"""Does a program ask questions of its own, and is each answer held to the version it was asked with?"""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import Side
from app.domain.roles import Responsibility, Role
from tests.features.follow_ups.scene import ANSWERS, planned, submission
from tests.features.matches.pairs import Pair, Place
from tests.world import World

VISITED: dict[str, Any] = {
    "code": "hasVisitedWorkplace",
    "type": "boolean",
    "isRequired": True,
    "en": "Have you visited a workplace?",
    "sv": "Har ni besökt en arbetsplats?",
}
NOTE: dict[str, Any] = {"code": "note", "type": "text", "en": "Practical matters?", "sv": "Något praktiskt?"}


@pytest.fixture
def place(world: World) -> Place:
    return Place(world)


@pytest.fixture
def pair(place: Place) -> Pair:
    return place.active()


def publish(place: Place, *questions: dict[str, Any], **over: Any) -> Any:
    body = {"kind": "checkInMentor", "questions": list(questions), **over}
    return place.staff(Role.COORDINATOR).post(f"/programs/{place.program}/questionnaires", body)


def asked(pair: Pair, due_in: int) -> list[str]:
    row = planned(pair, due_in)
    told = pair.place.staff().get(f"/follow-ups/{row.id}/questionnaire").json()
    return [one["code"] for one in told["questions"]]


def test_own_questions_are_asked_in_what_opens_later(pair: Pair) -> None:
    made = publish(pair.place, VISITED)
    assert made.status_code == 201, made.text
    body = made.json()
    assert (body["number"], body["baseVersion"], body["side"]) == (1, 1, None)
    assert body["sinceOn"] == (pair.place.today + timedelta(days=1)).isoformat()
    assert pair.place.staff().get(made.headers["Location"]).json() == body
    # It opens for answers seven days before it is due: what is open already keeps its questions.
    assert "hasVisitedWorkplace" not in asked(pair, 7)
    assert asked(pair, 8)[-1] == "hasVisitedWorkplace"


def test_an_answer_is_held_to_what_it_was_asked_with(world: World, place: Place) -> None:
    pair = place.active()
    assert publish(place, VISITED).status_code == 201
    first, second, staff = planned(pair, 7), planned(pair, 8), place.staff()
    world.clock.advance(timedelta(days=1))
    try:
        assert publish(place).json()["number"] == 2
        body = {"doneOn": place.today.isoformat(), "answers": ANSWERS}
        assert staff.post(f"/follow-ups/{first.id}/submission", body).json()["programQuestionnaireId"] is None
        lacking = staff.post(f"/follow-ups/{second.id}/submission", body)
        assert lacking.json()["errors"][0]["pointer"] == "/answers/hasVisitedWorkplace"
        full = {**body, "answers": {**ANSWERS, "hasVisitedWorkplace": True}}
        done = staff.made(f"/follow-ups/{second.id}/submission", full, status=200)
        assert done["programQuestionnaireId"]
        # Weeks later other questions are asked; a correction still answers the old ones.
        corrected = {**full, "corrects": 1, "reasonCode": "other"}
        assert staff.post(f"/follow-ups/{second.id}/corrections", {**corrected, "answers": ANSWERS}).status_code == 422
        again = staff.made(f"/follow-ups/{second.id}/corrections", corrected, status=200)
        assert again["programQuestionnaireId"] == done["programQuestionnaireId"]
    finally:
        world.clock.advance(timedelta(days=-1))


def test_an_exit_has_own_questions_for_each_side(pair: Pair) -> None:
    assert publish(pair.place, VISITED, kind="exit").json()["code"] == "questionnaire.side_missing"
    assert publish(pair.place, VISITED, kind="exit", side="mentee").status_code == 201
    codes = {}
    for side in Side:
        row = planned(pair, 9, side, kind=FollowUpKind.EXIT)
        told = pair.place.staff().get(f"/follow-ups/{row.id}/questionnaire").json()
        codes[side] = {one["code"] for one in told["questions"]}
        assert (told["side"], told["version"]) == (side.value, 2)
    assert "hasVisitedWorkplace" in codes[Side.MENTEE] - codes[Side.MENTOR]
    assert "preparationHelped" in codes[Side.MENTOR] - codes[Side.MENTEE]


def test_free_text_takes_no_personnummer(pair: Pair) -> None:
    assert publish(pair.place, NOTE).status_code == 201
    row, staff = planned(pair, 8), pair.place.staff()
    pair.place.world.clock.advance(timedelta(days=1))
    try:
        path, body = f"/follow-ups/{row.id}/submission", submission(pair, note="Ring 811228-9874 i dag")
        refused = staff.post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (422, "text.personnummer_refused")
        assert refused.json()["errors"][0]["pointer"] == "/answers/note"
        assert "811228" not in refused.text
        for said in ("x" * 501, "", 1, "a\u0000b"):
            assert staff.post(path, submission(pair, note=said)).status_code == 422
        done = staff.made(path, submission(pair, note="Vi ses pa\u030a biblioteket"), status=200)
        assert done["answers"]["note"] == "Vi ses på biblioteket"
    finally:
        pair.place.world.clock.advance(timedelta(days=-1))


@pytest.mark.parametrize(
    ("over", "code", "pointer"),
    [
        ({"questions": [{**VISITED, "code": "hasMet"}]}, "questionnaire.question_invalid", "/questions/0"),
        ({"questions": [{**VISITED, "sv": "Är 811228-9874 här?"}]}, "text.personnummer_refused", "/questions/0/sv"),
        ({"sinceOn": "2026-03-02"}, "questionnaire.since_not_ahead", "/sinceOn"),
        ({"side": "mentor"}, "questionnaire.side_implied", "/side"),
        ({"questions": [{**VISITED, "code": "Med Blank"}]}, "request.invalid", "/questions/0/code"),
    ],
)
def test_what_cannot_be_asked_is_refused(place: Place, over: dict[str, Any], code: str, pointer: str) -> None:
    refused = publish(place, **over)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert refused.json()["errors"][0]["pointer"] == pointer


def test_the_accountable_partner_publishes_and_everybody_in_the_program_reads(place: Place) -> None:
    place.support(place.association, Responsibility.FOLLOW_UP_MATCHES)
    path, body = f"/programs/{place.program}/questionnaires", {"kind": "entry", "questions": [VISITED]}
    helper = place.staff(Role.COORDINATOR, place.association)
    refused = helper.post(path, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    assert place.staff(Role.CASE_HANDLER).post(path, body).json()["code"] == "access.role_not_permitted"
    assert publish(place, VISITED, kind="entry").status_code == 201
    assert helper.get(path).json()["meta"]["totalCount"] == 1
    assert place.active().mentor.client.get(path).json()["meta"]["totalCount"] == 1
