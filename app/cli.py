"""Which commands are there? `mentorskap run | serve | worker | migrate | demo | openapi | administrator | audit`."""

import contextlib
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
import uvicorn
from alembic import command
from pydantic import ValidationError
from sqlalchemy.exc import DataError, OperationalError, ProgrammingError

from app import auditing
from app.demo import tell, world
from app.description import errors_page
from app.domain.errors import RuleViolation, catalogue
from app.kit import embedded, jobs
from app.kit.clock import STOCKHOLM
from app.kit.db import ROLE, Database, connect
from app.kit.keyfile import KeyFileUnusable, load_or_create
from app.kit.problems import Problem
from app.kit.runtime import Runtime
from app.kit.telemetry import configure_logs
from app.main import create_app, create_runtime, describe
from app.outside import alembic_config, is_confined, is_migrated
from app.settings import Settings
from app.worker import create_worker

app = typer.Typer(help="Mentorskap: mentorship programmes run together.", no_args_is_help=True, add_completion=False)
Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
audit = typer.Typer(help="The seals over the logs, for operators and auditors.", no_args_is_help=True)
app.add_typer(audit, name="audit")
AnchorFile = Annotated[Path | None, typer.Option("--anchor", help="The anchor file, best from another machine.")]
Since = Annotated[datetime | None, typer.Option(help="An instant, Swedish time unless it says otherwise.")]
UserId = Annotated[UUID | None, typer.Option("--user", help="Id of a user or service account.")]
LoginId = Annotated[UUID | None, typer.Option("--login", help="Id of a login session.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.")]

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


@app.command()
def run(host: Host = None, port: Port = None) -> None:
    """Set up everything for a first look (private database, migrations, demo data) and serve."""
    with _explained():
        settings = _settings(host, port, log_level=os.environ.get("MENTORSKAP_LOG_LEVEL", "WARNING"))
        listening = _listen(settings)
        with _database_url(settings) as url:
            _migrate(settings, url)
            with _runtime(settings, url) as runtime:
                if world.is_empty(runtime):
                    print("Filling the empty database with the demo world …", flush=True)
                    tell.all(runtime, settings)
                print(world.table(settings), flush=True)
                _serve(runtime, settings, url, listening)


@app.command()
def serve(host: Host = None, port: Port = None) -> None:
    """Serve the API (and, unless MENTORSKAP_WORKER=apart, run the jobs)."""
    with _explained():
        settings = _settings(host, port)
        listening = _listen(settings)
        with _database_url(settings) as url, _runtime(settings, url) as runtime:
            _serve(runtime, settings, url, listening)


@app.command()
def worker() -> None:
    """Run the durable jobs apart from the API; give each worker a stable MENTORSKAP_WORKER_ID."""
    with _explained():
        settings = _settings()
        with _database_url(settings) as url, _runtime(settings, url) as runtime:
            jobs_worker = create_worker(runtime, settings, url)
            done = threading.Event()
            for name in (signal.SIGINT, signal.SIGTERM):
                signal.signal(name, lambda *_: done.set())
            jobs_worker.start()
            print(f"Worker {settings.stable_worker_id} is running.", flush=True)
            done.wait()
            jobs_worker.stop()


@app.command()
def migrate() -> None:
    """Bring the database to this version's tables (and the job queue's own)."""
    with _explained():
        settings = _settings()
        with _database_url(settings) as url:
            _migrate(settings, url)
        print("The database is at the newest migration.")


@app.command()
def demo() -> None:
    """Fill an empty database with the demo world."""
    with _explained():
        settings = _settings()
        with _database_url(settings) as url, _runtime(settings, url) as runtime:
            if not world.is_empty(runtime):
                raise Stop("The database is not empty; demo data goes only into an empty one.")
            tell.all(runtime, settings)
            print(world.table(settings))


@app.command()
def openapi(
    path: Annotated[Path, typer.Argument()] = Path("openapi/openapi.json"),
    errors: Annotated[Path, typer.Argument()] = Path("docs/guide/errors.md"),
) -> None:
    """Write the OpenAPI document and the page of problem codes."""
    document = json.dumps(describe(Settings()), ensure_ascii=False, indent=2) + "\n"
    for file, text in ((path, document), (errors, errors_page())):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        print(f"{file}: {len(text)} characters")


