"""Are follow-ups seen, answered and waived by those who may, when they may?"""

from typing import Any

import pytest

from app.domain.follow_ups import FollowUpKind, status_on
from app.domain.glossary import Side
from app.domain.lifecycles import FollowUpStatus
from app.domain.roles import Responsibility, Role
from tests.features.follow_ups.scene import ANSWERS, planned, submission
from tests.features.matches.pairs import Pair, Place
from tests.world import World

STORED = (FollowUpStatus.DONE, FollowUpStatus.WAIVED, FollowUpStatus.CORRECTED)


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


@pytest.fixture(scope="module")
def pair(place: Place) -> Pair:
    return place.active()


def test_filters_by_derived_status_agree_with_the_rule_for_every_day(world: World) -> None:
    place = Place(world)
    pair, staff = place.active(), place.staff()
    rows = [planned(pair, days) for days in range(-20, 21)]
    rows += [planned(pair, days, status=status) for days in (-20, 0, 20) for status in STORED]
    for status in FollowUpStatus:
        expected = {
            str(row.id)
            for row in rows
            if status_on(row.status, row.due_on, place.today, row.grace_days, row.lead_days) is status
        }
        page = staff.get(f"/follow-ups?programId={place.program}&limit=200&status={status}").json()
        assert {item["id"] for item in page["items"]} == expected
        assert {item["status"] for item in page["items"]} == {status.value}
        assert page["meta"]["totalCount"] == len(expected)
    for is_overdue in (True, False):
        expected = {
            str(row.id)
            for row in rows
            if (row.status is FollowUpStatus.PLANNED and row.due_on < place.today) is is_overdue
        }
        page = staff.get(f"/follow-ups?matchId={pair.match.id}&limit=200&isOverdue={is_overdue}").json()
        assert {item["id"] for item in page["items"]} == expected


def test_answers_are_stored_once_and_lateness_keeps_both_days(pair: Pair) -> None:
    row, staff = planned(pair, -20), pair.place.staff()
    assert staff.get(f"/follow-ups/{row.id}").json()["status"] == "missed"

    done = staff.post(f"/follow-ups/{row.id}/submission", submission(pair, days_ago=3))
    assert done.status_code == 200
    body = done.json()
    assert (body["status"], body["daysLate"], body["questionnaireVersion"]) == ("done", 17, 1)
    assert (body["dueOn"], body["doneOn"]) == (row.due_on.isoformat(), submission(pair, days_ago=3)["doneOn"])
    assert body["answers"] == ANSWERS
    assert staff.get(f"/follow-ups/{row.id}").headers["ETag"] == done.headers["ETag"]

    again = staff.post(f"/follow-ups/{row.id}/submission", submission(pair, contactWorks=1))
    assert (again.status_code, again.json()["code"]) == (409, "follow_up.already_answered")
    assert staff.get(f"/follow-ups/{row.id}").json()["answers"] == ANSWERS


def test_answers_wait_for_the_lead_days(pair: Pair) -> None:
    staff = pair.place.staff()
    early = staff.post(f"/follow-ups/{planned(pair, 8).id}/submission", submission(pair))
    assert (early.status_code, early.json()["code"]) == (409, "follow_up.not_open")
    assert staff.post(f"/follow-ups/{planned(pair, 7).id}/submission", submission(pair)).status_code == 200


@pytest.mark.parametrize(
    ("days_ago", "answers", "code", "pointer"),
    [
        (-1, {}, "follow_up.done_in_future", "/doneOn"),
        (31, {}, "follow_up.done_before_start", "/doneOn"),
        (0, {"contactWorks": 6}, "follow_up.answer_invalid", "/answers/contactWorks"),
        (0, {"hasMet": "ja"}, "follow_up.answer_invalid", "/answers/hasMet"),
        (0, {"hasMet": None}, "follow_up.answer_invalid", "/answers/hasMet"),
        (0, {"diagnosis19121212": ["secret"]}, "follow_up.answer_invalid", "/answers"),
    ],
)
def test_wrong_answers_are_refused_without_being_repeated(
    pair: Pair, days_ago: int, answers: dict[str, Any], code: str, pointer: str
) -> None:
    row, staff = planned(pair, 0), pair.place.staff()
    refused = staff.post(f"/follow-ups/{row.id}/submission", submission(pair, days_ago, **answers))
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert refused.json()["errors"][0]["pointer"] == pointer
    assert "secret" not in refused.text
    assert "diagnosis" not in refused.text
    assert staff.get(f"/follow-ups/{row.id}").json()["status"] == "due"


