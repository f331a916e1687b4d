"""Does another system say who came by its own keys of people, by the rules that hold for anybody?"""

from typing import Any

import pytest

from app.domain.roles import Role
from tests.features.training.school import School, open_school, second_program
from tests.world import World

SCOPES = ["attendance:record", "attendance:read", "enrolment:read", "participant:read", "session:read"]
NOWHERE = "0199c0de-0000-7000-8000-000000000000"


@pytest.fixture
def school(world: World) -> School:
    return open_school(world)


def known(school: School, key: str) -> dict[str, Any]:
    return school.scene.person(externalSystem="crm", externalId=key)


def at(session: dict[str, Any], key: str) -> str:
    return f"/training-sessions/{session['id']}/attendances/by-external-id/crm/{key}"


def outcome(response: Any) -> tuple[int, str]:
    return response.status_code, response.headers.get("mentorskap-sync-outcome") or response.json()["code"]


def test_registered_once_and_changed_when_told_otherwise(school: School) -> None:
    scene = school.scene
    enrolment = scene.applied(person=known(school, "n-1"))
    session = school.session(school.taught(), hours=24)
    client = scene.world.client(Role.SERVICE, scene.recruiter_id, SCOPES)
    first = client.put(at(session, "n-1"), {"status": "registered"})
    assert outcome(first) == (201, "created")
    assert (first.json()["status"], f"/enrolments/{first.json()['enrolmentId']}") == ("registered", enrolment)
    path = f"/attendances/{first.json()['id']}"
    assert first.headers["location"].endswith(path)
    again = client.put(at(session, "n-1"), {"status": "registered"})
    assert (*outcome(again), again.headers["etag"]) == (200, "unchanged", first.headers["etag"])
    assert scene.kinds(path) == ["attendance.recorded"]
    assert outcome(client.put(at(session, "n-1"), {"status": "cancelled"})) == (200, "changed")
    stale = {"If-Match": first.headers["etag"]}
    assert client.put(at(session, "n-1"), {"status": "registered"}, headers=stale).status_code == 412


def test_who_trains_notes_who_came(school: School) -> None:
    """The holder's own system may register; that somebody came is for who trains, by a key that they hold people under."""
    scene = school.scene
    scene.applied(person=known(school, "n-2"))
    session = school.session(school.taught())
    refused = scene.recruiter.put(at(session, "n-2"), {"status": "attended"})
    assert outcome(refused) == (403, "access.duty_not_held")
    assert scene.recruiter.get(f"/training-sessions/{session['id']}/attendances").json()["items"] == []
    own = scene.screener.made(
        f"/partners/{scene.screener_id}/participants",
        {
            "givenName": "P",
            "familyName": "P",
            "bornOn": "1990-02-28",
            "gender": "other",
            "externalSystem": "crm",
            "externalId": "n-3",
        },
    )
    assert own["externalId"] == "n-3"
    assert outcome(scene.screener.put(at(session, "n-3"), {"status": "attended"})) == (422, "attendance.no_enrolment")


def test_which_enrolment_is_meant(school: School) -> None:
    scene, person = school.scene, known(school, "n-4")
    scene.applied(person=person)
    course = school.taught()
    session = school.session(course, hours=24)
    other = second_program(school)
    School(other, school.lead).add(course)
    other.applied(person=person)
    client, body = scene.recruiter, {"status": "registered"}
    assert outcome(client.put(at(session, "n-4"), body)) == (409, "attendance.enrolment_ambiguous")
    chosen = client.put(at(session, "n-4"), body | {"cohortId": str(other.cohort_id)})
    assert (*outcome(chosen), chosen.json()["programId"]) == (201, "created", str(other.program_id))
    assert outcome(client.put(at(session, "n-4"), body)) == (200, "unchanged"), "it is recorded there already"


def test_what_is_not_there(school: School) -> None:
    scene = school.scene
    known(school, "n-5")
    session, body = school.session(school.taught(), hours=24), {"status": "registered"}
    assert outcome(scene.recruiter.put(at(session, "n-none"), body)) == (404, "participant.external_id_unknown")
    assert outcome(scene.recruiter.put(at(session, "n-5"), body)) == (422, "attendance.no_enrolment")
    assert outcome(scene.recruiter.put(at({"id": NOWHERE}, "n-5"), body)) == (404, "resource.not_found")
    assert scene.recruiter.put(at({"id": "x"}, "n-5"), body).status_code == 404
    for missing in SCOPES:
        narrow = scene.world.client(Role.SERVICE, scene.recruiter_id, [one for one in SCOPES if one != missing])
        assert outcome(narrow.put(at(session, "n-5"), body)) == (403, "access.role_not_permitted")
