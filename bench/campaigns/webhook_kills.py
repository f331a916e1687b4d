"""Is every event delivered, in order, while dispatchers are killed a hundred times in the middle of their work?"""

from pathlib import Path
from typing import Any

from bench.installation import installation
from tests.features.webhooks.kills import Campaign
from tests.features.webhooks.receiver import receiving
from tests.world import World

PROMISE = "webhook-kills"
EVENTS = 10_000
KILLS = 100
ROOT = Path(__file__).parents[2]


def run(events: int = EVENTS, kills: int = KILLS) -> dict[str, Any]:
    """In a database of its own: four webhooks of two partners, two dispatchers at a time, a receiver on this machine."""
    with installation() as (url, _), World.open(url, webhook_allow_loopback=True) as world, receiving() as receiver:
        counts = Campaign(world, receiver).run(events, kills)
    return {"holds": counts["lost"] == counts["disordered"] == 0 and counts["kills"] == kills, "counts": counts}
