"""Does every report stay as a point in time, and does a linked gap tell then from now?"""

from datetime import timedelta

import pytest

from app.domain.glossary import Category
from tests.features.gaps.scene import Scene as Gaps
from tests.features.plans.scene import Scene, pointers, refused
from tests.world import World


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def test_reports_are_points_in_time(scene: Scene) -> None:
    plan, goal, measure = scene.adopted()
    reports = f"/plan-measures/{measure['id']}/reports"
    scene.responsible.made(reports, {"status": "ongoing", "comment": "Vi är i gång."}, status=200)
    scene.responsible.made(reports, {"comment": "Nio personer."}, status=200)
    cancelled = scene.responsible.post(reports, {"status": "cancelled"})
    assert (refused(cancelled), pointers(cancelled)) == ((422, "plan.reason_missing"), ["/reason"])
    told = scene.responsible.made(reports, {"status": "cancelled", "reason": "Lokalen är stängd."}, status=200)
    assert (told["status"], told["statusReason"]) == ("cancelled", "Lokalen är stängd.")
    assert refused(scene.responsible.post(reports, {"status": "done"})) == (409, "plan_measure.transition_not_allowed")
    assert refused(scene.responsible.post(reports, {})) == (422, "request.invalid")
    for number in (10, 25, 60):
        scene.lead.made(f"/plan-goals/{goal['id']}/reports", {"reached": number}, status=200)
    progress = scene.read(plan, tail="/progress")
    (of_goal,), (of_measure,) = progress["goals"], progress["measures"]
    assert [(one["status"], one["comment"], one["reason"]) for one in of_measure["points"]] == [
        ("ongoing", "Vi är i gång.", None),
        (None, "Nio personer.", None),
        ("cancelled", None, "Lokalen är stängd."),
    ]
    assert [one["reached"] for one in of_goal["points"]] == [10, 25, 60]
    assert (of_goal["reached"], of_goal["number"], of_goal["share"]) == (60, 40, 1.0)
    assert progress["measuresByStatus"] == {"cancelled": 1}
    assert scene.read(plan) != plan, "the plan tells where its measures stand"
    assert scene.read(plan, tail="/versions")["items"][0]["content"] == plan, "what was adopted stands"


def test_a_goal_without_a_number_has_none_reached(scene: Scene) -> None:
    plan = scene.plan()
    goal = scene.goal(plan, number=None, unit=None)
    assert refused(scene.lead.post(f"/plan-goals/{goal['id']}/reports", {"reached": 1})) == (
        409,
        "plan.goal_without_number",
    )
    zero = scene.goal(plan, number=0, unit="klagomål")
    scene.lead.made(f"/plan-goals/{zero['id']}/reports", {"reached": 0}, status=200)
    assert [one["share"] for one in scene.read(plan, tail="/progress")["goals"]] == [None, None]


def test_a_measure_is_late_until_it_is_done(scene: Scene) -> None:
    plan = scene.plan()
    goal = scene.goal(plan)
    measure = scene.measure(goal, dueOn=scene.day(5))
    assert not scene.read(plan, tail="/progress")["measures"][0]["isLate"]
    scene.world.clock.advance(timedelta(days=6))
    assert scene.read(plan, tail="/progress")["measures"][0]["isLate"]
    scene.lead.made(f"/plan-measures/{measure['id']}/reports", {"status": "done"}, status=200)
    assert not scene.read(plan, tail="/progress")["measures"][0]["isLate"]
    reopened = scene.lead.made(f"/plan-measures/{measure['id']}/reports", {"status": "ongoing"}, status=200)
    assert reopened["status"] == "ongoing"


def test_a_linked_gap_is_told_then_and_now(scene: Scene) -> None:
    gaps = Gaps(scene.world)
    program = gaps.program(Category.YOUTH, 10)
    gaps.crowd(program, 20, "so")
    plan = scene.plan()
    scene.measure(scene.goal(plan), gap={"category": "youth", "language": "so"})
    gaps.crowd(program, 20, "so")
    gap = scene.read(plan, scene.responsible, "/progress")["measures"][0]["gap"]
    assert (gap["baseline"]["waiting"]["value"], gap["now"]["waiting"]["value"]) == (20, 40)
    assert gap["baseline"]["places"] == 0, "the programme does not say that it is offered in Somali"
    assert gap["gap"] == {
        "category": "youth",
        "kind": None,
        "language": "so",
        "district": None,
        "municipalityCode": None,
    }


def test_what_is_said_of_the_whole_plan_is_apart(scene: Scene) -> None:
    plan, goal, measure = scene.adopted()
    scene.lead.made(f"/plans/{plan['id']}/comments", {"comment": "Vi börjar."})
    scene.responsible.made(f"/plan-measures/{measure['id']}/reports", {"comment": "Vi med."}, status=200)
    assert [one["comment"] for one in scene.read(plan, tail="/progress")["comments"]] == ["Vi börjar."]
    listed = scene.read(plan, tail="/comments")["items"]
    assert [(one["comment"], one["measureId"]) for one in listed] == [("Vi börjar.", None), ("Vi med.", measure["id"])]
    assert refused(scene.lead.post(f"/plans/{plan['id']}/comments", {"comment": ""})) == (422, "request.invalid")
    assert goal
