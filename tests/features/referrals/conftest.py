"""A scene of its own for each test, on the day on which the world begins."""

from collections.abc import Iterator

import pytest

from tests.features.referrals.scene import Scene, set_scene
from tests.world import World


@pytest.fixture
def scene(world: World) -> Iterator[Scene]:
    began = world.clock()
    yield set_scene(world)
    world.clock.advance(began - world.clock())
