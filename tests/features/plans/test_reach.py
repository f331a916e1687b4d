"""Who reads a plan, who changes it, and who reports on it?"""

from typing import Any

import pytest

from app.domain.roles import Role
from tests.features.plans.scene import Scene, refused
from tests.world import Client, World


@pytest.fixture(scope="module")
def scene(world: World) -> Scene:
    return Scene(world)


def titles(client: Client) -> set[str]:
    return {one["title"] for one in client.get("/plans?limit=200").json()["items"]}


def test_a_draft_is_for_its_owner_and_those_it_names(scene: Scene) -> None:
    plan = scene.plan(withPartnerIds=[str(scene.business)])
    goal = scene.goal(plan)
    path = f"/plans/{plan['id']}"
    company = scene.world.client(Role.CASE_HANDLER, scene.business)
    assert scene.responsible.get(path).status_code == 404, "not named yet"
    measure = scene.measure(goal)
    places = (path, f"{path}/progress", f"/plan-goals/{goal['id']}", f"/plan-measures/{measure['id']}", f"{path}/page")
    for client in (scene.lead, company, scene.responsible):
        assert {client.get(one).status_code for one in places} == {200}
        assert plan["title"] in titles(client)
    assert {scene.stranger.get(one).status_code for one in places} == {404}
    assert plan["title"] not in titles(scene.stranger)
    scene.lead.made(f"/plan-measures/{measure['id']}/withdrawal", status=200)
    assert scene.responsible.get(path).status_code == 404, "no longer responsible for anything"


def test_published_means_read_by_all_staff_as_it_was_adopted(scene: Scene) -> None:
    plan, goal, measure = scene.adopted()
    path = f"/plans/{plan['id']}"
    draft = scene.plan()
    body = {"isPublished": True}
    assert refused(scene.lead.post(f"/plans/{draft['id']}/publication", body)) == (409, "plan.not_decided")
    assert scene.stranger.get(path).status_code == 404
    published = scene.lead.made(f"{path}/publication", body, status=200)
    assert scene.lead.made(f"{path}/publication", body, status=200)["version"] == published["version"]
    for role in (Role.COORDINATOR, Role.CASE_HANDLER, Role.PARTNER_ADMINISTRATOR, Role.EVALUATOR):
        assert scene.world.client(role, scene.world.partner()).get(path).json()["title"] == plan["title"]
    for role in (Role.MENTOR, Role.MENTEE, Role.SYSTEM_ADMINISTRATOR):
        assert refused(scene.world.client(role, scene.world.partner()).get(path)) == (403, "access.role_not_permitted")
    scene.lead.made(f"{path}/revisions", status=200)
    scene.lead.patch(f"/plan-goals/{goal['id']}", {"text": "Ett hemligt utkast"})
    scene.lead.patch(path, {"title": f"Hemlig rubrik {scene.world.number()}"})
    seen = scene.read(plan, scene.stranger)
    assert (seen["goals"][0]["text"], seen["status"], seen["isPublished"]) == (
        "Fler platser för kvinnor",
        "decided",
        True,
    )
    owner = f"partnerId={scene.owner}&limit=200"
    for client, status in ((scene.stranger, "decided"), (scene.lead, "draft")):
        for asked in ("decided", "draft"):
            found = client.get(f"/plans?{owner}&status={asked}").json()["items"]
            assert {one["status"] for one in found} <= {asked}
            assert (plan["id"] in {one["id"] for one in found}) == (asked == status), "filtered by what is shown"
    free = scene.world.client(Role.EVALUATOR)
    assert scene.read(plan, free) == seen, "also somebody without a partner"
    assert plan["title"] in titles(scene.stranger)
    for tail in ("", "/progress", "/page", "/versions"):
        told = scene.stranger.get(f"{path}{tail}")
        assert (told.status_code, "emlig" in told.text) == (200, False), tail
    assert "hemligt" in scene.lead.get(f"{path}/progress").text
    for part in (f"/plan-goals/{goal['id']}", f"/plan-measures/{measure['id']}"):
        assert scene.stranger.get(part).status_code == 404
    scene.decide(plan)
    assert scene.read(plan, scene.stranger)["goals"][0]["text"] == "Ett hemligt utkast"
    assert scene.stranger.get(f"/plan-goals/{goal['id']}").status_code == 200
    scene.lead.made(f"{path}/publication", {"isPublished": False}, status=200)
    assert scene.stranger.get(path).status_code == 404


