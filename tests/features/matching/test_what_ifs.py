"""Is it told what would let more people begin, on the very people of the run, to those who may see it?"""

from typing import Any

import pytest

from app.domain.lifecycles import MatchStatus
from app.domain.roles import Role
from app.features.matching.queries import possible
from tests.features.matching.scene import Scene, nowhere, small
from tests.world import World

BEGINNER: dict[str, Any] = {"languages": [{"code": "sv", "level": "A1"}, {"code": "ti", "level": "native"}]}


@pytest.fixture
def scene(world: World) -> Scene:
    made = Scene(world)
    made.publish_policy()
    return made


def ask(scene: Scene, path: str, *questions: dict[str, Any]) -> list[dict[str, Any]]:
    found = scene.proposer.made(f"{path}/what-ifs", {"questions": list(questions)}, status=200)
    answers: list[dict[str, Any]] = found["answers"]
    return answers


def test_each_change_alone_says_how_many_more_would_begin(scene: Scene) -> None:
    mentor = scene.mentor()
    for _ in range(3):
        scene.mentee()
    scene.mentee(BEGINNER)
    path = scene.run()
    one, places, relaxed, nothing = ask(
        scene,
        path,
        {"kind": "moreMentors", "count": 1},
        {"kind": "morePlaces", "mentorEnrolmentId": str(mentor.id), "places": 2},
        {"kind": "relax", "constraints": ["menteeLanguage", "sharedLanguage"]},
        {"kind": "relax", "constraints": ["place"]},
    )
    assert [each["peopleGained"] for each in (one, places, relaxed, nothing)] == [1, 2, 0, 0]
    assert all(each["isOptimal"] for each in (one, places, relaxed, nothing))
    assert places["question"]["mentorEnrolmentId"] == str(mentor.id)
    assert all(one["explanation"].values())
    assert scene.read(path)["people"] == 1


def test_what_is_worth_asking_comes_with_the_run(scene: Scene) -> None:
    small(scene)
    found = scene.read(f"{scene.run()}/what-ifs")["answers"]
    assert {each["question"]["kind"] for each in found} >= {"moreMentors", "morePlaces"}
    assert found[0]["peopleGained"] == 1
    assert "Påhittad" not in str(found)


def test_questions_that_make_no_sense(scene: Scene) -> None:
    small(scene)
    path = scene.run()
    for question, status, code in (
        ({"kind": "relax", "constraints": []}, 422, "request.invalid"),
        ({"kind": "morePlaces"}, 422, "request.invalid"),
        ({"kind": "moreMentors", "count": 0}, 422, "request.invalid"),
        ({"kind": "relax", "constraints": ["samePerson"]}, 422, "matching.cannot_be_set_aside"),
        ({"kind": "morePlaces", "mentorEnrolmentId": nowhere()}, 409, "matching.mentor_unknown"),
    ):
        refused = scene.proposer.post(f"{path}/what-ifs", {"questions": [question]})
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert scene.proposer.post(f"{path}/what-ifs", {"questions": []}).status_code == 422


def test_it_is_asked_of_the_people_of_the_run_only(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    small(scene)
    path = scene.run()
    monkeypatch.setattr(possible, "SYNCHRONOUS_LIMIT", 1)
    assert scene.proposer.get(f"{path}/what-ifs").json()["code"] == "matching.pool_too_large_to_preview"
    monkeypatch.undo()
    scene.match(scene.mentor(), scene.mentee(), MatchStatus.ACTIVE, mentor_place=1)
    changed = scene.proposer.get(f"{path}/what-ifs")
    assert (changed.status_code, changed.json()["code"]) == (409, "matching.pool_changed")


def test_who_may_ask(world: World, scene: Scene) -> None:
    small(scene)
    path = scene.run()
    body = {"questions": [{"kind": "moreMentors"}]}
    assert scene.approver.get(f"{path}/what-ifs").status_code == 200
    assert scene.approver.post(f"{path}/what-ifs", body).json()["code"] == "access.duty_not_held"
    stranger = world.client(Role.COORDINATOR, world.partner())
    assert stranger.get(f"{path}/what-ifs").status_code == 404
    assert stranger.post(f"{path}/what-ifs", body).status_code == 404
