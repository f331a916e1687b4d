"""Does an installation run with two logins: one that owns the tables, and one for serving that owns nothing?"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from app.cli import app
from app.kit import embedded
from app.kit.db import ROLE
from app.settings import Settings
from app.worker import create_worker
from tests.conftest import admin, named
from tests.features.matching.scene import Scene
from tests.world import World

PATIENCE_SECONDS = 30


@dataclass
class Installation:
    """A server with a database of its own owner, and the command line as an operator uses it."""

    server: str
    keys: Path

    def url(self, login: str) -> str:
        return named(self.server, "nacka").replace("postgres@", f"{login}@")

    def say(self, command: str, serving: str, owner: str | None = None) -> tuple[int, str]:
        """Exit code and what is told to the operator."""
        env = {"MENTORSKAP_DATABASE_URL": self.url(serving), "MENTORSKAP_SIGNING_KEYS_FILE": str(self.keys)}
        env["MENTORSKAP_OWNER_DATABASE_URL"] = self.url(owner) if owner else ""
        told = CliRunner().invoke(app, command.split(), env={name: value or None for name, value in env.items()})
        return told.exit_code, told.output


@pytest.fixture(autouse=True)
def _logs_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that runs inside the tests leaves their logging alone."""
    monkeypatch.setattr("app.startup.configure_logs", lambda _: None)


@pytest.fixture(scope="module", params=["18", "16"])
def installation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Logins: `owner` may create roles, `plain` and `serving` may nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGSERVER_POSTGRES_VERSION", request.param)
        with embedded.start(tmp_path_factory.mktemp(f"roles{request.param}") / "server") as running:
            for login, may in (("owner", "createrole"), ("plain", "nocreaterole"), ("serving", "nocreaterole")):
                admin(running.url, f"create role {login} login nosuperuser {may}")
            admin(running.url, "create database nacka owner owner")
            yield Installation(running.url, tmp_path_factory.mktemp("keys") / "keys.json")


@pytest.fixture(scope="module")
def migrated(installation: Installation) -> Installation:
    """Migrated by the owner, who then lets the serving login in."""
    assert installation.say("migrate", "serving")[0] == 1
    assert installation.say("migrate", "serving", "owner") == (0, "The database is at the newest migration.\n")
    admin(installation.url("owner"), f"grant {ROLE} to serving")
    return installation


def test_a_login_that_may_not_migrate_is_told_who_must(installation: Installation) -> None:
    code, told = installation.say("migrate", "plain")
    assert code == 1
    assert "MENTORSKAP_OWNER_DATABASE_URL" in told
    assert "Traceback" not in told


def test_the_serving_login_does_everything_but_migrate(migrated: Installation) -> None:
    assert migrated.say("administrator ada@example.org", "serving")[1].startswith("miv_")
    with World.open(migrated.url("serving"), owner_url=migrated.url("owner")) as world:
        assert world.anonymous.get("//root/readyz").status_code == 200
        scene = Scene(world)
        scene.publish_policy()
        scene.mentor()
        scene.mentee()
        path = scene.request()
        settings = Settings(database_url=world.url, signing_keys_file=migrated.keys, worker_id="prov-2")
        worker = create_worker(world.runtime, settings, world.url)
        worker.start()
        try:
            until = time.monotonic() + PATIENCE_SECONDS
            while scene.read(path)["status"] in {"queued", "running"} and time.monotonic() < until:
                time.sleep(0.1)
        finally:
            worker.stop()
        assert (scene.read(path)["status"], scene.read(path)["people"]) == ("completed", 1)


def test_the_owner_too_is_confined(migrated: Installation) -> None:
    """FORCE: a query run by the owner's login by mistake shows nobody either; nor does leaving the serving role."""
    for login, leave in (("owner", "select 1"), ("serving", "reset role")):
        engine = create_engine(migrated.url(login))
        with engine.connect() as connection:
            connection.execute(text(leave))
            assert connection.scalar(text("select count(*) from participant")) == 0
            assert connection.scalar(text("select count(*) from partner"))
        engine.dispose()


@pytest.mark.parametrize("act", ["set role owner", "alter table participant disable row level security"])
def test_the_serving_login_cannot_become_more(migrated: Installation, act: str) -> None:
    engine = create_engine(migrated.url("serving"))
    with engine.connect() as connection, pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        connection.execute(text(act))
    engine.dispose()


def test_without_the_role_nothing_is_served(migrated: Installation) -> None:
    code, told = migrated.say("administrator eva@example.org", "plain")
    assert (code, ROLE in told, "grant" in told) == (1, True, True)
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"alter role {ROLE} bypassrls", f"alter role {ROLE} nobypassrls"),
        (f"alter role {ROLE} superuser", f"alter role {ROLE} nosuperuser"),
        (f"alter table participant owner to {ROLE}", "alter table participant owner to owner"),
    ],
)
@pytest.mark.parametrize("command", ["worker", "demo", "administrator eva@example.org"])
def test_a_role_that_is_not_bound_serves_nothing(migrated: Installation, before: str, after: str, command: str) -> None:
    nacka = named(migrated.server, "nacka")
    admin(nacka, before)
    try:
        code, told = migrated.say(command, "serving")
    finally:
        admin(nacka, after)
    assert code == 1
    assert "Row-level security does not bind" in told
