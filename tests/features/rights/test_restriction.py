"""Is somebody whose data is only stored absent for everybody but the holder's staff, and does nobody work with it?"""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.domain.access import Actor
from app.domain.grants import WHILE_RESTRICTED
from app.domain.roles import Role
from app.features.access.queries import PROTECTED
from app.features.access.rows import beyond_reach
from app.features.matching.queries.people import pool
from app.features.programs.tables import Cohort
from app.kit.idempotency import IdempotencyRecord
from tests.contracts.document import all_operations
from tests.contracts.test_policies import decided
from tests.features.protection.scene import EVERY_SCOPE, Scene
from tests.features.protection.sweep import Sweep, plain
from tests.features.rights.scene import Office
from tests.flock import Flock
from tests.world import Client, World

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RESTRICTED = "participant.processing_restricted"
PROTECTS = {"/incidents", "/incidents/{incidentId}"}
"""What protects people goes on (article 18.2), for the partner whose duty it is."""

pytestmark = pytest.mark.no_cover  # many requests, each of a kind that has its own tests


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def office(scene: Scene) -> Office:
    return Office(Flock("X", scene.holder, scene.program, scene.program), scene.world)


def restrict(scene: Scene, kind: str = "restriction") -> None:
    office(scene).granted(scene.person.id, kind)


def elsewhere(scene: Scene) -> dict[str, Client]:
    return {name: client for name, client in scene.uncleared().items() if not name.endswith("of holder")}


def sweep_of(scene: Scene) -> Sweep:
    """Without the run itself: it is other people's too, and stays."""
    sweep = Sweep(scene)
    sweep.needles -= {str(scene.run.id)}
    return sweep


@pytest.mark.parametrize("kind", ["restriction", "objection"])
def test_nobody_elsewhere_comes_upon_the_person(scene: Scene, kind: str) -> None:
    sweep, clients = sweep_of(scene), elsewhere(scene)
    before = sweep.sightings(clients["service of duties"])
    assert {"/participants", "/matches", "/enrolments", "/follow-ups", "/changes"} <= before
    by_holder = sweep.sightings(scene.handler)
    restrict(scene, kind)
    for name, client in clients.items():
        assert sweep.sightings(client) - PROTECTS == set(), name
    still = sweep.sightings(scene.handler)
    assert by_holder - still <= {"/referrals", "/referrals/{referralId}"}, "the holder goes on storing"


def test_each_reading_elsewhere_is_byte_equal_to_that_of_a_random_id(scene: Scene) -> None:
    restrict(scene)
    sweep, service = sweep_of(scene), elsewhere(scene)["service of duties"]
    single = [
        one for one in sweep.addresses if one.operation.endswith("Id}") and one.path.rpartition("/")[2] in sweep.needles
    ]
    assert len(single) >= 12
    for one in single:
        if one.operation in PROTECTS:
            continue
        gone, nobody = service.get(one.path), service.get(f"{one.path.rpartition('/')[0]}/{uuid4()}")
        assert (gone.status_code, plain(gone)) == (nobody.status_code, plain(nobody)), one.path


def test_no_operation_works_with_the_data(world: World, scene: Scene) -> None:
    """Every operation that writes, at every row about the person, by everybody: refused, with the same code where seen."""
    restrict(scene)
    sweep = sweep_of(scene)
    permitted = decided()
    clients = {name: client for name, client in scene.uncleared().items() if name != "nobody"}
    clients["mentor"] = scene.mentor_themself
    seen = set()
    for path, method, _ in all_operations():
        if method == "GET" or permitted[method, path] in {one.value for one in WHILE_RESTRICTED} | {"public"}:
            continue
        for address in sweep.filled(path):
            if not set(ID.findall(address)) & sweep.needles or "{" in address or "/users/" in address:
                continue
            for name, client in clients.items():
                answer = client.call(method, address, headers={"If-Match": "*"}, json={})
                assert answer.status_code in {403, 404, 409}, f"{name} {method} {address}: {answer.text}"
                if answer.status_code == 409:
                    assert answer.json()["code"] == RESTRICTED, f"{name} {method} {address}: {answer.text}"
                    seen.add((method, path))
    assert len(seen) >= 20, sorted(seen)


