"""Is training recorded by who trains, does it count across programs, and is it followed after the start?"""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from app.domain.glossary import Concealing
from app.domain.lifecycles import MatchStatus
from app.domain.roles import Role
from app.features.access.tables import Concealment
from app.features.enrolments.tables import Enrolment
from app.features.matches.tables import Match
from app.features.participants.tables import Participant
from app.features.training.queries import missing_courses, training_state
from tests.features.enrolments.scene import Scene
from tests.features.training.school import School, open_school, refusal, second_program
from tests.world import World

TRAINING = {"title": "Att vara adept", "topics": ["expectations"], "minutes": 60, "completedOn": "2026-03-02"}


def train(school: School, path: str, minutes: int = 60, **over: Any) -> dict[str, Any]:
    return school.scene.screener.made(f"{path}/training-records", {**TRAINING, "minutes": minutes, **over})


def state(world: World, path: str, needed: int = 0) -> tuple[int, list[str], bool]:
    """Minutes, missing courses, and whether it is enough: what preparation asks for."""
    with Session(world.engine) as session:
        enrolment = session.get_one(Enrolment, path.rsplit("/", 1)[1])
        found = training_state(session, enrolment, needed)
        assert missing_courses(session, enrolment) == found.missing_courses
        return found.minutes, [str(course) for course in found.missing_courses], found.is_enough


def test_training_is_recorded_by_who_trains(world: World) -> None:
    school = open_school(world)
    mentee, me = school.scene.themself()
    path = school.scene.applied(person=me)
    response = school.scene.screener.post(f"{path}/training-records", TRAINING)
    made = response.json()
    assert response.headers["Location"] == f"/mentorskap/v1/training-records/{made['id']}"
    assert {name: made[name] for name in TRAINING} == TRAINING
    assert mentee.get(f"{path}/training-records").json()["items"] == [made]
    assert mentee.get(f"/training-records/{made['id']}").json() == made
    refused = school.scene.recruiter.post(f"{path}/training-records", TRAINING)
    assert refusal(refused) == (403, "access.duty_not_held")
    assert {duty["partnerId"] for duty in refused.json()["context"]["duties"]} == {str(school.trainer_id)}
    assert mentee.post(f"{path}/training-records", TRAINING).json()["code"] == "access.role_not_permitted"
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    assert stranger.get(f"/training-records/{made['id']}").status_code == 404


@pytest.mark.parametrize(
    ("over", "code", "pointer"),
    [
        ({"completedOn": "2026-03-03"}, "training.day_in_future", "/completedOn"),
        ({"title": "Kurs för 198112289874"}, "text.personnummer_refused", "/title"),
        ({"topics": ["cooking"]}, "field.not_a_choice", "/topics/0"),
        ({"topics": ["help", "help"]}, "field.invalid", "/topics"),
        ({"topics": []}, "field.invalid", "/topics"),
        ({"minutes": 0}, "field.invalid", "/minutes"),
        ({"courseVersionId": "0199c0de-0000-7000-8000-000000000000"}, "course.not_in_curriculum", "/courseVersionId"),
        ({"courseVersionId": "?"}, "field.invalid", "/courseVersionId"),
    ],
)
def test_bad_training_is_refused(world: World, over: dict[str, Any], code: str, pointer: str) -> None:
    school = open_school(world)
    path = f"{school.scene.applied()}/training-records"
    response = school.scene.screener.post(path, {**TRAINING, **over})
    assert response.status_code == 422
    assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == [(code, pointer)]
    assert school.scene.screener.get(path).json()["items"] == []


def test_who_has_left_is_not_trained(world: World) -> None:
    school = open_school(world)
    path = school.scene.applied()
    school.scene.move(path, "withdrawn")
    refused = school.scene.screener.post(f"{path}/training-records", TRAINING)
    assert refusal(refused) == (409, "enrolment.ended")


