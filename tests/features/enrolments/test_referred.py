"""Who takes up a referral, and is it measured by the day they do?"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from app.domain.glossary import LegalGround, Side
from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from app.features.participants.tables import Participant
from tests.features.consents.asking import give
from tests.features.enrolments.scene import add_cohort, set_scene
from tests.world import START, World


def store_birth(world: World, person: dict[str, Any], born_on: date) -> None:
    with Session(world.engine) as session:
        session.info["is_unrecorded"] = True
        session.get_one(Participant, UUID(person["id"])).born_on = born_on
        session.commit()


def test_a_referral_is_taken_up_by_the_person(world: World) -> None:
    scene = set_scene(world)
    mentee, me = scene.themself()
    path = scene.referred(person=me)
    refused = scene.screener.post(f"{path}/screening", {"decision": "ready"})
    assert (refused.status_code, refused.json()["code"]) == (409, "enrolment.transition_not_allowed")
    done = mentee.made(f"{path}/transitions", {"to": "applied"}, 200)
    assert (done["status"], done["appliedOn"]) == ("applied", "2026-03-02")
    assert scene.kinds(path) == ["enrolment.moved"]
    assert mentee.post(f"{path}/transitions", {"to": "applied"}).json()["code"] == "enrolment.staff_only"
    assert scene.screener.made(f"{path}/screening", {"decision": "ready"}, 200)["status"] == "ready"


def test_a_referral_is_taken_up_by_staff_that_recruit_and_not_by_staff_that_screen(world: World) -> None:
    scene = set_scene(world)
    path = scene.referred()
    refused = scene.screener.post(f"{path}/transitions", {"to": "applied"})
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    holders = [(duty["duty"], duty["partnerId"]) for duty in refused.json()["context"]["duties"]]
    assert holders == [("recruitMentees", str(scene.recruiter_id))]
    assert scene.status(path) == "referred"
    assert scene.recruiter.made(f"{path}/transitions", {"to": "applied"}, 200)["status"] == "applied"
    again = scene.recruiter.post(f"{path}/transitions", {"to": "applied"})
    assert (again.status_code, again.json()["code"]) == (409, "enrolment.transition_not_allowed")


def test_who_recruits_takes_up_a_referral_of_somebody_held_elsewhere(world: World) -> None:
    owner, both, screens = world.partner(), world.partner(), world.partner()
    program = world.program(owner)
    world.agree(program, {both: [Duty.RECRUIT_MENTEES, Duty.SCREEN_MENTEES], screens: [Duty.HOLD_PERSONAL_DATA]})
    scene = set_scene(world)
    scene.program_id, scene.cohort_id = program, add_cohort(world, program)
    path = scene.referred()
    # Whoever only answers for the personal data reads the enrolment and moves nothing.
    other = world.client(Role.CASE_HANDLER, screens).post(f"{path}/transitions", {"to": "applied"})
    assert (other.status_code, other.json()["code"]) == (403, "access.duty_not_held")
    moved = world.client(Role.CASE_HANDLER, both).post(f"{path}/transitions", {"to": "applied"})
    assert (moved.status_code, moved.json()["status"]) == (200, "applied")
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    assert stranger.post(f"{path}/transitions", {"to": "applied"}).status_code == 404


@pytest.mark.parametrize(
    ("cohort", "program", "code"),
    [
        ({"mentee_intake_until": date(2026, 3, 1), "mentee_intake_from": date(2026, 2, 1)}, {}, "outside_window"),
        ({"status": "closed"}, {}, "cohort_not_open"),
        ({}, {"eligibility": {"minAge": 40}}, "not_eligible"),
    ],
)
def test_taking_up_a_referral_is_measured_that_day(
    world: World, cohort: dict[str, Any], program: dict[str, Any], code: str
) -> None:
    scene = set_scene(world, program, **cohort)
    path = scene.referred()
    refused = scene.recruiter.post(f"{path}/transitions", {"to": "applied"})
    assert (refused.status_code, refused.json()["code"]) == (409, f"enrolment.{code}")
    assert scene.recruiter.get(path).json()["appliedOn"] == "2026-02-20"


def test_the_day_a_referral_is_taken_up_is_the_intake_day(world: World) -> None:
    scene = set_scene(world, {"eligibility": {"maxAge": 29}}, mentee_intake_until=date(2026, 3, 9))
    mentee, me = scene.themself()
    store_birth(world, me, date(1996, 3, 3))
    other, them = scene.themself()
    store_birth(world, them, date(1996, 3, 3))
    first, second = scene.referred(person=me), scene.referred(person=them)
    assert mentee.post(f"{first}/transitions", {"to": "applied"}).status_code == 200
    world.clock.advance(timedelta(days=1))
    try:
        late = other.post(f"{second}/transitions", {"to": "applied"})
        assert late.json()["code"] == "enrolment.not_eligible"
    finally:
        world.clock.advance(START - world.clock())


def test_a_referral_on_the_ground_of_consent_is_taken_up_while_it_is_in_force(world: World) -> None:
    scene = set_scene(world)
    person = scene.person()
    path = scene.referred(person=person, ground=LegalGround.CONSENT)
    refused = scene.recruiter.post(f"{path}/transitions", {"to": "applied"})
    assert refused.json()["code"] == "enrolment.consent_missing"
    assert give(scene, person).status_code == 201
    assert scene.recruiter.post(f"{path}/transitions", {"to": "applied"}).status_code == 200


def test_a_mentor_who_was_referred_is_not_measured(world: World) -> None:
    scene = set_scene(world, {"eligibility": {"minAge": 60}})
    path = scene.referred(Side.MENTOR)
    assert scene.recruiter.post(f"{path}/transitions", {"to": "applied"}).status_code == 200
