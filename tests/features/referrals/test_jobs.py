"""Does the clock store what time and people have decided, once, and leave everything else alone?"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from app.domain.access import SYSTEM
from app.domain.grants import GRANTS
from app.features.access.guards import steward
from app.features.access.tables import Guarded
from app.features.access.visible import visible
from app.features.changes.tables import Change
from app.features.referrals import actions, jobs
from app.features.referrals.tables import Referral
from app.kit import jobs as kit
from app.settings import Settings
from app.worker import create_worker
from tests.features.referrals.scene import TRACE, Scene, id_of

PATIENCE_SECONDS = 30


def versions(scene: Scene) -> dict[str, int]:
    with Session(scene.world.engine) as session:
        mine = select(Referral).where(col(Referral.to_partner_id) == scene.receiver_id)
        return {str(row.id): row.version for row in session.exec(mine)}


def test_what_nobody_answered_expires(scene: Scene) -> None:
    path = scene.sent(answerBy="2026-03-03")
    scene.pass_days(1)
    scene.settle()
    assert scene.stored(path).status == "sent"
    scene.pass_days(1)
    scene.settle()
    stored = scene.stored(path)
    assert (stored.status, stored.snapshot, stored.answered_at) == ("expired", None, None)
    with Session(scene.world.engine) as session:
        wanted = select(Change).where(Change.subject_id == id_of(path), Change.kind == "referral.expired")
        (change,) = session.exec(wanted)
    assert (change.actor_id, change.trace_id, sorted(change.fields)) == (SYSTEM.user_id, TRACE, ["snapshot", "status"])


def test_what_lost_its_consent_is_withdrawn(scene: Scene) -> None:
    consent = scene.consent(person := scene.person())
    path = scene.sent(person)
    scene.end_consent(consent)
    scene.settle()
    assert (scene.stored(path).status, scene.stored(path).snapshot) == ("withdrawn", None)
    assert scene.kinds(path) == ["referral.sent", "referral.withdrawn"]


def test_a_copy_is_erased_thirty_days_after_a_yes(scene: Scene) -> None:
    path = scene.sent()
    scene.accepted(path)
    scene.pass_days(30)
    scene.settle()
    assert scene.stored(path).snapshot is not None
    scene.pass_days(1)
    scene.settle()
    assert (scene.stored(path).status, scene.stored(path).snapshot) == ("accepted", None)
    assert scene.kinds(path)[1:] == ["referral.accepted", "referral.copyErased"]


def test_a_copy_is_erased_when_the_consent_ends(scene: Scene) -> None:
    consent = scene.consent(person := scene.person())
    path = scene.sent(person)
    scene.accepted(path)
    scene.end_consent(consent)
    scene.settle()
    assert scene.stored(path).snapshot is None


def test_what_goes_on_is_left_alone_and_nothing_is_done_twice(scene: Scene) -> None:
    declined, late = scene.sent(), scene.sent(answerBy="2026-03-03")
    scene.refuse(declined)
    scene.accepted(scene.sent())
    scene.sent()
    before = versions(scene)
    scene.settle()
    assert versions(scene) == before
    scene.pass_days(2)
    for _ in range(2):
        scene.settle()
    assert versions(scene) == {**before, str(id_of(late)): before[str(id_of(late))] + 1}


def test_two_workers_at_once_do_it_once(scene: Scene) -> None:
    paths = [scene.sent(answerBy="2026-03-03") for _ in range(6)]
    scene.pass_days(2)
    with ThreadPoolExecutor(3) as workers:
        for done in [workers.submit(scene.settle) for _ in range(3)]:
            done.result()
    assert [scene.kinds(path) for path in paths] == [["referral.sent", "referral.expired"]] * len(paths)


def test_what_is_being_answered_is_left_to_its_answer(scene: Scene) -> None:
    path = scene.sent(answerBy="2026-03-03")
    scene.pass_days(2)
    with Session(scene.world.engine) as session:
        session.exec(select(Referral).where(Referral.id == id_of(path)).with_for_update())
        scene.settle()
        assert scene.kinds(path) == ["referral.sent"]
    scene.settle()
    assert scene.stored(path).status == "expired"


def test_one_that_cannot_be_settled_does_not_keep_the_others_waiting(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    paths = [scene.sent(answerBy="2026-03-03") for _ in range(3)]
    scene.pass_days(2)
    settle = actions.settle_referral

    def stumble(scope: Any) -> None:
        if scope.row.id == id_of(paths[0]):
            raise ZeroDivisionError
        settle(scope)

    monkeypatch.setattr(actions, "settle_referral", stumble)
    scene.settle()
    assert [scene.stored(path).status for path in paths] == ["sent", "expired", "expired"]
    assert [record.message for record in caplog.records] == ["referral not settled"]


def test_the_system_may_do_nothing_and_sees_nothing(scene: Scene) -> None:
    scene.sent()
    assert not any(SYSTEM.has_role_for(permission) for permission in GRANTS)
    with steward(scene.world.runtime, TRACE) as scope:
        kinds = [kind for kind in Guarded.__subclasses__() if hasattr(kind, "__table__")]
        seen = [scope.session.exec(select(kind.id).where(visible(kind, scope.actor))).first() for kind in kinds]
    assert len(kinds) > 10
    assert set(seen) == {None}


@pytest.fixture
def working(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real worker on which it is always time."""
    monkeypatch.setattr(kit, "_SCHEDULED", {jobs.JOB: ("* * * * * *", jobs.settle_referrals)})
    settings = Settings(database_url=scene.world.url, signing_keys_file="unused", worker_id="prov-1")
    worker = create_worker(scene.world.runtime, settings, scene.world.url)
    worker.start()
    yield
    worker.stop()


def test_a_real_worker_does_it_by_the_clock(scene: Scene, working: None) -> None:
    path = scene.sent(answerBy="2026-03-03")
    scene.pass_days(2)
    until = time.monotonic() + PATIENCE_SECONDS
    while scene.stored(path).status == "sent" and time.monotonic() < until:
        time.sleep(0.1)
    assert scene.stored(path).status == "expired"
    assert scene.kinds(path) == ["referral.sent", "referral.expired"]
    with scene.world.engine.connect() as connection:
        ids = list(
            connection.scalars(
                text("select workflow_uuid from dbos.workflow_status where schedule_name = 'referrals.settle'")
            )
        )
    assert all(one.startswith("sched-referrals.settle-20") for one in ids)
    assert ids
