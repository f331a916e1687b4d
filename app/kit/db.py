"""How is the database reached, and when does work become permanent? One transaction per request or job step."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Self

from sqlalchemy import Engine, MetaData, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, SQLModel

from app.kit.problems import Problem, problem_for_constraint

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = MetaData(naming_convention=NAMING).naming_convention

STATEMENT_TIMEOUT_MS = 10_000
LOCK_TIMEOUT_MS = 3_000
IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000
SERIALIZATION_FAILURES = frozenset({"40001", "40P01"})
LOCK_NOT_AVAILABLE = "55P03"
ROLE = "mentorskap_app"
"""As whom everything but migrations works: a role that owns nothing and that row-level security binds."""
SESSION = (
    f"set statement_timeout = {STATEMENT_TIMEOUT_MS}",
    f"set lock_timeout = {LOCK_TIMEOUT_MS}",
    f"set idle_in_transaction_session_timeout = {IDLE_IN_TRANSACTION_TIMEOUT_MS}",
    "set timezone = 'UTC'",
    f"set role {ROLE}",
)
"""What each new connection is told; it stays through commits, rollbacks and the pool."""
IN_FAILED_TRANSACTION = 3  # libpq's PQTRANS_INERROR


@dataclass(frozen=True)
class Database:
    """The engine and the sessions made from it; one per process. `carried` is what each session has in its `info`."""

    engine: Engine
    carried: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def carrying(self, **more: Any) -> Self:
        """The same database, whose sessions carry this besides: what an action needs of the process."""
        return replace(self, carried={**self.carried, **more})

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is committed when the block ends, and rolled back when it raises.

        Raises: `Problem` for what the database refused by a named constraint, by a stale version, or for lack of reach.
        """
        with translated(), Session(self.engine, expire_on_commit=False, info=dict(self.carried)) as session:
            yield session
            session.commit()

    def is_reachable(self) -> bool:
        """Does one trivial query succeed now?"""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("select 1"))
        except (DBAPIError, PoolTimeout):
            return False
        return True


def goes_on(session: Session) -> bool:
    """May the session's transaction still do anything, or has a statement failed that only a rollback mends?"""
    if not session.is_active:
        return False
    driver: Any = session.connection().connection.driver_connection
    return bool(driver.info.transaction_status != IN_FAILED_TRANSACTION)


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the database says into problems that a client can act on; nothing of its text gets out."""
    try:
        yield
    except IntegrityError as refused:
        constraint = getattr(getattr(refused.orig, "diag", None), "constraint_name", None)
        raise problem_for_constraint(constraint) from refused
    except StaleDataError as stale:
        raise Problem("resource.changed_meanwhile") from stale
    except PoolTimeout as full:
        raise Problem("service.busy", retry_after=1) from full
    except OperationalError as lost:
        state = getattr(lost.orig, "sqlstate", None)
        if state in SERIALIZATION_FAILURES or state == LOCK_NOT_AVAILABLE:
            raise Problem("resource.busy", retry_after=1) from lost
        raise Problem("service.database_unreachable", retry_after=5) from lost


def connect(url: str, *, pool_size: int = 10) -> Database:
    """Open a pool on `url` (`postgresql+psycopg://…`); connections are made when first needed, and work as `ROLE`."""
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=5,
        pool_timeout=3,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 3, "application_name": "mentorskap"},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        try:
            with connection.cursor() as cursor:
                for setting in SESSION:
                    cursor.execute(setting)
            connection.commit()
        except Exception:
            connection.close()  # the pool has not taken it over yet
            raise

    return Database(engine)
