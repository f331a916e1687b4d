"""Do goals and measures lie where they may, name only what there is, and keep the baseline of their gap?"""

from typing import Any

import pytest

from app.domain.glossary import Category, Sector
from app.features.partners.tables import Partner
from app.features.plans.actions import decisions, goals, measures
from tests.features.gaps.scene import Scene as Gaps
from tests.features.plans.scene import Scene, pointers, refused
from tests.world import World

NOBODY = "0199c0de-7a11-7c3e-9d53-2f1b8c4e6a90"


@pytest.fixture(scope="module")
def scene(world: World) -> Scene:
    return Scene(world)


def test_a_goal_is_added_changed_and_taken_out(scene: Scene) -> None:
    plan = scene.plan()
    body = {"text": "Fler mentorer", "number": 12, "unit": "mentorer", "dueOn": scene.day(800)}
    made = scene.lead.post(f"/plans/{plan['id']}/goals", body)
    assert made.status_code == 201
    path = made.headers["location"]
    assert {name: scene.lead.get(path).json()[name] for name in body} == body
    assert scene.lead.patch(path, {"number": None, "unit": None}).json()["number"] is None
    assert refused(scene.lead.patch(path, {"text": None})) == (422, "request.invalid")
    assert refused(scene.lead.patch(path, {"number": 3})) == (422, "plan.goal_unit_missing")
    tag = scene.lead.get(path).headers["ETag"]
    assert scene.lead.patch(path, {"text": "Fler mentorer"}).headers["ETag"] == tag, "nothing changed"
    assert scene.lead.post(f"{path}/withdrawal").status_code == 200
    assert scene.read(plan)["goals"] == []
    for refusal in (
        scene.lead.post(f"{path}/withdrawal"),
        scene.lead.patch(path, {"text": "Igen"}),
        scene.lead.post(f"{path}/measures", scene.measure_body()),
        scene.lead.post(f"{path}/reports", {"reached": 1}),
    ):
        assert refused(refusal) == (409, "plan.withdrawn")


@pytest.mark.parametrize(
    ("over", "code", "pointer"),
    [
        ({"number": 3}, "plan.goal_unit_missing", "/unit"),
        ({"unit": "platser"}, "plan.goal_unit_missing", "/number"),
        ({"dueOn": "2026-03-01"}, "plan.goal_due_before_start", "/dueOn"),
        ({"number": -1, "unit": "platser"}, "request.invalid", "/number"),
        ({"number": 1.5, "unit": "platser"}, "request.invalid", "/number"),
        ({"text": ""}, "request.invalid", "/text"),
    ],
)
def test_what_no_goal_can_be(scene: Scene, over: dict[str, Any], code: str, pointer: str) -> None:
    response = scene.lead.post(f"/plans/{scene.plan()['id']}/goals", {"text": "Mål", **over})
    assert refused(response) == (422, code)
    assert pointers(response) == [pointer]


@pytest.mark.parametrize(
    ("over", "code", "pointer"),
    [
        ({"startsOn": "2026-06-02", "dueOn": "2026-06-01"}, "plan.measure_due_before_start", "/dueOn"),
        ({"startsOn": "2026-03-01"}, "plan.measure_outside_period", "/startsOn"),
        ({"dueOn": "2027-03-03"}, "plan.measure_outside_period", "/dueOn"),
        ({"responsiblePartnerId": NOBODY}, "partner.unknown", "/responsiblePartnerId"),
        ({"programIds": [NOBODY]}, "plan.program_unknown", "/programIds/0"),
        ({"programIds": [NOBODY, NOBODY]}, "request.invalid", "/programIds"),
        ({"gap": {}}, "plan.gap_empty", "/gap"),
        ({"gap": {"category": "men"}}, "request.invalid", "/gap/category"),
        ({"gap": {"district": "Rad\nbrytning"}}, "request.invalid", "/gap/district"),
    ],
)
def test_what_no_measure_can_be(scene: Scene, over: dict[str, Any], code: str, pointer: str) -> None:
    goal = scene.goal(scene.plan())
    response = scene.lead.post(f"/plan-goals/{goal['id']}/measures", scene.measure_body(**over))
    assert refused(response) == (422, code)
    assert pointers(response) == [pointer]
    measure = scene.measure(goal)
    changed = scene.lead.patch(f"/plan-measures/{measure['id']}", over)
    assert refused(changed) == (422, code)
    assert scene.lead.get(f"/plan-measures/{measure['id']}").json() == measure


