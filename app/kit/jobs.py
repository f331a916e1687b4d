"""Which work outlives a request, or comes with the clock? Durable jobs on DBOS.

The only importer of DBOS. A job is a plain function registered by name; it may run again after a crash, so it is
idempotent, or does each step in one transaction of its own. It is enqueued inside the caller's transaction
(`@job`), or by the clock (`@scheduled`). What is due every few seconds every worker looks for by itself (`@watching`).
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions  # noqa: TID251  this is the wrapper
from sqlalchemy import create_engine, text
from sqlmodel import Session

from app.kit.clock import STOCKHOLM
from app.kit.db import ROLE, Database
from app.kit.telemetry import log

NAME = "mentorskap"
QUEUE = "mentorskap-jobs"
VERSION = "1"  # raised only when running jobs of the previous release must not be resumed by this one
SCHEMA = "dbos"
GRANTS = (
    f"grant usage on schema {SCHEMA} to {ROLE}",
    f"grant select, insert, update, delete on all tables in schema {SCHEMA} to {ROLE}",
    f"grant usage, select on all sequences in schema {SCHEMA} to {ROLE}",
    f"grant execute on all functions in schema {SCHEMA} to {ROLE}",
)

JobFunction = Callable[[Any, str], None]
"""A job is given the process's runtime and the id of its row, never a session that outlives a step.

A scheduled one has no row: it is given the trace that its tick's changes are recorded under.
"""
_REGISTERED: dict[str, JobFunction] = {}
_SCHEDULED: dict[str, tuple[str, JobFunction]] = {}
_WATCHING: dict[str, "Watching"] = {}
STOP_SECONDS = 15.0
"""So long a worker waits for those that look; what they have claimed and not done is claimed again."""


def job(name: str) -> Callable[[JobFunction], JobFunction]:
    """Register a job under its durable name; the argument is the id of the row it works on."""

    def register(function: JobFunction) -> JobFunction:
        _refuse_twin(name)
        _REGISTERED[name] = function
        return function

    return register


def scheduled(name: str, cron: str) -> Callable[[JobFunction], JobFunction]:
    """Register a job that the clock starts, by a crontab line in Swedish time (six fields begin with seconds).

    Of several workers one does each tick; a tick that came while no worker ran is not made up for. So the job looks for
    what there is to do, and does not ask which tick it is.
    """

    def register(function: JobFunction) -> JobFunction:
        _refuse_twin(name)
        _SCHEDULED[name] = (cron, function)
        return function

    return register


@dataclass(frozen=True)
class Watching:
    """A function that each worker calls again and again, with a pause, in so many threads."""

    function: JobFunction
    seconds: float
    hands: int


def watching(name: str, *, seconds: float, hands: int = 1) -> Callable[[JobFunction], JobFunction]:
    """Register what every worker looks for by itself. Not durable: what it finds it must claim in the database.

    A tick of the clock would leave a row in the queue's tables each second; a look leaves none. The function is
    given the trace that its transactions are recorded under.
    """

    def register(function: JobFunction) -> JobFunction:
        _refuse_twin(name)
        _WATCHING[name] = Watching(function, seconds, hands)
        return function

    return register


def _refuse_twin(name: str) -> None:
    if name in _REGISTERED or name in _SCHEDULED or name in _WATCHING:
        raise ValueError(f"job {name} is registered twice")


def trace_of(name: str, at: datetime) -> str:
    """The trace of a tick, 32 hexadecimal digits: the same when the tick is done again after a crash."""
    return uuid5(NAMESPACE_OID, f"{name}:{at.astimezone(UTC).isoformat()}").hex


@dataclass
class Outbox:
    """Puts jobs on the queue as part of the caller's transaction: committed together or not at all."""

    database: Database
    _client: DBOSClient | None = field(default=None, init=False)

    def enqueue(self, session: Session, name: str, row_id: str) -> None:
        """Enqueue job `name` for a row, once: the same name and row id is the same piece of work."""
        if self._client is None:
            self._client = DBOSClient(
                system_database_engine=self.database.engine, dbos_system_schema=SCHEMA, application_name=NAME, lazy=True
            )
        options: EnqueueOptions = {
            "workflow_name": name,
            "queue_name": QUEUE,
            "workflow_id": f"{name}:{row_id}",
            "app_version": VERSION,
        }
        self._client.enqueue_in_transaction(session, options, row_id)

    def close(self) -> None:
        if self._client is not None:
            self._client.destroy()
            self._client = None


