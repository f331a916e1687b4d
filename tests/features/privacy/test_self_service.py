"""Can a mentee look after their own things, from the first login to knowing who has seen their data?"""

from datetime import timedelta
from typing import Any

import pytest

from tests.features.enrolments.scene import Scene, set_scene
from tests.world import Client, World

PASSWORD = "en alldeles egen lösenfras"


@pytest.fixture(scope="module")
def scene(world: World) -> Scene:
    return set_scene(world)


def log_in(world: World, email: str, invitation: dict[str, Any]) -> Client:
    """Use the invitation as the person does, then log in."""
    chosen = {"invitationToken": invitation["invitationToken"], "password": PASSWORD}
    assert world.anonymous.post("/auth/passwords", chosen).status_code == 204
    tokens = world.anonymous.made("/auth/sessions", {"email": email, "password": PASSWORD})
    token: str = tokens["accessToken"]
    return Client(world.portal, world.http, lambda: token)


def test_a_mentee_looks_after_their_own_things(world: World, scene: Scene) -> None:
    email = f"p{world.number()}@example.org"
    person = scene.person(email=email)
    path = scene.screened("mentee", person)
    invitation = scene.recruiter.made(f"/participants/{person['id']}/login", {"side": "mentee"})
    scene.recruiter.get(f"/participants/{person['id']}")
    world.clock.advance(timedelta(days=1))

    me = log_in(world, email, invitation)
    overview = me.get("/me/overview").json()
    profile = overview["records"][0]["profile"]
    assert me.get(profile).json()["givenName"] == "Påhitt"

    evenings = [{"weekday": 2, "fromHour": 17, "untilHour": 20}]
    assert me.patch(profile, {"availability": evenings}).status_code == 200
    assert me.get(profile).json()["availability"] == evenings

    for to in ("paused", "ready"):
        assert me.post(f"{path}/transitions", {"to": to}).json()["status"] == to
    assert me.get(overview["enrolments"][0]["preparation"]).json()["isPrepared"] is False
    assert me.get(overview["enrolments"][0]["trainingRecords"]).json()["items"] == []

    data = me.get("/me/data").json()
    stored = {group["kind"]: group["items"] for group in data["groups"]}
    assert stored["participant"][0]["availability"] == [41, 42, 43]
    assert stored["enrolment"][0]["status"] == "ready"
    assert data["account"]["email"] == email

    accesses = me.get("/me/accesses?limit=200").json()["items"]
    yesterday = [one for one in accesses if one["at"].startswith("2026-03-02")]
    name = next(one["name"] for one in data["organisations"] if one["id"] == str(scene.recruiter_id))
    assert f"En handläggare hos {name} läste din post." in {one["words"]["sv"] for one in yesterday}
    assert len(accesses) == len(yesterday), "own visits are not told"
