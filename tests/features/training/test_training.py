"""Is information versioned and acknowledged, training recorded, and preparation told truly?"""

from typing import Any

import pytest
from sqlmodel import Session

from app.domain.roles import Role
from app.features.enrolments.tables import Enrolment
from app.features.preparation.queries import missing_preparation
from tests.features.enrolments.scene import Scene, set_scene
from tests.world import World

PACK = {"side": "mentee", "language": "sv", "title": "Vad mentorskapet ger", "body": "Ärligt om nytta och gränser."}
TRAINING = {"title": "Att vara adept", "topics": ["expectations"], "minutes": 60, "completedOn": "2026-03-02"}


def publish(scene: Scene, **over: Any) -> dict[str, Any]:
    return scene.owner.made(f"/programs/{scene.program_id}/information-packs", {**PACK, **over})


def acknowledge(scene: Scene, path: str, pack: dict[str, Any]) -> dict[str, Any]:
    return scene.recruiter.made(f"{path}/acknowledgements", {"packId": pack["id"]})


def train(scene: Scene, path: str, minutes: int = 60) -> dict[str, Any]:
    return scene.screener.made(f"{path}/training-records", {**TRAINING, "minutes": minutes})


def missing(scene: Scene, path: str) -> list[str]:
    """What is missing, as HTTP says and as the function for the matches slice says."""
    body = scene.recruiter.get(f"{path}/preparation").json()
    assert body["isPrepared"] == (body["missing"] == [])
    with Session(scene.world.engine) as session:
        enrolment = session.get_one(Enrolment, path.rsplit("/", 1)[1])
        assert missing_preparation(session, enrolment) == body["missing"]
    found: list[str] = body["missing"]
    return found


def test_versions_are_numbered_by_side_and_language(world: World) -> None:
    scene = set_scene(world)
    made = [publish(scene), publish(scene), publish(scene, language="en"), publish(scene, side="mentor")]
    assert [pack["number"] for pack in made] == [1, 2, 1, 1]
    path = f"/programs/{scene.program_id}/information-packs"
    anyone = world.client(Role.CASE_HANDLER, world.partner())
    listed = anyone.get(f"{path}?side=mentee&language=sv").json()["items"]
    assert [pack["id"] for pack in listed] == [made[0]["id"], made[1]["id"]]
    assert anyone.get(path).json()["meta"]["totalCount"] == 4
    assert anyone.get(f"/information-packs/{made[0]['id']}").json()["body"] == PACK["body"]
    assert scene.kinds(f"/information-packs/{made[0]['id']}") == ["information.published"]


def test_information_is_the_informing_partners(world: World) -> None:
    scene = set_scene(world)
    path = f"/programs/{scene.program_id}/information-packs"
    refused = world.client(Role.COORDINATOR, scene.recruiter_id).post(path, PACK)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    holders = [(duty["duty"], duty["partnerId"]) for duty in refused.json()["context"]["duties"]]
    assert holders == [("inform", str(scene.owner_id))]
    assert scene.recruiter.post(path, PACK).json()["code"] == "access.role_not_permitted"
    founded = world.program(scene.owner_id, is_published=False)
    hidden = scene.owner.made(f"/programs/{founded}/information-packs", PACK)
    assert scene.recruiter.get(f"/programs/{founded}/information-packs").status_code == 404
    assert scene.recruiter.get(f"/information-packs/{hidden['id']}").status_code == 404


@pytest.mark.parametrize(
    ("over", "code", "pointer"),
    [
        ({"body": "Ring 19811228-9874"}, "text.personnummer_refused", "/body"),
        ({"body": ""}, "field.too_short", "/body"),
        ({"language": "svenska"}, "field.too_long", "/language"),
        ({"number": 7}, "field.unknown", "/number"),
    ],
)
def test_bad_packs_are_refused(world: World, over: dict[str, Any], code: str, pointer: str) -> None:
    scene = set_scene(world)
    response = scene.owner.post(f"/programs/{scene.program_id}/information-packs", {**PACK, **over})
    assert response.status_code == 422
    assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == [(code, pointer)]


def test_a_version_is_acknowledged_once(world: World) -> None:
    scene = set_scene(world)
    mentee, me = scene.themself()
    path, pack = scene.applied(person=me), publish(scene)
    made = mentee.made(f"{path}/acknowledgements", {"packId": pack["id"]})
    assert (made["packId"], made["acknowledgedAt"]) == (pack["id"], "2026-03-02T09:00:00.000000Z")
    again = scene.recruiter.post(f"{path}/acknowledgements", {"packId": pack["id"]})
    assert (again.status_code, again.json()["code"]) == (409, "information.already_acknowledged")
    assert [item["id"] for item in mentee.get(f"{path}/acknowledgements").json()["items"]] == [made["id"]]


