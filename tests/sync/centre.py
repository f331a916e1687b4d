"""How does a test stand in for a volunteer centre? A server on a port of its own, a file of settings, the command."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import uvicorn
from fastapi import FastAPI
from typer.testing import CliRunner, Result

from app.domain.roles import Role
from app.sync.cli import app
from tests.world import World

SCOPES = [
    "me:read", "partner:read", "change:read", "participant:read", "participant:create", "participant:update",
    "import:read", "import:create", "enrolment:read", "enrolment:create", "match:read", "meeting:read", "meeting:log", "program:read", "cohort:read",
]  # fmt: skip


@contextmanager
def serving(application: FastAPI) -> Iterator[str]:
    """The application on a free port of this machine; answers its address."""
    config = uvicorn.Config(application, host="127.0.0.1", port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


@dataclass
class Centre:
    """A volunteer centre with a service account and the command."""

    world: World
    partner: UUID
    config: Path

    @classmethod
    def of(cls, world: World, server: str, folder: Path, partner: UUID, scopes: list[str] | None = None) -> "Centre":
        """Make the account as the partner's administrator does, and write the settings as the centre does."""
        boss = world.client(Role.PARTNER_ADMINISTRATOR, partner)
        asked = {"name": "Påhittat register", "scopes": scopes or SCOPES}
        made = boss.post(f"/partners/{partner}/service-accounts", asked)
        assert made.status_code == 201, made.text
        folder.mkdir(parents=True, exist_ok=True)
        secret = folder / "hemlighet.txt"
        secret.write_text(made.json()["clientSecret"], encoding="utf-8")
        secret.chmod(0o600)
        config = folder / "config.toml"
        config.write_text(
            f'server = "{server}"\npartner = "{partner}"\nclient_id = "{made.json()["clientId"]}"\n'
            'client_secret_file = "hemlighet.txt"\nsystem = "register"\n',
            encoding="utf-8",
        )
        return cls(world, partner, config)

    def run(self, *arguments: Any, code: int = 0) -> Result:
        """`mentorskap-sync …` with this centre's settings, ended with this exit code."""
        done = CliRunner().invoke(app, [*map(str, arguments), "--config", str(self.config)])
        assert done.exit_code == code, (done.exit_code, done.output, done.exception)
        return done
