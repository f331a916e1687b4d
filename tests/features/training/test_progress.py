"""Do those who train a side see how far everybody has come, before the start and after it, and who is behind?"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.domain.glossary import Concealing, Side
from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from app.features.access.tables import AccessRecord, Concealment
from app.features.training.queries import progress
from tests.features.training.school import School, duties, open_school, refusal
from tests.features.training.test_training import started, train
from tests.world import Client, World


def follow(school: School, more: str = "", client: Client | None = None) -> list[dict[str, Any]]:
    path = f"/programs/{school.scene.program_id}/training-progress{more}"
    answer = (client or school.scene.screener).get(path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def paths(items: list[dict[str, Any]]) -> list[str]:
    return [f"/enrolments/{one['enrolmentId']}" for one in items]


def test_those_who_take_part_are_followed_and_those_behind_are_found(world: World) -> None:
    school = open_school(world)
    mentor, mentee, idle = school.scene.applied("mentor"), school.scene.applied(), school.scene.applied()
    gone = school.scene.applied()
    school.scene.move(gone, "withdrawn")
    assert paths(follow(school)) == sorted([mentor, mentee, idle])
    assert paths(follow(school, "?side=mentor")) == [mentor]
    assert paths(follow(school, "?limit=1&page=2")) == [sorted([mentor, mentee, idle])[1]]

    train(school, mentor, 120, completedOn="2025-03-01")
    train(school, mentee, 60)
    assert paths(follow(school, "?isBehind=true")) == [idle]
    assert set(paths(follow(school, "?isBehind=false"))) == {mentor, mentee}

    started(school.scene, mentor, mentee, 1, started_on=date(2025, 3, 2))
    [behind] = follow(school, "?isBehind=true&side=mentor")
    told = (behind["startedOn"], behind["minutesBeforeBehind"], behind["minutesAfterBehind"], behind["side"])
    assert told == ("2025-03-02", 0, 60, "mentor"), "training goes on after the start"
    assert school.scene.screener.get(f"{mentor}/training-progress").json() == behind
    train(school, mentor, 60, completedOn="2026-03-01")
    assert follow(school, "?isBehind=true&side=mentor") == []
    course = school.taught("mentor")
    [behind] = follow(school, "?isBehind=true&side=mentor")
    assert behind["missingCourseIds"] == [course["id"]]


def test_each_side_is_followed_by_who_trains_it(world: World) -> None:
    school = open_school(world)
    scene = school.scene
    mentor, mentee = scene.applied("mentor"), scene.applied()
    refused = scene.recruiter.get(f"/programs/{scene.program_id}/training-progress")
    assert refusal(refused) == (403, "access.duty_not_held")
    assert set(duties(refused)) == {(duty, str(school.trainer_id)) for duty in ("trainMentees", "trainMentors")}
    me, _ = scene.themself()
    assert me.get(f"/programs/{scene.program_id}/training-progress").status_code == 403

    half = world.partner()
    program_id = world.program(scene.owner_id)
    world.agree(program_id, {half: [Duty.TRAIN_MENTORS]})
    other = world.client(Role.CASE_HANDLER, half)
    assert other.get(f"/programs/{program_id}/training-progress").json()["items"] == []
    assert set(paths(follow(school))) == {mentor, mentee}
    hidden = world.program(scene.owner_id, is_published=False)
    assert other.get(f"/programs/{hidden}/training-progress").status_code == 404


def test_who_is_concealed_is_absent_and_who_is_shown_can_know(world: World) -> None:
    school = open_school(world)
    shown, kept = school.scene.person(), school.scene.person()
    open_one, protected = school.scene.applied(person=shown), school.scene.applied(person=kept)
    world.add(
        Concealment(
            participant_id=UUID(kept["id"]),
            partner_id=school.scene.recruiter_id,
            kind=Concealing.PROTECTED_IDENTITY,
        )
    )
    answer = school.scene.screener.get(f"/programs/{school.scene.program_id}/training-progress")
    assert paths(answer.json()["items"]) == [open_one]
    assert answer.json()["meta"]["totalCount"] == 1
    assert protected.rsplit("/", 1)[1] not in answer.text
    trace = answer.headers["traceparent"].split("-")[1]
    with Session(world.engine) as session:
        [record] = session.exec(select(AccessRecord).where(col(AccessRecord.trace_id) == trace))
    assert record.people == [UUID(shown["id"])]


def test_many_are_read_a_thousand_at_a_time(world: World, monkeypatch: Any) -> None:
    school = open_school(world)
    made = sorted(school.scene.applied() for _ in range(5))
    train(school, made[3], 60)
    monkeypatch.setattr(progress, "MANY", 2)
    assert paths(follow(school)) == made
    assert paths(follow(school, f"?isBehind=false&side={Side.MENTEE}")) == [made[3]]
