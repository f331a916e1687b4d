"""Is the number of children told by whoever may, and read again by nobody but the person?"""

from datetime import timedelta

import pytest

from app.domain.glossary import Side
from app.domain.roles import Role
from app.features.enrolments.tables import Enrolment
from tests.features.matches.pairs import Person, Place
from tests.world import World


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


@pytest.fixture
def mentee(place: Place) -> Person:
    return place.person(Side.MENTEE)


@pytest.fixture
def enrolment(place: Place, mentee: Person) -> Enrolment:
    return place.enrol(mentee, Side.MENTEE, applied_on=place.today - timedelta(days=40))


def test_staff_note_the_number_and_only_the_person_reads_it(place: Place, mentee: Person, enrolment: Enrolment) -> None:
    path, staff = f"/enrolments/{enrolment.id}/household", place.staff()
    unanswered = mentee.client.get(path)
    assert (unanswered.json()["isAnswered"], unanswered.json()["childrenCount"]) == (False, None)
    made = staff.put(path, {"childrenCount": 3})
    assert made.status_code == 201, made.text
    assert made.json() == {"enrolmentId": str(enrolment.id), "participantId": str(mentee.id), "isAnswered": True}
    assert mentee.client.get(path).json()["childrenCount"] == 3
    assert staff.put(path, {"childrenCount": 2}).status_code == 200
    assert staff.put(path, {"childrenCount": 3}).json()["isAnswered"] is True
    for client in (staff, place.staff(Role.COORDINATOR), place.staff(Role.SERVICE)):
        assert client.get(path).json()["code"] == "access.role_not_permitted"
    stored = [group for group in mentee.client.get("/me/data").json()["groups"] if group["kind"] == "householdAnswer"]
    assert [item["childrenCount"] for group in stored for item in group["items"]] == [3]


def test_the_person_answers_and_takes_the_answer_back(place: Place, mentee: Person, enrolment: Enrolment) -> None:
    path = f"/enrolments/{enrolment.id}/household"
    assert mentee.client.put(path, {"childrenCount": 1}).status_code == 201
    assert mentee.client.put(path, {"childrenCount": 1}).status_code == 200
    back = mentee.client.put(path, {"childrenCount": None})
    assert (back.status_code, back.json()["isAnswered"]) == (200, False)
    assert mentee.client.get(path).json()["childrenCount"] is None


@pytest.mark.parametrize("body", [{}, {"childrenCount": -1}, {"childrenCount": 21}, {"childrenCount": 2.5}])
def test_what_is_no_number_of_children_is_refused(
    enrolment: Enrolment, mentee: Person, body: dict[str, object]
) -> None:
    refused = mentee.client.put(f"/enrolments/{enrolment.id}/household", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "request.invalid")


def test_others_find_nothing_and_mentors_are_not_asked(world: World, place: Place, enrolment: Enrolment) -> None:
    path = f"/enrolments/{enrolment.id}/household"
    other = place.person(Side.MENTEE)
    assert other.client.put(path, {"childrenCount": 1}).status_code == 404
    assert other.client.get(path).status_code == 404
    assert place.staff(partner=world.partner()).put(path, {"childrenCount": 1}).status_code == 404
    mentor = place.enrol(place.person(Side.MENTOR, place.municipality), Side.MENTOR)
    refused = place.staff().put(f"/enrolments/{mentor.id}/household", {"childrenCount": 1})
    assert (refused.status_code, refused.json()["code"]) == (409, "outcome.mentees_only")
