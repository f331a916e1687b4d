"""Does the feed miss nothing and repeat nothing while 2,000 transactions write at once and commit late?"""

from pathlib import Path
from typing import Any

from bench.installation import installation
from tests.features.changes.gaps import compare
from tests.world import World

PROMISE = "feed-gaps"
TRANSACTIONS = 2_000
AT_ONCE = 15  # the test world's connections behind the API's back
ROOT = Path(__file__).parents[2]


def run(transactions: int = TRANSACTIONS) -> dict[str, Any]:
    """In a database of its own, with two naive readers beside ours: they must lose, or nothing is shown."""
    with installation() as (url, _), World.open(url) as world:
        counts = compare(world, transactions, AT_ONCE)
    is_complete = counts["gaps"] == counts["twice"] == counts["never_committed"] == 0
    is_controlled = counts["lost_by_number"] > 0 and counts["lost_by_time"] > 0
    return {"holds": is_complete and is_controlled, "counts": counts}
