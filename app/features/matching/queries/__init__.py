"""Which policies and runs are there, who is in the pool, and which suggested pairs still hold?"""

from app.features.matching.queries.people import holders_of_protected, pool
from app.features.matching.queries.runs import (
    Standing,
    certificate_of,
    cohort_of,
    latest_policy,
    lock_cohort,
    lock_run,
    pairs_of,
    policies,
    policy_of,
    runs,
    standings,
    unmatched_of,
)

__all__ = [
    "Standing",
    "certificate_of",
    "cohort_of",
    "holders_of_protected",
    "latest_policy",
    "lock_cohort",
    "lock_run",
    "pairs_of",
    "policies",
    "policy_of",
    "pool",
    "runs",
    "standings",
    "unmatched_of",
]