def test_a_course_can_be_recorded_without_a_session(world: World) -> None:
    school = open_school(world)
    course = school.taught()
    path = school.scene.applied()
    assert state(world, path) == (0, [course["id"]], False)
    version = {"courseVersionId": course["latest"]["id"]}
    refused = school.scene.screener.post(f"{path}/training-records", {**TRAINING, **version, "minutes": 79})
    assert refusal(refused) == (422, "training.course_incomplete")
    train(school, path, 80, **version)
    assert state(world, path, 80) == (80, [], True)
    mentors = school.taught("mentor")["latest"]["id"]
    refused = school.scene.screener.post(f"{path}/training-records", {**TRAINING, "courseVersionId": mentors})
    assert refusal(refused) == (422, "course.not_in_curriculum")


def test_a_mistaken_record_is_revoked_and_counts_no_more(world: World) -> None:
    school = open_school(world)
    mentee, me = school.scene.themself()
    path = school.scene.applied(person=me)
    record = f"/training-records/{train(school, path)['id']}"
    assert state(world, path)[0] == 60
    assert refusal(school.scene.recruiter.post(f"{record}/revocation")) == (403, "access.duty_not_held")
    assert refusal(mentee.post(f"{record}/revocation")) == (403, "access.role_not_permitted")
    revoked = school.scene.screener.made(f"{record}/revocation", status=200)
    assert revoked["revokedAt"] == "2026-03-02T09:00:00.000000Z"
    assert state(world, path)[0] == 0
    assert refusal(school.scene.screener.post(f"{record}/revocation")) == (409, "training.revoked")
    assert school.scene.kinds(record) == ["training.recorded", "training.revoked"]
    school.attend(path, school.session(school.taught()))
    given = next(one for one in school.records(path) if one["sessionId"])
    refused = school.scene.screener.post(f"/training-records/{given['id']}/revocation")
    assert refusal(refused) == (409, "training.from_session")


def test_a_course_completed_elsewhere_counts_where_it_is_in_the_curriculum(world: World) -> None:
    school = open_school(world)
    other = second_program(school)
    person = school.scene.person()
    here, there = school.scene.applied(person=person), other.applied(person=person)
    course = school.taught()
    school.attend(here, school.session(course), 90)
    train(school, here, 30)
    assert state(world, here) == (120, [], True)
    assert state(world, there) == (0, [], True), "not in that curriculum, and the loose record stays where it was made"
    school.lead.made(f"/programs/{other.program_id}/curriculum", {"courseId": course["id"], "side": "mentee"})
    unfinished = school.course()
    school.lead.made(f"/programs/{other.program_id}/curriculum", {"courseId": unfinished["id"], "side": "mentee"})
    assert state(world, there, 90) == (90, [unfinished["id"]], False)
    train(school, there, 100, courseVersionId=course["latest"]["id"])
    assert state(world, there)[0] == 100, "one course counts once"
    other_person = other.applied()
    assert state(world, other_person)[0] == 0
    mentor = other.applied("mentor", person)
    assert state(world, mentor)[0] == 0, "not in the mentors' curriculum"


def test_an_offered_course_is_not_missing_and_a_revoked_one_is(world: World) -> None:
    school = open_school(world)
    path = school.scene.applied()
    offered, required = school.taught(is_required=False), school.taught()
    at = school.attend(path, school.session(required))
    school.attend(path, school.session(offered))
    assert state(world, path) == (200, [], True)
    school.mark(at, status="absent")
    assert state(world, path) == (100, [required["id"]], False)


