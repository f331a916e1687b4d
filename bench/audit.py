"""What do the records cost a request, and how long does it take to verify 100,000 rows?

One enrolment and a page of 50, over HTTP in this process, with the record and with the writing of it taken out; both in turn.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any
from unittest.mock import patch

from sqlmodel import Session

from app.features.access import guards
from app.features.audit.queries.anchors import anchored_roots
from app.features.audit.queries.verifying import Verification
from app.kit.keys import KeyRing
from bench.installation import installation
from bench.measuring import at_most, figure, in_child
from bench.reports import alternate
from tests.features.audit.logs import Logs
from tests.features.enrolments.scene import Scene, set_scene
from tests.world import KEY, World

ROUNDS = 150
PEOPLE = 50
ROWS = 100_000
MOST_SHARE = 1.25
MOST_SECONDS = 60.0
MOST_MEGABYTES = 60.0


def run() -> Iterable[dict[str, Any]]:
    """Measure on a private server."""
    with installation() as (url, folder), World.open(url, user_requests_per_minute=0, writes_per_minute=0) as world:
        yield from _cost(set_scene(world))
        yield from _verify(Logs(world, folder / "anchor.jsonl"))


@contextmanager
def unrecorded() -> Iterator[None]:
    """Requests without their record."""
    with patch.object(guards, "note_use", lambda *_args, **_kwargs: None):
        yield


def _cost(scene: Scene) -> Iterator[dict[str, Any]]:
    paths = [scene.applied() for _ in range(PEOPLE)]
    for case, path in (("get one", paths[0]), ("page of 50", f"/cohorts/{scene.cohort_id}/enrolments?limit=50")):
        ask = _asking(scene, path)
        times = alternate(ask, _without(ask), ROUNDS)
        ours, bare = (median(one) for one in times)
        print(f"  {case}: {ours * 1000:.2f} ms with the record, {bare * 1000:.2f} ms without", file=sys.stderr)
        yield at_most("audit", case, "time with the record over without", ours / bare, MOST_SHARE)


def _asking(scene: Scene, path: str) -> Callable[[], None]:
    def ask() -> None:
        assert scene.screener.get(path).status_code == 200

    return ask


def _without(ask: Callable[[], None]) -> Callable[[], None]:
    def bare() -> None:
        with unrecorded():
            ask()

    return bare


def _verify(logs: Logs) -> Iterator[dict[str, Any]]:
    began = time.perf_counter()
    for _ in range(10):
        logs.fill(ROWS * 6 // 100, ROWS * 4 // 100)
        logs.seal()
    yield figure("audit", f"{ROWS} rows", "seconds to fill and seal", time.perf_counter() - began, 0, holds=True)
    logs.world.engine.dispose()
    megabytes, (seconds, faults, rows) = in_child(lambda: _walk(logs))
    assert faults == 0
    assert rows >= ROWS
    yield at_most("audit", f"{rows} rows", "seconds to verify", seconds, MOST_SECONDS)
    yield at_most("audit", f"{rows} rows", "megabytes of memory", megabytes, MOST_MEGABYTES)


def _walk(logs: Logs) -> tuple[float, int, int]:
    began = time.perf_counter()
    with Session(logs.world.engine) as session:
        walk = Verification(session, KeyRing(KEY), anchored_roots(logs.anchor))
        faults = len(list(walk.findings()))
    return time.perf_counter() - began, faults, walk.rows