def test_a_programme_that_the_caller_may_not_see_is_as_one_that_there_is_not(scene: Scene) -> None:
    hidden = scene.world.program(scene.association, is_published=False)
    shown = scene.world.program(scene.association)
    goal = scene.goal(scene.plan())
    body = scene.measure_body(programIds=[str(shown), str(hidden)])
    response = scene.lead.post(f"/plan-goals/{goal['id']}/measures", body)
    assert (refused(response), pointers(response)) == ((422, "plan.program_unknown"), ["/programIds/1"])


def test_an_inactive_partner_is_responsible_for_nothing(scene: Scene) -> None:
    gone = scene.world.add(Partner(name=f"Borta {scene.world.number()}", sector=Sector.BUSINESS, is_active=False))
    goal = scene.goal(scene.plan())
    body = scene.measure_body(responsiblePartnerId=str(gone.id))
    assert refused(scene.lead.post(f"/plan-goals/{goal['id']}/measures", body)) == (422, "partner.unknown")


def test_a_measure_is_changed_and_taken_out_of_a_draft(scene: Scene) -> None:
    plan = scene.plan()
    measure = scene.measure(scene.goal(plan))
    path = f"/plan-measures/{measure['id']}"
    changed = scene.lead.patch(path, {"responsiblePartnerId": str(scene.business), "dueOn": scene.day(30)})
    assert (changed.json()["responsiblePartnerId"], changed.json()["dueOn"]) == (str(scene.business), scene.day(30))
    assert scene.responsible.get(path).status_code == 404, "no longer named"
    assert scene.lead.patch(path, {"dueOn": scene.day(30)}).headers["ETag"] == changed.headers["ETag"]
    assert refused(scene.lead.patch(path, {"text": "x"}, headers={"If-Match": '"99"'}))[0] == 412
    assert scene.lead.post(f"{path}/withdrawal").status_code == 200
    assert scene.read(plan)["measures"] == []
    for refusal in (
        scene.lead.post(f"{path}/withdrawal"),
        scene.lead.patch(path, {"text": "Igen"}),
        scene.lead.post(f"{path}/reports", {"status": "done"}),
    ):
        assert refused(refusal) == (409, "plan.withdrawn")


def test_a_linked_gap_keeps_its_numbers_as_anybody_may_have_them(scene: Scene) -> None:
    gaps = Gaps(scene.world)
    program = gaps.program(Category.WOMEN_WITH_IMMIGRANT_BACKGROUND, 18)
    gaps.crowd(program, 31, "ti")
    few = gaps.program(Category.OTHER)
    gaps.crowd(few, 3)
    goal = scene.goal(scene.plan())
    measure = scene.measure(goal, gap={"category": "womenWithImmigrantBackground", "language": "ti"})
    assert measure["gap"]["language"] == "ti"
    assert measure["baseline"]["waiting"]["value"] in {30, 35}
    assert measure["baseline"]["waiting"]["isRounded"]
    assert measure["baseline"]["oldestWaitingDays"] is None
    assert measure["baselineOn"] == scene.day(0)
    path = f"/plan-measures/{measure['id']}"
    other = scene.lead.patch(path, {"gap": {"category": "other"}}).json()
    assert (other["baseline"]["waiting"]["value"], other["baseline"]["waiting"]["isProtected"]) == (None, True)
    cleared = scene.lead.patch(path, {"gap": None}).json()
    assert (cleared["gap"], cleared["baseline"], cleared["baselineOn"]) == (None, None, None)


def test_a_plan_holds_so_many_parts(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = scene.plan()
    goal = scene.goal(plan)
    scene.measure(goal)
    monkeypatch.setattr(goals, "MOST_GOALS", 1)
    monkeypatch.setattr(measures, "MOST_MEASURES", 1)
    monkeypatch.setattr(decisions, "MOST_DECISIONS", 0)
    commission = scene.decision("commission")
    assert refused(scene.lead.post(f"/plans/{plan['id']}/decisions", commission)) == (409, "plan.too_many_parts")
    assert refused(scene.lead.post(f"/plans/{plan['id']}/goals", {"text": "Ett till"})) == (409, "plan.too_many_parts")
    body = scene.measure_body()
    assert refused(scene.lead.post(f"/plan-goals/{goal['id']}/measures", body)) == (409, "plan.too_many_parts")
