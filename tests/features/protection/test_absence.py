"""Is a protected person absent, not masked, in every answer that anybody uncleared can get, and there again when lifted?"""

from collections.abc import Iterable
from uuid import uuid4

import pytest

from app.domain.roles import Role
from tests.features.protection.scene import EVERY_SCOPE, Scene
from tests.features.protection.sweep import Sweep, plain
from tests.world import Client, World

# Operations in which the person is surely met before the protection: a sweep that did not see them could not fail.
SEEN = {
    "/changes", "/cohorts/{cohortId}/enrolments", "/consents/{consentId}", "/enrolments", "/enrolments/{enrolmentId}",
    "/enrolments/{enrolmentId}/acknowledgements", "/enrolments/{enrolmentId}/outcomes", "/follow-ups",
    "/enrolments/{enrolmentId}/training-records", "/follow-ups/{followUpId}", "/guardians/{guardianId}",
    "/match-runs/{matchRunId}", "/match-runs/{matchRunId}/certificate", "/match-runs/{matchRunId}/pairs", "/matches",
    "/matches/{matchId}", "/matches/{matchId}/meetings", "/meetings/{meetingId}", "/participants",
    "/participants/{participantId}", "/partners/{partnerId}/users", "/partners/{partnerId}/possible-duplicates", "/programs/{programId}/match-runs",
    "/programs/{programId}/participants", "/referrals", "/referrals/{referralId}", "/users/{userId}",
}  # fmt: skip


pytestmark = pytest.mark.no_cover  # many requests, each of a kind that has its own tests


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def test_nobody_uncleared_comes_upon_the_person_in_any_answer(scene: Scene) -> None:
    scene.clear()
    sweep, clients = Sweep(scene), scene.uncleared()
    before = [sweep.sightings(clients[f"service of {partner}"]) for partner in ("holder", "duties")]
    for_cleared = sweep.sightings(scene.cleared)
    by_administrator = sweep.sightings(clients["partnerAdministrator of holder"])
    assert set().union(*before, by_administrator) >= SEEN
    assert scene.protect().status_code == 204
    for name, client in clients.items():
        assert sweep.sightings(client) == set(), name
    assert sweep.sightings(scene.cleared) == for_cleared, "the cleared lose nothing"


LOST = {
    "holder": {"/participants": 1, "/enrolments": 1, "/matches": 1, "/referrals": 1, "/follow-ups": 0},
    "duties": {
        "/participants": 1, "/enrolments": 1, "/matches": 1, "/referrals": 1, "/follow-ups": 2,
        "/cohorts/{cohort}/enrolments": 1, "/programs/{program}/participants": 1, "/programs/{program}/match-runs": 1,
    },
}  # fmt: skip
"""What each list loses with the person, for the holder and for who holds every duty."""


def counted(scene: Scene, client: Client, lists: Iterable[str]) -> dict[str, int]:
    """How many each list says that it holds, which is what it shows."""
    found: dict[str, int] = {}
    for path in lists:
        body = client.get(path.format(cohort=scene.cohort, program=scene.program), params={"limit": "200"}).json()
        found[path] = body["meta"]["totalCount"]
        assert found[path] == len(body["items"])
    return found


@pytest.mark.parametrize("partner", sorted(LOST))
def test_no_count_tells_of_them(world: World, scene: Scene, partner: str) -> None:
    client = world.client(Role.SERVICE, getattr(scene, partner), EVERY_SCOPE)
    before = counted(scene, client, LOST[partner])
    scene.protect()
    after = counted(scene, client, LOST[partner])
    assert {path: before[path] - after[path] for path in before} == LOST[partner]


def test_every_single_reading_is_byte_equal_to_that_of_a_random_id(world: World, scene: Scene) -> None:
    scene.protect()
    sweep = Sweep(scene)
    single = [
        one for one in sweep.addresses if one.operation.endswith("Id}") and one.path.rpartition("/")[2] in sweep.needles
    ]
    assert len(single) >= 12
    for client in (world.client(Role.SERVICE, scene.holder, EVERY_SCOPE), scene.handler):
        for one in single:
            gone, nobody = client.get(one.path), client.get(f"{one.path.rpartition('/')[0]}/{uuid4()}")
            assert (gone.status_code, plain(gone)) == (nobody.status_code, plain(nobody)), one.path
            assert gone.status_code in {403, 404}, one.path


def test_the_feed_takes_back_what_it_told_and_says_nothing_of_old_or_new_changes(world: World, scene: Scene) -> None:
    service = world.client(Role.SERVICE, scene.holder, EVERY_SCOPE)
    person = str(scene.person.id)

    def told() -> list[str]:
        items = service.get("/changes", params={"limit": "1000"}).json()["items"]
        return [one["kind"] for one in items if one["subjectId"] == person]

    assert told() == ["participant.updated"]
    scene.protect()
    assert told() == ["reach.lost"], "to whom it was told before"
    scene.clear()
    scene.cleared.patch(scene.path, {"hasRemote": False})
    assert told() == ["reach.lost"]
