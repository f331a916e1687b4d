"""A real PostgreSQL per test process, a migrated template, and a fresh committed database for each test module."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from app.kit import embedded, jobs
from app.settings import Settings
from tests.world import World

# The engine's inner loop runs as plain Python here, so that its lines are seen; compiled it is tested in a process apart.
os.environ["NUMBA_DISABLE_JIT"] = "1"

# One test user asks more in a second than a person in a minute: limits are tested where they are the subject.
for name in Settings.model_fields:
    if name.endswith("_per_minute"):
        os.environ[f"MENTORSKAP_{name.upper()}"] = "0"

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a private server with a migrated database named `template`; MENTORSKAP_TEST_DATABASE_URL overrides.

    Not below pytest's own folder: each pytest that starts closes that to other users, and as root the server is one.
    """
    given = os.environ.get("MENTORSKAP_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with TemporaryDirectory() as folder, embedded.start(Path(folder) / "server") as running:
        yield running.url


@pytest.fixture(scope="session")
def template(server: str) -> str:
    name = f"template_{os.getpid()}"
    admin(server, f"create database {name}")
    url = named(server, name)
    config = Config(ROOT / "alembic.ini")
    config.attributes["url"] = url
    command.upgrade(config, "head")
    jobs.migrate(url)
    return name


@pytest.fixture(scope="module")
def database_url(server: str, template: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of this module's own, copied from the template; everything in it is really committed."""
    name = f"t{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**9}"
    admin(server, f"create database {name} template {template} strategy = file_copy")
    yield named(server, name)
    admin(server, f"drop database {name} with (force)")


@pytest.fixture(scope="module")
def world(database_url: str) -> Iterator[World]:
    """The application over a fresh database, with a clock that tests hold, and helpers that speak HTTP."""
    with World.open(database_url) as opened:
        yield opened


def admin(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def named(server: str, name: str) -> str:
    head, question, query = server.partition("?")
    return head.rsplit("/", 1)[0] + f"/{name}" + question + query
