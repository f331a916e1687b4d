"""Is a job enqueued with the caller's transaction, or not at all, and once? Does the clock start what it should?"""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from app.kit import jobs
from app.kit.jobs import Worker, every, job, scheduled, trace_of
from app.kit.runtime import Runtime
from tests.world import World


def queued(runtime: Runtime) -> list[str]:
    with runtime.database.engine.connect() as connection:
        found = connection.execute(text("select workflow_uuid from dbos.workflow_status order by 1"))
        return [str(row[0]) for row in found]


def enqueue_and_fail(runtime: Runtime) -> None:
    with runtime.database.transaction() as session:
        runtime.outbox.enqueue(session, "matching.run", "lost")
        raise ZeroDivisionError


def test_a_job_is_committed_and_rolled_back_with_its_transaction(world: World) -> None:
    runtime = world.runtime
    with pytest.raises(ZeroDivisionError):
        enqueue_and_fail(runtime)
    assert queued(runtime) == []
    for _ in range(2):
        with runtime.database.transaction() as session:
            runtime.outbox.enqueue(session, "matching.run", "kept")
    assert queued(runtime) == ["matching.run:kept"]


def test_a_name_is_registered_once() -> None:
    job("trial.once")(lambda _runtime, _row_id: None)
    with pytest.raises(ValueError, match="registered twice"):
        job("trial.once")(lambda _runtime, _row_id: None)


def test_a_scheduled_name_is_registered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_SCHEDULED", {})
    monkeypatch.setattr(jobs, "_REGISTERED", {})
    scheduled("trial.hourly", "0 * * * *")(lambda _runtime, _trace: None)
    job("trial.asked")(lambda _runtime, _row_id: None)
    for again in (scheduled("trial.hourly", "1 * * * *"), job("trial.hourly"), scheduled("trial.asked", "0 * * * *")):
        with pytest.raises(ValueError, match="registered twice"):
            again(lambda _runtime, _text: None)


def test_a_tick_has_the_same_trace_whenever_it_is_done() -> None:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    same = at.astimezone(timezone(timedelta(hours=1)))
    assert trace_of("trial", at) == trace_of("trial", same)
    assert len({trace_of("trial", at), trace_of("other", at), trace_of("trial", at + timedelta(seconds=1))}) == 3
    assert len(trace_of("trial", at)) == 32


def test_the_clock_starts_each_tick_once_and_a_failed_one_stops_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    traces: list[str] = []

    def tick(runtime: Runtime, trace_id: str) -> None:
        assert runtime is world.runtime
        traces.append(trace_id)
        if len(traces) == 1:
            raise ZeroDivisionError

    monkeypatch.setattr(jobs, "_REGISTERED", {})
    monkeypatch.setattr(jobs, "_SCHEDULED", {"trial.second": ("* * * * * *", tick)})
    worker = Worker(world.url, world.runtime, "prov-1")
    worker.start()
    until = time.monotonic() + 30
    while len(traces) < 3 and time.monotonic() < until:
        time.sleep(0.1)
    worker.stop()
    assert len(traces) >= 3
    assert Counter(traces).most_common(1)[0][1] == 1
    assert [one.message for one in caplog.records if one.name == "mentorskap"] == ["scheduled job failed"]
    ids = [one for one in queued(world.runtime) if one.startswith("sched-trial.second-")]
    assert len(ids) == len(set(ids)) >= 3


def test_repeated_work_goes_on_after_a_failure_until_the_worker_stops(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for registered in ("_SCHEDULED", "_REGISTERED", "_REPEATED"):
        monkeypatch.setattr(jobs, registered, {})
    traces: list[str] = []

    def work(_runtime: Runtime, trace_id: str) -> None:
        traces.append(trace_id)
        if len(traces) == 1:
            raise ZeroDivisionError

    every(0.01, "trial.repeated")(work)
    with pytest.raises(ValueError, match="registered twice"):
        every(1.0, "trial.repeated")(work)
    worker = Worker(world.url, world.runtime, "prov-repeated")
    worker.start()
    until = time.monotonic() + 20
    while len(traces) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    worker.stop()
    done = len(traces)
    assert done >= 3
    assert len(set(traces)) == done
    time.sleep(0.05)
    assert len(traces) == done, "nothing goes on after the stop"