def migrate(url: str) -> None:
    """Create or upgrade the queue's own tables (schema `dbos`), and let the application's role use them."""
    logging.getLogger("dbos").setLevel(logging.WARNING)
    DBOS.migrate(system_database_url=url, schema=SCHEMA)
    engine = create_engine(url)
    with engine.begin() as connection:
        for grant in GRANTS:
            connection.execute(text(grant))
    engine.dispose()


class Worker:
    """Runs the registered jobs of this process; work interrupted by a crash resumes under the same `worker_id`."""

    def __init__(self, url: str, context: Any, worker_id: str) -> None:
        self._context = context
        self._stopping = threading.Event()
        self._hands: list[threading.Thread] = []
        config: DBOSConfig = {
            "name": NAME,
            "system_database_url": url,
            "dbos_system_schema": SCHEMA,
            "application_version": VERSION,
            "executor_id": worker_id,
            "run_migrations": False,
            "log_level": "WARNING",
            "sys_db_pool_size": 5,
        }
        DBOS(config=config)
        for name, function in _REGISTERED.items():
            DBOS.workflow(name=name)(self._bind(function))
        self._ticks = {
            name: DBOS.workflow(name=name)(self._bind_tick(name, function))
            for name, (_, function) in _SCHEDULED.items()
        }

    def _bind(self, function: JobFunction) -> Callable[[str], None]:
        context = self._context

        def run(row_id: str) -> None:
            function(context, row_id)

        run.__qualname__ = f"job.{function.__name__}"
        return run

    def _bind_tick(self, name: str, function: JobFunction) -> Callable[[datetime, Any], None]:
        context = self._context

        def tick(at: datetime, _: Any) -> None:
            trace_id = trace_of(name, at)
            try:
                function(context, trace_id)
            except Exception:
                log.exception("scheduled job failed", extra={"facts": {"job": name, "traceId": trace_id}})
                raise

        tick.__qualname__ = f"tick.{function.__name__}"
        return tick

    def start(self) -> None:
        """Begin to take work from the queue, first what was left unfinished."""
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=2, polling_interval_sec=0.2)
        # Every worker says the same; the id of a tick's work is made of its name and time, so it is enqueued once.
        DBOS.apply_schedules(
            [
                {
                    "schedule_name": name,
                    "workflow_fn": self._ticks[name],
                    "schedule": cron,
                    "queue_name": QUEUE,
                    "cron_timezone": str(STOCKHOLM),
                }
                for name, (cron, _) in _SCHEDULED.items()
            ]
        )
        self._hands = [
            threading.Thread(target=self._watch, args=(name, one), name=f"{name}-{hand}", daemon=True)
            for name, one in _WATCHING.items()
            for hand in range(one.hands)
        ]
        for hand in self._hands:
            hand.start()

    def _watch(self, name: str, watch: Watching) -> None:
        while not self._stopping.is_set():
            trace_id = secrets.token_hex(16)
            try:
                watch.function(self._context, trace_id)
            except Exception as failed:  # noqa: BLE001  whatever it was, the next look may find it mended
                facts = {"job": name, "traceId": trace_id, "why": type(failed).__name__}
                log.warning("look failed", exc_info=True, extra={"facts": facts})
            self._stopping.wait(watch.seconds)

    def stop(self) -> None:
        """Stop taking work; what is running is resumed by the next start."""
        self._stopping.set()
        until = time.monotonic() + STOP_SECONDS
        for hand in self._hands:
            hand.join(max(0.0, until - time.monotonic()))
        DBOS.destroy(destroy_registry=True)
