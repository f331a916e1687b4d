"""When are the logs sealed? Every five seconds, so that nothing waits longer than ten; and the anchor catches up.

Several workers take turns by a lock. Each keeps its own anchor file up, also with what another one has sealed.
"""

from pathlib import Path

from app.features.access.guards import steward
from app.features.audit.actions import append_to_anchor, seal_next
from app.features.audit.queries import seals_after
from app.features.audit.queries.anchors import last_anchored
from app.kit.jobs import watching
from app.kit.runtime import Runtime
from app.kit.telemetry import log

JOB = "audit.seal"
SECONDS = 5.0
MOST_AT_ONCE = 100
"""Checkpoints in one turn, when there is much to make up for."""


@watching(JOB, seconds=SECONDS)
def seal(runtime: Runtime, trace_id: str) -> None:
    """Seal what can be sealed, a transaction for each checkpoint."""
    for _ in range(MOST_AT_ONCE):
        if not _seal_one(runtime, trace_id):
            break
    if runtime.anchor_file is not None:
        _anchor(runtime, trace_id, runtime.anchor_file)


def _seal_one(runtime: Runtime, trace_id: str) -> bool:
    with steward(runtime, trace_id) as scope:
        made = seal_next(scope.session, runtime.keyring().active, scope.now)
    if made is None:
        return False
    facts = {"number": made.number, "root": made.root, "kid": made.kid, "signature": made.signature}
    log.info("logs sealed", extra={"facts": facts})
    return True


def _anchor(runtime: Runtime, trace_id: str, path: Path) -> None:
    """That the anchor cannot be written keeps nothing from being sealed: it is a line in the log, and tried again."""
    try:
        last, _ = last_anchored(path)
        with steward(runtime, trace_id) as scope:
            waiting = seals_after(scope.session, last, MOST_AT_ONCE)
        append_to_anchor(path, waiting)
    except OSError as failed:
        log.error("anchor not written", extra={"facts": {"why": type(failed).__name__, "traceId": trace_id}})
