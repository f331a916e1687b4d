"""Does the gap view tell what the latest matchings lacked, from their stored reasons, protected, in two languages?"""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.lifecycles import EnrolmentStatus, RunStatus
from app.domain.roles import Role
from tests.features.gaps.scene import Scene
from tests.world import Client, World


@pytest.fixture
def scene(world: World) -> Scene:
    with world.engine.begin() as connection:
        connection.execute(text("update program set is_published = false"))
    return Scene(world)


def missing(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(f"/gaps/missing{query}")
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def lines(body: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(one["kind"], one["language"], one["people"]["value"], one["mentors"]) for one in body["items"]]


def test_seven_more_could_start_with_three_more_mentors_who_speak_tigrinya(scene: Scene) -> None:
    program = scene.program()
    speakers = scene.crowd(program, 7, "sv", "ti")
    places = scene.crowd(program, 3)
    busy, odd = scene.crowd(program, 2), scene.crowd(program, 1)
    left_over: list[tuple[Any, str | None]] = [(one, "sharedLanguage") for one in speakers]
    left_over += [(one, "places") for one in places]
    left_over += [(one, "availability") for one in busy]
    left_over += [(one, None) for one in odd]
    scene.run(program, left_over, [4, 2, 3])
    body = missing(scene.handler())
    assert lines(body) == [
        ("language", "ti", 7, 3),
        ("places", None, 3, 1),
        ("condition", None, 2, None),
        ("anotherMentor", None, 1, 1),
    ]
    assert [one["text"]["en"] for one in body["items"]] == [
        "7 more could start with 3 more mentors who speak Tigrinya.",
        "3 more could start with one more mentor.",
        "2 more could get a mentor if this were changed: shared available hours.",
        "1 wait for a mentor unlike those there are.",
    ]
    assert body["items"][0]["text"]["sv"] == "7 till skulle kunna börja med 3 mentorer till som talar tigrinska."
    assert body["unmatched"]["value"] == 13
    assert "7 till skulle kunna börja" in scene.handler().get("/gaps/page").text


def test_strangers_get_fives_and_no_line_of_few(scene: Scene) -> None:
    program = scene.program()
    left_over = [(one, "sharedLanguage") for one in scene.crowd(program, 20, "ti")]
    left_over += [(one, "places") for one in scene.crowd(program, 10)]
    scene.run(program, left_over, [])
    body = missing(scene.stranger())
    assert lines(body) == [("language", "ti", 20, 20), ("places", None, 10, 10)]
    assert body["items"][0]["people"]["isRounded"]
    few = Scene(scene.world)
    other = few.program(kind="trainee")
    few.run(other, [(one, "sharedLanguage") for one in few.crowd(other, 6, "so")], [1])
    assert lines(missing(few.stranger(), "?kind=trainee")) == []
    assert missing(few.stranger(), "?kind=trainee")["unmatched"]["isProtected"]
    assert lines(missing(few.handler(), "?kind=trainee&category=youth")) == [("language", "so", 6, 6)]


def test_only_the_latest_finished_matching_counts_and_who_still_waits(scene: Scene) -> None:
    program = scene.program()
    one, two, gone = scene.crowd(program, 3)
    scene.run(program, [(one, "places"), (two, "places")], [1], finished_at=scene.world.clock() - timedelta(days=1))
    scene.run(program, [(two, "places"), (gone, "places")], [1], status=RunStatus.APPROVED)
    scene.run(program, [(one, "places")], [1], status=RunStatus.DISCARDED)
    scene.run(program, [(one, "places")], [1], status=RunStatus.QUEUED, finished_at=None)
    with scene.world.engine.begin() as connection:
        left = {"status": EnrolmentStatus.PAUSED.value, "id": gone.id}
        connection.execute(text("update enrolment set status = :status where id = :id"), left)
    assert lines(missing(scene.handler())) == [("places", None, 1, 1)]
    with scene.world.engine.begin() as connection:
        connection.execute(text("update cohort set status = 'completed' where program_id = :id"), {"id": program})
    assert lines(missing(scene.handler())) == []


def test_who_may_ask(scene: Scene) -> None:
    for path in ("/gaps/missing", "/gaps/page"):
        assert scene.world.client(Role.MENTEE, scene.partner).get(path).status_code == 403
        assert scene.stranger(Role.EVALUATOR).get(path).status_code == 200
