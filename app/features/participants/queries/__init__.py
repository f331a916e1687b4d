"""Which people are there, what is attested of them, who are their guardians, and who may be one person twice?"""

from app.features.participants.queries.attestations import (
    attestations,
    is_asked_for,
    is_denied_after,
    standing,
    valid_attestations,
)
from app.features.participants.queries.duplicates import (
    decision_on,
    decisions_about,
    digests_of,
    duplicate_pairs,
    is_alike,
    is_denied_between,
    locked_other,
    locked_records,
    page_of,
    possible_duplicates,
)
from app.features.participants.queries.guardians import (
    EMPTIED,
    guardian_count,
    guardians,
    guardians_of,
    has_guardian_consent,
    is_guardian_of,
    is_mentor_too,
)
from app.features.participants.queries.people import (
    concealment_as_anonymous,
    has_consents,
    held_participant,
    mentor_load,
    participants,
)

__all__ = [
    "EMPTIED",
    "attestations",
    "concealment_as_anonymous",
    "decision_on",
    "decisions_about",
    "digests_of",
    "duplicate_pairs",
    "guardian_count",
    "guardians",
    "guardians_of",
    "has_consents",
    "has_guardian_consent",
    "held_participant",
    "is_alike",
    "is_asked_for",
    "is_denied_after",
    "is_denied_between",
    "is_guardian_of",
    "is_mentor_too",
    "locked_other",
    "locked_records",
    "mentor_load",
    "page_of",
    "participants",
    "possible_duplicates",
    "standing",
    "valid_attestations",
]
