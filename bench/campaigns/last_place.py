"""Does exactly one of twenty simultaneous acceptances get a mentor's last place, hundreds of times?"""

from collections import Counter
from pathlib import Path
from typing import Any

from bench.installation import installation
from tests.features.matches.races import is_fair, race, rivals, start_over
from tests.world import World

PROMISE = "last-place"
ROUNDS = 500
RIVALS = 20
ROOT = Path(__file__).parents[2]


def run(rounds: int = ROUNDS) -> dict[str, Any]:
    """Race for the place in a database of its own; each round starts over with the same twenty matches."""
    with installation() as (url, _), World.open(url) as world:
        return _run(world, rounds)


def _run(world: World, rounds: int) -> dict[str, Any]:
    pairs = rivals(world, RIVALS, programs=4)
    answers: Counter[str] = Counter()
    fair = 0
    for _ in range(rounds):
        given = race(pairs)
        fair += is_fair(given, world, pairs)
        answers += given
        start_over(world, pairs)
    counts = {"rounds": rounds, "fair": fair, "acceptances": answers.total(), **dict(sorted(answers.items()))}
    return {"holds": fair == rounds, "counts": counts}
