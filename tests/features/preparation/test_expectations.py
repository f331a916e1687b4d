"""Are both sides asked the same, may only the right people answer, and until the match starts?"""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.glossary import Side
from app.domain.lifecycles import EnrolmentStatus, MatchStatus
from app.domain.roles import Responsibility, Role
from tests.features.matches.pairs import EXPECTED, Pair, Place
from tests.world import World

SAID = {"answers": EXPECTED}


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


def path_of(pair: Pair, side: Side) -> str:
    return f"/enrolments/{pair.enrolments[side].id}/expectations"


@pytest.mark.parametrize("role", [Role.MENTOR, Role.COORDINATOR, Role.EVALUATOR])
def test_everybody_reads_the_same_questions(place: Place, role: Role) -> None:
    asked = place.staff(role).get("/expectation-questions")
    assert asked.status_code == 200
    body = asked.json()
    assert (body["questionnaireVersion"], [one["code"] for one in body["questions"]]) == (1, list(EXPECTED))
    first = body["questions"][0]
    assert set(first) == {"code", "type", "isRequired", "en", "sv", "minimum", "maximum", "options"}
    assert place.world.anonymous.get("/expectation-questions").status_code == 401


def test_a_person_answers_and_answers_anew(place: Place) -> None:
    pair = place.pair()
    path = path_of(pair, Side.MENTEE)
    assert pair.mentee.client.get(path).status_code == 404
    made = pair.mentee.client.put(path, SAID)
    assert (made.status_code, made.json()["answers"], made.json()["side"]) == (201, EXPECTED, "mentee")
    assert made.headers["location"].endswith(path)
    assert pair.mentee.client.get(path).json() == made.json()
    place.world.clock.advance(timedelta(minutes=1))
    same = pair.mentee.client.put(path, SAID)
    assert (same.status_code, same.headers["ETag"]) == (200, made.headers["ETag"])
    assert same.json()["answeredAt"] == made.json()["answeredAt"]
    anew = place.staff().put(path, {"answers": {**EXPECTED, "replyDays": 7}})
    assert (anew.status_code, anew.json()["id"], anew.json()["answers"]["replyDays"]) == (200, made.json()["id"], 7)
    assert anew.json()["answeredAt"] > made.json()["answeredAt"]
    assert anew.json()["recordedByUserId"] != made.json()["recordedByUserId"]


def test_only_the_person_and_the_holder_answer(place: Place) -> None:
    pair = place.pair()
    path = path_of(pair, Side.MENTEE)
    place.support(place.association, Responsibility.SCREEN_MENTEES)
    screener = place.staff(partner=place.association)
    place.staff().put(path, SAID)
    assert screener.get(path).json()["answers"] == EXPECTED
    refused = screener.put(path, SAID)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    stranger = place.staff(partner=place.world.partner())
    for response in (
        pair.mentor.client.get(path),
        pair.mentor.client.put(path, SAID),
        stranger.get(path),
        stranger.put(path, SAID),
    ):
        assert (response.status_code, response.json()["code"]) == (404, "resource.not_found")
    for client in (place.staff(Role.COORDINATOR), place.staff(Role.EVALUATOR)):
        assert client.get(path).json()["code"] == "access.role_not_permitted"
        assert client.put(path, SAID).json()["code"] == "access.role_not_permitted"


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"answers": {**EXPECTED, "goal": "becomeRich"}}, "expectations.answer_invalid", "/answers/goal"),
        ({"answers": {**EXPECTED, "meetingMinutes": 14}}, "expectations.answer_invalid", "/answers/meetingMinutes"),
        ({"answers": {**EXPECTED, "meetingMinutes": True}}, "expectations.answer_invalid", "/answers/meetingMinutes"),
        (
            {"answers": {**EXPECTED, "confidentiality": "yes"}},
            "expectations.answer_invalid",
            "/answers/confidentiality",
        ),
        ({"answers": {**EXPECTED, "8001011234": 1}}, "expectations.answer_invalid", "/answers"),
        ({"answers": {"goal": "findWork"}}, "expectations.answer_invalid", "/answers/mainHelp"),
        ({"answers": {}}, "expectations.answer_invalid", "/answers/goal"),
        ({"answers": []}, "request.invalid", "/answers"),
        ({"answers": {str(number): 1 for number in range(41)}}, "request.invalid", "/answers"),
        ({**SAID, "note": "fri text"}, "request.invalid", None),
        ({}, "request.invalid", "/answers"),
    ],
)
def test_bad_answers_are_refused_and_never_repeated(
    place: Place, body: dict[str, Any], code: str, pointer: str | None
) -> None:
    pair = place.pair()
    refused = pair.mentee.client.put(path_of(pair, Side.MENTEE), body)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    if pointer is not None:
        assert refused.json()["errors"][0]["pointer"] == pointer
    for sent in ("becomeRich", "8001011234", "fri text"):
        assert sent not in refused.text
    assert pair.mentee.client.get(path_of(pair, Side.MENTEE)).status_code == 404


