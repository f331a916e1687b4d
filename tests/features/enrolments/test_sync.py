"""Does another system keep people enrolled by its own keys, once, by the rules that hold for anybody?"""

from typing import Any

import pytest

from app.domain.roles import Role
from tests.features.enrolments.scene import PERSON, Scene, set_scene
from tests.world import World

SCOPES = ["cohort:read", "partner:read", "enrolment:create", "enrolment:read", "participant:read"]


@pytest.fixture
def scene(world: World) -> Scene:
    return set_scene(world)


def known(scene: Scene, key: str) -> dict[str, Any]:
    return scene.person(externalSystem="crm", externalId=key)


def at(scene: Scene, key: str) -> str:
    return f"/cohorts/{scene.cohort_id}/enrolments/by-external-id/crm/{key}"


def outcome(response: Any) -> tuple[int, str]:
    return response.status_code, response.headers.get("mentorskap-sync-outcome") or response.json()["code"]


def test_enrolled_once_and_never_anew(scene: Scene) -> None:
    person, body = known(scene, "e-1"), {"side": "mentee", "partnerId": str(scene.recruiter_id)}
    client = scene.world.client(Role.SERVICE, scene.recruiter_id, SCOPES)
    first = client.put(at(scene, "e-1"), body)
    assert outcome(first) == (201, "created")
    made = first.json()
    assert (made["participantId"], made["side"], made["status"]) == (person["id"], "mentee", "applied")
    path = f"/enrolments/{made['id']}"
    assert first.headers["location"].endswith(path)
    again = client.put(at(scene, "e-1"), body)
    assert (*outcome(again), again.headers["etag"]) == (200, "unchanged", first.headers["etag"])
    assert scene.kinds(path) == ["enrolment.created"]
    scene.move(path, "withdrawn")
    ended = client.put(at(scene, "e-1"), body)
    assert (*outcome(ended), ended.json()["status"]) == (200, "unchanged", "withdrawn")
    assert client.put(at(scene, "e-1"), body, headers={"If-Match": first.headers["etag"]}).status_code == 412


def test_what_is_fixed_when_made_is_not_changed(scene: Scene) -> None:
    known(scene, "e-2")
    given = {"side": "mentee", "needsBusinessOwner": True, "ground": "contract"}
    assert outcome(scene.recruiter.put(at(scene, "e-2"), given)) == (201, "created")
    for same in ({"side": "mentee"}, given, {"side": "mentee", "ground": None}):
        assert outcome(scene.recruiter.put(at(scene, "e-2"), same)) == (200, "unchanged")
    other = given | {"needsBusinessOwner": False}
    assert outcome(scene.recruiter.put(at(scene, "e-2"), other)) == (409, "enrolment.fixed_when_made")


def test_the_rules_are_those_of_enrolling(scene: Scene) -> None:
    known(scene, "e-3")
    recruiter, body = scene.recruiter, {"side": "mentee"}
    assert outcome(recruiter.put(at(scene, "e-none"), body)) == (404, "participant.external_id_unknown")
    foreign = body | {"partnerId": str(scene.owner_id)}
    assert outcome(recruiter.put(at(scene, "e-3"), foreign)) == (422, "participant.unknown")
    assert outcome(recruiter.put(at(scene, "e-3"), {"side": "mentor", "needsBusinessOwner": True})) == (
        422,
        "enrolment.need_is_for_mentees",
    )
    assert scene.screener.put(at(scene, "e-3"), body).status_code == 403
    for scope in ("enrolment:read", "participant:read", "enrolment:create"):
        narrow = scene.world.client(Role.SERVICE, scene.recruiter_id, [one for one in SCOPES if one != scope])
        assert outcome(narrow.put(at(scene, "e-3"), body)) == (403, "access.role_not_permitted")
    early = recruiter.put(at(scene, "e-3"), body, headers={"If-Match": '"1"'})
    assert early.status_code == 412
    assert PERSON["givenName"] not in early.text
