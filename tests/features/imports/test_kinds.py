"""Do files of availability and enrolments do what the single operations do, row by row?"""

import pytest

from app.domain.roles import Role
from tests.features.enrolments.scene import Scene, set_scene
from tests.features.imports.scene import Sender, counted, person, table
from tests.world import World


def test_availability(world: World) -> None:
    sender = Sender(world)
    sender.send(table([person(1), person(2)]))
    rows = [
        ["m-1", "ons 9-12, tor 18-20", "nej", "3"],
        ["m-2", "", "", ""],
        ["m-9", "mån 8-9", "", ""],
        ["m-1", "", "", "2"],
    ]
    rows += [["å", "", "", ""], ["m-2b", "mån 8-9", "811228-9874", ""], ["m-2", "", "", "99"]]
    content = table(rows, header=["Externt id", "Tider", "Distans", "Antal adepter"])
    done = sender.send(content, kind="availability")
    assert (done["status"], counted(done)) == ("completed", (0, 1, 1, 5, 0))
    assert [(one["line"], one["problemCode"]) for one in sender.rows(done, "refused")] == [
        (4, "participant.external_id_unknown"),
        (5, "sync.external_id_twice"),
        (6, "field.invalid"),
        (7, "text.personnummer_refused"),
        (8, "sync.external_id_twice"),
    ]
    found = sender.person("m-1").json()
    assert (found["hasRemote"], found["mentorCapacity"], len(found["availability"])) == (False, 3, 2)
    assert counted(sender.send(content, kind="availability", mode="wholeOrNothing")) == (0, 0, 0, 5, 2)
    assert counted(sender.send(content, kind="availability", isDryRun=True)) == (0, 0, 2, 5, 0)


@pytest.fixture
def scene(world: World) -> Scene:
    return set_scene(world)


def test_enrolments(world: World, scene: Scene) -> None:
    sender = Sender(world, Role.CASE_HANDLER)
    sender.id, sender.client = scene.recruiter_id, scene.recruiter
    for key in ("m-1", "m-2"):
        scene.person(externalSystem="crm", externalId=key)
    rows = [["m-1", "adept", "ja"], ["m-2", "mentor", "nej"], ["m-3", "adept", ""], ["m-2b", "x", ""]]
    content = table(rows, header=["Externt id", "Roll", "Behöver företagare"])
    asked = {"kind": "enrolments", "cohortId": str(scene.cohort_id)}
    done = sender.send(content, **asked)
    assert (done["status"], counted(done)) == ("completed", (2, 0, 0, 2, 0)), sender.rows(done)
    assert counted(sender.send(content, **asked)) == (0, 0, 2, 2, 0)
    told = sender.rows(done)
    assert [one["externalId"] for one in told] == ["m-1", "m-2", "m-3", "m-2b"]
    listed = scene.recruiter.get("/enrolments").json()["items"]
    assert {(one["side"], one["needsBusinessOwner"]) for one in listed} == {("mentee", True), ("mentor", False)}


def test_a_cohort_is_named_for_enrolments_and_for_nothing_else(world: World, scene: Scene) -> None:
    sender = Sender(world)
    path, body = f"/partners/{sender.id}/imports", {"externalSystem": "crm"}
    for wrong in (
        {"kind": "enrolments"},
        {"kind": "participants", "cohortId": str(scene.cohort_id)},
        {"kind": "enrolments", "cohortId": str(sender.id)},
    ):
        refused = sender.client.post(path, body | wrong)
        assert (refused.status_code, refused.json()["code"]) == (422, "import.cohort_missing")
    made = sender.announce(kind="enrolments", cohortId=str(scene.cohort_id))
    assert sender.put(made, table([["m-1", "adept"]], header=["Externt id", "Roll"])).status_code == 202
    done = sender.work(made)
    assert (done["status"], done["problem"]["code"]) == ("failed", "access.duty_not_held"), "it recruits nobody there"


@pytest.mark.parametrize("missing", ["participant:read", "participant:create", "import:create"])
def test_who_announces_may_do_what_the_rows_do(world: World, missing: str) -> None:
    sender = Sender(world)
    scopes = [one for one in sender.user.scopes or [] if one != missing]
    narrow = world.client(Role.SERVICE, sender.id, scopes)
    refused = narrow.post(f"/partners/{sender.id}/imports", {"kind": "participants", "externalSystem": "crm"})
    assert (refused.status_code, refused.json()["context"]) == (403, {"permission": missing})
