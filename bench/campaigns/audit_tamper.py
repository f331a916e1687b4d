"""Is each of 1,000 falsifications of the logs found, and what was falsified named?

Drawn by a seed from every kind in `tests/features/audit/tampering.py`, made as the owner of the database, each on the same
sealed logs and taken back after it.
"""

import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from sqlmodel import Session

from bench.installation import installation
from tests.features.audit.logs import Logs
from tests.features.audit.tampering import EDITS
from tests.world import World

PROMISE = "audit-tamper"
EDITS_MADE = 1_000
CHECKPOINTS = 10
ROOT = Path(__file__).parents[2]


def run(edits: int = EDITS_MADE, seed: int = 2014) -> dict[str, Any]:
    """Falsify a database of its own; what is not found, or not named, is told on standard error."""
    with installation() as (url, folder), World.open(url) as world:
        return _run(Logs(world, folder / "anchor.jsonl"), edits, Random(seed))  # noqa: S311  a sample, not a secret


def _run(logs: Logs, edits: int, random: Random) -> dict[str, Any]:
    for _ in range(CHECKPOINTS):
        logs.fill(40, 25)
        logs.seal()
    kinds = list(EDITS)
    found: Counter[str] = Counter()
    named: Counter[str] = Counter()
    with Session(logs.world.engine) as session:
        false_alarms = len(logs.findings(session))
        for number in range(edits):
            kind = kinds[number % len(kinds)]
            expected = EDITS[kind](session, random)
            session.expire_all()
            findings = logs.findings(session)
            session.rollback()
            found[kind] += bool(findings)
            is_named = bool(findings) and expected.is_named_by(findings[0])
            named[kind] += is_named
            if not is_named:
                print(f"{kind}: expected {expected}, found {findings[:2]}", file=sys.stderr)
        false_alarms += len(logs.findings(session))
    counts = {
        "edits": edits,
        "found": found.total(),
        "named": named.total(),
        "false_alarms": false_alarms,
        **{f"named {kind}": count for kind, count in sorted(named.items())},
    }
    return {"holds": found.total() == named.total() == edits and false_alarms == 0, "counts": counts}
