"""How are migrations run? Against the database URL handed over by `mentorskap migrate` or a test."""

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine, text

from app.main import METADATA

LOCK_TIMEOUT_MS = 5_000


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Only our own schema: the job queue keeps its tables in its own (`dbos`) and migrates them itself."""
    return kind != "schema" or name in {None, "public"}


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        compare_type=True,
        compare_server_default=True,
        include_name=include_name,
    )
    with context.begin_transaction():
        connection.execute(text(f"set local lock_timeout = {LOCK_TIMEOUT_MS}"))
        context.run_migrations()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    run(handed_over)
else:
    url = context.config.attributes.get("url") or context.get_x_argument(as_dictionary=True).get("url")
    if not url:
        raise SystemExit("say which database: `mentorskap migrate`, or alembic -x url=postgresql+psycopg://…")
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as opened:
        run(opened)
        opened.commit()
