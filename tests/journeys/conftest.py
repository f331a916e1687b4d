"""Journeys run the durable jobs for real: a worker in this process, on the journey's own database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import Settings
from app.worker import create_worker
from tests.world import World


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A journey shows that the parts work together; which lines run is the business of the parts' own tests."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="module")
def working_world(world: World) -> Iterator[World]:
    """The world with its worker running."""
    settings = Settings(database_url=world.url, signing_keys_file="unused", worker_id="journey")
    worker = create_worker(world.runtime, settings, world.url)
    worker.start()
    yield world
    worker.stop()
