"""Which matches and meetings are there, who sees what of a pair, and what does a match bind?"""

from app.features.matches.queries.agreements import (
    agreement_of_pair,
    agreement_pdf,
    agreement_text,
    agreement_texts,
    newest_agreement,
    signed_numbers,
)
from app.features.matches.queries.expectations import (
    answers_of_pair,
    expectations_of_pair,
    lock_open_matches,
    missing_preparation,
)
from app.features.matches.queries.matches import (
    ids_unanswered,
    match_of,
    matches,
    meeting_by_key,
    meetings,
    planned_meetings,
    revisions,
    side_of,
    view_of,
)
from app.features.matches.queries.people import contact, people
from app.features.matches.queries.places import (
    blocked_pairs,
    enrolments_of,
    held_places,
    hold_enrolment,
    lock_mentor,
    lock_overdue,
    of_mentee_enrolment,
    of_mentor,
)
from app.features.matches.queries.rematches import barred_from_rematch, rematch_of_pair

__all__ = [
    "agreement_of_pair",
    "agreement_pdf",
    "agreement_text",
    "agreement_texts",
    "answers_of_pair",
    "barred_from_rematch",
    "blocked_pairs",
    "contact",
    "enrolments_of",
    "expectations_of_pair",
    "held_places",
    "hold_enrolment",
    "ids_unanswered",
    "lock_mentor",
    "lock_open_matches",
    "lock_overdue",
    "match_of",
    "matches",
    "meeting_by_key",
    "meetings",
    "missing_preparation",
    "newest_agreement",
    "of_mentee_enrolment",
    "of_mentor",
    "people",
    "planned_meetings",
    "rematch_of_pair",
    "revisions",
    "side_of",
    "signed_numbers",
    "view_of",
]
