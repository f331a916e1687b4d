"""Is nothing lost, and the order kept, when dispatchers are killed while they tell?"""

from tests.features.webhooks.kills import Campaign
from tests.features.webhooks.receiver import Receiver
from tests.world import World


def test_killed_dispatchers_lose_nothing(world: World, receiver: Receiver) -> None:
    counts = Campaign(world, receiver).run(events=240, kills=3)
    assert counts["kills"] == 3
    assert (counts["lost"], counts["disordered"]) == (0, 0), counts
    assert counts["received"] >= counts["events"] == 240
    assert counts["twice"] <= 2 * counts["kills"], counts
