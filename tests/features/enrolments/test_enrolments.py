"""Do people get into cohorts only through the right partner, in time, and by the program's own rules?"""

from datetime import date, timedelta
from typing import Any, get_args

import pytest

from app.domain.lifecycles import CohortStatus
from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from app.features.enrolments.schemas import ApplicationCreate, EnrolmentCreate, EnrolmentRead, EnrolmentScreeningCreate
from tests.features.enrolments.scene import PERSON, Scene, add_cohort, set_scene
from tests.world import START, World


def test_a_person_is_enrolled_once_on_each_side(world: World) -> None:
    scene = set_scene(world)
    person = scene.person()
    made = scene.apply("mentee", person, needsBusinessOwner=True)
    assert made.status_code == 201, made.text
    body = scene.recruiter.get(made.headers["location"]).json()
    assert (body["status"], body["appliedOn"], body["needsBusinessOwner"]) == ("applied", "2026-03-02", True)
    assert (body["programId"], body["partnerId"]) == (str(scene.program_id), str(scene.recruiter_id))

    again = scene.apply("mentee", person)
    assert (again.status_code, again.json()["code"]) == (409, "enrolment.already_enrolled")
    assert scene.apply("mentor", person).status_code == 201


def test_who_left_may_enrol_anew(world: World) -> None:
    scene = set_scene(world)
    person = scene.person()
    first = scene.applied(person=person)
    assert scene.move(first, "withdrawn").json()["status"] == "withdrawn"
    assert scene.applied(person=person) != first


def test_only_people_whom_ones_own_partner_holds(world: World) -> None:
    scene = set_scene(world)
    others = scene.screener.made(f"/partners/{scene.screener_id}/participants", PERSON)
    refused = scene.apply(person=others)
    unknown = scene.apply(person={"id": "0199c0de-0000-7000-8000-000000000000"})
    assert (refused.status_code, refused.json()["code"]) == (422, "participant.unknown")
    assert refused.json()["errors"] == unknown.json()["errors"]


def test_recruiting_one_side_is_not_recruiting_the_other(world: World) -> None:
    owner, mentors, mentees = world.partner(), world.partner(), world.partner()
    program = world.program(owner)
    world.agree(program, {mentors: [Duty.RECRUIT_MENTORS], mentees: [Duty.RECRUIT_MENTEES]})
    path = f"/cohorts/{add_cohort(world, program)}/enrolments"
    handler = world.client(Role.CASE_HANDLER, mentors)
    person = handler.made(f"/partners/{mentors}/participants", PERSON)

    refused = handler.post(path, {"participantId": person["id"], "side": "mentee"})
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    holders = [(duty["duty"], duty["partnerId"]) for duty in refused.json()["context"]["duties"]]
    assert holders == [("recruitMentees", str(mentees))]
    assert handler.post(path, {"participantId": person["id"], "side": "mentor"}).status_code == 201


