"""Which policies and runs are there, who is in the pool, and which suggested pairs still hold?"""

from app.features.matching.queries.blocks import known_enrolment, pair_blocks, ruled_out
from app.features.matching.queries.people import Ready, holders_of_protected, pool, read_ready
from app.features.matching.queries.possible import people_of, possible_of
from app.features.matching.queries.runs import (
    Standing,
    certificate_of,
    cohort_of,
    latest_policy,
    lock_cohort,
    lock_movable,
    lock_run,
    pairs_of,
    pins_of,
    policies,
    policy_of,
    runs,
    standings,
    unmatched_ids,
    unmatched_of,
)

__all__ = [
    "Ready",
    "Standing",
    "certificate_of",
    "cohort_of",
    "holders_of_protected",
    "known_enrolment",
    "latest_policy",
    "lock_cohort",
    "lock_movable",
    "lock_run",
    "pair_blocks",
    "pairs_of",
    "people_of",
    "pins_of",
    "policies",
    "policy_of",
    "pool",
    "possible_of",
    "read_ready",
    "ruled_out",
    "runs",
    "standings",
    "unmatched_ids",
    "unmatched_of",
]
