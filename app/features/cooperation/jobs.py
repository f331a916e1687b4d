"""Who is told of what they have not read? Looked for every ten minutes of the day, written in the morning, once a day.

Looks for what there is to do and does not ask which tick it is: a missed tick, or two workers at once, change nothing.
"""

from app.features.access.guards import steward
from app.features.cooperation.actions.digests import claim_digest, note_digest, write_digests
from app.features.follow_ups.jobs import send_waiting
from app.kit.jobs import scheduled
from app.kit.runtime import Runtime

JOB = "cooperation.digest"


@scheduled(JOB, "*/10 6-19 * * *")
def digest(runtime: Runtime, trace_id: str) -> None:
    """Decide the day's digests and send those that wait."""
    with steward(runtime, trace_id) as scope:
        write_digests(scope)
    send_waiting(
        runtime, trace_id, lambda scope: claim_digest(scope, runtime.mail_from, runtime.issuer.issuer), note_digest
    )
