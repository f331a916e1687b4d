"""What becomes of proposals that nobody answers? They expire, looked for every hour.

Answering never waits for this: it counts by the day as it is. A tick that is missed, or done twice, changes nothing.
"""

from app.features.access.guards import steward
from app.features.matches import actions, queries
from app.kit.jobs import scheduled
from app.kit.runtime import Runtime
from app.kit.telemetry import log

JOB = "matches.expire"


@scheduled(JOB, "11 * * * *")
def expire_matches(runtime: Runtime, trace_id: str) -> None:
    """Store each expiry in a transaction of its own; places that were held become free."""
    with steward(runtime, trace_id) as scope:
        overdue = queries.ids_unanswered(scope)
    for match_id in overdue:
        try:
            with steward(runtime, trace_id) as scope:
                actions.expire_match(scope, match_id)
        except Exception:  # noqa: BLE001  one that cannot be stored must not keep the others waiting
            log.exception("match not expired", extra={"facts": {"matchId": str(match_id)}})
