"""What becomes of referrals that nobody answers, and of copies that nobody may keep? Settled every hour.

Reading and acting never wait for this: they count by the day and by the consent as they are. A tick that is missed, or
that two workers do at once, changes nothing.
"""

from uuid import UUID

from app.features.access.guards import steward
from app.features.referrals import actions, queries
from app.kit.jobs import scheduled
from app.kit.runtime import Runtime
from app.kit.telemetry import log

JOB = "referrals.settle"


@scheduled(JOB, "7 * * * *")
def settle_referrals(runtime: Runtime, trace_id: str) -> None:
    """Store expiries and withdrawals, and erase copies, each in a transaction of its own."""
    with steward(runtime, trace_id) as scope:
        overtaken = queries.overtaken(scope)
    for referral_id in overtaken:
        try:
            _settle(runtime, trace_id, referral_id)
        except Exception:  # noqa: BLE001  one that cannot be settled must not keep the others waiting
            log.exception("referral not settled", extra={"facts": {"referralId": str(referral_id)}})


def _settle(runtime: Runtime, trace_id: str, referral_id: UUID) -> None:
    with steward(runtime, trace_id) as scope:
        referral = queries.locked(scope.session, referral_id)
        if referral is not None:
            actions.settle_referral(scope.about(referral))
