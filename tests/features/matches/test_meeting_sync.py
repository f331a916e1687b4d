"""Are meetings kept right under another system's keys, with what they said before?"""

from typing import Any

import pytest

from app.domain.roles import Role
from tests.features.matches.pairs import Pair, Place
from tests.features.matches.test_meetings import held
from tests.world import World


@pytest.fixture
def pair(world: World) -> Pair:
    return Place(world).active()


def at(pair: Pair, key: str) -> str:
    return f"{pair.path}/meetings/by-external-id/app/{key}"


def outcome(response: Any) -> tuple[int, str]:
    return response.status_code, response.headers.get("mentorskap-sync-outcome") or response.json()["code"]


def test_logged_once_and_corrected_with_its_history(pair: Pair) -> None:
    staff = pair.place.staff()
    first = staff.put(at(pair, "t-1"), held(pair.place))
    assert outcome(first) == (201, "created")
    meeting = first.headers["location"]
    assert staff.get(meeting).json() == first.json()
    again = staff.put(at(pair, "t-1"), held(pair.place))
    assert (*outcome(again), again.headers["etag"]) == (200, "unchanged", first.headers["etag"])
    pair.mentee.client.made(f"{meeting}/confirmation", status=200)
    told = staff.put(at(pair, "t-1"), held(pair.place, minutes=90, reasonCode="wrongLength"))
    assert outcome(told) == (200, "changed")
    assert (told.json()["minutes"], told.json()["revision"], told.json()["isConfirmed"]) == (90, 2, False)
    (before,) = staff.get(f"{meeting}/revisions").json()["items"]
    assert (before["minutes"], before["reason"]) == (60, "wrongLength")
    assert len(staff.get(f"{pair.path}/meetings").json()["items"]) == 1
    stale = {"If-Match": first.headers["etag"]}
    assert staff.put(at(pair, "t-1"), held(pair.place), headers=stale).status_code == 412
    assert staff.put(at(pair, "t-none"), held(pair.place), headers=stale).status_code == 412


def test_the_rules_are_those_of_logging_and_correcting(pair: Pair) -> None:
    staff = pair.place.staff()
    assert outcome(staff.put(at(pair, "t-2"), held(pair.place, days_ago=-1))) == (422, "meeting.in_future")
    staff.put(at(pair, "t-3"), held(pair.place))
    mentor = pair.mentor.client
    assert outcome(mentor.put(at(pair, "t-3"), held(pair.place, minutes=5))) == (403, "meeting.logged_by_other")
    scopes = ["match:read", "meeting:log"]
    narrow = pair.place.world.client(Role.SERVICE, pair.place.municipality, scopes)
    assert outcome(narrow.put(at(pair, "t-3"), held(pair.place))) == (403, "access.role_not_permitted")
    stranger = pair.place.world.client(Role.CASE_HANDLER, pair.place.world.partner())
    assert stranger.put(at(pair, "t-3"), held(pair.place)).status_code == 404


def test_a_key_belongs_to_one_match(pair: Pair) -> None:
    other = pair.place.active()
    staff = pair.place.staff()
    for one in (pair, other):
        assert outcome(staff.put(at(one, "t-4"), held(pair.place))) == (201, "created")