def test_a_body_that_names_the_person_is_refused(world: World, scene: Scene) -> None:
    restrict(scene)
    cohort = scene._cohort()
    duties = world.client(Role.CASE_HANDLER, scene.duties)
    body = {"participantId": str(scene.person.id), "side": "mentee"}
    assert duties.post(f"/cohorts/{cohort}/enrolments", body).status_code == 422
    with world.engine.begin() as connection:
        connection.execute(text("update responsibility_assignment set partner_id = :to"), {"to": scene.holder})
    enrolling = scene.handler.post(f"/cohorts/{cohort}/enrolments", body)
    assert (enrolling.status_code, enrolling.json()["code"]) == (409, RESTRICTED)


def test_the_person_acts_for_themself_and_the_flag_is_lifted(world: World, scene: Scene) -> None:
    restrict(scene)
    assert scene.themself.patch(scene.path, {"hasRemote": False}).status_code == 200
    matches = scene.mentor_themself.get(f"/matches/{scene.match.id}/people").json()["people"]
    assert next(one for one in matches if one["side"] == "mentee")["shown"] == []
    officer = world.client(Role.PRIVACY_OFFICER, scene.holder)
    register = officer.get(f"/partners/{scene.holder}/data-requests").json()["items"]
    assert [(one["kind"], one["status"]) for one in register] == [("restriction", "executed")]
    address = f"{scene.path}/processing-restriction"
    lifted = scene.handler.call("DELETE", address, headers={"If-Match": "*"})
    assert lifted.status_code == 204
    again = scene.handler.call("DELETE", address, headers={"If-Match": "*"})
    assert again.json()["code"] == "restriction.not_set"
    service = world.client(Role.SERVICE, scene.duties, EVERY_SCOPE)
    assert service.get(scene.path).status_code == 200


def test_pools_and_figures_leave_them_out(world: World, scene: Scene) -> None:
    """Also when the holder itself matches or counts."""

    def pool_of_the_holder() -> set[UUID]:
        with world.runtime.database.transaction() as session, beyond_reach(session):
            cohort = session.get_one(Cohort, scene.cohort)
            actor = Actor(scene.cleared_user.id, Role.COORDINATOR, scene.holder)
            return {one.id for one in pool(session, actor, cohort, scene.today).mentees}

    with world.engine.begin() as connection:
        connection.execute(text("update match set status = 'declined', mentor_place = null"))
    assert scene.enrolment.id in pool_of_the_holder()
    restrict(scene)
    assert scene.enrolment.id not in pool_of_the_holder()
    with world.engine.connect() as connection:
        assert scene.person.id in set(connection.scalars(text(PROTECTED)))


def test_what_waited_for_an_answer_or_a_decision_is_stopped(world: World, scene: Scene) -> None:
    key = f"kept-{scene.person.id}"
    kept: dict[str, Any] = {"fingerprint": "x", "status": 201, "headers": {}, "created_at": world.clock()}
    said = f'{{"id": "{scene.enrolment.id}"}}'.encode()
    world.add(IdempotencyRecord(principal_id=scene.duties, key=key, body=said, **kept))
    restrict(scene)
    with world.engine.connect() as connection:
        left = connection.execute(
            text("select body from idempotency_record where key = :key"), {"key": key}
        ).scalar_one()
        assert bytes(left) == b""
        run = connection.execute(text("select status from match_run where id = :id"), {"id": scene.run.id}).scalar_one()
        sent = connection.execute(text("select status, snapshot from referral")).all()
    assert run == "discarded"
    assert "sent" not in {one.status for one in sent}
