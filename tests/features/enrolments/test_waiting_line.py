"""Is the line for a place read in its order, and do places that are added go to its head at once?"""

from datetime import date
from typing import Any

import httpx
import pytest

from app.domain.lifecycles import CohortStatus
from app.domain.roles import Role
from tests.features.enrolments.scene import Scene, set_scene
from tests.features.enrolments.test_enrolment_moves import MOVED, change_cohort, store
from tests.world import World


def set_places(scene: Scene, **places: Any) -> httpx.Response:
    return scene.owner.patch(f"/cohorts/{scene.cohort_id}", places)


def statuses(scene: Scene, *paths: str) -> list[str]:
    return [scene.status(path) for path in paths]


def line(scene: Scene, more: str = "") -> list[str]:
    found = scene.screener.get(f"/cohorts/{scene.cohort_id}/enrolments?status=waiting&side=mentee{more}")
    assert found.status_code == 200, found.text
    return [f"/enrolments/{one['id']}" for one in found.json()["items"]]


def test_the_line_is_read_longest_waiting_first(world: World) -> None:
    scene = set_scene(world, mentee_places=1)
    _, early, middle, late = (scene.screened() for _ in range(4))
    assert line(scene) == [early, middle, late]
    store(scene, late, waiting_since=date(2026, 1, 15))
    assert line(scene) == [late, early, middle]
    assert line(scene, "&limit=1&page=2") == [early]


def test_added_places_go_to_the_head_of_the_line_at_once(world: World) -> None:
    scene = set_scene(world, mentee_places=1, mentor_places=1)
    held, *waiting = (scene.screened() for _ in range(4))
    _, mentor = scene.screened("mentor"), scene.screened("mentor")
    store(scene, waiting[2], waiting_since=date(2026, 1, 15))
    assert set_places(scene, menteePlaces=3).status_code == 200
    assert statuses(scene, held, *waiting) == ["ready", "ready", "waiting", "ready"]
    assert scene.status(mentor) == "waiting", "each side has its own places"
    assert scene.kinds(waiting[0])[-2:] == [MOVED, MOVED]
    assert set_places(scene, mentorPlaces=None).status_code == 200
    assert statuses(scene, mentor, waiting[1]) == ["ready", "waiting"]


def test_fewer_places_take_none_away_and_give_none(world: World) -> None:
    scene = set_scene(world, mentee_places=2)
    first, second, third = scene.screened(), scene.screened(), scene.screened()
    assert set_places(scene, menteePlaces=1, name="Omgång med färre platser").status_code == 200
    assert statuses(scene, first, second, third) == ["ready", "ready", "waiting"]
    scene.move(first, "withdrawn")
    assert statuses(scene, second, third) == ["ready", "waiting"]


def test_a_refused_change_moves_nobody(world: World) -> None:
    scene = set_scene(world, mentee_places=1)
    _, second = scene.screened(), scene.screened()
    refused = set_places(scene, menteePlaces=5, endsOn="2026-03-01")
    assert (refused.status_code, refused.json()["code"]) == (422, "cohort.period_invalid")
    assert scene.status(second) == "waiting"


def test_in_a_cohort_whose_days_are_over_nobody_moves(world: World) -> None:
    scene = set_scene(world, mentee_places=1)
    _, second = scene.screened(), scene.screened()
    change_cohort(scene, status=CohortStatus.IN_PROGRESS, starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 1))
    assert set_places(scene, menteePlaces=5).status_code == 200
    assert scene.status(second) == "waiting"


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CASE_HANDLER])
def test_only_who_answers_for_the_purpose_adds_places(world: World, role: Role) -> None:
    scene = set_scene(world, mentee_places=1)
    _, second = scene.screened(), scene.screened()
    other = world.client(role, scene.screener_id)
    assert other.patch(f"/cohorts/{scene.cohort_id}", {"menteePlaces": 9}).status_code == 403
    assert scene.status(second) == "waiting"