@app.command()
def administrator(email: str, name: str = "Systemadministratör") -> None:
    """Make a system administrator and print the invitation with which the password is set."""
    with _explained():
        settings = _settings()
        with _database_url(settings) as url, _runtime(settings, url) as runtime:
            print(world.invite_administrator(runtime, email, name))


@audit.command("verify")
def audit_verify(anchor: AnchorFile = None, since: Since = None) -> None:
    """Compute the seals over both logs anew; exit code 1 and the first bad row or checkpoint when anything differs."""
    _audit(lambda runtime: auditing.verify(runtime, anchor, _instant(since)))


@audit.command("proof")
def audit_proof(access_id: int) -> None:
    """Print the proof that a line of the access log is sealed, as JSON (docs/examples has a script that checks it)."""
    _audit(lambda runtime: auditing.proof(runtime, access_id))


@audit.command("exposure")
def audit_exposure(user: UserId = None, login: LoginId = None, since: Since = None, until: Since = None) -> None:
    """Print everybody whose data a user, service account or login was shown, whoever holds them; for a breach."""
    if user is None and login is None:
        raise typer.BadParameter("say --user or --login")
    _audit(lambda runtime: auditing.exposure(runtime, user, login, _instant(since), _instant(until)))


def _audit(work: Callable[[Runtime], bool]) -> None:
    with _explained():
        settings = _settings()
        with _database_url(settings) as url, _runtime(settings, url) as runtime:
            is_right = work(runtime)
        if not is_right:
            raise typer.Exit(1)


def _instant(given: datetime | None) -> datetime | None:
    """As typed, in Swedish time."""
    return given if given is None or given.tzinfo else given.replace(tzinfo=STOCKHOLM)


def _settings(host: str | None = None, port: int | None = None, log_level: str | None = None) -> Settings:
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
def _explained() -> Iterator[None]:
    """A message instead of a traceback for everything an operator can mend."""
    try:
        yield
    except (Stop, embedded.EmbeddedUnavailable, KeyFileUnusable, auditing.AnchorUnusable) as stop:
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


def _listen(settings: Settings) -> socket.socket:
    """Take the port before anything else is started. Raises: Stop when it is taken."""
    listening = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as taken:
        where = f"{settings.host}:{settings.port}"
        hint = "Stop the other program, or choose another port with MENTORSKAP_PORT."
        raise Stop(f"Cannot listen on {where}: {taken.strerror}. {hint}") from taken
    return listening


@contextmanager
def _database_url(settings: Settings) -> Iterator[str]:
    if settings.database_url is not None:
        yield settings.database_url
        return
    with embedded.start(settings.data_folder / "postgresql") as running:
        yield running.url


def _migrate(settings: Settings, url: str) -> None:
    owner_url = settings.owner_database_url or url
    try:
        command.upgrade(alembic_config(url=owner_url), "head")
    except ProgrammingError as refused:
        if getattr(refused.orig, "sqlstate", None) != INSUFFICIENT_PRIVILEGE:
            raise
        raise Stop(MAY_NOT_MIGRATE) from refused
    jobs.migrate(owner_url)


@contextmanager
def _runtime(settings: Settings, url: str) -> Iterator[Runtime]:
    configure_logs(settings.log_level)
    database: Database = connect(url, pool_size=settings.pool_size)
    runtime = create_runtime(database, load_or_create(settings.keys_file), settings)
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


def _serve(runtime: Runtime, settings: Settings, url: str, listening: socket.socket) -> None:
    """Answer requests until a signal says stop; the worker inside starts before and stops after."""
    config = uvicorn.Config(
        create_app(runtime, settings),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    inside = create_worker(runtime, settings, url) if settings.worker == "inside" else None
    if inside is not None:
        inside.start()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
    finally:
        if inside is not None:
            inside.stop()


if __name__ == "__main__":
    os.umask(0o077)
    app()
