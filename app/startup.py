"""What does each command need before it does its work? Settings, a database at this version, and words for what is wrong."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from alembic import command
from pydantic import ValidationError
from sqlalchemy.exc import DataError, OperationalError, ProgrammingError

from app.auditing import AnchorUnusable
from app.demo import reset as sandbox
from app.domain.errors import RuleViolation, catalogue
from app.kit import embedded, jobs
from app.kit.db import ROLE, Database, connect
from app.kit.keyfile import KeyFile, KeyFileUnusable
from app.kit.problems import Problem
from app.kit.runtime import Runtime
from app.kit.telemetry import configure_logs
from app.main import create_runtime
from app.outside import alembic_config, is_confined, is_migrated
from app.settings import Settings

NO_ROLE = (
    f"The database role {ROLE} is missing, or this login may not use it. Run `mentorskap migrate`; for a login that does"
    f" not own the tables, let their owner say: grant {ROLE} to that login."
)
MAY_NOT_MIGRATE = (
    "This login may not change the tables or make their roles. Give MENTORSKAP_OWNER_DATABASE_URL the login that owns the"
    f" database; if it may not create roles, let an administrator say first: create role {ROLE} nologin; grant {ROLE} to"
    " that login with admin option."
)
INSUFFICIENT_PRIVILEGE = "42501"
NOT_CONFINED = (
    f"Row-level security does not bind the database role {ROLE}: it is a superuser, may bypass row-level security, or"
    f" owns the tables. Take that from it (alter role {ROLE} nosuperuser nobypassrls) before people's data is served."
)


class Stop(Exception):  # noqa: N818  the command stops here; the message is for a person
    """Ends a command with a message and exit code 1."""


def read_settings(host: str | None = None, port: int | None = None, log_level: str | None = None) -> Settings:
    options = {"host": host, "port": port, "log_level": log_level}
    given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as wrong:
        found = "; ".join(
            f"{'.'.join(map(str, one['loc'])).upper() or 'settings'}: {one['msg']}" for one in wrong.errors()
        )
        raise Stop(f"The settings are wrong (environment variables MENTORSKAP_…): {found}") from wrong


@contextmanager
def explained() -> Iterator[None]:
    """A message instead of a traceback for everything an operator can mend."""
    try:
        yield
    except (Stop, sandbox.NoSandbox, embedded.EmbeddedUnavailable, KeyFileUnusable, AnchorUnusable) as stop:
        print(f"mentorskap: {stop}", file=sys.stderr)
        raise typer.Exit(1) from None
    except (Problem, RuleViolation) as refused:
        print(f"mentorskap: {catalogue()[refused.code].en}", file=sys.stderr)
        raise typer.Exit(1) from None
    except OperationalError:
        print("mentorskap: The database cannot be reached or used; check its address and disk.", file=sys.stderr)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    if settings.database_url is not None:
        yield settings.database_url
        return
    with embedded.start(settings.data_folder / "postgresql") as running:
        yield running.url


def migrate_database(settings: Settings, url: str) -> None:
    owner_url = settings.owner_database_url or url
    try:
        command.upgrade(alembic_config(url=owner_url), "head")
    except ProgrammingError as refused:
        if getattr(refused.orig, "sqlstate", None) != INSUFFICIENT_PRIVILEGE:
            raise
        raise Stop(MAY_NOT_MIGRATE) from refused
    jobs.migrate(owner_url)


@contextmanager
def opened() -> Iterator[Runtime]:
    """The machinery for a command that asks for nothing else; what is wrong is explained."""
    with explained():
        settings = read_settings()
        with database_url(settings) as url, started(settings, url) as runtime:
            yield runtime


@contextmanager
def started(settings: Settings, url: str) -> Iterator[Runtime]:
    configure_logs(settings.log_level)
    database: Database = connect(url, pool_size=settings.pool_size)
    runtime = create_runtime(database, KeyFile(settings.keys_file), settings)
    try:
        _check(database)
        yield runtime
    finally:
        runtime.outbox.close()
        database.engine.dispose()


def _check(database: Database) -> None:
    """Raises: Stop unless the tables are this version's and row-level security binds us."""
    try:
        database.engine.connect().close()
    except (DataError, ProgrammingError) as refused:
        raise Stop(NO_ROLE) from refused
    if not is_migrated(database):
        raise Stop("The database is not at this version's migration. Run `mentorskap migrate` first.")
    if not is_confined(database):
        raise Stop(NOT_CONFINED)
