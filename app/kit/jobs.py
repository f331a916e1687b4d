"""Which work outlives a request? Durable jobs on DBOS, enqueued inside the caller's transaction.

The only importer of DBOS. A job is a plain function registered by name; it may run again after a crash, so it is
idempotent, or does each step in one transaction of its own.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions  # noqa: TID251  this is the wrapper
from sqlalchemy import create_engine, text
from sqlmodel import Session

from app.kit.db import ROLE, Database

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
"""A job is given the process's runtime and the id of its row, never a session that outlives a step."""
_REGISTERED: dict[str, JobFunction] = {}


def job(name: str) -> Callable[[JobFunction], JobFunction]:
    """Register a job under its durable name; the argument is the id of the row it works on."""

    def register(function: JobFunction) -> JobFunction:
        if name in _REGISTERED:
            raise ValueError(f"job {name} is registered twice")
        _REGISTERED[name] = function
        return function

    return register


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

    def _bind(self, function: JobFunction) -> Callable[[str], None]:
        context = self._context

        def run(row_id: str) -> None:
            function(context, row_id)

        run.__qualname__ = f"job.{function.__name__}"
        return run

    def start(self) -> None:
        """Begin to take work from the queue, first what was left unfinished."""
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=2, polling_interval_sec=0.2)

    def stop(self) -> None:
        """Stop taking work; what is running is resumed by the next start."""
        DBOS.destroy(destroy_registry=True)
