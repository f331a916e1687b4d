"""Is a job enqueued with the caller's transaction, or not at all, and once?"""

import pytest
from sqlalchemy import text

from app.kit.jobs import job
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
