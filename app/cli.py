"""Which commands are there? `mentorskap run | serve | worker | migrate | demo | openapi | api-diff | administrator | keys | erasures | audit`."""

import contextlib
import json
import os
import signal
import socket
import threading
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn

from app import audit_commands, erasure_commands, key_commands
from app.demo import reset as sandbox
from app.demo import tell, world
from app.description import errors_page
from app.kit.document_diff import as_markdown, bare, compare
from app.kit.document_diff_schemas import Weight
from app.kit.runtime import Runtime
from app.main import create_app, describe
from app.settings import Settings
from app.startup import Stop, database_url, explained, migrate_database, opened, read_settings, started
from app.worker import create_worker

app = typer.Typer(help="Mentorskap: mentorship programmes run together.", no_args_is_help=True, add_completion=False)
app.add_typer(key_commands.app, name="keys")
app.add_typer(erasure_commands.app, name="erasures")
app.add_typer(audit_commands.app, name="audit")
Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.")]


@app.command()
def run(host: Host = None, port: Port = None) -> None:
    """Set up everything for a first look (private database, migrations, demo data) and serve."""
    with explained():
        settings = read_settings(host, port, log_level=os.environ.get("MENTORSKAP_LOG_LEVEL", "WARNING"))
        listening = _listen(settings)
        with database_url(settings) as url:
            migrate_database(settings, url)
            with started(settings, url) as runtime:
                if world.is_empty(runtime):
                    print("Filling the empty database with the demo world …", flush=True)
                    tell.all(runtime, settings)
                print(world.table(settings), flush=True)
                _serve(runtime, settings, url, listening)


@app.command()
def serve(host: Host = None, port: Port = None) -> None:
    """Serve the API (and, unless MENTORSKAP_WORKER=apart, run the jobs)."""
    with explained():
        settings = read_settings(host, port)
        listening = _listen(settings)
        with database_url(settings) as url, started(settings, url) as runtime:
            _serve(runtime, settings, url, listening)


@app.command()
def worker() -> None:
    """Run the durable jobs apart from the API; give each worker a stable MENTORSKAP_WORKER_ID."""
    with explained():
        settings = read_settings()
        with database_url(settings) as url, started(settings, url) as runtime:
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
    with explained():
        settings = read_settings()
        with database_url(settings) as url:
            migrate_database(settings, url)
        print("The database is at the newest migration.")


@app.command()
def demo(
    *, reset: Annotated[bool, typer.Option(help="Empty a sandbox first: everything in it is lost.")] = False
) -> None:
    """Fill an empty database with the demo world; with --reset also one that the demo had filled before."""
    with explained():
        settings = read_settings()
        with database_url(settings) as url, started(settings, url) as runtime:
            if reset and not world.is_empty(runtime):
                sandbox.empty(runtime, settings.owner_database_url or url)
            if not world.is_empty(runtime):
                raise Stop("The database is not empty; demo data goes only into an empty one (or --reset a sandbox).")
            tell.all(runtime, settings)
            print(world.table(settings))


@app.command()
def openapi(
    path: Annotated[Path, typer.Argument()] = Path("openapi/openapi.json"),
    errors: Annotated[Path, typer.Argument()] = Path("docs/guide/errors.md"),
    *,
    release: Annotated[bool, typer.Option(help="Also remember it as the released one.")] = False,
) -> None:
    """Write the OpenAPI document and the page of problem codes."""
    described = describe(Settings())
    files = [(path, json.dumps(described, ensure_ascii=False, indent=2) + "\n"), (errors, errors_page())]
    if release:
        files.append(
            (path.with_name("released.json"), json.dumps(bare(described), ensure_ascii=False, indent=0) + "\n")
        )
    for file, text in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        print(f"{file}: {len(text)} characters")


@app.command("api-diff")
def api_diff(
    old: Path,
    new: Annotated[Path, typer.Argument()] = Path("openapi/openapi.json"),
    *,
    check: Annotated[bool, typer.Option(help="Exit with 1 when something breaks.")] = False,
) -> None:
    """Tell in Markdown what changed between two OpenAPI documents: what breaks clients, what else, what is new."""
    with explained():
        before, after = _read_document(old), _read_document(new)
        found = compare(before, after)
        print(as_markdown(before, after, found), end="")
        if check and any(one.weight is Weight.BREAKING for one in found):
            raise typer.Exit(1)


def _read_document(path: Path) -> dict[str, Any]:
    """Raises: Stop when the file cannot be read as an OpenAPI document."""
    unreadable = Stop(f"{path} cannot be read as an OpenAPI document in JSON.")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise unreadable from wrong
    if not isinstance(document, dict) or not {"info", "paths", "components"} <= document.keys():
        raise unreadable
    return document


@app.command()
def administrator(email: str, name: str = "Systemadministratör") -> None:
    """Make a system administrator and print the invitation with which the password is set."""
    with opened() as runtime:
        print(world.invite_administrator(runtime, email, name))


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
