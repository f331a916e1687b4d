"""Is a file done once, whatever interrupts it: a crash, a cancellation, lost authority, somebody else's work?"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from app.domain.changes import ChangeKind
from app.domain.roles import Role
from app.features.access.tables import UserAccount
from app.features.changes.tables import Change
from app.features.imports import actions, jobs
from app.features.imports.tables import Import, ImportChunk, ImportRow
from app.features.participants import queries
from app.features.participants.tables import Participant
from app.kit.problems import Problem
from tests.features.imports.scene import Sender, counted, person, table
from tests.world import World

PEOPLE = [person(number) for number in range(7)]
MODES = ("rowByRow", "wholeOrNothing")


class Killed(BaseException):
    """What no handler may stop, as a killed process stops at none."""


@pytest.fixture
def sender(world: World) -> Sender:
    return Sender(world)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "ROWS_A_PART", 2)


def interrupt(monkeypatch: pytest.MonkeyPatch, at: int, act: Callable[[], Any]) -> None:
    """Do something else when the part of rows with this number is to be applied."""
    parts = iter(range(100))
    apply_to = actions.apply_to

    def interrupted(*given: Any) -> Any:
        if next(parts) == at:
            act()
        return apply_to(*given)

    monkeypatch.setattr(actions, "apply_to", interrupted)


def kill() -> None:
    raise Killed


def waiting(sender: Sender, **over: Any) -> str:
    path = sender.announce(**over)
    assert sender.put(path, table(PEOPLE)).status_code == 202
    return path


def people(sender: Sender) -> int:
    with Session(sender.world.engine) as session:
        return session.exec(select(func.count()).where(Participant.partner_id == sender.id)).one()


def rows_left(sender: Sender, kind: Any) -> int:
    with Session(sender.world.engine) as session:
        return session.exec(select(func.count()).where(kind.partner_id == sender.id)).one()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("at", [0, 2, 3])
def test_a_killed_import_goes_on_and_does_nothing_twice(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, mode: str, at: int
) -> None:
    path = waiting(sender, mode=mode)
    with monkeypatch.context() as patch:
        interrupt(patch, at, kill)
        with pytest.raises(Killed):
            sender.work(path)
    halfway = sender.client.get(path).json()
    assert (halfway["status"], people(sender)) == ("running", 2 * at if mode == "rowByRow" else 0)
    done = sender.work(path)
    assert (done["status"], counted(done), done["progress"]) == ("completed", (7, 0, 0, 0, 0), {"done": 7, "total": 7})
    assert [one["line"] for one in sender.rows(done)] == list(range(2, 9))
    assert people(sender) == 7
    with Session(sender.world.engine) as session:
        made = select(func.count()).where(Change.partner_id == sender.id, Change.kind == ChangeKind.PARTICIPANT_CREATED)
        assert session.exec(made).one() == 7
    assert sender.work(path) == done, "a job that is done again finds nothing to do"
    assert rows_left(sender, ImportChunk) == 0


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("is_dry_run", [False, True])
def test_an_import_is_called_off_while_it_runs(
    sender: Sender,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    is_dry_run: bool,  # noqa: FBT001  drawn, not passed
) -> None:
    path = waiting(sender, mode=mode, isDryRun=is_dry_run)
    interrupt(monkeypatch, 2, lambda: sender.client.made(f"{path}/cancellation", status=200))
    done = sender.work(path)
    keeps = mode == "rowByRow" and not is_dry_run
    assert (done["status"], done["isApplied"], people(sender)) == ("cancelled", False, 4 if keeps else 0)
    assert counted(done) == ((4, 0, 0, 0, 0) if keeps else (0, 0, 0, 0, 4))
    assert {one["outcome"] for one in sender.rows(done)} == {"created" if keeps else "notApplied"}
    assert rows_left(sender, ImportChunk) == 0
    again = sender.client.post(f"{path}/cancellation")
    assert (again.status_code, again.json()["code"]) == (409, "import.transition_not_allowed")


def test_one_import_of_a_partner_runs_at_a_time(sender: Sender, world: World) -> None:
    first, second = waiting(sender), sender.announce()
    refused = sender.put(second, table(PEOPLE))
    assert (refused.status_code, refused.json()["code"]) == (409, "import.another_running")
    assert Sender(world).send(table(PEOPLE))["status"] == "completed", "others are not kept waiting"
    assert sender.client.post(f"{first}/cancellation").status_code == 200
    assert sender.put(second, table(PEOPLE)).status_code == 202
    assert sender.work(second)["status"] == "completed"
    listed = sender.client.get(f"/partners/{sender.id}/imports").json()["items"]
    assert [one["status"] for one in listed] == ["completed", "cancelled"]


def narrow(user: UserAccount) -> None:
    user.scopes = [one for one in user.scopes or [] if one != "participant:update"]


def lock(user: UserAccount) -> None:
    user.is_locked = True


@pytest.mark.parametrize("lose", [narrow, lock])
@pytest.mark.parametrize("at", [None, 1])
def test_authority_is_asked_for_again(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, lose: Callable[[UserAccount], None], at: int | None
) -> None:
    path = waiting(sender)

    def happen() -> None:
        with Session(sender.world.engine) as session:
            session.info["is_unrecorded"] = True
            lose(session.get_one(UserAccount, sender.user.id))
            session.commit()

    if at is None:
        happen()
    else:
        interrupt(monkeypatch, at, happen)
    jobs.run_import(sender.world.runtime, path.rpartition("/")[2])
    with Session(sender.world.engine) as session:
        row = session.exec(select(Import).where(Import.partner_id == sender.id)).one()
        assert (row.status.value, row.problem_code) == ("failed", "access.role_not_permitted")
    assert people(sender) == (0 if at is None else 4), "what was applied before stays"
    assert rows_left(sender, ImportChunk) == 0


def test_somebody_else_at_work_is_waited_for(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy() -> None:
        raise Problem("resource.busy")

    monkeypatch.setattr("app.features.imports.jobs.time.sleep", lambda _: None)
    interrupt(monkeypatch, 1, busy)
    assert sender.work(waiting(sender))["status"] == "completed"
    monkeypatch.setattr(actions, "apply_to", lambda *_: busy())
    done = sender.work(waiting(sender))
    assert (done["status"], done["problem"]) == ("failed", {"code": "resource.busy", "line": None})


def test_a_fault_of_ours_ends_the_import(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    interrupt(monkeypatch, 1, fail)
    done = sender.work(waiting(sender, mode="wholeOrNothing"))
    assert (done["status"], done["problem"]["code"], counted(done)) == ("failed", "service.unexpected", (0, 0, 0, 0, 2))
    assert people(sender) == 0


def test_a_change_that_happens_meanwhile_is_not_lost(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else makes the same person between the look-up and the insert: the row changes them instead."""
    path = waiting(sender)
    look_up = queries.held_facts
    seen: Iterator[int] = iter(range(100))

    def late(*given: Any) -> Any:
        found = look_up(*given)
        if next(seen) == 0:
            facts = {"givenName": "Annan", "familyName": "Person", "bornOn": "1980-05-17", "gender": "male"}
            address = f"/partners/{sender.id}/participants/by-external-id/crm/m-0"
            sender.client.call("PUT", address, json=facts)
        return found

    monkeypatch.setattr(queries, "held_facts", late)
    done = sender.work(path)
    assert counted(done) == (6, 1, 0, 0, 0)
    assert sender.person("m-0").json()["givenName"] == "Påhittad"


