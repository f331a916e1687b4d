"""Who holds training sessions, and which changes do they take?"""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.roles import Role
from tests.features.training.school import START, School, open_school, refusal
from tests.world import Client, World

NOWHERE = "0199c0de-0000-7000-8000-000000000000"


def plan(school: School, client: Client, version_id: str, partner_id: Any = None, **over: Any) -> Any:
    body = {
        "courseVersionId": version_id,
        "startsAt": "2026-03-10T17:00:00+01:00",
        "endsAt": "2026-03-10T19:00:00+01:00",
        "mode": "video",
        **over,
    }
    return client.post(f"/partners/{partner_id or school.trainer_id}/training-sessions", body)


def test_a_session_is_planned_and_found(world: World) -> None:
    school = open_school(world)
    course = school.course()
    response = plan(school, school.scene.screener, course["latest"]["id"], places=12)
    made = response.json()
    path = f"/training-sessions/{made['id']}"
    assert (response.status_code, response.headers["Location"]) == (201, f"/mentorskap/v1{path}")
    assert (made["startsAt"], made["endsAt"]) == ("2026-03-10T16:00:00.000000Z", "2026-03-10T18:00:00.000000Z")
    assert (made["courseId"], made["status"], made["places"]) == (course["id"], "planned", 12)
    earlier = school.session(course)
    for address in (f"/partners/{school.trainer_id}", f"/courses/{course['id']}"):
        listed = school.lead.get(f"{address}/training-sessions").json()["items"]
        assert [one["id"] for one in listed] == [earlier["id"], made["id"]]
        assert school.lead.get(f"{address}/training-sessions?status=held").json()["items"] == []
    assert school.lead.get(path).json() == made
    assert school.scene.kinds(path) == ["session.planned"]


def test_a_partner_gives_what_is_its_own_shared_or_taught_in_its_programs(world: World) -> None:
    school, elsewhere = open_school(world), open_school(world)
    hidden, shared = elsewhere.course(), elsewhere.course(isShared=True)
    trainer = school.scene.screener
    for version_id in (hidden["latest"]["id"], NOWHERE):
        assert refusal(plan(school, trainer, version_id)) == (422, "course.version_unknown")
    assert plan(school, trainer, shared["latest"]["id"]).status_code == 201
    # Whoever trains in the program gives its courses; whoever merely sees the program does not.
    taught = elsewhere.taught()
    assert refusal(plan(school, trainer, taught["latest"]["id"])) == (422, "course.version_unknown")
    founded = world.program(school.trainer_id, is_published=False)
    entry = {"courseId": shared["id"], "side": "mentor"}
    school.lead.made(f"/programs/{founded}/curriculum", entry)
    elsewhere.lead.patch(f"/courses/{shared['id']}", {"isShared": False})
    assert plan(school, trainer, shared["latest"]["id"]).status_code == 201
    elsewhere.lead.patch(f"/courses/{shared['id']}", {"isActive": False})
    assert refusal(plan(school, trainer, shared["latest"]["id"])) == (409, "course.inactive")


@pytest.mark.parametrize(
    ("over", "code", "pointer"),
    [
        ({"endsAt": "2026-03-10T16:00:00Z"}, "session.period_invalid", "/endsAt"),
        ({"endsAt": "2026-03-15T16:00:01Z"}, "session.period_invalid", "/endsAt"),
        ({"startsAt": "0001-01-01T00:00:00+05:00"}, "field.invalid", "/startsAt"),
        ({"endsAt": "9999-12-31T23:59:59-05:00"}, "field.invalid", "/endsAt"),
        ({"startsAt": "2026-03-10T17:00:00"}, "field.invalid", "/startsAt"),
        ({"places": 0}, "field.invalid", "/places"),
        ({"place": "Hos 19811228-9874"}, "text.personnummer_refused", "/place"),
        ({"place": "x" * 201}, "field.too_long", "/place"),
        ({"status": "held"}, "field.unknown", "/status"),
    ],
)
def test_bad_sessions_are_refused(world: World, over: dict[str, Any], code: str, pointer: str) -> None:
    school = open_school(world)
    course = school.course()
    response = plan(school, school.scene.screener, course["latest"]["id"], **over)
    assert response.status_code == 422
    assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == [(code, pointer)]
    assert school.lead.get(f"/courses/{course['id']}/training-sessions").json()["items"] == []


def test_a_planned_session_is_changed(world: World) -> None:
    school = open_school(world)
    session = school.session(school.course(), hours=24, places=3)
    path = f"/training-sessions/{session['id']}"
    later = (START + timedelta(days=3)).isoformat()
    body = {"endsAt": later, "place": "", "mode": "phone", "places": None}
    changed = school.scene.screener.patch(path, body).json()
    assert (changed["place"], changed["mode"], changed["places"]) == ("", "phone", None)
    assert school.scene.screener.patch(path, {"mode": "phone"}).json()["version"] == 2
    bad: list[dict[str, Any]] = [{"startsAt": later}, {"endsAt": None}, {"place": "19811228-9874"}]
    codes = [refusal(school.scene.screener.patch(path, one))[1] for one in bad]
    assert codes == ["session.period_invalid", "request.invalid", "text.personnummer_refused"]
    assert school.scene.kinds(path) == ["session.planned", "session.updated"]


def test_a_cancelled_session_stays_so(world: World) -> None:
    school = open_school(world)
    session = school.session(school.course(), hours=24)
    path = f"/training-sessions/{session['id']}"
    assert school.scene.screener.made(f"{path}/cancellation", status=200)["status"] == "cancelled"
    again = school.scene.screener.post(f"{path}/cancellation")
    assert refusal(again) == (409, "session.transition_not_allowed")
    assert refusal(school.scene.screener.patch(path, {"place": "Annanstans"})) == (409, "session.not_planned")


def test_only_the_holder_changes_a_session(world: World) -> None:
    school = open_school(world)
    session = school.session(school.course(isShared=True), hours=24)
    path = f"/training-sessions/{session['id']}"
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    assert stranger.get(path).status_code == 200
    assert refusal(stranger.patch(path, {"place": "Hos oss"})) == (403, "access.duty_not_held")
    assert refusal(stranger.post(f"{path}/cancellation")) == (403, "access.duty_not_held")
    elsewhere = plan(school, stranger, session["courseVersionId"])
    assert refusal(elsewhere) == (403, "access.duty_not_held")
    mentee, _ = school.scene.themself()
    assert refusal(mentee.post(f"{path}/cancellation")) == (403, "access.role_not_permitted")
