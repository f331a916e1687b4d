"""Does a sandbox begin anew by one command, and is anything else left alone?"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlmodel import Session, col, select
from typer.testing import CliRunner

from app.cli import app
from app.demo import tell, world
from app.demo.client import Stage
from app.domain.glossary import Sector
from app.domain.roles import Role
from app.features.access.tables import UserAccount
from app.features.partners.tables import Partner
from app.kit.clock import FixedClock
from app.kit.runtime import Runtime
from app.settings import Settings
from tests.conftest import admin, named
from tests.world import owner_engine


class Sandbox:
    """A migrated database and the command line over it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder

    def say(self, *words: str) -> tuple[int, str]:
        env = {
            "MENTORSKAP_DATABASE_URL": self.url,
            "MENTORSKAP_SIGNING_KEYS_FILE": str(self.folder / "keys.json"),
            "MENTORSKAP_DATA_FOLDER": str(self.folder),
        }
        told = CliRunner().invoke(app, list(words), env=env)
        return told.exit_code, told.output

    def add(self, *rows: object) -> None:
        with Session(owner_engine(self.url)) as session:
            session.info["is_unrecorded"] = True
            session.add_all(rows)
            session.commit()

    def partners(self) -> set[str]:
        with Session(owner_engine(self.url)) as session:
            return set(session.exec(select(Partner.name)))

    def forget(self, email: str) -> None:
        with Session(owner_engine(self.url)) as session:
            session.info["is_unrecorded"] = True
            session.delete(session.exec(select(UserAccount).where(col(UserAccount.email) == email)).one())
            session.commit()


@pytest.fixture(autouse=True)
def _short_story(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first act is told: the whole one is told by `test_first_start`, and takes its time."""

    def first_act(runtime: Runtime, settings: Settings) -> None:
        with Stage.set(runtime, settings, FixedClock(runtime.clock())) as stage:
            tell.tell_partners(stage, stage.join(world.SYSTEM[0], world.invite_administrator(runtime, *world.SYSTEM)))

    monkeypatch.setattr(tell, "all", first_act)
    monkeypatch.setattr("app.startup.configure_logs", lambda _: None)


@pytest.fixture
def empty(server: str, template: str, tmp_path: Path) -> Iterator[Sandbox]:
    admin(server, f"create database sandbox template {template} strategy = file_copy")
    yield Sandbox(named(server, "sandbox"), tmp_path)
    admin(server, "drop database sandbox with (force)")


def test_a_sandbox_begins_anew(empty: Sandbox) -> None:
    told, output = empty.say("demo")
    assert told == 0, output
    filled = empty.partners()
    empty.add(Partner(name="Påhittade försöket", sector=Sector.BUSINESS))
    queue = create_engine(empty.url)
    with queue.begin() as connection:
        connection.execute(text("update dbos.workflow_status set status = 'ERROR'"))

    assert empty.say("demo")[0] == 1
    assert "Påhittade försöket" in empty.partners()
    told, output = empty.say("demo", "--reset")
    assert (told, "samordnare@nacka.example" in output) == (0, True), output
    assert empty.partners() == filled
    with queue.connect() as connection:
        assert connection.scalar(text("select count(*) from alembic_version")) == 1
        assert connection.scalar(text("select count(*) from dbos.workflow_status where status = 'ERROR'")) == 0
    queue.dispose()

    empty.add(UserAccount(name="Verklig Person", email="someone@nacka.se", role=Role.EVALUATOR))
    told, output = empty.say("demo", "--reset")
    assert (told, "1 accounts have addresses outside the reserved names; nothing was deleted" in output) == (1, True)
    assert empty.partners() == filled
    empty.forget("someone@nacka.se")
    empty.add(UserAccount(name="Påhittad Person", email="someone@kommun.example", role=Role.EVALUATOR))
    assert empty.say("demo", "--reset")[0] == 0


def test_what_the_demo_has_not_filled_is_left_alone(empty: Sandbox) -> None:
    assert empty.say("administrator", "someone@kommun.example")[0] == 0
    empty.add(Partner(name="Påhittade kommunen", sector=Sector.MUNICIPALITY))
    told, output = empty.say("demo", "--reset")
    assert (told, "has not filled this database; nothing was deleted" in output) == (1, True)
    assert empty.partners() == {"Påhittade kommunen"}


def test_an_empty_database_needs_no_reset(empty: Sandbox) -> None:
    assert empty.say("demo", "--reset")[0] == 0
    assert "Nacka kommun (demo)" in empty.partners()