def linked(world: World, mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Both records are confirmed to be of one person, as a later act would store it."""
    with Session(world.engine) as session:
        person_id = session.exec(select(Participant.person_id).where(Participant.id == UUID(mine["id"]))).one()
        session.execute(
            update(Participant).where(col(Participant.id) == UUID(theirs["id"])).values(person_id=person_id)
        )
        session.commit()


@pytest.mark.parametrize("kind", [None, Concealing.WITHDRAWN_CONSENT, Concealing.PROTECTED_IDENTITY])
def test_records_of_one_person_at_two_partners_count_together_unless_concealed(
    world: World, kind: Concealing | None
) -> None:
    school, elsewhere = open_school(world), open_school(world)
    mine, theirs = school.scene.person(), elsewhere.scene.person()
    here, there = school.scene.applied(person=mine), elsewhere.scene.applied(person=theirs)
    course = elsewhere.taught(isShared=True)
    school.add(course)
    elsewhere.attend(there, elsewhere.session(course))
    assert state(world, here) == (0, [course["id"]], False), "nobody has said that it is one person"
    linked(world, mine, theirs)
    if kind is not None:
        program_id = elsewhere.scene.program_id if kind is Concealing.WITHDRAWN_CONSENT else None
        world.add(
            Concealment(
                participant_id=UUID(theirs["id"]),
                partner_id=elsewhere.scene.recruiter_id,
                kind=kind,
                program_id=program_id,
            )
        )
    assert state(world, here)[0] == (100 if kind is None else 0)
    assert state(world, there)[0] == 100


def started(scene: Scene, mentor: str, mentee: str, place: int, **over: Any) -> None:
    """A match that has started, as a later slice would store it."""
    ids = [(path, scene.recruiter.get(path).json()) for path in (mentor, mentee)]
    (_, one), (_, other) = ids
    given = {
        "program_id": scene.program_id,
        "cohort_id": scene.cohort_id,
        "mentor_enrolment_id": UUID(one["id"]),
        "mentee_enrolment_id": UUID(other["id"]),
        "mentor_participant_id": UUID(one["participantId"]),
        "mentee_participant_id": UUID(other["participantId"]),
        "mentor_partner_id": scene.recruiter_id,
        "mentee_partner_id": scene.recruiter_id,
        "status": MatchStatus.ACTIVE,
        "mentor_place": place,
        "answer_by": date(2025, 3, 9),
        **over,
    }
    scene.world.add(Match(**given))


def told(school: School, path: str) -> list[Any]:
    body = school.scene.screener.get(f"{path}/training-progress").json()
    assert body["enrolmentId"] == path.rsplit("/", 1)[1]
    names = (
        "startedOn",
        "minutesBefore",
        "minutesBeforeBehind",
        "minutesAfter",
        "minutesAfterNeeded",
        "minutesAfterBehind",
    )
    return [body[name] for name in names]


def test_progress_is_told_before_and_after_the_start(world: World) -> None:
    school = open_school(world)
    mentor, mentee = school.scene.applied("mentor"), school.scene.applied()
    required = school.taught("mentor")
    train(school, mentor, 100, completedOn="2025-03-01")
    assert told(school, mentor) == [None, 100, 20, 0, 0, 0]
    body = school.scene.screener.get(f"{mentor}/training-progress").json()
    assert (body["minutesBeforeNeeded"], body["missingCourseIds"]) == (120, [required["id"]])
    started(school.scene, mentor, mentee, 1, started_on=date(2025, 3, 2))
    assert told(school, mentor) == ["2025-03-02", 100, 20, 0, 60, 60], "a year later"
    train(school, mentor, 20, completedOn="2025-03-02")
    train(school, mentor, 45, completedOn="2025-03-03")
    assert told(school, mentor) == ["2025-03-02", 120, 0, 45, 60, 15]
    assert told(school, mentee) == ["2025-03-02", 0, 60, 0, 0, 0], "of mentees nothing is asked after the start"


def test_ongoing_training_is_asked_for_until_the_last_match_ends(world: World) -> None:
    school = open_school(world, profile_overrides={"ongoingTrainingMinutesPerYear": 365})
    mentor = school.scene.applied("mentor")
    ended = {"status": MatchStatus.CLOSED, "mentor_place": None}
    started(
        school.scene,
        mentor,
        school.scene.applied(),
        1,
        started_on=date(2026, 1, 1),
        closed_on=date(2026, 1, 11),
        **ended,
    )
    assert told(school, mentor)[:1] + told(school, mentor)[4:] == ["2026-01-01", 10, 10]
    void = {"status": MatchStatus.VOID, "mentor_place": None, "started_on": date(2020, 1, 1)}
    started(school.scene, mentor, school.scene.applied(), 1, **void)
    assert told(school, mentor)[4] == 10, "a match made in error asks for nothing"
    started(school.scene, mentor, school.scene.applied(), 1, started_on=date(2026, 2, 1))
    assert told(school, mentor)[4] == 60
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    assert stranger.get(f"{mentor}/training-progress").status_code == 404
