"""Are meetings logged by one side when they have been held, and confirmed by the other?"""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.lifecycles import MatchStatus
from app.domain.roles import Responsibility, Role
from tests.features.matches.pairs import Pair, Place
from tests.world import World


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


@pytest.fixture
def pair(place: Place) -> Pair:
    return place.active()


def held(place: Place, days_ago: int = 1, **over: Any) -> dict[str, Any]:
    on = (place.today - timedelta(days=days_ago)).isoformat()
    return {"heldOn": on, "minutes": 60, "mode": "inPerson", "topics": ["goals", "network"], **over}


def test_one_side_logs_and_the_other_confirms(pair: Pair) -> None:
    made = pair.mentor.client.post(f"{pair.path}/meetings", held(pair.place))
    assert (made.status_code, made.json()["loggedSide"], made.json()["isConfirmed"]) == (201, "mentor", False)
    meeting = made.headers["location"]
    assert pair.mentee.client.get(meeting).json() == made.json()
    own = pair.mentor.client.post(f"{meeting}/confirmation")
    assert (own.status_code, own.json()["code"]) == (403, "meeting.logged_by_you")
    confirmed = pair.mentee.client.made(f"{meeting}/confirmation", status=200)
    assert (confirmed["confirmedSide"], confirmed["isConfirmed"]) == ("mentee", True)
    twice = pair.place.staff().post(f"{meeting}/confirmation")
    assert (twice.status_code, twice.json()["code"]) == (409, "meeting.already_confirmed")


def test_staff_log_and_other_staff_or_a_person_confirm(pair: Pair) -> None:
    first, second = pair.place.staff(), pair.place.staff(Role.COORDINATOR)
    meetings = [first.made(f"{pair.path}/meetings", held(pair.place, ago)) for ago in (2, 1)]
    assert {meeting["loggedSide"] for meeting in meetings} == {None}
    own = first.post(f"/meetings/{meetings[0]['id']}/confirmation")
    assert (own.status_code, own.json()["code"]) == (403, "meeting.logged_by_you")
    assert second.made(f"/meetings/{meetings[0]['id']}/confirmation", status=200)["confirmedSide"] is None
    assert pair.mentor.client.made(f"/meetings/{meetings[1]['id']}/confirmation", status=200)["isConfirmed"]
    listed = pair.mentee.client.get(f"{pair.path}/meetings").json()["items"]
    assert [item["id"] for item in listed] == [meeting["id"] for meeting in meetings]


@pytest.mark.parametrize(
    ("days_ago", "over", "code"),
    [
        (-1, {}, "meeting.in_future"),
        (31, {}, "meeting.before_start"),
        (1, {"minutes": 0}, "request.invalid"),
        (1, {"minutes": 1441}, "request.invalid"),
        (1, {"topics": ["goals", "goals"]}, "request.invalid"),
        (1, {"topics": ["health"]}, "request.invalid"),
    ],
)
def test_what_cannot_be_a_meeting_is_refused(pair: Pair, days_ago: int, over: dict[str, Any], code: str) -> None:
    refused = pair.mentor.client.post(f"{pair.path}/meetings", held(pair.place, days_ago, **over))
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert pair.mentor.client.get(f"{pair.path}/meetings").json()["items"] == []


def test_meetings_belong_between_start_and_end(place: Place) -> None:
    waiting = place.pair(status=MatchStatus.PREPARED, mentor_place=1)
    refused = waiting.mentor.client.post(f"{waiting.path}/meetings", held(place))
    assert (refused.status_code, refused.json()["code"]) == (409, "meeting.match_not_started")
    closed = place.active(status=MatchStatus.CLOSED, mentor_place=None, closed_on=place.today - timedelta(days=5))
    refused = place.staff().post(f"{closed.path}/meetings", held(place, 4))
    assert (refused.status_code, refused.json()["code"]) == (422, "meeting.after_closure")
    assert place.staff().post(f"{closed.path}/meetings", held(place, 5)).status_code == 201


