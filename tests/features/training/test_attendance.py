"""Who registers, who gets the last place, and when does attendance complete a course?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from tests.features.training.school import duties, open_school, refusal, second_program
from tests.world import World

NOWHERE = "0199c0de-0000-7000-8000-000000000000"


def test_a_person_registers_cancels_and_registers_again(world: World) -> None:
    school = open_school(world)
    mentee, me = school.scene.themself()
    enrolment = school.scene.applied(person=me)
    session = school.session(school.taught(), hours=24)
    response = school.register(enrolment, session, mentee)
    made = response.json()
    path = f"/attendances/{made['id']}"
    assert (response.status_code, response.headers["Location"]) == (201, f"/mentorskap/v1{path}")
    assert (made["status"], made["minutes"], made["sessionId"]) == ("registered", 0, session["id"])
    assert mentee.get(path).json() == made
    assert refusal(school.register(enrolment, session, mentee)) == (409, "attendance.already_registered")
    assert school.mark(path, mentee, status="cancelled").json()["status"] == "cancelled"
    assert school.mark(path, mentee, status="registered").json()["status"] == "registered"
    assert mentee.get(f"{enrolment}/attendances").json()["items"] == [mentee.get(path).json()]
    assert school.scene.kinds(path) == ["attendance.recorded"] * 3


def test_only_sessions_of_the_own_curriculum_are_there(world: World) -> None:
    school, elsewhere = open_school(world), open_school(world)
    mentee, me = school.scene.themself()
    enrolment = school.scene.applied(person=me)
    for_mentors = school.session(school.taught("mentor"), hours=24)
    foreign = elsewhere.session(elsewhere.taught(), hours=24)
    untaught = school.session(school.course(isShared=True), hours=24)
    for session in (for_mentors, foreign, untaught, {"id": NOWHERE}):
        for client in (mentee, school.scene.screener):
            refused = school.register(enrolment, session, client)
            assert refusal(refused) == (422, "session.unknown")
            assert refused.json()["errors"][0]["pointer"] == "/sessionId"


def test_nobody_else_registers_or_sees(world: World) -> None:
    school = open_school(world)
    enrolment = school.scene.applied()
    session = school.session(school.taught(), hours=24)
    path = school.registered(enrolment, session)
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    other, _ = school.scene.themself()
    for client in (stranger, other):
        assert school.register(enrolment, session, client).status_code == 404
        assert client.get(path).status_code == 404
        assert client.get(f"{enrolment}/attendances").status_code == 404
        assert client.patch(path, {"status": "cancelled"}, headers={"If-Match": "*"}).status_code == 404
        assert client.get(f"/training-sessions/{session['id']}/attendances").json()["items"] == []
    assert refusal(school.lead.get(path)) == (403, "access.role_not_permitted")
    assert refusal(school.scene.owner.get(f"{enrolment}/attendances")) == (403, "access.role_not_permitted")


def test_a_list_at_the_door_holds_the_people_in_reach(world: World) -> None:
    school = open_school(world)
    course = school.taught()
    school.add(course, "mentor")
    session = school.session(course, hours=24)
    mentee_at = school.registered(school.scene.applied(), session)
    mentor_at = school.registered(school.scene.applied("mentor"), session)
    path = f"/training-sessions/{session['id']}/attendances"
    assert [one["side"] for one in school.scene.screener.get(path).json()["items"]] == ["mentee", "mentor"]
    mentors_only = world.partner()
    other = second_program(school)
    program_id = world.program(school.scene.owner_id)
    world.agree(
        program_id,
        {school.scene.owner_id: [Duty.DEFINE_PURPOSE], mentors_only: [Duty.TRAIN_MENTORS, Duty.RECRUIT_MENTORS]},
    )
    assert world.client(Role.CASE_HANDLER, mentors_only).get(path).json()["items"] == [], "other programs' people"
    assert other.screener.get(path).json()["meta"]["totalCount"] == 2
    paths = {f"/attendances/{one['id']}" for one in school.scene.recruiter.get(path).json()["items"]}
    assert paths == {mentee_at, mentor_at}, "their holder"


def test_the_last_place_is_given_once(world: World) -> None:
    school = open_school(world)
    session = school.session(school.taught(), hours=24, places=3)
    enrolments = [school.scene.applied() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda enrolment: school.register(enrolment, session), enrolments))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201] * 3 + [409] * 5
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"session.full"}
    listed = school.scene.screener.get(f"/training-sessions/{session['id']}/attendances").json()
    assert listed["meta"]["totalCount"] == 3


def test_a_cancelled_place_goes_to_the_next_and_is_not_taken_back(world: World) -> None:
    school = open_school(world)
    session = school.session(school.taught(), hours=24, places=1)
    first, second = school.scene.applied(), school.scene.applied()
    path = school.registered(first, session)
    assert refusal(school.register(second, session)) == (409, "session.full")
    assert school.mark(path, school.scene.recruiter, status="cancelled").status_code == 200
    school.registered(second, session)
    assert refusal(school.mark(path, status="registered")) == (409, "session.full")
    session_path = f"/training-sessions/{session['id']}"
    assert school.scene.screener.patch(session_path, {"places": 2}).status_code == 200
    assert school.mark(path, status="registered").status_code == 200
    assert refusal(school.scene.screener.patch(session_path, {"places": 1})) == (409, "session.places_taken")


def test_who_comes_by_two_enrolments_takes_one_place(world: World) -> None:
    school = open_school(world)
    other = second_program(school)
    course = school.taught()
    entry = {"courseId": course["id"], "side": "mentee"}
    school.lead.made(f"/programs/{other.program_id}/curriculum", entry)
    session = school.session(course, hours=24, places=1)
    person = school.scene.person()
    school.registered(school.scene.applied(person=person), session)
    school.registered(other.applied(person=person), session)
    assert refusal(school.register(school.scene.applied(), session)) == (409, "session.full")


def test_after_the_start_only_staff_add_people(world: World) -> None:
    school = open_school(world)
    mentee, me = school.scene.themself()
    enrolment = school.scene.applied(person=me)
    session = school.session(school.taught(), hours=-1, places=1)
    assert refusal(school.register(enrolment, session, mentee)) == (409, "session.started")
    path = school.registered(school.scene.applied(), session)
    school.registered(enrolment, session)
    assert school.mark(path, status="attended").status_code == 200
    assert school.scene.screener.get(f"/training-sessions/{session['id']}").json()["status"] == "held"


def test_a_cancelled_session_takes_nobody(world: World) -> None:
    school = open_school(world)
    enrolment = school.scene.applied()
    session = school.session(school.taught(), hours=-1)
    path = school.registered(enrolment, session)
    school.scene.screener.made(f"/training-sessions/{session['id']}/cancellation", status=200)
    assert refusal(school.register(school.scene.applied(), session)) == (409, "session.cancelled")
    assert refusal(school.mark(path, status="attended")) == (409, "session.cancelled")
    assert school.mark(path, status="cancelled").status_code == 200
    assert refusal(school.mark(path, status="registered")) == (409, "session.cancelled")


def test_who_has_left_registers_no_more(world: World) -> None:
    school = open_school(world)
    enrolment = school.scene.applied()
    session = school.session(school.taught(), hours=24)
    path = school.registered(enrolment, session)
    school.mark(path, status="cancelled")
    school.scene.move(enrolment, "withdrawn")
    assert refusal(school.register(enrolment, session)) == (409, "enrolment.ended")
    assert refusal(school.mark(path, status="registered")) == (409, "enrolment.ended")


def test_attendance_is_noted_by_who_trains(world: World) -> None:
    school = open_school(world)
    mentee, me = school.scene.themself()
    path = school.registered(school.scene.applied(person=me), school.session(school.taught()))
    for client in (mentee, school.scene.recruiter):
        for body in (
            {"status": "attended"},
            {"status": "absent"},
            {"minutes": 0},
            {"status": "cancelled", "minutes": 0},
        ):
            refused = client.patch(path, body)
            assert refusal(refused) == (403, "access.duty_not_held")
            assert duties(refused) == [("trainMentees", str(school.trainer_id))]
    assert school.mark(path, status="absent").json()["status"] == "absent"
    assert refusal(school.mark(path, mentee, status="registered")) == (403, "access.duty_not_held")


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        ({"status": "attended", "minutes": 101}, "attendance.beyond_session", 422),
        ({"status": "attended", "minutes": 0}, "attendance.minutes_missing", 422),
        ({"status": "absent", "minutes": 1}, "attendance.minutes_without_attendance", 422),
        ({"minutes": 60}, "attendance.minutes_without_attendance", 422),
        ({"status": "attended", "minutes": -1}, "request.invalid", 422),
        ({"status": "late"}, "request.invalid", 422),
        ({"status": None}, "request.invalid", 422),
        ({"participantId": NOWHERE}, "request.invalid", 422),
    ],
)
def test_bad_attendance_is_refused(world: World, body: dict[str, Any], code: str, status: int) -> None:
    school = open_school(world)
    enrolment = school.scene.applied()
    path = school.registered(enrolment, school.session(school.taught()))
    assert refusal(school.scene.screener.patch(path, body)) == (status, code)
    assert school.scene.screener.get(path).json()["version"] == 1
    assert school.records(enrolment) == []


def test_nobody_has_attended_what_has_not_begun(world: World) -> None:
    school = open_school(world)
    path = school.registered(school.scene.applied(), school.session(school.taught(), hours=1))
    for status in ("attended", "absent"):
        assert refusal(school.mark(path, status=status)) == (409, "session.not_started")


def test_enough_minutes_complete_the_course_once(world: World) -> None:
    school = open_school(world)
    course = school.taught()
    enrolment = school.scene.applied()
    session = school.session(course)
    path = school.attend(enrolment, session, 79)
    assert school.records(enrolment) == []
    assert school.mark(path, minutes=80).json()["status"] == "attended"
    (record,) = school.records(enrolment)
    assert (record["title"], record["topics"], record["minutes"]) == (course["title"], ["expectations", "roles"], 80)
    assert (record["completedOn"], record["sessionId"]) == ("2026-03-02", session["id"])
    assert (record["courseVersionId"], record["revokedAt"]) == (course["latest"]["id"], None)
    assert school.mark(path, status="attended").json()["minutes"] == 80, "said again, nothing changes"
    assert school.mark(path, minutes=100).status_code == 200
    (again,) = school.records(enrolment)
    assert (again["id"], again["minutes"], again["version"]) == (record["id"], 100, 2)
    assert school.scene.kinds(f"/x/{record['id']}") == ["training.recorded"] * 2


def test_attended_without_minutes_is_the_whole_session(world: World) -> None:
    school = open_school(world)
    enrolment = school.scene.applied()
    path = school.attend(enrolment, school.session(school.taught(), minutes=150))
    assert school.scene.screener.get(path).json()["minutes"] == 150
    assert [record["minutes"] for record in school.records(enrolment)] == [100], "at most the course's own"


def test_evenings_of_one_version_add_up(world: World) -> None:
    school = open_school(world)
    course = school.taught()
    enrolment = school.scene.applied()
    for hours in (-100, -50):
        school.attend(enrolment, school.session(course, hours=hours, minutes=30))
    assert school.records(enrolment) == []
    last = school.session(course, minutes=30)
    school.attend(enrolment, last)
    (record,) = school.records(enrolment)
    assert (record["minutes"], record["sessionId"]) == (90, last["id"])


def test_two_evenings_noted_at_once_complete_it_once(world: World) -> None:
    school = open_school(world)
    course = school.taught()
    enrolment = school.scene.applied()
    paths = [school.registered(enrolment, school.session(course, hours=-hours, minutes=90)) for hours in range(3, 7)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda path: school.mark(path, status="attended").status_code, paths))
    assert answers == [200] * 4
    assert len(school.records(enrolment)) == 1


def test_a_correction_revokes_the_completion_and_another_restores_it(world: World) -> None:
    school = open_school(world)
    enrolment = school.scene.applied()
    path = school.attend(enrolment, school.session(school.taught()))
    (record,) = school.records(enrolment)
    world.clock.advance(timedelta(minutes=1))
    assert school.mark(path, status="absent").json()["minutes"] == 0
    (revoked,) = school.records(enrolment)
    assert (revoked["id"], revoked["revokedAt"]) == (record["id"], "2026-03-02T09:01:00.000000Z")
    assert refusal(school.mark(path, status="absent", minutes=5)) == (422, "attendance.minutes_without_attendance")
    school.mark(path, status="cancelled")
    assert school.mark(path, status="attended", minutes=90).status_code == 200
    (restored,) = school.records(enrolment)
    assert (restored["id"], restored["revokedAt"], restored["minutes"]) == (record["id"], None, 90)
    assert school.scene.kinds(f"/x/{record['id']}") == ["training.recorded", "training.revoked", "training.recorded"]
    world.clock.advance(timedelta(minutes=-1))
