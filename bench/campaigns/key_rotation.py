"""Do a hundred changes of the signing key under load refuse no valid token, and does a revoked key end at once?"""

import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.domain.roles import Role
from app.kit.keyfile import KeyFile
from app.kit.rotation import RETIRES_FOR, activate, make_next, prune, revoke
from bench.installation import installation
from tests.world import UNHURRIED, Client, World

PROMISE = "key-rotation"
ROTATIONS = 100
SOONEST = 5.0  # seconds until a revoked key must be out of force
ROOT = Path(__file__).parents[2]


def run(rotations: int = ROTATIONS) -> dict[str, Any]:
    """Two applications on one database and one file of keys: what one signs is shown to the other."""
    with installation() as (url, folder):
        path = folder / "keys.json"
        keys = [KeyFile(path), KeyFile(path)]
        with (
            World.open(url, keys=keys[0], **UNHURRIED) as one,
            World.open(url, keys=keys[1], **UNHURRIED) as other,
        ):
            return rotate(one, other, path, rotations)


def rotate(one: World, other: World, path: Path, rotations: int) -> dict[str, Any]:
    """The counts of a campaign of so many rotations."""
    partner = one.partner()
    signer = one.client(Role.COORDINATOR, partner)
    answers: Counter[int] = Counter()
    done = threading.Event()

    def ask(world: World) -> None:
        while not done.is_set():
            answers[Client(world.portal, world.http, signer.token).get("/me").status_code] += 1

    threads = [threading.Thread(target=ask, args=(world,)) for world in (one, other, other)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(rotations):
            made = one.clock()
            make_next(path, made)
            activate(path, made + timedelta(hours=24))
            prune(path, made + timedelta(hours=24))
            time.sleep(0.05)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    seconds = until_refused(one, other, path)
    counts = {"rotations": rotations, **{f"answers_{k}": n for k, n in answers.items()}, "revoked_after": seconds}
    holds = set(answers) == {200} and seconds <= SOONEST and prune(path, one.clock() + 2 * RETIRES_FOR * 100) > 0
    return {"holds": holds, "counts": counts}


def until_refused(one: World, other: World, path: Path) -> float:
    """Seconds from the revocation of the active key until the other application refuses its tokens."""
    signer = one.client(Role.COORDINATOR, one.partner())
    token = signer.token() if signer.token else ""
    holder = Client(other.portal, other.http, lambda: token)
    revoke(path, KeyFile(path)().active.kid, one.clock())
    began = time.monotonic()
    while holder.get("/me").status_code != 401:
        if time.monotonic() - began > 2 * SOONEST:
            break
    return round(time.monotonic() - began, 3)
