"""Is an answer corrected by whoever gave it, once for each version, with what it was still readable?"""

from typing import Any

import pytest

from app.domain.glossary import Side
from app.domain.roles import Responsibility, Role
from app.features.follow_ups.tables import FollowUp
from tests.features.follow_ups.scene import ANSWERS, planned, submission
from tests.features.matches.pairs import Pair, Place
from tests.world import Client, World


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


@pytest.fixture(scope="module")
def pair(place: Place) -> Pair:
    return place.active()


def answered(pair: Pair, by: Client | None = None, side: Side = Side.MENTOR) -> FollowUp:
    row = planned(pair, -2, side)
    extra = {"feelsSafe": True} if side is Side.MENTEE else {}
    (by or pair.place.staff()).made(f"/follow-ups/{row.id}/submission", submission(pair, 1, **extra), status=200)
    return row


def correction(pair: Pair, corrects: int = 1, **over: Any) -> dict[str, Any]:
    return {**submission(pair, 0, **over), "corrects": corrects, "reasonCode": "mistyped"}


def test_what_it_was_stays_readable(pair: Pair) -> None:
    row, staff = answered(pair), pair.place.staff()
    before = staff.get(f"/follow-ups/{row.id}").json()
    after = staff.post(f"/follow-ups/{row.id}/corrections", correction(pair, contactWorks=2))
    assert after.status_code == 200, after.text
    body = after.json()
    assert (body["status"], body["answerNumber"], body["answers"]["contactWorks"]) == ("corrected", 2, 2)
    assert (body["dueOn"], body["doneOn"]) == (before["dueOn"], pair.place.today.isoformat())
    (old,) = staff.get(f"/follow-ups/{row.id}/versions").json()["items"]
    assert (old["number"], old["answers"], old["doneOn"]) == (1, ANSWERS, before["doneOn"])
    assert (old["submittedAt"], old["correctionReason"]) == (before["submittedAt"], "mistyped")


def test_a_correction_may_be_corrected_and_a_corrected_version_may_not(pair: Pair) -> None:
    row, staff = answered(pair), pair.place.staff()
    path = f"/follow-ups/{row.id}/corrections"
    assert staff.post(path, correction(pair, contactWorks=2)).status_code == 200
    again = staff.post(path, correction(pair, contactWorks=1))
    assert (again.status_code, again.json()["code"]) == (409, "follow_up.version_corrected")
    assert again.json()["context"] == {"newest": 2}
    assert staff.post(path, correction(pair, 3)).json()["code"] == "follow_up.version_unknown"
    assert staff.post(path, correction(pair, 2, contactWorks=5)).status_code == 200
    versions = staff.get(f"/follow-ups/{row.id}/versions").json()["items"]
    assert [(one["number"], one["answers"]["contactWorks"]) for one in versions] == [(1, 4), (2, 2)]


def test_answered_twice_says_what_to_do_instead(pair: Pair) -> None:
    row, staff = answered(pair), pair.place.staff()
    for _ in range(2):
        twice = staff.post(f"/follow-ups/{row.id}/submission", submission(pair))
        assert (twice.status_code, twice.json()["code"]) == (409, "follow_up.already_answered")
        staff.post(f"/follow-ups/{row.id}/corrections", correction(pair))


def test_an_open_follow_up_has_nothing_to_correct(pair: Pair) -> None:
    refused = pair.place.staff().post(f"/follow-ups/{planned(pair, 0).id}/corrections", correction(pair))
    assert (refused.status_code, refused.json()["code"]) == (409, "follow_up.transition_not_allowed")


def test_a_persons_own_words_are_not_staffs_to_change(pair: Pair) -> None:
    own = answered(pair, pair.mentee.client, Side.MENTEE)
    body = correction(pair, feelsSafe=False)
    refused = pair.place.staff().post(f"/follow-ups/{own.id}/corrections", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "follow_up.not_your_answer")
    asked = answered(pair, None, Side.MENTEE)
    refused = pair.mentee.client.post(f"/follow-ups/{asked.id}/corrections", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "follow_up.not_your_answer")
    corrected = pair.mentee.client.post(f"/follow-ups/{own.id}/corrections", body)
    assert (corrected.status_code, corrected.json()["isAnsweredInPerson"]) == (200, True)
    (old,) = pair.mentee.client.get(f"/follow-ups/{own.id}/versions").json()["items"]
    assert old["answers"]["feelsSafe"] is True


def test_earlier_answers_are_read_by_those_who_read_the_follow_up(world: World) -> None:
    place = Place(world)
    pair = place.active()
    row = answered(pair, pair.mentee.client, Side.MENTEE)
    pair.mentee.client.made(f"/follow-ups/{row.id}/corrections", correction(pair, feelsSafe=True), status=200)
    path = f"/follow-ups/{row.id}/versions"
    place.support(place.association, Responsibility.FOLLOW_UP_MATCHES)
    for allowed in (place.staff(), place.staff(partner=place.association), pair.mentee.client):
        assert allowed.get(path).json()["meta"]["totalCount"] == 1
    for other in (pair.mentor.client, place.staff(partner=world.partner())):
        assert other.get(path).status_code == 404
    assert place.staff(Role.EVALUATOR).get(path).status_code == 403
    told = pair.mentee.client.get("/me/data").json()["groups"]
    mine = next(group for group in told if group["kind"] == "followUpVersion")
    assert [one["answers"]["feelsSafe"] for one in mine["items"]] == [True]


def test_a_wrong_correction_changes_nothing(pair: Pair) -> None:
    row, staff = answered(pair), pair.place.staff()
    for body in (
        correction(pair, contactWorks=6),
        {**correction(pair), "doneOn": "2099-01-01"},
        {**correction(pair), "reasonCode": "because"},
    ):
        assert staff.post(f"/follow-ups/{row.id}/corrections", body).status_code == 422
    assert staff.get(f"/follow-ups/{row.id}/versions").json()["items"] == []
    assert staff.get(f"/follow-ups/{row.id}").json()["answers"] == ANSWERS
