"""Who decides what each side of a program learns?"""

from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from tests.features.training.school import COURSE, duties, open_school, refusal
from tests.world import World

NOWHERE = "0199c0de-0000-7000-8000-000000000000"


def test_a_curriculum_holds_courses_for_each_side(world: World) -> None:
    school = open_school(world)
    path = f"/programs/{school.scene.program_id}/curriculum"
    course, other = school.course(), school.course()
    mentees = school.add(course)
    mentors, offered = school.add(course, "mentor"), school.add(other, "mentor", is_required=False)
    anyone, _ = school.scene.themself()
    assert anyone.get(path).json()["items"] == [mentees, mentors, offered]
    assert (mentees["title"], mentees["isRequired"], offered["isRequired"]) == (course["title"], True, False)
    listed = anyone.get(f"{path}?side=mentor&limit=1").json()
    assert (listed["items"], listed["meta"]["totalCount"]) == ([mentors], 2)
    assert anyone.get(f"/curriculum-courses/{mentees['id']}").json() == mentees
    assert "curriculum.changed" in school.scene.kinds(f"/programs/{school.scene.program_id}")
    again = school.lead.post(path, {"courseId": course["id"], "side": "mentee"})
    assert refusal(again) == (409, "course.already_in_curriculum")


def test_a_course_is_required_offered_and_taken_out(world: World) -> None:
    school = open_school(world)
    entry = school.add(school.course())
    path = f"/curriculum-courses/{entry['id']}"
    assert school.lead.patch(path, {"isRequired": False}).json()["isRequired"] is False
    assert school.lead.patch(path, {}).json()["version"] == 2
    assert refusal(school.lead.patch(path, {"isRequired": None})) == (422, "request.invalid")
    assert refusal(school.lead.call("DELETE", path)) == (428, "request.if_match_required")
    tag = school.lead.get(path).headers["ETag"]
    gone = school.lead.call("DELETE", path, headers={"If-Match": tag})
    assert (gone.status_code, gone.content) == (204, b"")
    assert school.lead.get(path).status_code == 404
    assert school.lead.get(f"/programs/{school.scene.program_id}/curriculum").json()["items"] == []
    assert school.scene.kinds(f"/programs/{school.scene.program_id}").count("curriculum.changed") == 3


def test_only_an_own_or_shared_active_course_is_taken(world: World) -> None:
    school, elsewhere = open_school(world), open_school(world)
    path = f"/programs/{school.scene.program_id}/curriculum"
    foreign, retired = elsewhere.course(), school.course()
    for course_id in (foreign["id"], NOWHERE):
        assert refusal(school.lead.post(path, {"courseId": course_id, "side": "mentee"})) == (422, "course.unknown")
    elsewhere.lead.patch(f"/courses/{foreign['id']}", {"isShared": True})
    school.add(foreign)
    school.lead.patch(f"/courses/{retired['id']}", {"isActive": False})
    refused = school.lead.post(path, {"courseId": retired["id"], "side": "mentee"})
    assert refusal(refused) == (409, "course.inactive")


def test_each_side_is_decided_by_who_trains_it(world: World) -> None:
    school = open_school(world)
    mentors_only = world.partner()
    program_id = world.program(school.scene.owner_id)
    trainers = {school.trainer_id: [Duty.TRAIN_MENTEES], mentors_only: [Duty.TRAIN_MENTORS]}
    world.agree(program_id, {school.scene.owner_id: [Duty.DEFINE_PURPOSE], **trainers})
    other = world.client(Role.COORDINATOR, mentors_only)
    course = school.course(isShared=True)
    path = f"/programs/{program_id}/curriculum"
    refused = other.post(path, {"courseId": course["id"], "side": "mentee"})
    assert refusal(refused) == (403, "access.duty_not_held")
    assert duties(refused) == [("trainMentees", str(school.trainer_id))]
    entry = school.lead.made(path, {"courseId": course["id"], "side": "mentee"})
    one = f"/curriculum-courses/{entry['id']}"
    assert refusal(other.patch(one, {"isRequired": False})) == (403, "access.duty_not_held")
    tag = other.get(one).headers["ETag"]
    assert refusal(other.call("DELETE", one, headers={"If-Match": tag})) == (403, "access.duty_not_held")
    handler = school.scene.screener
    refused = handler.post(path, {"courseId": course["id"], "side": "mentee"})
    assert refusal(refused) == (403, "access.role_not_permitted")
    owner = school.scene.owner
    assert refusal(owner.post(path, {"courseId": course["id"], "side": "mentee"})) == (403, "access.duty_not_held")


def test_the_founder_decides_before_there_is_an_agreement(world: World) -> None:
    school = open_school(world)
    founded = world.program(school.scene.owner_id, is_published=False)
    path = f"/programs/{founded}/curriculum"
    course = school.scene.owner.made(f"/partners/{school.scene.owner_id}/courses", COURSE)
    entry = school.scene.owner.made(path, {"courseId": course["id"], "side": "mentor"})
    stranger = school.lead
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"/curriculum-courses/{entry['id']}").status_code == 404
    assert stranger.get(f"/courses/{course['id']}").status_code == 404
