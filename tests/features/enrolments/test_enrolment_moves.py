"""Do enrolments go through screening, wait in line, pause and end by the rules, with every step recorded?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from app.domain.lifecycles import CohortStatus, EnrolmentStatus
from app.domain.roles import Role
from app.features.enrolments.tables import Enrolment
from app.features.programs.tables import Cohort
from tests.features.enrolments.scene import Scene, set_scene
from tests.world import World

MOVED = "enrolment.moved"


def store(scene: Scene, path: str, **over: Any) -> None:
    """Put an enrolment where HTTP would be too slow to bring it."""
    with Session(scene.world.engine) as session:
        session.info["is_unrecorded"] = True
        enrolment = session.get_one(Enrolment, path.rsplit("/", 1)[1])
        for name, value in over.items():
            setattr(enrolment, name, value)
        session.commit()


def change_cohort(scene: Scene, **over: Any) -> None:
    with Session(scene.world.engine) as session:
        session.info["is_unrecorded"] = True
        cohort = session.get_one(Cohort, scene.cohort_id)
        for name, value in over.items():
            setattr(cohort, name, value)
        session.commit()


def test_screening_stores_what_it_found_and_each_step(world: World) -> None:
    scene = set_scene(world)
    path = scene.applied()
    body = {"interviewedOn": "2026-03-02", "referenceCount": 2, "decision": "ready"}
    done = scene.screener.made(f"{path}/screening", body, 200)
    assert (done["status"], done["interviewedOn"], done["referenceCount"]) == ("ready", "2026-03-02", 2)
    assert done["readyAt"] == "2026-03-02T09:00:00.000000Z"
    assert scene.kinds(path) == ["enrolment.created", MOVED, MOVED]

    again = scene.screener.post(f"{path}/screening", body)
    assert (again.status_code, again.json()["code"]) == (409, "enrolment.transition_not_allowed")
    assert again.json()["context"]["current"] == "ready"


def test_screening_goes_on_where_it_was_begun(world: World) -> None:
    scene = set_scene(world)
    path = scene.applied()
    store(scene, path, status=EnrolmentStatus.SCREENING)
    by_hand = scene.move(path, "ready")
    assert (by_hand.status_code, by_hand.json()["code"]) == (409, "enrolment.transition_not_allowed")
    assert scene.screener.made(f"{path}/screening", {"decision": "ready"}, 200)["status"] == "ready"


@pytest.mark.parametrize("decision", ["notEligible", "declined"])
def test_turning_down_has_a_reason(world: World, decision: str) -> None:
    scene = set_scene(world)
    path = scene.applied()
    refused = scene.screener.post(f"{path}/screening", {"decision": decision})
    assert (refused.status_code, refused.json()["code"]) == (422, "enrolment.reason_missing")
    body = {"decision": decision, "reasonCode": "criteriaNotMet"}
    done = scene.screener.made(f"{path}/screening", body, 200)
    assert (done["status"], done["statusReason"], done["readyAt"]) == (decision, "criteriaNotMet", None)


def test_an_interview_has_taken_place(world: World) -> None:
    scene = set_scene(world)
    path = scene.applied()
    refused = scene.screener.post(f"{path}/screening", {"decision": "ready", "interviewedOn": "2026-03-03"})
    assert (refused.status_code, refused.json()["code"]) == (422, "enrolment.day_in_future")
    assert scene.status(path) == "applied"


def test_who_only_recruits_may_not_screen(world: World) -> None:
    scene = set_scene(world)
    path = scene.applied()
    refused = scene.recruiter.post(f"{path}/screening", {"decision": "ready"})
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    assert {duty["partnerId"] for duty in refused.json()["context"]["duties"]} == {str(scene.screener_id)}
    mentee, me = scene.themself()
    own = mentee.post(f"{scene.applied(person=me)}/screening", {"decision": "ready"})
    assert own.json()["code"] == "access.role_not_permitted"
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    assert stranger.post(f"{path}/screening", {"decision": "ready"}).status_code == 404


def test_nobody_is_found_ready_for_a_cohort_that_has_ended(world: World) -> None:
    scene = set_scene(world)
    path = scene.applied()
    change_cohort(scene, status=CohortStatus.CANCELLED)
    refused = scene.screener.post(f"{path}/screening", {"decision": "ready"})
    assert (refused.status_code, refused.json()["code"]) == (409, "enrolment.cohort_ended")
    assert scene.status(path) == "applied"


def test_a_freed_place_goes_to_who_has_waited_longest(world: World) -> None:
    scene = set_scene(world, mentee_places=1, mentor_places=1)
    first, second, third = scene.screened(), scene.screened(), scene.screened()
    assert [scene.status(path) for path in (first, second, third)] == ["ready", "waiting", "waiting"]
    waiting = scene.recruiter.get(second).json()
    assert (waiting["waitingSince"], waiting["statusReason"]) == ("2026-03-02", "noPlace")
    assert scene.status(scene.screened("mentor")) == "ready", "each side has its own places"

    scene.move(first, "withdrawn")
    assert [scene.status(path) for path in (second, third)] == ["ready", "waiting"]
    assert scene.recruiter.get(second).json()["waitingSince"] is None
    assert scene.kinds(second)[-2:] == [MOVED, MOVED]


@pytest.mark.parametrize("to", ["withdrawn", "registeredInError", "waiting", "exit"])
def test_each_way_out_frees_the_place(world: World, to: str) -> None:
    scene = set_scene(world, mentee_places=1)
    first, second = scene.screened(), scene.screened()
    if to == "exit":
        left = scene.screener.post(f"{first}/exit", {"exitedOn": "2026-03-02", "reason": "moved"})
    else:
        left = scene.move(first, to)
    assert left.status_code == 200, left.text
    assert scene.status(second) == "ready"


def test_a_pause_keeps_the_place(world: World) -> None:
    scene = set_scene(world, mentee_places=1)
    first, second = scene.screened(), scene.screened()
    assert scene.move(first, "paused").json()["status"] == "paused"
    assert scene.status(second) == "waiting"
    assert scene.move(first, "ready").json()["status"] == "ready"
    full = scene.move(second, "ready")
    assert (full.status_code, full.json()["code"]) == (409, "enrolment.no_place_left")


def test_more_places_are_filled_from_the_line_first(world: World) -> None:
    scene = set_scene(world, mentee_places=1)
    _, second, third = scene.screened(), scene.screened(), scene.screened()
    change_cohort(scene, mentee_places=2)
    overtaking = scene.move(third, "ready")
    assert (overtaking.status_code, scene.status(second)) == (409, "waiting"), "a refusal leaves nothing half done"
    fourth = scene.screened()
    assert [scene.status(path) for path in (second, third, fourth)] == ["ready", "waiting", "waiting"]
    change_cohort(scene, mentee_places=3)
    assert scene.move(third, "ready").json()["status"] == "ready"
    change_cohort(scene, mentee_places=None)
    assert scene.status(scene.screened()) == "ready"
    assert scene.status(fourth) == "ready"


def test_nobody_leaves_the_line_of_a_cohort_that_has_ended(world: World) -> None:
    scene = set_scene(world, mentee_places=1)
    _, second = scene.screened(), scene.screened()
    change_cohort(scene, status=CohortStatus.COMPLETED, mentee_places=2)
    refused = scene.move(second, "ready")
    assert (refused.status_code, refused.json()["code"]) == (409, "enrolment.cohort_ended")
    assert scene.status(second) == "waiting"


@pytest.mark.parametrize("over", [{"status": CohortStatus.COMPLETED}, {"ends_on": date(2026, 4, 1)}])
def test_no_place_is_given_in_a_cohort_that_is_over(world: World, over: dict[str, Any]) -> None:
    scene = set_scene(world, mentee_places=1)
    first, second = scene.screened(), scene.screened()
    change_cohort(scene, **over)
    world.clock.advance(timedelta(days=31))
    try:
        assert scene.move(first, "withdrawn").status_code == 200
        assert scene.status(second) == "waiting"
    finally:
        world.clock.advance(-timedelta(days=31))


def test_the_last_place_is_given_once(world: World) -> None:
    scene = set_scene(world, mentee_places=1)
    paths = [scene.applied() for _ in range(6)]
    with ThreadPoolExecutor(len(paths)) as pool:
        answers = list(
            pool.map(lambda path: scene.screener.post(f"{path}/screening", {"decision": "ready"}).status_code, paths)
        )
    assert set(answers) <= {200, 409}
    statuses = [scene.status(path) for path in paths]
    assert statuses.count("ready") == 1
    assert statuses.count("waiting") == answers.count(200) - 1


def test_people_pause_resume_and_withdraw_themselves(world: World) -> None:
    scene = set_scene(world)
    mentee, me = scene.themself()
    path = scene.screened(person=me)
    for to in ("paused", "ready", "withdrawn"):
        moved = mentee.post(f"{path}/transitions", {"to": to, "reasonCode": "personalReasons"})
        assert (moved.status_code, moved.json()["status"]) == (200, to)
    assert mentee.post(f"{path}/transitions", {"to": "paused"}).json()["code"] == "enrolment.transition_not_allowed"


@pytest.mark.parametrize("to", ["registeredInError", "waiting", "ready", "applied"])
def test_people_do_not_strike_or_queue_themselves(world: World, to: str) -> None:
    scene = set_scene(world)
    mentee, me = scene.themself()
    path = scene.screened(person=me)
    refused = mentee.post(f"{path}/transitions", {"to": to})
    assert (refused.status_code, refused.json()["code"]) == (403, "enrolment.staff_only")
    assert scene.status(path) == "ready"


def test_the_holder_withdraws_and_a_stranger_cannot(world: World) -> None:
    scene = set_scene(world)
    path = scene.applied()
    assert world.client(Role.CASE_HANDLER, world.partner()).post(
        f"{path}/transitions", {"to": "withdrawn"}
    ).status_code == 404  # fmt: skip
    assert scene.recruiter.made(f"{path}/transitions", {"to": "withdrawn"}, 200)["status"] == "withdrawn"
    assert scene.move(path, "registeredInError").json()["code"] == "enrolment.transition_not_allowed"


@pytest.mark.parametrize("act", ["withdrawn", "waiting", "registeredInError", "exit"])
def test_an_open_match_is_closed_first(world: World, act: str) -> None:
    scene = set_scene(world)
    mentor, mentee = scene.screened("mentor"), scene.screened()
    scene.match(mentor, mentee, 1)
    for path in (mentor, mentee):
        if act == "exit":
            refused = scene.screener.post(f"{path}/exit", {"exitedOn": "2026-03-02", "reason": "plannedEnd"})
        else:
            refused = scene.move(path, act)
        assert (refused.status_code, refused.json()["code"]) == (409, "enrolment.has_open_match")
        assert scene.status(path) == "ready"
    assert scene.move(mentee, "paused").status_code == 200, "a pause from new proposals is no end"


def test_an_exit_is_the_end(world: World) -> None:
    scene = set_scene(world)
    path = scene.screened()
    done = scene.screener.made(f"{path}/exit", {"exitedOn": "2026-03-02", "reason": "goalReached"}, 200)
    assert (done["status"], done["exitedOn"], done["exitReason"]) == ("exited", "2026-03-02", "goalReached")
    again = scene.screener.post(f"{path}/exit", {"exitedOn": "2026-03-02", "reason": "goalReached"})
    assert again.json()["code"] == "enrolment.transition_not_allowed"
    assert scene.move(path, "ready").json()["code"] == "enrolment.transition_not_allowed"


@pytest.mark.parametrize(
    ("day", "code"), [("2026-03-03", "enrolment.day_in_future"), ("2026-03-01", "enrolment.exit_before_application")]
)
def test_an_exit_lies_between_application_and_today(world: World, day: str, code: str) -> None:
    scene = set_scene(world)
    path = scene.screened()
    refused = scene.screener.post(f"{path}/exit", {"exitedOn": day, "reason": "other"})
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert scene.status(path) == "ready"


def test_who_records_no_outcomes_may_not_exit(world: World) -> None:
    scene = set_scene(world)
    path = scene.screened()
    refused = scene.recruiter.post(f"{path}/exit", {"exitedOn": "2026-03-02", "reason": "other"})
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    holders = [(duty["duty"], duty["partnerId"]) for duty in refused.json()["context"]["duties"]]
    assert holders == [("recordOutcomes", str(scene.screener_id))]
