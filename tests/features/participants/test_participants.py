"""Do people come in as a partner holds them, seen and changed only by those who may?"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.glossary import ProtectionLevel
from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from app.features.participants.schemas import hours_of, windows_of
from tests.features.enrolments.scene import PERSON, set_scene
from tests.features.participants.people import digests, refused, stored_person
from tests.world import World

WORKDAY = {"weekday": 1, "fromHour": 9, "untilHour": 12}


def test_a_person_is_taken_in_and_found(world: World) -> None:
    partner, employer = world.partner(), world.partner()
    handler = world.client(Role.CASE_HANDLER, partner)
    body = {
        **PERSON,
        "email": "Pahitt@Example.ORG",
        "phone": "+46 8 465 004 12",
        "municipalityCode": "0182",
        "district": "Påhittade berget",
        "languages": [{"code": "sv", "level": "B1"}, {"code": "ar", "level": "native"}],
        "occupationCode": "2512",
        "isBusinessOwner": True,
        "availability": [{"weekday": 7, "fromHour": 23, "untilHour": 24}, WORKDAY, {**WORKDAY, "fromHour": 12, "untilHour": 13}],
        "hasRemote": False,
        "skills": ["DHhX_uVf_y6X", "ecBL_qRC_c5n"],
        "goals": ["findWork", "buildNetwork"],
        "interests": ["gardening", "music"],
        "acceptsGender": "female",
        "acceptsAgeGroups": ["from25To39", "from40To54"],
        "employerPartnerId": str(employer),
        "mentorCapacity": 2,
        "externalSystem": "crm",
        "externalId": "A-17",
    }  # fmt: skip
    made = handler.post(f"/partners/{partner}/participants", body)
    assert made.status_code == 201, made.text
    found = handler.get(made.headers["location"])
    assert found.headers["ETag"].startswith('"1-')
    windows = [{**WORKDAY, "untilHour": 13}, {"weekday": 7, "fromHour": 23, "untilHour": 24}]
    kept = {**body, "email": "Pahitt@example.org", "availability": windows, "partnerId": str(partner)}
    assert {name: found.json()[name] for name in kept} == kept
    assert "userId" not in found.json()


@pytest.mark.parametrize(
    ("over", "code", "pointer"),
    [
        ({"givenName": "Anna 19811228-9874"}, "text.personnummer_refused", "/givenName"),
        ({"phone": "8112289874"}, "text.personnummer_refused", "/phone"),
        ({"externalSystem": "crm", "externalId": "198112289874"}, "text.personnummer_refused", "/externalId"),
        ({"bornOn": "2026-03-03"}, "participant.born_on_invalid", "/bornOn"),
        ({"bornOn": "1895-03-02"}, "participant.born_on_invalid", "/bornOn"),
        ({"externalId": "A-18"}, "participant.external_id_incomplete", "/externalId"),
        ({"employerPartnerId": "0199c0de-0000-7000-8000-000000000000"}, "partner.unknown", "/employerPartnerId"),
        ({"mentorCapacity": 0}, "field.invalid", "/mentorCapacity"),
        ({"mentorCapacity": 21}, "field.invalid", "/mentorCapacity"),
        ({"occupationCode": "25123"}, "field.too_long", "/occupationCode"),
        ({"languages": [{"code": "sv", "level": "A1"}, {"code": "sv", "level": "C1"}]}, "field.invalid", "/languages"),
        ({"languages": [{"code": "sv", "level": "C3"}]}, "field.not_a_choice", "/languages/0/level"),
        ({"goals": ["findWork", "findWork"]}, "field.invalid", "/goals"),
        ({"skills": ["DHhX_uVf_y6X"] * 2}, "field.invalid", "/skills"),
        ({"skills": [f"DHhX_uVf_{number:03}" for number in range(21)]}, "field.invalid", "/skills"),
        ({"skills": ["python"]}, "field.invalid", "/skills/0"),
        ({"interests": ["diagnoses"]}, "field.not_a_choice", "/interests/0"),
        ({"acceptsAgeGroups": ["under18", "under18"]}, "field.invalid", "/acceptsAgeGroups"),
        ({"availability": [WORKDAY, {**WORKDAY, "fromHour": 11}]}, "field.invalid", "/availability"),
        ({"availability": [{**WORKDAY, "untilHour": 9}]}, "field.invalid", "/availability/0"),
        ({"availability": [{**WORKDAY, "weekday": 8}]}, "field.invalid", "/availability/0/weekday"),
        ({"diagnosis": "none of ours"}, "field.unknown", "/diagnosis"),
    ],
)
def test_bad_bodies_are_named_and_never_echoed(world: World, over: dict[str, Any], code: str, pointer: str) -> None:
    partner = world.partner()
    handler = world.client(Role.CASE_HANDLER, partner)
    response = handler.post(f"/partners/{partner}/participants", {**PERSON, **over})
    assert response.status_code == 422, response.text
    assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == [(code, pointer)]
    assert "9874" not in response.text
    assert handler.get("/participants").json()["items"] == []


def test_the_first_and_the_last_possible_birthday(world: World) -> None:
    scene = set_scene(world)
    assert scene.person(bornOn="2026-03-02")["bornOn"] == "2026-03-02"
    assert scene.person(bornOn="1900-01-01")["bornOn"] == "1900-01-01"


def test_an_external_id_is_taken_once_for_each_partner(world: World) -> None:
    scene, key = set_scene(world), {"externalSystem": "crm", "externalId": "A-17"}
    scene.person(**key)
    again = scene.recruiter.post(f"/partners/{scene.recruiter_id}/participants", {**PERSON, **key})
    assert (again.status_code, again.json()["code"]) == (409, "participant.external_id_taken")
    scene.screener.made(f"/partners/{scene.screener_id}/participants", {**PERSON, **key})


def test_a_person_is_changed_with_the_version_read(world: World) -> None:
    scene = set_scene(world)
    path = f"/participants/{scene.person(email='a@example.org')['id']}"
    body = {"givenName": "Nypåhitt", "email": None, "availability": [WORKDAY]}
    changed = scene.recruiter.patch(path, body)
    assert changed.status_code == 200, changed.text
    assert {name: changed.json()[name] for name in body} == body
    assert scene.kinds(path) == ["participant.created", "participant.updated"]

    assert scene.recruiter.patch(path, body).json()["version"] == changed.json()["version"]
    assert scene.kinds(path) == ["participant.created", "participant.updated"]
    assert scene.recruiter.patch(path, body, headers={}).status_code == 428
    stale = scene.recruiter.patch(path, {"givenName": "Gammal"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "resource.changed_meanwhile")


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"givenName": None}, "field.invalid", "/givenName"),
        ({"mentorCapacity": None}, "field.invalid", "/mentorCapacity"),
        ({"externalSystem": "crm"}, "participant.external_id_incomplete", "/externalId"),
        ({"bornOn": "2026-03-03"}, "participant.born_on_invalid", "/bornOn"),
        ({"familyName": "8112289874"}, "text.personnummer_refused", "/familyName"),
        ({"employerPartnerId": "0199c0de-0000-7000-8000-000000000000"}, "partner.unknown", "/employerPartnerId"),
        ({"partnerId": "0199c0de-0000-7000-8000-000000000000"}, "field.unknown", "/partnerId"),
    ],
)
def test_a_refused_change_changes_nothing(world: World, body: dict[str, Any], code: str, pointer: str) -> None:
    scene = set_scene(world)
    path = f"/participants/{scene.person()['id']}"
    before = scene.recruiter.get(path).json()
    refused = scene.recruiter.patch(path, {"hasRemote": False, **body})
    assert refused.status_code == 422
    assert [(error["code"], error["pointer"]) for error in refused.json()["errors"]] == [(code, pointer)]
    assert scene.recruiter.get(path).json() == before


def test_people_change_themselves_but_not_the_holders_keys(world: World) -> None:
    scene = set_scene(world)
    mentee, me = scene.themself()
    path, other = f"/participants/{me['id']}", scene.themself()[1]
    assert mentee.patch(path, {"hasRemote": False}).json()["hasRemote"] is False
    key = mentee.patch(path, {"externalSystem": "crm", "externalId": "A-17"})
    assert (key.status_code, key.json()["code"]) == (403, "participant.kept_by_holder")
    assert [item["id"] for item in mentee.get("/participants").json()["items"]] == [me["id"]]
    assert mentee.get(f"/participants/{other['id']}").status_code == 404
    assert mentee.post(f"/partners/{scene.recruiter_id}/participants", PERSON).json()["code"] == (
        "access.role_not_permitted"
    )


OWN_CHANGES = {
    "givenName": "Nypåhitt",
    "email": "ny@example.org",
    "phone": "+46 8 465 004 12",
    "municipalityCode": "0182",
    "languages": [{"code": "sv", "level": "B2"}],
    "occupationCode": "2512",
    "availability": [WORKDAY],
    "skills": ["DHhX_uVf_y6X"],
    "goals": ["findWork"],
    "interests": ["cooking"],
    "acceptsGender": "female",
    "acceptsAgeGroups": ["from55"],
}


def test_people_keep_their_own_profile_right(world: World) -> None:
    mentee, me = set_scene(world).themself()
    changed = mentee.patch(f"/participants/{me['id']}", OWN_CHANGES)
    assert changed.status_code == 200, changed.text
    assert {name: changed.json()[name] for name in OWN_CHANGES} == OWN_CHANGES
    assert {kind for kind, _ in digests(world, me)} == {"email", "phone"}


@pytest.mark.parametrize("body", [{"bornOn": "1991-02-28"}, {"employerPartnerId": None}])
def test_people_do_not_change_what_rules_were_applied_to(world: World, body: dict[str, Any]) -> None:
    mentee, me = set_scene(world).themself()
    response = mentee.patch(f"/participants/{me['id']}", body)
    assert refused(response) == (403, "participant.kept_by_holder")
    assert next(iter(body)) in response.json()["context"]["fields"]


@pytest.mark.parametrize(
    ("level", "status"),
    [
        (ProtectionLevel.CONFIDENTIALITY_MARK, 200),
        (ProtectionLevel.PROTECTED_REGISTRATION, 422),
        (ProtectionLevel.ASSUMED_IDENTITY, 422),
    ],
)
def test_no_place_is_kept_of_those_whose_place_is_secret(world: World, level: ProtectionLevel, status: int) -> None:
    mentee, me = set_scene(world).themself()
    person = stored_person(world, me)
    person.protection = level
    world.add(person)
    response = mentee.patch(f"/participants/{me['id']}", {"municipalityCode": "0182"})
    assert response.status_code == status
    if status == 422:
        assert response.json()["errors"][0]["pointer"] == "/municipalityCode"
        assert mentee.get(f"/participants/{me['id']}").json()["municipalityCode"] is None


def test_strangers_see_nobody(world: World) -> None:
    scene = set_scene(world)
    path = f"/participants/{scene.person()['id']}"
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    unknown = stranger.get("/participants/0199c0de-0000-7000-8000-000000000000")
    assert (stranger.get(path).status_code, unknown.status_code) == (404, 404)
    assert stranger.patch(path, {"hasRemote": False}, headers={"If-Match": "*"}).status_code == 404
    assert stranger.get("/participants").json()["meta"]["totalCount"] == 0
    taken_in = stranger.post(f"/partners/{scene.recruiter_id}/participants", PERSON)
    assert (taken_in.status_code, taken_in.json()["code"]) == (403, "access.duty_not_held")
    coordinator = world.client(Role.COORDINATOR, scene.recruiter_id)
    assert coordinator.get(path).json()["code"] == "access.role_not_permitted"


def test_a_programs_people_are_for_the_duty_and_its_side(world: World) -> None:
    scene = set_scene(world)
    people = {side: scene.person() for side in ("mentor", "mentee")}
    for side, person in people.items():
        scene.applied(side, person)
    path = f"/programs/{scene.program_id}/participants"
    seen = {item["id"] for item in scene.screener.get(path).json()["items"]}
    assert seen == {person["id"] for person in people.values()}

    refused = scene.recruiter.get(path)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    holders = {duty["duty"]: duty["partnerId"] for duty in refused.json()["context"]["duties"]}
    assert holders == {
        "screenMentees": str(scene.screener_id),
        "screenMentors": str(scene.screener_id),
        "holdPersonalData": None,
    }


def test_a_screener_of_mentors_sees_no_mentees(world: World) -> None:
    scene, half = set_scene(world), world.partner()
    other_program = world.program(scene.owner_id)
    world.agree(
        other_program, {half: [Duty.SCREEN_MENTORS], scene.recruiter_id: [Duty.RECRUIT_MENTEES, Duty.RECRUIT_MENTORS]}
    )
    elsewhere = set_scene(world)
    handler = world.client(Role.CASE_HANDLER, half)
    assert handler.get(f"/programs/{other_program}/participants").json()["items"] == []
    assert handler.get(f"/programs/{elsewhere.program_id}/participants").status_code == 403


def test_capacity_stays_above_the_places_that_matches_hold(world: World) -> None:
    scene = set_scene(world)
    mentor = scene.person(mentorCapacity=3)
    mentor_path, path = scene.screened("mentor", mentor), f"/participants/{mentor['id']}"
    for place in (1, 2):
        scene.match(mentor_path, scene.screened(), place)
    refused = scene.recruiter.patch(path, {"mentorCapacity": 1})
    assert (refused.status_code, refused.json()["code"]) == (409, "participant.capacity_below_load")
    assert refused.json()["context"] == {"placesHeld": 2, "lowestCapacity": 2}
    assert scene.recruiter.patch(path, {"mentorCapacity": 2}).json()["mentorCapacity"] == 2


@given(st.sets(st.integers(0, 167)))
def test_windows_hold_exactly_the_hours(hours: set[int]) -> None:
    windows = windows_of(sorted(hours))
    assert hours_of(windows) == sorted(hours)
    ends = {(window.weekday, window.until_hour) for window in windows}
    assert not any((window.weekday, window.from_hour) in ends for window in windows), "neighbours are one window"
