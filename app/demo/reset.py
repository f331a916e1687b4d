"""How does a sandbox begin anew? Everything goes but the tables, and only where nobody but invented people has an account."""

from sqlalchemy import Connection, create_engine, text
from sqlmodel import Session, select

from app.demo import world
from app.features.access.tables import UserAccount
from app.kit.runtime import Runtime

RESERVED = (".example", "@example.com", "@example.net", "@example.org")
"""Names that belong to nobody (RFC 2606)."""
LOCK_TIMEOUT = "set local lock_timeout = '10s'"
TABLES = text("""
select format('%I.%I', schemaname, tablename) from pg_tables
where schemaname in (current_schema(), 'dbos') and tablename not in ('alembic_version', 'dbos_migrations')
order by 1
""")


class NoSandbox(Exception):  # noqa: N818  the message is for the operator
    """The database may hold more than the demo world and what was tried in it."""


def assert_sandbox(runtime: Runtime) -> None:
    """Raises: NoSandbox unless the demo filled the database when it was empty, and every address is an invented one."""
    with Session(runtime.database.engine) as session:
        emails = [email for email in session.exec(select(UserAccount.email)) if email is not None]
    if world.SYSTEM[0] not in emails:
        raise NoSandbox("The demo has not filled this database; nothing was deleted.")
    real = [email for email in emails if not email.endswith(RESERVED)]
    if real:
        raise NoSandbox(f"{len(real)} accounts have addresses outside the reserved names; nothing was deleted.")


def empty(runtime: Runtime, owner_url: str) -> None:
    """Delete every row, of the job queue too. Raises: NoSandbox, before anything is deleted."""
    assert_sandbox(runtime)
    engine = create_engine(owner_url)
    try:
        with engine.begin() as connection:
            _truncate(connection)
    finally:
        engine.dispose()


def _truncate(connection: Connection) -> None:
    connection.execute(text(LOCK_TIMEOUT))
    names = ", ".join(connection.scalars(TABLES))
    connection.execute(text(f"truncate {names} restart identity cascade"))
