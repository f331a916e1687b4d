"""Which referrals are there, how do they stand, and whom may one name?"""

from app.features.referrals.queries.coverage import is_covered, locked, overtaken
from app.features.referrals.queries.parties import (
    RECRUITS,
    is_recruiting,
    keep_consent,
    known_to,
    may_take,
    own_person,
    reachable_cohort,
    referred_person,
    unanswered_twins,
)
from app.features.referrals.queries.reading import in_full, of_partner, unanswered, within_reach

__all__ = [
    "RECRUITS",
    "in_full",
    "is_covered",
    "is_recruiting",
    "keep_consent",
    "known_to",
    "locked",
    "may_take",
    "of_partner",
    "overtaken",
    "own_person",
    "reachable_cohort",
    "referred_person",
    "unanswered",
    "unanswered_twins",
    "within_reach",
]
