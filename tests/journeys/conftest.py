"""Journeys run the durable jobs for real: a worker in this process, on the journey's own database."""

from collections.abc import Iterator

import pytest

from app.settings import Settings
from app.worker import create_worker
from tests.world import World


@pytest.fixture(scope="module")
def working_world(world: World) -> Iterator[World]:
    """The world with its worker running."""
    settings = Settings(database_url=world.url, signing_keys_file="unused", worker_id="journey")
    worker = create_worker(world.runtime, settings, world.url)
    worker.start()
    yield world
    worker.stop()