def test_people_answer_for_themselves_only(pair: Pair) -> None:
    own, others = planned(pair, 0, Side.MENTEE), planned(pair, 0, Side.MENTOR)
    together = planned(pair, 0, None, kind=FollowUpKind.IN_DEPTH)
    body = submission(pair, feelsSafe=True)
    for hidden in (others, together):
        assert pair.mentee.client.get(f"/follow-ups/{hidden.id}").status_code == 404
        assert pair.mentee.client.post(f"/follow-ups/{hidden.id}/submission", body).status_code == 404
    assert pair.mentee.client.post(f"/follow-ups/{own.id}/submission", body).status_code == 200
    listed = pair.mentee.client.get("/follow-ups?limit=200").json()["items"]
    assert {item["participantId"] for item in listed} == {str(pair.mentee.id)}


def test_questions_come_in_both_languages(pair: Pair) -> None:
    row = planned(pair, 0, Side.MENTEE)
    asked = pair.mentee.client.get(f"/follow-ups/{row.id}/questionnaire").json()
    assert (asked["kind"], asked["version"]) == ("checkInMentee", 1)
    question = next(one for one in asked["questions"] if one["code"] == "contactWorks")
    assert (question["minimum"], question["maximum"], question["isRequired"]) == (1, 5, True)
    assert question["sv"] == "Hur väl fungerar kontakten?"


def test_the_accountable_partner_waives_with_a_reason(pair: Pair) -> None:
    row, staff = planned(pair, 3), pair.place.staff()
    waived = staff.post(f"/follow-ups/{row.id}/waiver", {"reasonCode": "notReachable"})
    assert (waived.status_code, waived.json()["status"]) == (200, "waived")
    assert waived.json()["waivedReason"] == "notReachable"
    late = staff.post(f"/follow-ups/{planned(pair, -15).id}/waiver", {"reasonCode": "other"})
    assert (late.status_code, late.json()["code"]) == (409, "follow_up.transition_not_allowed")


def test_a_supporting_partner_is_told_who_may_waive(world: World) -> None:
    place = Place(world)
    pair = place.active()
    row = planned(pair, 0)
    place.support(place.association, Responsibility.FOLLOW_UP_MATCHES)
    helper = place.staff(partner=place.association)
    assert helper.get(f"/follow-ups/{row.id}").status_code == 200
    refused = helper.post(f"/follow-ups/{row.id}/waiver", {"reasonCode": "other"})
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    duty = refused.json()["context"]["duties"][0]
    assert (duty["duty"], duty["partnerId"]) == ("followUpMatches", str(place.municipality))


def test_others_find_nothing(pair: Pair) -> None:
    row = planned(pair, 0)
    stranger = pair.place.staff(partner=pair.place.world.partner())
    for client in (stranger, pair.place.staff(partner=pair.place.association)):
        assert client.get(f"/follow-ups/{row.id}").status_code == 404
        assert client.get("/follow-ups").json()["items"] == []
    evaluator = pair.place.staff(Role.EVALUATOR)
    assert evaluator.get(f"/follow-ups/{row.id}").json()["code"] == "access.role_not_permitted"
    waiver = pair.mentor.client.post(f"/follow-ups/{row.id}/waiver", {"reasonCode": "other"})
    assert (waiver.status_code, waiver.json()["code"]) == (403, "access.role_not_permitted")
