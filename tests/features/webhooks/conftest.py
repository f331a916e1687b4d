"""A world whose webhooks may go to this machine, and a scene of its own for each test."""

from collections.abc import Iterator

import pytest

from tests.features.webhooks.receiver import Receiver, receiving
from tests.features.webhooks.scene import Scene
from tests.world import World


@pytest.fixture(scope="module")
def world(database_url: str) -> Iterator[World]:
    with World.open(database_url, webhook_allow_loopback=True) as opened:
        yield opened


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as listening:
        yield listening


@pytest.fixture
def scene(world: World, receiver: Receiver) -> Iterator[Scene]:
    made = Scene(world, receiver)
    yield made
    made.say("update webhook_subscription set state = 'paused', disabled_reason = null")
    made.say("update webhook_progress set lease_id = null, lease_until = null, test_id = null")
