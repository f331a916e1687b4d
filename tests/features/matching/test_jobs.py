"""Is a queued run carried out once, whatever happens meanwhile: crashes, twins, cancellation, lost authority?"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.matching.engine import propose
from app.domain.roles import Responsibility
from app.features.access.tables import ResponsibilityAssignment, UserAccount
from app.features.matching import actions, jobs
from app.features.matching.queries import people
from app.features.matching.tables import MatchRunCertificate, MatchRunPair, MatchRunUnmatched
from tests.features.matching.scene import Scene, small
from tests.world import World

RESULTS = (MatchRunPair, MatchRunUnmatched, MatchRunCertificate)


@pytest.fixture
def scene(world: World) -> Scene:
    made = Scene(world)
    made.publish_policy()
    return made


def results(scene: Scene, path: str) -> list[int]:
    run_id = UUID(path.rpartition("/")[2])
    return [scene.count(table, col(table.run_id) == run_id) for table in RESULTS]


def test_carrying_out_a_completed_run_again_changes_nothing(scene: Scene) -> None:
    small(scene)
    path = scene.run()
    before, stored = scene.read(path), results(scene, path)
    scene.carry_out(path)
    assert (scene.read(path), results(scene, path)) == (before, stored)
    assert scene.changes(path, ChangeKind.MATCH_RUN_COMPLETED) == 1


def test_a_run_that_died_half_way_is_carried_out_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    small(scene)
    path = scene.request()

    def die(*_: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(jobs, "propose", die)
    with pytest.raises(SystemExit):
        scene.carry_out(path)
    monkeypatch.undo()
    assert scene.read(path)["status"] == "running"
    scene.carry_out(path)
    assert scene.read(path)["status"] == "completed"
    assert results(scene, path) == [2, 1, 1]


def test_twice_at_once_is_stored_once(scene: Scene) -> None:
    small(scene)
    for _ in range(5):
        path = scene.request()
        with ThreadPoolExecutor(2) as both:
            list(both.map(scene.carry_out, [path, path]))
        assert scene.read(path)["status"] == "completed"
        assert results(scene, path) == [2, 1, 1]
        assert scene.changes(path, ChangeKind.MATCH_RUN_COMPLETED) == 1


def test_a_queued_run_is_called_off(scene: Scene) -> None:
    small(scene)
    path = scene.request()
    cancelled = scene.proposer.post(f"{path}/cancellation")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    scene.carry_out(path)
    assert scene.read(path)["status"] == "cancelled"
    assert results(scene, path) == [0, 0, 0]
    again = scene.proposer.post(f"{path}/cancellation")
    assert (again.status_code, again.json()["code"]) == (409, "match_run.transition_not_allowed")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_running_run_is_called_off(scene: Scene, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    small(scene)
    path = scene.request()
    monkeypatch.setattr(jobs, "SECONDS_BETWEEN_NOTES", 0 if when == "before" else 3600)
    stages: list[int] = []

    def cancelled_meanwhile(pool: Any, policy: Any, seed: int, progress: Any) -> Any:
        def told(done: int, total: int) -> None:
            progress(done, total)
            stages.append(done)

        assert scene.proposer.post(f"{path}/cancellation").status_code == 200
        return propose(pool, policy, seed, told)

    monkeypatch.setattr(jobs, "propose", cancelled_meanwhile)
    scene.carry_out(path)
    assert stages == ([] if when == "before" else [1, 2, 3, 4, 5])
    assert scene.read(path)["status"] == "cancelled"
    assert results(scene, path) == [0, 0, 0]


def test_a_run_that_is_called_off_as_it_begins_stays_so(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    path = scene.request()
    note = actions.note_progress

    def noted_too_late(*given: Any) -> bool:
        scene.proposer.made(f"{path}/cancellation", status=200)
        return note(*given)

    monkeypatch.setattr(actions, "note_progress", noted_too_late)
    scene.carry_out(path)
    assert scene.read(path)["status"] == "cancelled"


def test_a_run_that_is_called_off_does_not_fail(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    path = scene.request()

    def broken(*_: Any) -> None:
        scene.proposer.made(f"{path}/cancellation", status=200)
        raise RuleViolation("matching.weights_too_large")

    monkeypatch.setattr(jobs, "propose", broken)
    scene.carry_out(path)
    assert (scene.read(path)["status"], scene.read(path)["problemCode"]) == ("cancelled", None)


def test_progress_is_told_while_the_engine_works(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    small(scene)
    path = scene.request()
    monkeypatch.setattr(jobs, "SECONDS_BETWEEN_NOTES", 0)
    seen: list[tuple[str, int]] = []

    def watched(pool: Any, policy: Any, seed: int, progress: Any) -> Any:
        def told(done: int, total: int) -> None:
            progress(done, total)
            run = scene.read(path)
            seen.append((run["status"], run["progress"]["done"]))

        return propose(pool, policy, seed, told)

    monkeypatch.setattr(jobs, "propose", watched)
    scene.carry_out(path)
    assert seen == [("running", done) for done in (1, 2, 3, 4, 5)]


def end_duty(scene: Scene) -> None:
    with Session(scene.world.engine) as session:
        session.info["is_unrecorded"] = True
        held = select(ResponsibilityAssignment).where(
            ResponsibilityAssignment.program_id == scene.program,
            ResponsibilityAssignment.duty == Responsibility.PROPOSE_MATCHES,
        )
        session.exec(held).one().ended_at = scene.world.clock()
        session.commit()


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_starter_without_the_duty_fails_the_run(scene: Scene, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    small(scene)
    path = scene.request()

    def lost_meanwhile(*given: Any) -> Any:
        end_duty(scene)
        return propose(*given)

    if when == "before":
        end_duty(scene)
    monkeypatch.setattr(jobs, "propose", lost_meanwhile)
    scene.carry_out(path)
    run = scene.approver.get(path).json()
    assert (run["status"], run["problemCode"]) == ("failed", "access.duty_not_held")
    assert results(scene, path) == [0, 0, 0]
    assert scene.changes(path, ChangeKind.MATCH_RUN_FAILED) == 1


def test_a_starter_who_is_locked_out_fails_the_run(scene: Scene) -> None:
    path = scene.request()
    with Session(scene.world.engine) as session:
        session.info["is_unrecorded"] = True
        session.get_one(UserAccount, scene.starter.id).is_locked = True
        session.commit()
    scene.carry_out(path)
    run = scene.approver.get(path).json()
    assert (run["status"], run["problemCode"]) == ("failed", "access.role_not_permitted")


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (RuleViolation("matching.weights_too_large"), "matching.weights_too_large"),
        (ZeroDivisionError("secret"), "service.unexpected"),
    ],
)
def test_what_the_engine_refuses_fails_the_run(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, raised: Exception, code: str
) -> None:
    path = scene.request()

    def broken(*_: Any) -> None:
        raise raised

    monkeypatch.setattr(jobs, "propose", broken)
    scene.carry_out(path)
    run = scene.read(path)
    assert (run["status"], run["problemCode"]) == ("failed", code)
    assert run["finishedAt"] is not None
    monkeypatch.undo()
    scene.carry_out(path)
    assert scene.read(path) == run


def test_too_many_people_fail_the_run(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    small(scene)
    monkeypatch.setattr(people, "POOL_LIMIT", 2)
    run = scene.read(scene.run())
    assert (run["status"], run["problemCode"]) == ("failed", "matching.pool_too_large")