def test_permission_follows_the_duty(pair: Pair) -> None:
    place = pair.place
    meeting = place.staff().made(f"{pair.path}/meetings", held(place))
    holder = place.staff(partner=place.association)
    for refused in (
        holder.get(f"{pair.path}/meetings"),
        holder.post(f"{pair.path}/meetings", held(place)),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
        duty = refused.json()["context"]["duties"][0]
        assert (duty["duty"], duty["partnerId"]) == (Responsibility.FOLLOW_UP_MATCHES, str(place.municipality))
    stranger = place.active().mentor.client
    for client in (holder, stranger):
        assert client.get(f"/meetings/{meeting['id']}").status_code == 404
        assert client.post(f"/meetings/{meeting['id']}/confirmation").status_code == 404
    evaluator = place.staff(Role.EVALUATOR).get(f"/meetings/{meeting['id']}")
    assert (evaluator.status_code, evaluator.json()["code"]) == (403, "access.role_not_permitted")


def corrected(place: Place, revision: int = 1, **over: Any) -> dict[str, Any]:
    return held(place, 2, **{"minutes": 75, "replacesRevision": revision, "reasonCode": "wrongDay", **over})


def test_a_correction_keeps_what_was_said_and_asks_the_other_side_again(pair: Pair) -> None:
    place, mentor, mentee = pair.place, pair.mentor.client, pair.mentee.client
    meeting = mentor.made(f"{pair.path}/meetings", held(place))
    path = f"/meetings/{meeting['id']}"
    mentee.made(f"{path}/confirmation", status=200)
    mended = mentor.made(f"{path}/corrections", corrected(place), status=200)
    assert (mended["minutes"], mended["revision"], mended["isConfirmed"]) == (75, 2, False)
    (kept,) = mentee.get(f"{path}/revisions").json()["items"]
    assert (kept["number"], kept["minutes"], kept["heldOn"]) == (1, 60, meeting["heldOn"])
    assert (kept["confirmedSide"], kept["loggedSide"], kept["reason"]) == ("mentee", "mentor", "wrongDay")
    own = mentor.post(f"{path}/confirmation")
    assert (own.status_code, own.json()["code"]) == (403, "meeting.logged_by_you")
    assert mentee.made(f"{path}/confirmation", status=200)["isConfirmed"]
    place.staff().made(f"{path}/corrections", corrected(place, 2, reasonCode="other"), status=200)
    assert [one["number"] for one in mentee.get(f"{path}/revisions").json()["items"]] == [1, 2]


@pytest.mark.parametrize(
    ("who", "over", "status", "code"),
    [
        ("mentee", {}, 403, "meeting.logged_by_other"),
        ("mentor", {"replacesRevision": 2}, 409, "meeting.revision_not_latest"),
        ("mentor", {"heldOn": "2026-03-03"}, 422, "meeting.in_future"),
        ("mentor", {"heldOn": "2026-01-01"}, 422, "meeting.before_start"),
        ("mentor", {"minutes": 0}, 422, "request.invalid"),
    ],
)
def test_a_wrong_correction_changes_nothing(pair: Pair, who: str, over: dict[str, Any], status: int, code: str) -> None:
    meeting = pair.mentor.client.made(f"{pair.path}/meetings", held(pair.place))
    path = f"/meetings/{meeting['id']}"
    client = pair.mentor.client if who == "mentor" else pair.mentee.client
    refused = client.post(f"{path}/corrections", corrected(pair.place, **over))
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert client.get(path).json() == meeting
    assert client.get(f"{path}/revisions").json()["items"] == []


def test_the_same_correction_twice_is_refused(pair: Pair) -> None:
    meeting = pair.mentor.client.made(f"{pair.path}/meetings", held(pair.place))
    path = f"/meetings/{meeting['id']}/corrections"
    pair.mentor.client.made(path, corrected(pair.place), status=200)
    again = pair.mentor.client.post(path, corrected(pair.place))
    assert (again.status_code, again.json()["code"]) == (409, "meeting.revision_not_latest")
    assert again.json()["context"]["latest"] == 2


def ahead(place: Place, days: float = 3, **over: Any) -> dict[str, Any]:
    at = (place.world.clock() + timedelta(days=days)).isoformat()
    return {"startsAt": at, "minutes": 60, "mode": "video", **over}


def test_a_meeting_is_planned_and_called_off(pair: Pair) -> None:
    made = pair.mentee.client.post(f"{pair.path}/planned-meetings", ahead(pair.place))
    assert (made.status_code, made.json()["plannedSide"], made.json()["cancelledAt"]) == (201, "mentee", None)
    path = made.headers["location"]
    assert pair.mentor.client.get(path).json() == made.json()
    pair.place.staff().made(f"{pair.path}/planned-meetings", ahead(pair.place, 2))
    listed = pair.mentor.client.get(f"{pair.path}/planned-meetings").json()["items"]
    assert [one["plannedSide"] for one in listed] == [None, "mentee"]
    assert pair.mentor.client.made(f"{path}/cancellation", status=200)["cancelledAt"]
    twice = pair.mentee.client.post(f"{path}/cancellation")
    assert (twice.status_code, twice.json()["code"]) == (409, "meeting.already_cancelled")
    assert pair.place.active().mentor.client.get(path).status_code == 404


def test_what_lies_outside_the_match_is_not_planned(place: Place) -> None:
    closing = place.active(status=MatchStatus.CLOSING, closing_on=place.today + timedelta(days=2))
    later = place.active(started_on=place.today + timedelta(days=5))
    cases = [
        (place.active(), ahead(place, -1), 422, "meeting.planned_in_past"),
        (place.active(), ahead(place, 367), 422, "meeting.planned_outside"),
        (closing, ahead(place, 3), 422, "meeting.planned_outside"),
        (later, ahead(place, 4), 422, "meeting.planned_outside"),
        (place.pair(status=MatchStatus.PREPARED, mentor_place=1), ahead(place), 409, "meeting.match_not_under_way"),
    ]
    for pair, body, status, code in cases:
        refused = pair.mentor.client.post(f"{pair.path}/planned-meetings", body)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
