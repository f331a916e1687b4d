"""Does a calendar read what is planned, by an address nobody guesses, without a name and nothing of protected people?"""

from datetime import timedelta
from typing import Any

import icalendar  # noqa: TID251  to read as a calendar does
import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from app.domain.glossary import Concealing
from app.domain.lifecycles import MatchStatus
from app.domain.roles import Role
from app.features.access.tables import AccessRecord, Concealment
from app.features.calendars.tables import CalendarFeed
from tests.features.matches.pairs import Pair, Person, Place
from tests.features.matches.test_meetings import ahead
from tests.world import World

FEED = "/me/calendar-feed"


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


def opened(person: Person, **body: Any) -> str:
    """The address's path, as a calendar would ask for it."""
    address: str = person.client.made(FEED, body)["address"]
    assert address.startswith("https://")
    return "//root" + address[address.index("/calendar-feeds/") :]


def read(place: Place, path: str) -> list[Any]:
    got = place.world.anonymous.get(path)
    assert (got.status_code, got.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert got.headers["cache-control"] == "no-store"
    return icalendar.Calendar.from_ical(got.content).walk("VEVENT")


def started(place: Place) -> Pair:
    pair = place.prepared()
    place.staff().made(f"{pair.path}/activation", {"startsOn": place.today.isoformat()}, status=200)
    return pair


def conceal(pair: Pair, person: Person) -> None:
    kind = Concealing.PROTECTED_IDENTITY
    pair.place.world.add(Concealment(participant_id=person.id, partner_id=person.row.partner_id, kind=kind))


def test_planned_meetings_and_follow_ups_stand_in_each_ones_calendar(place: Place) -> None:
    pair = started(place)
    planned = pair.mentor.client.made(f"{pair.path}/planned-meetings", ahead(place))
    mine, theirs = read(place, opened(pair.mentor)), read(place, opened(pair.mentee, language="en"))
    meeting = next(one for one in mine if "duration" in one)
    assert (str(meeting["summary"]), str(meeting["description"])) == ("Träff med din adept", "Videosamtal")
    assert str(meeting["uid"]).startswith(planned["id"])
    assert {str(one["summary"]) for one in mine if "duration" not in one} == {"Avstämning om mentorskapet"}
    assert {str(one["summary"]) for one in theirs} == {
        "Meeting with your mentor",
        "Check-in about the mentorship",
        "Follow-up",
    }
    pair.mentee.client.made(f"/planned-meetings/{planned['id']}/cancellation", status=200)
    assert [one for one in read(place, opened(pair.mentor)) if "duration" in one] == []


def test_no_name_is_in_it(place: Place) -> None:
    pair = started(place)
    pair.mentor.client.made(f"{pair.path}/planned-meetings", ahead(place))
    content = place.world.anonymous.get(opened(pair.mentor)).text
    for person in (pair.mentor, pair.mentee):
        for name in ("given_name", "family_name", "email", "phone"):
            assert getattr(person.row, name) not in content
        assert str(person.id) not in content


def test_the_end_of_the_match_empties_it(place: Place) -> None:
    pair = started(place)
    pair.mentor.client.made(f"{pair.path}/planned-meetings", ahead(place))
    path = opened(pair.mentor)
    assert len([one for one in read(place, path) if "duration" in one]) == 1
    body = {"closedOn": place.today.isoformat(), "cause": "noContact"}
    place.staff().made(f"{pair.path}/closure", body, status=200)
    assert {str(one["summary"]) for one in read(place, path)} == {"Avslutssamtal om mentorskapet"}


def test_protected_people_are_in_nobodys_calendar(place: Place) -> None:
    pair = started(place)
    pair.mentor.client.made(f"{pair.path}/planned-meetings", ahead(place))
    mine, theirs = opened(pair.mentor), opened(pair.mentee)
    assert read(place, mine)
    conceal(pair, pair.mentee)
    assert read(place, mine) == []
    assert place.world.anonymous.get(theirs).status_code == 404
    refused = pair.mentee.client.post(FEED, {})
    assert (refused.status_code, refused.json()["code"]) == (409, "calendar.not_for_protected")


def test_the_address_is_the_key_and_can_be_changed_and_taken_away(place: Place) -> None:
    person = place.active().mentor
    assert person.client.get(FEED).status_code == 404
    first = opened(person)
    told = person.client.get(FEED)
    assert "address" not in told.json()
    assert told.json()["language"] == "sv"
    second = opened(person)
    assert place.world.anonymous.get(first).status_code == 404
    assert place.world.anonymous.get(second).status_code == 200
    secret = second.rpartition("/")[2]
    assert len(secret) >= 43  # 256 bits
    with Session(place.world.engine) as session:
        stored = session.exec(select(CalendarFeed).where(CalendarFeed.user_id == person.row.user_id)).all()
        everything = session.execute(text("select row_to_json(f)::text from calendar_feed f")).scalars().all()
    assert [one.closed_at is None for one in sorted(stored, key=lambda one: one.id)] == [False, True]
    assert not any(secret in one for one in everything)
    assert person.client.call("DELETE", FEED).status_code == 204
    assert place.world.anonymous.get(second).status_code == 404
    assert person.client.call("DELETE", FEED).status_code == 404


def test_a_stranger_finds_nothing(place: Place) -> None:
    nothing = place.world.anonymous.get(f"//root/calendar-feeds/{'x' * 47}")
    assert (nothing.status_code, nothing.json()["code"]) == (404, "resource.not_found")
    assert place.world.anonymous.get(f"//root/calendar-feeds/{'x' * 101}").status_code == 422
    evaluator = place.staff(Role.EVALUATOR).post(FEED, {})
    assert (evaluator.status_code, evaluator.json()["code"]) == (403, "access.role_not_permitted")


def test_whoever_is_locked_out_is_locked_out_here_too(place: Place) -> None:
    person = place.active().mentor
    path = opened(person)
    lock = "update user_account set is_locked = %s where id = %s"
    with place.world.engine.begin() as connection:
        connection.exec_driver_sql(lock, (True, person.row.user_id))
    assert place.world.anonymous.get(path).status_code == 404
    with place.world.engine.begin() as connection:
        connection.exec_driver_sql(lock, (False, person.row.user_id))
        connection.exec_driver_sql("update user_account set role = 'evaluator' where id = %s", (person.row.user_id,))
    assert place.world.anonymous.get(path).status_code == 404


def test_each_reading_is_noted_about_oneself(place: Place) -> None:
    person = place.active().mentee
    path = opened(person)
    read(place, path)
    with Session(place.world.engine) as session:
        wanted = select(AccessRecord).where(
            AccessRecord.user_id == person.row.user_id, AccessRecord.permission == "calendar:read"
        )
        (noted,) = session.exec(wanted)
    assert (noted.people, noted.decision) == ([person.id], "allowed")


def test_what_has_long_passed_is_gone(place: Place) -> None:
    pair = place.active(status=MatchStatus.ACTIVE)
    pair.mentor.client.made(f"{pair.path}/planned-meetings", ahead(place, 1))
    path = opened(pair.mentor)
    for days, count in ((30, 1), (2, 0)):
        place.world.clock.advance(timedelta(days=days))
        assert len(read(place, path)) == count
    place.world.clock.advance(timedelta(days=-32))
