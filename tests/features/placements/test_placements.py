"""Are places at workplaces given by the database, for as long as the profile says, and flagged when shorter?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.days import add_months
from app.domain.glossary import ProgramKind, Side
from app.domain.lifecycles import EnrolmentStatus
from app.domain.roles import Responsibility, Role
from app.features.enrolments.tables import Enrolment
from tests.features.matches.pairs import Place
from tests.world import Client, World


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    """An internship run by the municipality, which hosts too; its people are mentees of the place."""
    found = Place(world)
    found.support(found.municipality, Responsibility.PROVIDE_HOST_PLACE)
    with world.engine.begin() as connection:
        connection.execute(
            text("update program set kind = :kind, profile_id = 'internship-4m' where id = :id"),
            {"kind": ProgramKind.INTERNSHIP.value, "id": found.program},
        )
    return found


@pytest.fixture
def staff(place: Place) -> Client:
    return place.staff()


def workplace(place: Place, places: int = 4) -> str:
    body = {"cohortId": str(place.cohort), "name": f"Påhittade verket {place.world.number()}", "places": places}
    made = place.staff(Role.COORDINATOR).post(f"/programs/{place.program}/host-workplaces", body)
    assert made.status_code == 201, made.text
    return made.headers["location"]


def ready(place: Place, side: Side, **over: Any) -> Enrolment:
    return place.enrol(place.person(side, place.municipality), side, **over)


def wanted(place: Place, **over: Any) -> dict[str, Any]:
    people = {
        "enrolmentId": str(ready(place, Side.MENTEE).id),
        "supervisorEnrolmentId": str(ready(place, Side.MENTOR).id),
    }
    return {**people, "startsOn": place.today.isoformat(), **over}


def test_the_fifth_of_four_places_is_refused(place: Place, staff: Client) -> None:
    path = workplace(place)
    made = [staff.made(f"{path}/placements", wanted(place)) for _ in range(4)]
    assert [one["place"] for one in made] == [1, 2, 3, 4]
    fifth = staff.post(f"{path}/placements", wanted(place))
    assert (fifth.status_code, fifth.json()["code"]) == (409, "placement.no_place_left")
    ended = {"endedOn": place.today.isoformat(), "end": "startedWork"}
    closed = staff.made(f"/placements/{made[1]['id']}/closure", ended, status=200)
    assert (closed["place"], closed["isShorterThanAgreed"]) == (None, True)
    again = staff.post(f"/placements/{made[1]['id']}/closure", ended)
    assert (again.status_code, again.json()["code"]) == (409, "placement.already_ended")
    assert staff.made(f"{path}/placements", wanted(place))["place"] == 2


def test_of_many_at_once_one_gets_the_last_place(place: Place, staff: Client) -> None:
    path, bodies = workplace(place, 1), [wanted(place) for _ in range(5)]
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda body: staff.post(f"{path}/placements", body), bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


def test_the_database_itself_refuses_a_place_given_twice(
    place: Place, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workplace(place, 1)
    staff.made(f"{path}/placements", wanted(place))
    monkeypatch.setattr("app.features.placements.queries.held_places", lambda *_: [])
    twice = staff.post(f"{path}/placements", wanted(place))
    assert (twice.status_code, twice.json()["code"]) == (409, "placement.no_place_left")


def test_the_end_is_the_profiles_and_a_shorter_one_is_flagged(place: Place, staff: Client) -> None:
    path = workplace(place)
    whole = staff.made(f"{path}/placements", wanted(place))
    assert date.fromisoformat(whole["endsOn"]) == add_months(place.today, 4)
    assert (whole["isShorterThanAgreed"], whole["agreedUntil"]) == (False, whole["endsOn"])
    short = wanted(place, endsOn=(place.today + timedelta(weeks=14)).isoformat())
    flagged = staff.made(f"{path}/placements", short)
    assert flagged["isShorterThanAgreed"] is True
    for is_short, found in (("true", flagged), ("false", whole)):
        listed = staff.get(f"/placements?programId={place.program}&isShorterThanAgreed={is_short}&limit=200").json()
        ids = {one["id"] for one in listed["items"]}
        assert found["id"] in ids
        assert not {flagged["id"], whole["id"]} <= ids


def test_who_cannot_be_placed(place: Place, staff: Client) -> None:
    path = workplace(place)
    body = wanted(place)
    staff.made(f"{path}/placements", body)
    waiting = ready(place, Side.MENTEE, status=EnrolmentStatus.SCREENING)
    elsewhere = place.enrol(place.person(Side.MENTOR), Side.MENTOR)  # held by the association, which is not the host
    cases = [
        (body, 409, "placement.already_placed"),
        (wanted(place, enrolmentId=str(waiting.id)), 422, "placement.enrolment_unknown"),
        (wanted(place, supervisorEnrolmentId=str(elsewhere.id)), 422, "placement.supervisor_unknown"),
        (wanted(place, startsOn="2030-01-01"), 422, "placement.start_outside"),
        (wanted(place, endsOn=place.today.isoformat()), 422, "placement.end_outside"),
    ]
    for wrong, status, code in cases:
        refused = staff.post(f"{path}/placements", wrong)
        assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_places_change_but_nobody_loses_one(place: Place, staff: Client) -> None:
    path = workplace(place, 2)
    for _ in range(2):
        staff.made(f"{path}/placements", wanted(place))
    host = place.staff(Role.COORDINATOR)
    fewer = host.patch(path, {"places": 1})
    assert (fewer.status_code, fewer.json()["code"]) == (409, "workplace.places_held")
    assert host.patch(path, {"places": 3}).json()["places"] == 3
    assert staff.made(f"{path}/placements", wanted(place))["place"] == 3


def test_who_sees_and_who_may(place: Place, staff: Client) -> None:
    path = workplace(place)
    person, supervisor = place.person(Side.MENTEE), place.person(Side.MENTOR, place.municipality)
    body = wanted(
        place,
        enrolmentId=str(place.enrol(person, Side.MENTEE).id),
        supervisorEnrolmentId=str(place.enrol(supervisor, Side.MENTOR).id),
    )
    made = staff.made(f"{path}/placements", body)
    for client in (person.client, supervisor.client):
        assert client.get(f"/placements/{made['id']}").status_code == 200
    stranger = place.staff(partner=place.world.partner())
    assert stranger.get(f"/placements/{made['id']}").status_code == 404
    assert stranger.get("/placements").json()["items"] == []
    association = place.staff(partner=place.association)
    refused = association.post(f"{path}/placements", wanted(place))
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    offer = {"cohortId": str(place.cohort), "name": "Verket", "places": 1}
    refused = association.post(f"/programs/{place.program}/host-workplaces", offer)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    other = Place(place.world)
    strange = place.staff(Role.COORDINATOR).post(
        f"/programs/{place.program}/host-workplaces", {**offer, "cohortId": str(other.cohort)}
    )
    assert (strange.status_code, strange.json()["code"]) == (422, "workplace.cohort_unknown")
    assert len(staff.get(f"/programs/{place.program}/host-workplaces").json()["items"]) >= 1


def test_a_mentoring_program_has_no_placements(world: World) -> None:
    place = Place(world)
    place.support(place.municipality, Responsibility.PROVIDE_HOST_PLACE)
    refused = place.staff().post(f"{workplace(place)}/placements", wanted(place))
    assert (refused.status_code, refused.json()["code"]) == (409, "placement.not_in_profile")