@pytest.mark.parametrize("status", [EnrolmentStatus.WITHDRAWN, EnrolmentStatus.EXITED])
def test_nothing_is_expected_of_an_ended_enrolment(place: Place, status: EnrolmentStatus) -> None:
    person = place.person(Side.MENTEE)
    over: dict[str, Any] = (
        {"exited_on": place.today, "exit_reason": "plannedEnd"} if status is EnrolmentStatus.EXITED else {}
    )
    ended = place.enrol(person, Side.MENTEE, status=status, **over)
    refused = person.client.put(f"/enrolments/{ended.id}/expectations", SAID)
    assert (refused.status_code, refused.json()["code"]) == (409, "enrolment.ended")


@pytest.mark.parametrize("status", [MatchStatus.ACTIVE, MatchStatus.ON_HOLD])
def test_answers_stay_as_they_are_once_the_match_has_started(place: Place, status: MatchStatus) -> None:
    pair = place.active(status=status)
    path = path_of(pair, Side.MENTOR)
    assert pair.mentor.client.put(path, SAID).status_code == 201, "who has never been asked may still answer"
    refused = pair.mentor.client.put(path, {"answers": {**EXPECTED, "replyDays": 9}})
    assert (refused.status_code, refused.json()["code"]) == (409, "expectations.match_started")
    assert pair.mentor.client.get(path).json()["answers"] == EXPECTED
    closing = {"closedOn": place.today.isoformat(), "cause": "naturalEnd"}
    pair.mentor.client.made(f"{pair.path}/closure", closing, status=200)
    assert pair.mentor.client.put(path, {"answers": {**EXPECTED, "replyDays": 9}}).status_code == 200


def test_preparation_tells_what_is_done_item_by_item(place: Place) -> None:
    pair = place.pair()
    mentee = f"/enrolments/{pair.enrolments[Side.MENTEE].id}/preparation"
    before = pair.mentee.client.get(mentee).json()
    assert before["missing"] == ["training", "information", "expectations"]
    assert (before["hasExpectations"], before["hasExpectationReview"], before["hasGuardianConsent"]) == (
        False,
        None,
        None,
    )
    pair.prepare(Side.MENTEE)
    after = pair.mentee.client.get(mentee).json()
    assert (after["isPrepared"], after["missing"], after["hasExpectations"]) == (True, [], True)
    for client, side in ((pair.mentor.client, "mentor"), (pair.mentee.client, "mentee")):
        client.made(f"{pair.path}/acceptances", {"side": side}, status=200)
    accepted = pair.mentee.client.get(mentee).json()
    assert (accepted["missing"], accepted["hasExpectationReview"]) == (["expectationReview"], False)
    pair.prepare(Side.MENTOR)
    pair.mentee.client.made(f"{pair.path}/expectation-reviews", {"side": "mentee"}, status=200)
    assert pair.mentee.client.get(mentee).json()["hasExpectationReview"] is True
    mentor = pair.mentor.client.get(f"/enrolments/{pair.enrolments[Side.MENTOR].id}/preparation").json()
    assert (mentor["missing"], mentor["hasExpectationReview"]) == (["expectationReview"], False)


def test_a_program_may_do_without_expectations(world: World) -> None:
    settings = {"isExpectationsRequired": False, "isInformationRequired": False, "mentorTrainingMinutes": 0}
    place = Place(world, {**settings, "menteeTrainingMinutes": 0})
    pair = place.pair(status=MatchStatus.ACCEPTED, mentor_place=1)
    assert place.staff().made(f"{pair.path}/preparation", status=200)["status"] == "prepared"
