"""Does a real worker take a queued run from the database and finish it?"""

import time
from collections.abc import Iterator

import pytest

from app.settings import Settings
from app.worker import create_worker
from tests.features.matching.scene import Scene
from tests.world import World

PATIENCE_SECONDS = 30


@pytest.fixture
def working(world: World) -> Iterator[None]:
    settings = Settings(database_url=world.url, signing_keys_file="unused", worker_id="prov-1")
    worker = create_worker(world.runtime, settings, world.url)
    worker.start()
    yield
    worker.stop()


def test_queued_runs_are_carried_out(world: World, working: None) -> None:
    scene = Scene(world)
    scene.publish_policy()
    scene.mentor()
    scene.mentee()
    paths = [scene.request(), scene.request()]
    until = time.monotonic() + PATIENCE_SECONDS
    while any(scene.read(path)["status"] in {"queued", "running"} for path in paths) and time.monotonic() < until:
        time.sleep(0.1)
    assert [(run["status"], run["people"]) for run in map(scene.read, paths)] == [("completed", 1)] * 2
    scene.approver.made(f"{paths[0]}/approval", {}, status=200)
