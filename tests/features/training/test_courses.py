"""Who sees and writes courses, and are their versions numbered?"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.domain.roles import Role
from tests.features.training.school import COURSE, open_school, refusal
from tests.world import World

VERSION = {name: COURSE[name] for name in ("language", "description", "topics", "minutes")}
NOWHERE = "0199c0de-0000-7000-8000-000000000000"


def test_a_course_begins_with_its_first_version(world: World) -> None:
    school = open_school(world)
    response = school.lead.post(f"/partners/{school.trainer_id}/courses", COURSE)
    made = response.json()
    assert (response.status_code, response.headers["Location"]) == (201, f"/mentorskap/v1/courses/{made['id']}")
    assert {name: made["latest"][name] for name in VERSION} == VERSION
    assert (made["title"], made["isShared"], made["isActive"], made["latest"]["number"]) == (
        COURSE["title"],
        False,
        True,
        1,
    )
    assert school.lead.get(f"/courses/{made['id']}").json() == made
    assert school.lead.get(f"/course-versions/{made['latest']['id']}").json() == made["latest"]
    assert school.scene.kinds(f"/courses/{made['id']}") == ["course.created"]
    assert school.scene.kinds(f"/x/{made['latest']['id']}") == ["courseVersion.published"]
    again = school.lead.post(f"/partners/{school.trainer_id}/courses", COURSE)
    assert refusal(again) == (409, "course.title_taken")


def test_versions_follow_each_other_also_at_the_same_moment(world: World) -> None:
    school = open_school(world)
    course = school.course()
    path = f"/courses/{course['id']}/versions"
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda minutes: school.lead.post(path, {**VERSION, "minutes": minutes}), range(60, 64)))
    assert {response.status_code for response in made} == {201}
    listed = school.lead.get(path).json()["items"]
    assert [version["number"] for version in listed] == [1, 2, 3, 4, 5]
    latest = school.lead.get(f"/courses/{course['id']}").json()["latest"]
    assert latest == listed[-1]
    found = school.lead.get(f"/courses?partnerId={school.trainer_id}").json()
    assert [(one["id"], one["latest"]["number"]) for one in found["items"]] == [(course["id"], 5)]


def test_courses_are_listed_by_title_and_page(world: World) -> None:
    school = open_school(world)
    made = [school.course(title=title) for title in ("C-kurs", "A-kurs", "B-kurs")]
    path = f"/courses?partnerId={school.trainer_id}"
    listed = school.lead.get(f"{path}&limit=2").json()
    assert [course["title"] for course in listed["items"]] == ["A-kurs", "B-kurs"]
    assert listed["meta"]["totalCount"] == 3
    assert [course["id"] for course in school.lead.get(f"{path}&limit=2&page=2").json()["items"]] == [made[0]["id"]]
    assert school.lead.get("/courses").json()["meta"]["totalCount"] >= 3


@pytest.mark.parametrize(
    ("over", "code", "pointer"),
    [
        ({"title": "Kurs för 19811228-9874"}, "text.personnummer_refused", "/title"),
        ({"description": "Ring 19811228-9874"}, "text.personnummer_refused", "/description"),
        ({"title": "Två\nrader"}, "field.invalid", "/title"),
        ({"topics": []}, "field.invalid", "/topics"),
        ({"topics": ["roles", "roles"]}, "field.invalid", "/topics"),
        ({"minutes": 0}, "field.invalid", "/minutes"),
        ({"minutes": 10_001}, "field.invalid", "/minutes"),
        ({"language": "svenska"}, "field.too_long", "/language"),
        ({"number": 7}, "field.unknown", "/number"),
    ],
)
def test_bad_courses_are_refused(world: World, over: dict[str, Any], code: str, pointer: str) -> None:
    school = open_school(world)
    response = school.lead.post(f"/partners/{school.trainer_id}/courses", {**COURSE, **over})
    assert response.status_code == 422
    assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == [(code, pointer)]
    assert school.lead.get(f"/courses?partnerId={school.trainer_id}").json()["items"] == []


def test_a_course_is_changed_shared_and_retired(world: World) -> None:
    school = open_school(world)
    course, other = school.course(), school.course()
    path = f"/courses/{course['id']}"
    changed = school.lead.patch(path, {"title": "Ny titel", "isShared": True, "isActive": False}).json()
    assert (changed["title"], changed["isShared"], changed["isActive"], changed["version"]) == (
        "Ny titel",
        True,
        False,
        2,
    )
    assert school.lead.patch(path, {"isShared": True}).json()["version"] == 2, "nothing changed, nothing recorded"
    assert school.scene.kinds(path) == ["course.created", "course.updated"]
    assert refusal(school.lead.patch(path, {"title": other["title"]})) == (409, "course.title_taken")
    assert refusal(school.lead.patch(path, {"title": None})) == (422, "request.invalid")
    assert refusal(school.lead.patch(path, {"title": "19811228-9874"})) == (422, "text.personnummer_refused")
    assert refusal(school.lead.patch(path, {"isActive": True}, headers={})) == (428, "request.if_match_required")
    published = school.lead.post(f"{path}/versions", {**VERSION, "description": "19811228-9874"})
    assert refusal(published) == (422, "text.personnummer_refused")


def test_a_course_of_another_is_not_there_until_it_is_shared(world: World) -> None:
    school = open_school(world)
    course = school.course()
    session = school.session(course)
    paths = [
        f"/courses/{course['id']}",
        f"/courses/{course['id']}/versions",
        f"/courses/{course['id']}/training-sessions",
        f"/course-versions/{course['latest']['id']}",
        f"/training-sessions/{session['id']}",
        f"/training-sessions/{session['id']}/attendances",
    ]
    stranger = world.client(Role.COORDINATOR, world.partner())
    own_mentee, _ = school.scene.themself()
    for client in (stranger, own_mentee, school.scene.owner):
        hidden, nothing = (client.get(path) for path in (paths[0], f"/courses/{NOWHERE}"))
        assert hidden.status_code == nothing.status_code == 404
        assert hidden.json()["title"] == nothing.json()["title"]
        assert {client.get(path).status_code for path in paths} == {404}
        assert client.get(f"/courses?partnerId={school.trainer_id}").json()["meta"]["totalCount"] == 0
    sessions = f"/partners/{school.trainer_id}/training-sessions"
    assert stranger.get(sessions).json()["items"] == []
    assert course["id"] not in stranger.get("/changes?limit=200").text
    assert {school.lead.get(path).status_code for path in paths} == {200}
    assert [one["id"] for one in school.lead.get(sessions).json()["items"]] == [session["id"]]

    school.lead.patch(paths[0], {"isShared": True})
    for client in (stranger, own_mentee):
        assert {client.get(path).status_code for path in paths} == {200}
    assert [one["id"] for one in stranger.get(sessions).json()["items"]] == [session["id"]]


def test_a_course_in_a_curriculum_is_seen_by_who_sees_the_program(world: World) -> None:
    school = open_school(world, is_published=False)
    course = school.course()
    path = f"/courses/{course['id']}"
    clients = [school.scene.owner, world.client(Role.COORDINATOR, school.scene.recruiter_id)]
    stranger = world.client(Role.COORDINATOR, world.partner())
    assert {client.get(path).status_code for client in (*clients, stranger)} == {404}
    school.add(course)
    assert {client.get(path).status_code for client in clients} == {200}
    assert stranger.get(path).status_code == 404
    open_school_course = open_school(world).taught()
    assert stranger.get(f"/courses/{open_school_course['id']}").status_code == 200, "a published program's"


def test_only_the_organisation_that_owns_it_writes_a_course(world: World) -> None:
    school = open_school(world)
    course = school.course(isShared=True)
    stranger = world.client(Role.COORDINATOR, world.partner())
    path = f"/courses/{course['id']}"
    assert refusal(stranger.patch(path, {"isShared": False})) == (403, "access.duty_not_held")
    assert refusal(stranger.post(f"{path}/versions", VERSION)) == (403, "access.duty_not_held")
    elsewhere = stranger.post(f"/partners/{school.trainer_id}/courses", {**COURSE, "title": "Främmande"})
    assert refusal(elsewhere) == (403, "access.duty_not_held")
    handler = school.scene.screener
    assert refusal(handler.post(f"/partners/{school.trainer_id}/courses", COURSE)) == (403, "access.role_not_permitted")
    mentee, _ = school.scene.themself()
    assert refusal(mentee.patch(path, {"isShared": False})) == (403, "access.role_not_permitted")
