"""Which promises hold under the long campaigns, at which commit? Writes `evidence/prove.json` after each campaign.

A campaign is a module of `bench/campaigns` with `PROMISE: str` and `run() -> dict` giving `holds: bool` and `counts: dict`.
Run again after an interruption, a clean commit's held promises are not repeated; naming a campaign repeats it.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.discovery import HERE, choose, find_names, load

EVIDENCE = HERE.parent / "evidence" / "prove.json"
Promise = dict[str, Any]


def name_commit() -> str:
    """The commit, with `-dirty` if the tree has changes that nobody else could have; `unknown` outside git."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True)  # noqa: S603  fixed words
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def read_promises(evidence: Path, commit: str) -> dict[str, Promise]:
    """What is already known about this very commit."""
    try:
        known = json.loads(evidence.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {promise["promise"]: promise for promise in known["promises"]} if known["commit"] == commit else {}


def write_promises(evidence: Path, commit: str, promises: dict[str, Promise]) -> None:
    evidence.parent.mkdir(exist_ok=True)
    written = json.dumps({"commit": commit, "promises": list(promises.values())}, indent=2, ensure_ascii=False)
    fresh = evidence.with_suffix(".new")
    fresh.write_text(written + "\n", encoding="utf-8")
    fresh.replace(evidence)  # whole or not at all, whenever it is interrupted


def try_promise(name: str) -> Promise:
    began = time.monotonic()
    campaign = load("bench.campaigns", name)
    print(f"{name}: {campaign.PROMISE} …", file=sys.stderr)
    outcome = campaign.run()
    promise = {"promise": name, "holds": bool(outcome["holds"]), "counts": outcome["counts"]}
    return {**promise, "seconds": round(time.monotonic() - began, 1)}


def is_settled(name: str, promises: dict[str, Promise], commit: str) -> bool:
    is_repeatable = commit != "unknown" and not commit.endswith("-dirty")
    return is_repeatable and name in promises and bool(promises[name]["holds"])


def main(asked: Sequence[str]) -> None:
    chosen = choose(asked, find_names(HERE / "campaigns"), "campaign")
    commit = name_commit()
    promises = read_promises(EVIDENCE, commit)
    for name in chosen:
        if asked or not is_settled(name, promises, commit):
            promises[name] = try_promise(name)
            write_promises(EVIDENCE, commit, promises)
        print(json.dumps(promises[name], ensure_ascii=False), flush=True)
    broken = [name for name in chosen if not promises[name]["holds"]]
    if broken:
        raise SystemExit(f"These promises do not hold: {', '.join(broken)}.")


if __name__ == "__main__":
    main(sys.argv[1:])
