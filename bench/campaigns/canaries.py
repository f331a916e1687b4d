"""Is there no canary to be seen outside its reach, with 3 partners of 50 people, all operations and all principals?"""

from pathlib import Path
from typing import Any

from app.domain.roles import Role
from bench.installation import installation
from tests.canaries import CANARY, Sweep, captured_logs, no_second_wall, unfiltered
from tests.canary_world import CanaryWorld
from tests.world import World

PROMISE = "canaries"
EACH = 50
MOST_IDS = 8
PEOPLE = 6  # with logins of their own, of each partner
ROOT = Path(__file__).parents[2]


def run(each: int = EACH, most_ids: int = MOST_IDS) -> dict[str, Any]:
    """Sweep a database of its own: reads by everybody, writes by everybody of one partner, and the control."""
    with installation() as (url, _), World.open(url) as world:
        return _run(CanaryWorld(world, each), most_ids)


def _run(scene: CanaryWorld, most_ids: int) -> dict[str, Any]:
    callers = [who for who in scene.principals if who.person is None or who.person.number < 2 * PEOPLE]
    sweep = Sweep(scene, most_ids)
    with captured_logs() as logs:
        sweep.read(callers)
        staff = [who for who in callers if who.person is None]
        unrefused = [one for who in staff if who.partner == "Cilla" for one in sweep.write(who)]
        sweep.read(staff)
    in_logs = len(CANARY.findall(logs.getvalue()))
    unrecorded = len(sweep.unrecorded())
    handler = [who for who in staff if who.partner == "Cilla" and who.role is Role.CASE_HANDLER]
    walled, control = Sweep(scene, most_ids), Sweep(scene, most_ids)
    with unfiltered():
        walled.read(staff)
        with no_second_wall(scene.world):
            control.read(handler)
    nothing = [sweep.sightings, unrefused, sweep.faults, walled.sightings]
    counts = {
        "people": len(scene.people),
        "canaries": sum(len(person.canaries) for person in scene.people),
        "principals": len(callers),
        "calls": sweep.statuses.total(),
        "answers_with_canaries": len(sweep.seen),
        "sightings": len(sweep.sightings),
        "unrefused_writes": len(unrefused),
        "faults": len(sweep.faults),
        "in_logs": in_logs,
        "unrecorded": unrecorded,
        "sightings_without_filters": len(walled.sightings),
        "sightings_without_either_wall": len(control.sightings),
    }
    return {"holds": not any([*nothing, in_logs, unrecorded]) and bool(control.sightings), "counts": counts}