@pytest.mark.parametrize("mode", MODES)
def test_two_workers_on_one_import_do_its_rows_once(sender: Sender, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    path = waiting(sender, mode=mode)
    others: list[dict[str, Any]] = []
    with monkeypatch.context() as patch:
        # What the first has not kept yet it holds locked, so the other one comes before its first row.
        interrupt(patch, 0, lambda: others.append(sender.work(path)))
        done = sender.work(path)
    assert (done["status"], counted(done), done["progress"]["done"]) == ("completed", (7, 0, 0, 0, 0), 7)
    assert [one["line"] for one in sender.rows(done)] == list(range(2, 9))
    assert (done, people(sender)) == (others[0], 7)


def test_whoever_sends_the_file_is_who_the_rows_are_applied_for(sender: Sender, world: World) -> None:
    path = sender.announce()
    colleague: UserAccount = world.add(
        UserAccount(name="P", role=Role.CASE_HANDLER, partner_id=sender.id, email=f"k{world.number()}@example.org")
    )
    headers = {"Content-Type": "text/csv"}
    sent = world.client_for(colleague).call("PUT", path + "/file", content=table(PEOPLE), headers=headers)
    assert sent.status_code == 202
    assert sender.work(path)["status"] == "completed"
    with Session(world.engine) as session:
        acting = select(Change.actor_id).where(
            Change.partner_id == sender.id, Change.kind == ChangeKind.PARTICIPANT_CREATED
        )
        assert set(session.exec(acting)) == {colleague.id}


def test_old_results_and_files_that_never_came_are_swept(sender: Sender) -> None:
    done = sender.send(table(PEOPLE))
    stale = sender.announce()
    assert len(sender.rows(done)) == 7
    sender.world.clock.advance(timedelta(days=300))
    jobs.sweep_imports(sender.world.runtime, "0" * 32)
    assert sender.rows(done) == []
    assert rows_left(sender, ImportRow) == 0
    assert sender.client.get(stale).json()["status"] == "cancelled"
    with Session(sender.world.engine) as session:
        kinds = session.exec(
            select(Change.kind).where(Change.subject == "import").order_by(col(Change.id).desc())
        ).first()
        assert str(kinds) == "import.cancelled"