def test_only_a_pack_of_the_program_and_side_is_acknowledged(world: World) -> None:
    scene, elsewhere = set_scene(world), set_scene(world)
    path = f"{scene.applied()}/acknowledgements"
    packs = [publish(scene, side="mentor")["id"], publish(elsewhere)["id"], "0199c0de-0000-7000-8000-000000000000"]
    for pack_id in packs:
        refused = scene.recruiter.post(path, {"packId": pack_id})
        assert (refused.status_code, refused.json()["code"]) == (422, "information.unknown")
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    assert stranger.post(path, {"packId": packs[0]}).status_code == 404
    assert scene.owner.post(path, {"packId": packs[0]}).json()["code"] == "access.role_not_permitted"


def test_training_is_recorded_by_who_trains(world: World) -> None:
    scene = set_scene(world)
    mentee, me = scene.themself()
    path = scene.applied(person=me)
    made = train(scene, path)
    assert {name: made[name] for name in TRAINING} == TRAINING
    assert [item["id"] for item in mentee.get(f"{path}/training-records").json()["items"]] == [made["id"]]
    refused = scene.recruiter.post(f"{path}/training-records", TRAINING)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    assert {duty["partnerId"] for duty in refused.json()["context"]["duties"]} == {str(scene.screener_id)}
    assert mentee.post(f"{path}/training-records", TRAINING).json()["code"] == "access.role_not_permitted"


@pytest.mark.parametrize(
    ("over", "code", "pointer"),
    [
        ({"completedOn": "2026-03-03"}, "training.day_in_future", "/completedOn"),
        ({"title": "Kurs för 198112289874"}, "text.personnummer_refused", "/title"),
        ({"topics": ["cooking"]}, "field.not_a_choice", "/topics/0"),
        ({"topics": ["help", "help"]}, "field.invalid", "/topics"),
        ({"topics": []}, "field.invalid", "/topics"),
        ({"minutes": 0}, "field.invalid", "/minutes"),
    ],
)
def test_bad_training_is_refused(world: World, over: dict[str, Any], code: str, pointer: str) -> None:
    scene = set_scene(world)
    path = f"{scene.applied()}/training-records"
    response = scene.screener.post(path, {**TRAINING, **over})
    assert response.status_code == 422
    assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == [(code, pointer)]
    assert scene.screener.get(path).json()["items"] == []


def test_who_has_left_is_neither_trained_nor_informed(world: World) -> None:
    scene = set_scene(world)
    path, pack = scene.applied(), publish(scene)
    scene.move(path, "withdrawn")
    for answer in (
        scene.screener.post(f"{path}/training-records", TRAINING),
        scene.recruiter.post(f"{path}/acknowledgements", {"packId": pack["id"]}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "enrolment.ended")


def test_preparation_is_enough_minutes_and_the_information(world: World) -> None:
    scene = set_scene(world)
    path = scene.applied()
    assert missing(scene, path) == ["training", "information"]
    train(scene, path, 59)
    assert missing(scene, path) == ["training", "information"]
    train(scene, path, 1)
    assert missing(scene, path) == ["information"], "no pack is published, so nobody can be informed"
    acknowledge(scene, path, publish(scene))
    assert missing(scene, path) == []
    body = scene.recruiter.get(f"{path}/preparation").json()
    assert (body["trainingMinutes"], body["trainingMinutesNeeded"], body["hasLatestInformation"]) == (60, 60, True)
    mentor = scene.applied("mentor")
    assert scene.recruiter.get(f"{mentor}/preparation").json()["trainingMinutesNeeded"] == 120


def test_a_new_version_asks_again_unless_it_is_a_correction(world: World) -> None:
    scene = set_scene(world, {"profile_id": "intro-meeting"})
    path, other = scene.applied(), scene.applied()
    acknowledge(scene, path, publish(scene))
    publish(scene, needsNewAcknowledgement=False)
    assert missing(scene, path) == []
    third = publish(scene)
    assert missing(scene, path) == ["information"]
    acknowledge(scene, path, third)
    assert missing(scene, path) == []
    acknowledge(scene, other, publish(scene, language="en"))
    assert missing(scene, other) == [], "one language is enough"
    publish(scene, side="mentor")
    assert missing(scene, path) == []


def test_a_program_may_ask_for_nothing(world: World) -> None:
    overrides = {"isInformationRequired": False, "menteeTrainingMinutes": 0}
    scene = set_scene(world, {"profile_overrides": overrides})
    assert missing(scene, scene.applied()) == []
