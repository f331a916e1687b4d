"""Do the tests of the matching engine notice a mistake in it? A drawn sample of mutants, each against the tests alone.

Each mutant is a forked process: a copy of the project with one file changed, and pytest until the first failure.
"""

import io
import os
import random
import resource
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.mutants import Mutant, find_mutants

PROMISE = "matching-mutants"
ROOT = Path(__file__).parents[2]
ENGINE = Path("app/domain/matching")
TESTS = (  # the first notices most of them soonest
    "tests/domain/matching/test_reproducible.py",
    "tests/domain/matching",
    "tests/properties/test_matching_laws.py",
)
LEFT_ALONE = {"__init__.py", "kernels.py"}  # the inner loop has its own test, in a process that compiles it
# Numbers that decide how fast a run is and how much memory it takes, and nothing of what it gives: a change of them is
# no mistake that a test could notice. By module; that each belongs here is tested, in `test_reproducible`, at 1.
ONLY_FOR_SPEED: dict[str, dict[str, str]] = {
    "bitmaps": {"_CELLS": "how much of a table is unpacked at a time"},
    "certificate": {"_ROWS": "how many pairs are checked at a time"},
    "greedy": {
        "_CHUNK": "how many pairs are put in order before those who are served are passed over",
        "_ROWS": "of how many mentees the pairs are looked up at a time",
    },
    "market": {"_DRAWN": "how many pairs are drawn at a time"},
    "optimum": {
        "SOLVED_WHOLE": "up to how many pairs there are no candidates",
        "_CANDIDATES": "how many there are to begin with: pricing finds the others",
        "_ADDED": "how many of those are taken at a time",
        "_NEAR": "which of those are taken before they have to be",
    },
    "pairs": {
        "WORTH_COMPILING": "from which size the inner loop is compiled",
        "_BLOCK": "how many pairs are handed out at a time",
        "_CELLS": "how many are scored at a time",
        "_CELLS_COMPILED": "the same, compiled",
    },
    "resolve": {"_NEAR": "how many pairs are looked at first"},
    "scoring": {"_CHUNK": "how many pairs are scored at a time"},
    "solver": {"_WORTH_FAST": "from which size the second solver is asked"},
    "unmatched_reasons": {"_ROWS": "how many mentees are looked at together"},
}
SAMPLE = 160
SECONDS = 240  # of CPU: a mutant that makes the engine go on for ever is noticed too, a busy machine is no mistake
AT_ONCE = 2
LEAST_KILLED = 0.9


def run(sample: int = SAMPLE, seed: int = 2014) -> dict[str, Any]:
    """Every survivor is named on standard error, so that it can be judged."""
    files = sorted(path for path in (ROOT / ENGINE).glob("*.py") if path.name not in LEFT_ALONE)
    every = [mutant for path in files for mutant in find_mutants(path) if not is_only_for_speed(mutant)]
    chosen = random.Random(seed).sample(every, min(sample, len(every)))  # noqa: S311  a sample, not a secret
    unchanged = Mutant(every[0].path, 0, "nothing", every[0].path.read_text(encoding="utf-8"))
    if is_killed(unchanged):
        raise RuntimeError("the tests fail, or take too long, without any mistake: they would kill everything")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        killed = [*pool.map(is_killed, chosen)]
    for mutant, dead in zip(chosen, killed, strict=True):
        if not dead:
            print(f"survived: {mutant.path.name}:{mutant.line} {mutant.change}", file=sys.stderr)
    counts = {"mutants": len(every), "tried": len(chosen), "killed": sum(killed)}
    return {"holds": sum(killed) >= LEAST_KILLED * len(chosen), "counts": counts}


def is_only_for_speed(mutant: Mutant) -> bool:
    """Whether the mistake is in the line that gives one of ONLY_FOR_SPEED its value, or is to be one off where it is used."""
    names = ONLY_FOR_SPEED.get(mutant.path.stem, {})
    line = mutant.path.read_text(encoding="utf-8").splitlines()[mutant.line - 1]
    before, _, after = mutant.change.partition(" -> ")
    is_one_off = before.replace("=", "") == after.replace("=", "") and any(name in before for name in names)
    return is_one_off or line.partition(" = ")[0] in names


def is_killed(mutant: Mutant) -> bool:
    """Whether some test fails, or does not come to an end."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        for part in ("app", "tests", "bench"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        (copy / mutant.path.relative_to(ROOT)).write_text(mutant.source, encoding="utf-8")
        child = os.fork()
        if child == 0:
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            os._exit(_test(copy))
        _, status = os.waitpid(child, 0)
        return status != 0


def _test(copy: Path) -> int:
    """In the child: the tests of the copy, which does not know this process's modules."""
    import pytest  # noqa: PLC0415  only the child tests

    os.chdir(copy)
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    for name in [one for one in sys.modules if one.partition(".")[0] in {"app", "tests", "bench"}]:
        del sys.modules[name]
    sys.path[:] = [str(copy), *(one for one in sys.path if Path(one or ".").resolve() != ROOT)]
    options = ["-x", "-q", "--noconftest", "-m", "not slow", "-p", "no:xdist", "-p", "no:cov", "-p", "no:randomly"]
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return int(pytest.main([*options, *TESTS]))