def test_the_responsible_partner_reports_on_its_own_measures_and_changes_nothing_else(scene: Scene) -> None:
    plan, goal, measure = scene.adopted()
    path = f"/plan-measures/{measure['id']}"
    draft = scene.plan()
    other = scene.measure(scene.goal(draft), responsiblePartnerId=str(scene.business))
    also = scene.measure(scene.goal(draft))
    reported = scene.responsible.made(f"{path}/reports", {"status": "ongoing", "comment": "Vi är i gång."}, status=200)
    assert reported["status"] == "ongoing"
    report: dict[str, Any] = {"status": "done"}
    refusals = [
        scene.responsible.post(f"/plan-measures/{other['id']}/reports", report),
        scene.responsible.post(f"/plan-goals/{goal['id']}/reports", {"reached": 1}),
        scene.responsible.patch(f"/plan-measures/{also['id']}", {"text": "Annat"}, headers={"If-Match": "*"}),
        scene.responsible.patch(f"/plans/{draft['id']}", {"title": "Annat"}, headers={"If-Match": "*"}),
        scene.responsible.post(f"/plans/{plan['id']}/decisions", scene.decision("closing")),
        scene.responsible.post(f"/plans/{plan['id']}/publication", {"isPublished": True}),
        scene.responsible.post(f"/plans/{plan['id']}/goals", {"text": "Mål"}),
    ]
    assert {refused(one) for one in refusals} == {(403, "access.duty_not_held")}
    handler = scene.world.client(Role.CASE_HANDLER, scene.association)
    assert handler.made(f"{path}/reports", {"comment": "Nio personer."}, status=200)["status"] == "ongoing"
    administrator = scene.world.client(Role.PARTNER_ADMINISTRATOR, scene.association)
    assert refused(administrator.post(f"{path}/reports", report)) == (403, "access.role_not_permitted")
    assert scene.stranger.post(f"{path}/reports", report).status_code == 404


def test_comments_are_for_the_owner_and_those_named(scene: Scene) -> None:
    plan, *_ = scene.adopted()
    path = f"/plans/{plan['id']}/comments"
    scene.lead.made(f"/plans/{plan['id']}/publication", {"isPublished": True}, status=200)
    said = scene.responsible.post(path, {"comment": "Vi behöver fler mentorer."})
    assert (said.status_code, said.json()["saidByPartnerId"]) == (201, str(scene.association))
    assert refused(scene.stranger.post(path, {"comment": "Vi med."})) == (403, "access.duty_not_held")
    seen = scene.stranger.get(path).json()["items"]
    assert [(one["comment"], one["measureId"]) for one in seen] == [("Vi behöver fler mentorer.", None)]


def test_programmes_that_somebody_may_not_see_are_not_told_to_them(scene: Scene) -> None:
    hidden = scene.world.program(scene.owner, is_published=False)
    shown = scene.world.program(scene.owner)
    plan = scene.plan(children="Barn får det bättre.")
    goal = scene.goal(plan)
    measure = scene.measure(goal, programIds=[str(hidden), str(shown)])
    assert measure["programIds"] == [str(hidden), str(shown)]
    scene.decide(plan)
    for body in (
        scene.read(plan, scene.responsible),
        scene.read(plan, scene.responsible, "/versions")["items"][0]["content"],
    ):
        assert body["measures"][0]["programIds"] == [str(shown)]
    assert scene.responsible.get(f"/plan-measures/{measure['id']}").json()["programIds"] == [str(shown)]
    assert scene.read(plan)["measures"][0]["programIds"] == [str(hidden), str(shown)]