def test_who_recruits_nobody_or_is_no_handler_is_refused(world: World) -> None:
    scene = set_scene(world)
    path, body = f"/cohorts/{scene.cohort_id}/enrolments", {"participantId": scene.person()["id"], "side": "mentee"}
    refused = scene.screener.post(path, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    assert {duty["partnerId"] for duty in refused.json()["context"]["duties"]} == {str(scene.recruiter_id)}
    coordinator = world.client(Role.COORDINATOR, scene.recruiter_id)
    assert coordinator.post(path, body).json()["code"] == "access.role_not_permitted"


def test_a_cohort_of_an_unpublished_program_is_invisible_to_strangers(world: World) -> None:
    scene = set_scene(world, {"is_published": False})
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    body = {"participantId": scene.person()["id"], "side": "mentee"}
    assert stranger.post(f"/cohorts/{scene.cohort_id}/enrolments", body).status_code == 404
    assert stranger.get(f"/cohorts/{scene.cohort_id}/enrolments").status_code == 404


@pytest.mark.parametrize("status", [status for status in CohortStatus if status is not CohortStatus.OPEN])
def test_only_an_open_cohort_takes_applications(world: World, status: CohortStatus) -> None:
    refused = set_scene(world, status=status).apply()
    assert (refused.status_code, refused.json()["code"]) == (409, "enrolment.cohort_not_open")
    assert refused.json()["context"] == {"cohortStatus": status.value}


@pytest.mark.parametrize(
    ("first_on", "last_on", "status"),
    [(0, 0, 201), (0, 5, 201), (-5, 0, 201), (1, 5, 409), (-5, -1, 409)],
)
def test_each_side_has_its_own_window(world: World, first_on: int, last_on: int, status: int) -> None:
    today = START.date()
    window: dict[str, Any] = {
        "mentor_intake_from": today + timedelta(days=first_on),
        "mentor_intake_until": today + timedelta(days=last_on),
    }
    scene = set_scene(world, **window)
    assert scene.apply("mentee").status_code == 201
    response = scene.apply("mentor")
    assert response.status_code == status
    if status == 409:
        assert response.json()["code"] == "enrolment.outside_window"
        assert response.json()["context"] == {
            "intakeFrom": window["mentor_intake_from"].isoformat(),
            "intakeUntil": window["mentor_intake_until"].isoformat(),
        }


def test_only_a_mentee_needs_a_business_owner(world: World) -> None:
    refused = set_scene(world).apply("mentor", needsBusinessOwner=True)
    assert (refused.status_code, refused.json()["code"]) == (422, "enrolment.need_is_for_mentees")


def enrolled(scene: Scene, side: str) -> str:
    return scene.applied(side).rsplit("/", 1)[1]


def ids(response: Any) -> set[str]:
    assert response.status_code == 200, response.text
    return {item["id"] for item in response.json()["items"]}


def test_lists_hold_what_the_caller_may_see(world: World) -> None:
    scene = set_scene(world)
    mentor, mentee = enrolled(scene, "mentor"), enrolled(scene, "mentee")
    path = f"/cohorts/{scene.cohort_id}/enrolments"
    assert ids(scene.screener.get(path)) == {mentor, mentee}
    assert ids(scene.screener.get(f"{path}?side=mentor")) == {mentor}
    assert ids(scene.screener.get(f"{path}?status=ready")) == set()
    refused = scene.recruiter.get(path)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")

    assert ids(scene.recruiter.get("/enrolments")) == {mentor, mentee}
    assert ids(scene.recruiter.get(f"/enrolments?programId={scene.program_id}&side=mentee&status=applied")) == {mentee}
    assert ids(scene.recruiter.get(f"/enrolments?programId={world.program(scene.owner_id)}")) == set()
    assert ids(world.client(Role.CASE_HANDLER, world.partner()).get("/enrolments")) == set()


def test_a_duty_for_one_side_shows_one_side(world: World) -> None:
    owner, recruiter, half = world.partner(), world.partner(), world.partner()
    program = world.program(owner)
    world.agree(program, {recruiter: [Duty.RECRUIT_MENTEES, Duty.RECRUIT_MENTORS], half: [Duty.SCREEN_MENTORS]})
    cohort = add_cohort(world, program)
    handler, screener = world.client(Role.CASE_HANDLER, recruiter), world.client(Role.CASE_HANDLER, half)
    made = {}
    for side in ("mentor", "mentee"):
        person = handler.made(f"/partners/{recruiter}/participants", PERSON)
        body = {"participantId": person["id"], "side": side}
        made[side] = (handler.made(f"/cohorts/{cohort}/enrolments", body)["id"], person["id"])
    mentor, mentee = made["mentor"], made["mentee"]
    assert ids(screener.get(f"/cohorts/{cohort}/enrolments")) == {mentor[0]}
    assert ids(screener.get(f"/programs/{program}/participants")) == {mentor[1]}
    assert screener.get(f"/enrolments/{mentee[0]}").status_code == 404
    assert screener.get(f"/participants/{mentee[1]}").status_code == 404
    assert screener.post(f"/enrolments/{mentor[0]}/screening", {"decision": "ready"}).status_code == 200


def test_people_see_their_own_enrolments(world: World) -> None:
    scene = set_scene(world)
    mentee, me = scene.themself()
    own, other = scene.applied(person=me), scene.applied()
    assert ids(mentee.get("/enrolments")) == {own.rsplit("/", 1)[1]}
    assert (mentee.get(own).status_code, mentee.get(other).status_code) == (200, 404)


def test_the_intake_day_is_the_swedish_day(world: World) -> None:
    """23:30 UTC on 2 March is already 3 March in Stockholm."""
    scene = set_scene(world, mentor_intake_from=date(2026, 3, 3))
    assert scene.apply("mentor").status_code == 409
    world.clock.advance(timedelta(hours=14, minutes=30))
    try:
        assert scene.apply("mentor").json()["appliedOn"] == "2026-03-03"
    finally:
        world.clock.advance(-timedelta(hours=14, minutes=30))


def test_screening_has_no_room_for_what_a_document_said(world: World) -> None:
    """An extract is shown, never kept: no field of text, no file, no result."""
    assert set(EnrolmentScreeningCreate.model_fields) == {
        "interviewed_on",
        "reference_count",
        "decision",
        "reason_code",
    }
    for schema in (EnrolmentScreeningCreate, EnrolmentCreate, ApplicationCreate, EnrolmentRead):
        for name, field in schema.model_fields.items():
            assert str not in {field.annotation, *get_args(field.annotation)}, (schema, name)
    scene = set_scene(world)
    path = scene.applied()
    for name in ("registerExtract", "note", "result", "document", "file"):
        refused = scene.screener.post(f"{path}/screening", {"decision": "ready", name: "inga anmärkningar"})
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "field.unknown")
        assert "anmärkningar" not in refused.text
