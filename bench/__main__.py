"""What do the benches measure? One JSON object per figure on standard output; words for people go to standard error.

A bench is a module of this folder with `run() -> Iterable[dict]`; each dict has exactly the keys of `KEYS`.
A figure that misses its goal is a result, not a failure: the exit code says only whether everything was measured.
"""

import json
import sys
import time
from collections.abc import Sequence

from bench.discovery import HERE, choose, find_names, load

KEYS = ["bench", "case", "figure", "value", "goal", "holds"]


def measure(name: str) -> None:
    began = time.monotonic()
    print(f"bench {name} …", file=sys.stderr)
    for figure in load("bench", name).run():
        if sorted(figure) != sorted(KEYS):
            raise SystemExit(
                f"bench {name} gave a figure with the keys {sorted(figure)}; the contract is {sorted(KEYS)}"
            )
        print(json.dumps({key: figure[key] for key in KEYS}, ensure_ascii=False), flush=True)
    print(f"bench {name}: {time.monotonic() - began:.1f} s", file=sys.stderr)


def main(asked: Sequence[str]) -> None:
    for name in choose(asked, find_names(HERE), "bench"):
        measure(name)


if __name__ == "__main__":
    main(sys.argv[1:])
