"""Is a plan drafted, adopted whole with its consequences for children, and changed only by a new version?"""

from typing import Any

import pytest

from app.domain.roles import Role
from tests.features.plans.scene import Scene, pointers, refused
from tests.world import World


@pytest.fixture(scope="module")
def scene(world: World) -> Scene:
    return Scene(world)


def test_a_plan_is_drafted_and_read(scene: Scene) -> None:
    body = scene.body(withPartnerIds=[str(scene.business)])
    made = scene.lead.post("/plans", body)
    assert made.status_code == 201
    found = scene.lead.get(made.headers["location"]).json()
    assert {name: found[name] for name in body} == body
    assert (found["status"], found["number"], found["partnerId"]) == ("draft", 1, str(scene.owner))
    assert (found["children"], found["goals"], found["measures"], found["decisions"]) == (None, [], [], [])
    listed = scene.lead.get(f"/plans?partnerId={scene.owner}&status=draft&limit=200").json()["items"]
    assert found["id"] in {one["id"] for one in listed}
    assert scene.lead.get("/plans?status=closed").json()["items"] == []


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"endsOn": "2026-03-01"}, "plan.period_invalid"),
        ({"withPartnerIds": ["0199c0de-7a11-7c3e-9d53-2f1b8c4e6a90"]}, "partner.unknown"),
        ({"title": "Rad\nbrytning"}, "request.invalid"),
        ({"purpose": ""}, "request.invalid"),
        ({"purpose": "Styr\u0007tecken"}, "request.invalid"),
        ({"purpose": "Anna 19811228-9874"}, "text.personnummer_refused"),
        ({"status": "decided"}, "request.invalid"),
    ],
)
def test_what_no_plan_can_be(scene: Scene, over: dict[str, Any], code: str) -> None:
    assert refused(scene.lead.post("/plans", scene.body(**over))) == (422, code)


