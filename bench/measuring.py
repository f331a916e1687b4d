"""How is a figure taken honestly? CPU seconds of this process, medians, and the peak memory of a child of its own."""

import os
import pickle
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
MEGABYTE = 1024 * 1024


def cpu_seconds(work: Callable[[], T]) -> tuple[float, T]:
    """What one run costs, all threads together, and what it gives."""
    began = time.process_time()
    given = work()
    return time.process_time() - began, given


def cpu_of_all(process_id: int) -> float:
    """The CPU seconds of a process and of all that it started, also of those that have ended; in ticks of 10 ms."""
    spent: dict[int, float] = {}
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        parents[int(path.parent.name)] = int(told[1])
        spent[int(path.parent.name)] = sum(map(int, told[11:15])) / os.sysconf("SC_CLK_TCK")
    found, left = 0.0, [process_id]
    while left:
        one = left.pop()
        found += spent.get(one, 0.0)
        left += [child for child, parent in parents.items() if parent == one]
    return found


def ratio(ours: Callable[[], Any], theirs: Callable[[], Any], rounds: int) -> float:
    """Ours over theirs in CPU seconds: both in turn, so that a drifting machine meets both; the median pair counts."""
    ours()
    theirs()
    pairs = [(cpu_seconds(ours)[0], cpu_seconds(theirs)[0]) for _ in range(rounds)]
    return statistics.median(one / other for one, other in pairs)


def in_child(work: Callable[[], T], ready: Callable[[], object] | None = None) -> tuple[float, T]:
    """The megabytes by which a forked child's memory peaks above where it began, and what the work gives.

    `ready` is done in the child before it begins.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        if ready is not None:
            ready()
        before = _resident()
        given = work()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        with os.fdopen(writing, "wb") as out:
            pickle.dump(((peak - before) / MEGABYTE, given), out)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        told = answer.read()
    _, status = os.waitpid(child, 0)
    if status or not told:
        raise RuntimeError(f"the measured child ended with status {status}")
    found: tuple[float, T] = pickle.loads(told)  # noqa: S301  our own child's words
    return found


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def figure(bench: str, case: str, name: str, value: float, goal: float, *, holds: bool) -> dict[str, Any]:
    """One line of a bench, three significant digits."""
    rounded = float(f"{value:.3g}")
    return {"bench": bench, "case": case, "figure": name, "value": rounded, "goal": goal, "holds": holds}


def at_most(bench: str, case: str, name: str, value: float, goal: float) -> dict[str, Any]:
    return figure(bench, case, name, value, goal, holds=value <= goal)


def at_least(bench: str, case: str, name: str, value: float, goal: float) -> dict[str, Any]:
    return figure(bench, case, name, value, goal, holds=value >= goal)
