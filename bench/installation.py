"""On what does a bench or a campaign run? A private server of its own, with every table, gone when it is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from app.kit import embedded, jobs
from app.outside import alembic_config


@contextmanager
def installation() -> Iterator[tuple[str, Path]]:
    """The URL of a migrated private server, and the folder it lies in, which has room for more."""
    with TemporaryDirectory() as folder, embedded.start(Path(folder) / "server") as server:
        command.upgrade(alembic_config(url=server.url), "head")
        jobs.migrate(server.url)
        yield server.url, Path(folder)