def test_a_title_is_taken_once_and_a_retry_makes_one_plan(scene: Scene) -> None:
    body, key = scene.body(), {"Idempotency-Key": f"plan-{scene.world.number()}"}
    first, again = (scene.lead.post("/plans", body, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert refused(scene.lead.post("/plans", body)) == (409, "plan.title_taken")


def test_a_draft_is_changed_by_whoever_has_read_it(scene: Scene) -> None:
    plan = scene.plan()
    path = f"/plans/{plan['id']}"
    assert refused(scene.lead.call("PATCH", path, json={"title": "Ny"})) == (428, "request.if_match_required")
    title = f"Ny rubrik {scene.world.number()}"
    changed = scene.lead.patch(path, {"title": title, "children": "Barn får det bättre."})
    assert (changed.status_code, changed.json()["title"]) == (200, title)
    stale = scene.lead.patch(path, {"title": "Sen"}, headers={"If-Match": '"1"'})
    assert refused(stale) == (412, "resource.changed_meanwhile")
    assert refused(scene.lead.patch(path, {"purpose": None})) == (422, "request.invalid")
    same = scene.lead.patch(path, {"title": title})
    assert same.headers["ETag"] == changed.headers["ETag"], "nothing changed"
    assert refused(scene.lead.patch(path, {"endsOn": scene.day(-1)})) == (422, "plan.period_invalid")
    named = scene.lead.patch(path, {"withPartnerIds": [str(scene.business)]})
    assert named.json()["withPartnerIds"] == [str(scene.business)]


def test_a_shorter_period_must_hold_what_lies_in_it(scene: Scene) -> None:
    plan = scene.plan()
    goal = scene.goal(plan, dueOn=scene.day(2))
    scene.measure(goal)
    path = f"/plans/{plan['id']}"
    assert refused(scene.lead.patch(path, {"endsOn": scene.day(50)})) == (422, "plan.measure_outside_period")
    assert refused(scene.lead.patch(path, {"startsOn": scene.day(2)})) == (422, "plan.measure_outside_period")
    bare = scene.plan()
    scene.goal(bare, dueOn=scene.day(2))
    late = scene.lead.patch(f"/plans/{bare['id']}", {"startsOn": scene.day(3)})
    assert refused(late) == (422, "plan.goal_due_before_start")


def test_it_is_adopted_with_goals_and_with_what_it_means_for_children(scene: Scene) -> None:
    plan = scene.plan()
    path = f"/plans/{plan['id']}/decisions"
    assert refused(scene.lead.post(path, scene.decision())) == (409, "plan.children_missing")
    scene.lead.patch(f"/plans/{plan['id']}", {"children": "  \n "})
    assert refused(scene.lead.post(path, scene.decision())) == (409, "plan.children_missing")
    scene.lead.patch(f"/plans/{plan['id']}", {"children": "Föräldrars kontaktnät ger barn bättre villkor."})
    assert refused(scene.lead.post(path, scene.decision())) == (409, "plan.goals_missing")
    scene.goal(plan)
    adopted = scene.decide(plan, text="Planen antas.")
    assert adopted["status"] == "decided"
    (decision,) = adopted["decisions"]
    assert (decision["diaryNumber"], decision["kind"], decision["number"]) == ("AFN 2014/47", "adoption", 1)
    assert refused(scene.lead.post(path, scene.decision())) == (409, "plan.transition_not_allowed")


@pytest.mark.parametrize(
    ("over", "code", "pointer"),
    [
        ({"diaryNumber": "AFN\u00002014"}, "request.invalid", "/diaryNumber"),
        ({"diaryNumber": "AFN\u202e2014"}, "request.invalid", "/diaryNumber"),
        ({"diaryNumber": "AFN 2014\n47"}, "request.invalid", "/diaryNumber"),
        ({"diaryNumber": "x" * 41}, "request.invalid", "/diaryNumber"),
        ({"diaryNumber": ""}, "request.invalid", "/diaryNumber"),
        ({"decidedOn": "2026-03-03"}, "plan.decided_in_future", "/decidedOn"),
        ({"kind": "rejection"}, "request.invalid", "/kind"),
    ],
)
def test_what_no_decision_can_be(scene: Scene, over: dict[str, Any], code: str, pointer: str) -> None:
    response = scene.lead.post(f"/plans/{scene.plan()['id']}/decisions", scene.decision(**over))
    assert refused(response) == (422, code)
    assert pointers(response) == [pointer]


def test_the_problem_is_told_in_swedish(scene: Scene) -> None:
    path, swedish = f"/plans/{scene.plan()['id']}/decisions", {"Accept-Language": "sv"}
    refusal = scene.lead.post(path, scene.decision(), headers=swedish)
    assert refusal.json()["title"] == "Beskriv konsekvenserna för barn innan planen antas."


def test_a_decided_plan_stands(scene: Scene) -> None:
    plan, goal, measure = scene.adopted()
    path = f"/plans/{plan['id']}"
    refusals = [
        scene.lead.patch(path, {"title": "Annan"}),
        scene.lead.post(f"{path}/goals", {"text": "Nytt mål"}),
        scene.lead.patch(f"/plan-goals/{goal['id']}", {"text": "Annat mål"}),
        scene.lead.post(f"/plan-goals/{goal['id']}/withdrawal"),
        scene.lead.post(f"/plan-goals/{goal['id']}/measures", scene.measure_body()),
        scene.lead.patch(f"/plan-measures/{measure['id']}", {"text": "Annan åtgärd"}),
        scene.lead.post(f"/plan-measures/{measure['id']}/withdrawal"),
    ]
    assert {refused(one) for one in refusals} == {(409, "plan.not_draft")}
    assert scene.read(plan) == plan


def test_a_new_version_is_drafted_and_each_is_kept_whole(scene: Scene) -> None:
    plan, goal, measure = scene.adopted()
    path = f"/plans/{plan['id']}"
    draft = scene.lead.made(f"{path}/revisions", status=200)
    assert (draft["status"], draft["number"]) == ("draft", 2)
    assert refused(scene.lead.post(f"{path}/revisions")) == (409, "plan.transition_not_allowed")
    scene.lead.made(f"/plan-goals/{goal['id']}/withdrawal", status=200)
    assert scene.lead.get(f"{path}").json()["measures"] == []
    other = scene.goal(plan, text="Ett annat mål", number=None, unit=None)
    scene.decide(plan, diaryNumber="AFN 2015/3")
    first, second = scene.read(plan, tail="/versions")["items"]
    assert (first["number"], second["number"]) == (1, 2)
    assert first["content"] == plan
    assert [one["id"] for one in first["content"]["measures"]] == [measure["id"]]
    assert [one["id"] for one in second["content"]["goals"]] == [other["id"]]
    assert [one["diaryNumber"] for one in second["content"]["decisions"]] == ["AFN 2014/47", "AFN 2015/3"]
    for path in (f"/plan-goals/{goal['id']}", f"/plan-measures/{measure['id']}"):
        assert scene.lead.get(path).status_code == 200


def test_it_is_followed_up_and_closed(scene: Scene) -> None:
    plan, goal, measure = scene.adopted()
    path = f"/plans/{plan['id']}"
    assert scene.decide(plan, "commission", diaryNumber="AFN 2013/9")["status"] == "decided"
    assert scene.decide(plan, "followUp")["status"] == "followedUp"
    assert scene.decide(plan, "followUp")["status"] == "followedUp", "once a year"
    assert scene.decide(plan, "closing")["status"] == "closed"
    for kind in ("commission", "adoption"):
        assert refused(scene.lead.post(f"{path}/decisions", scene.decision(kind))) == (409, "plan.closed")
    refusals = [
        scene.lead.post(f"{path}/comments", {"comment": "Mer?"}),
        scene.lead.post(f"/plan-goals/{goal['id']}/reports", {"reached": 3}),
        scene.responsible.post(f"/plan-measures/{measure['id']}/reports", {"status": "done"}),
    ]
    assert {refused(one) for one in refusals} == {(409, "plan.closed")}
    assert refused(scene.lead.post(f"{path}/revisions")) == (409, "plan.transition_not_allowed")


def test_two_adoptions_at_once_keep_one_version(scene: Scene) -> None:
    plan = scene.plan(children="Barn får det bättre.")
    scene.goal(plan)
    key = {"Idempotency-Key": f"adopt-{scene.world.number()}"}
    path = f"/plans/{plan['id']}/decisions"
    answers = [scene.lead.post(path, scene.decision(), headers=key) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert len(scene.read(plan, tail="/versions")["items"]) == 1


def test_everything_is_in_the_log(scene: Scene) -> None:
    plan, goal, measure = scene.adopted()
    scene.responsible.made(f"/plan-measures/{measure['id']}/reports", {"status": "ongoing"}, status=200)
    scene.lead.made(f"/plan-goals/{goal['id']}/reports", {"reached": 4}, status=200)
    scene.responsible.made(f"/plans/{plan['id']}/comments", {"comment": "Bra."})
    kinds, cursor = [], ""
    while True:
        found = scene.responsible.get(f"/changes?limit=200{cursor}").json()
        kinds += [one["kind"] for one in found["items"] if one["subjectId"] in {plan["id"], goal["id"], measure["id"]}]
        if not found["hasMore"]:
            break
        cursor = f"&cursor={found['nextCursor']}"
    assert kinds == [
        "plan.created",
        "planGoal.added",
        "planMeasure.added",
        "plan.decided",
        "planMeasure.reported",
        "planGoal.reported",
        "plan.commented",
    ]


def test_a_service_drafts_and_no_service_decides(scene: Scene) -> None:
    scopes = ["plan:read", "plan:create", "plan:update", "plan:decide"]
    service = scene.world.client(Role.SERVICE, scene.owner, scopes)
    plan = service.made("/plans", scene.body(children="Barn får det bättre."))
    assert refused(service.post(f"/plans/{plan['id']}/decisions", scene.decision())) == (
        403,
        "access.role_not_permitted",
    )
