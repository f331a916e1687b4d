"""Do the tests of the matching engine notice a mistake in it? A drawn sample of mutants, each against the tests alone.

Each mutant is a forked process: a copy of the project with one file changed, and pytest until the first failure.
"""

import io
import os
import random
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.mutants import Mutant, find_mutants

PROMISE = "matching-mutants"
ROOT = Path(__file__).parents[2]
ENGINE = Path("app/domain/matching")
TESTS = ("tests/domain/matching", "tests/properties/test_matching_laws.py")
LEFT_ALONE = {"__init__.py", "kernels.py"}  # the inner loop has its own test, in a process that compiles it
SAMPLE = 160
SECONDS = 240  # a mutant that makes the engine go on for ever is noticed too
AT_ONCE = 2
LEAST_KILLED = 0.9


def run(sample: int = SAMPLE, seed: int = 2014) -> dict[str, Any]:
    """Every survivor is named on standard error, so that it can be judged."""
    files = sorted(path for path in (ROOT / ENGINE).glob("*.py") if path.name not in LEFT_ALONE)
    every = [mutant for path in files for mutant in find_mutants(path)]
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
            os._exit(_test(copy))
        return _wait(child)


def _wait(child: int) -> bool:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status != 0
        time.sleep(0.05)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return True


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
