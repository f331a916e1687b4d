"""Is it noted that a rule is met, by those who screen, without room for the fact behind it?"""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from app.domain.roles import Role
from app.features.participants.queries import valid_attestations
from tests.features.enrolments.scene import Scene, set_scene
from tests.features.participants.people import refused
from tests.world import World

CODE = "aktivitetsersattning"
TODAY = date(2026, 3, 2)


def scene_with_rule(world: World) -> tuple[Scene, dict[str, Any]]:
    scene = set_scene(world)
    rules = {"attestations": [CODE]}
    world.program(scene.owner_id, eligibility=rules)
    return scene, scene.person()


def valid(world: World, person: dict[str, Any], on: date = TODAY) -> frozenset[str]:
    with Session(world.engine) as session:
        return valid_attestations(session, UUID(person["id"]), on)


def test_a_rule_is_attested_and_read(world: World) -> None:
    scene, person = scene_with_rule(world)
    path = f"/participants/{person['id']}/attestations"
    response = scene.recruiter.post(path, {"code": CODE, "attestedOn": "2026-03-01", "validUntil": "2026-03-31"})
    assert response.status_code == 201, response.text
    made = response.json()
    assert (made["isMet"], made["participantId"], made["attestedByPartnerId"], made["revokedAt"]) == (
        True,
        person["id"],
        str(scene.recruiter_id),
        None,
    )
    assert scene.recruiter.get(response.headers["location"]).json() == made
    assert scene.recruiter.get(path).json()["items"] == [made]
    found = [valid(world, person, day) for day in (date(2026, 2, 28), TODAY, date(2026, 3, 31), date(2026, 4, 1))]
    assert found == [frozenset(), {CODE}, {CODE}, frozenset()]


def test_there_is_no_room_for_what_was_seen(world: World) -> None:
    scene, person = scene_with_rule(world)
    path = f"/participants/{person['id']}/attestations"
    for extra in ("note", "result", "file", "value"):
        response = scene.recruiter.post(path, {"code": CODE, extra: "uppgift"})
        assert [error["code"] for error in response.json()["errors"]] == ["field.unknown"]
    invented = scene.recruiter.post(path, {"code": "har-diagnos-F41"})
    assert refused(invented) == (422, "attestation.code_unknown")
    assert "F41" not in invented.text


def test_a_rule_of_an_unpublished_program_elsewhere_is_not_told_apart(world: World) -> None:
    scene, person = scene_with_rule(world)
    world.program(world.partner(), eligibility={"attestations": ["hemlig"]}, is_published=False)
    refusal = scene.recruiter.post(f"/participants/{person['id']}/attestations", {"code": "hemlig"})
    assert refused(refusal) == (422, "attestation.code_unknown")


@pytest.mark.parametrize(
    ("over", "code", "pointer"),
    [
        ({"attestedOn": "2026-03-03"}, "attestation.day_in_future", "/attestedOn"),
        ({"attestedOn": "2026-03-02", "validUntil": "2026-03-01"}, "attestation.period_invalid", "/validUntil"),
        ({"code": "registerExtract"}, "attestation.valid_until_missing", "/validUntil"),
        ({"code": "åäö"}, "field.invalid", "/code"),
    ],
)
def test_impossible_attestations(world: World, over: dict[str, str], code: str, pointer: str) -> None:
    scene, person = scene_with_rule(world)
    response = scene.recruiter.post(f"/participants/{person['id']}/attestations", {"code": CODE, **over})
    assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == [(code, pointer)]
    assert valid(world, person) == frozenset()


def test_a_register_extract_is_shown_and_counts_until_a_day(world: World) -> None:
    scene, person = scene_with_rule(world)
    path = f"/participants/{person['id']}/attestations"
    scene.recruiter.made(path, {"code": "registerExtract", "isMet": False})
    assert valid(world, person) == frozenset()
    scene.recruiter.made(path, {"code": "registerExtract", "validUntil": "2027-03-01"})
    assert valid(world, person) == {"registerExtract"}


def test_a_later_no_ends_what_was_said_before(world: World) -> None:
    scene, person = scene_with_rule(world)
    path = f"/participants/{person['id']}/attestations"
    first = scene.recruiter.made(path, {"code": CODE, "attestedOn": "2026-02-01"})
    second = scene.recruiter.made(path, {"code": CODE, "attestedOn": "2026-02-20", "validUntil": "2026-12-31"})
    other = scene.recruiter.made(path, {"code": "registerExtract", "validUntil": "2026-12-31"})
    assert valid(world, person) == {CODE, "registerExtract"}
    denied = scene.recruiter.made(path, {"code": CODE, "isMet": False, "attestedOn": "2026-02-20"})
    stand = {one["id"]: one["revokedAt"] is None for one in scene.recruiter.get(path).json()["items"]}
    assert stand == {first["id"]: False, second["id"]: False, other["id"]: True, denied["id"]: True}
    assert valid(world, person) == {"registerExtract"}
    assert scene.kinds(f"/attestations/{first['id']}") == ["attestation.recorded", "attestation.revoked"]

    back = scene.recruiter.post(path, {"code": CODE, "attestedOn": "2026-02-19"})
    assert refused(back) == (409, "attestation.denied_later")
    scene.recruiter.made(path, {"code": CODE, "attestedOn": "2026-02-20"})
    assert valid(world, person) == {CODE, "registerExtract"}, "whoever meets the rule again is attested anew"


def test_what_was_noted_in_error_is_revoked_once(world: World) -> None:
    scene, person = scene_with_rule(world)
    made = scene.recruiter.made(f"/participants/{person['id']}/attestations", {"code": CODE})
    path = f"/attestations/{made['id']}"
    assert scene.recruiter.made(f"{path}/revocation", None, 200)["revokedAt"] is not None
    assert valid(world, person) == frozenset()
    assert refused(scene.recruiter.post(f"{path}/revocation")) == (409, "attestation.already_revoked")


def test_those_who_screen_the_side_attest_for_people_held_elsewhere(world: World) -> None:
    scene, person = scene_with_rule(world)
    path = f"/participants/{person['id']}/attestations"
    assert scene.screener.post(path, {"code": CODE}).status_code == 404, "not enrolled yet"
    scene.applied(person=person)
    made = scene.screener.made(path, {"code": CODE})
    assert (made["partnerId"], made["attestedByPartnerId"]) == (str(scene.recruiter_id), str(scene.screener_id))
    assert [one["id"] for one in scene.recruiter.get(path).json()["items"]] == [made["id"]]
    assert [one["id"] for one in scene.screener.get(path).json()["items"]] == [made["id"]]
    scene.screener.made(f"/attestations/{made['id']}/revocation", None, 200)


def test_the_person_reads_and_nobody_else(world: World) -> None:
    scene, _ = scene_with_rule(world)
    mentee, me = scene.themself()
    path = f"/participants/{me['id']}/attestations"
    made = scene.recruiter.made(path, {"code": CODE})
    assert [one["id"] for one in mentee.get(path).json()["items"]] == [made["id"]]
    assert refused(mentee.post(path, {"code": CODE})) == (403, "access.role_not_permitted")
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    unknown = stranger.get("/attestations/0199c0de-0000-7000-8000-000000000000")
    assert (stranger.get(path).status_code, unknown.status_code) == (404, 404)
    assert stranger.get(f"/attestations/{made['id']}").status_code == 404
    assert stranger.post(f"/attestations/{made['id']}/revocation").status_code == 404
    coordinator = world.client(Role.COORDINATOR, scene.recruiter_id)
    assert refused(coordinator.get(path)) == (403, "access.role_not_permitted")
