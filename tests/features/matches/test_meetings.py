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
