"""Do the migrations make exactly the tables of the code, from nothing and back, on every PostgreSQL we promise?"""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from app.kit import embedded, jobs
from app.main import METADATA
from tests.conftest import ROOT, admin, named

LEFT = text("""
select c.relkind::text || ' ' || n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname not in ('pg_catalog', 'information_schema', 'dbos') and n.nspname !~ '^pg_(toast|temp)'
   and c.relname not like 'alembic_version%'
union all
select 'type ' || t.typname from pg_type t join pg_namespace n on n.oid = t.typnamespace
 where n.nspname = 'public' and t.typname not like '%alembic_version'
union all
select 'function ' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public'
""")
"""Relations, types and functions that are not PostgreSQL's, the job queue's or Alembic's own."""


@pytest.fixture(scope="module", params=["18", "16"])
def major(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def url(major: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database on a server of that version."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGSERVER_POSTGRES_VERSION", major)
        with embedded.start(tmp_path_factory.mktemp(f"postgres{major}") / "server") as running:
            name = f"migrations_{uuid4().hex}"
            admin(running.url, f"create database {name}")
            yield named(running.url, name)


@pytest.fixture(scope="module")
def connection(url: str) -> Iterator[Connection]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def config(url: str) -> Config:
    made = Config(ROOT / "alembic.ini")
    made.attributes["url"] = url
    return made


def test_there_is_one_head_and_one_beginning() -> None:
    scripts = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    assert (len(scripts.get_heads()), len(scripts.get_bases())) == (1, 1)


def test_migrations_go_up_and_down_and_up(url: str, connection: Connection, major: str) -> None:
    assert str(connection.scalar(text("show server_version"))).split(".")[0] == major
    assert list(connection.scalars(LEFT)) == []

    command.upgrade(config(url), "head")
    jobs.migrate(url)
    made = set(connection.scalars(text("select tablename from pg_tables where schemaname = 'public'")))
    assert made == {*METADATA.tables, "alembic_version"}
    command.check(config(url))

    command.downgrade(config(url), "base")
    assert list(connection.scalars(LEFT)) == []

    command.upgrade(config(url), "head")
    command.check(config(url))


def test_a_difference_would_be_noticed(url: str, connection: Connection) -> None:
    command.upgrade(config(url), "head")
    connection.execute(text("alter table partner drop column website"))
    with pytest.raises(Exception, match="website"):
        command.check(config(url))


def test_migrations_import_nothing_that_may_change() -> None:
    for path in Path(ROOT / "migrations/versions").glob("*.py"):
        imported = [
            line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(("import ", "from "))
        ]
        assert not [line for line in imported if " app" in line], path.name
