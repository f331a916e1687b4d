"""Which matches and meetings are there, who sees what of a pair, and what does a match bind?"""

from app.features.matches.queries.expectations import (
    answers_of_pair,
    expectations_of_pair,
    lock_open_matches,
    missing_preparation,
)
from app.features.matches.queries.matches import matches, meetings, side_of, view_of
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

__all__ = [
    "answers_of_pair",
    "blocked_pairs",
    "contact",
    "enrolments_of",
    "expectations_of_pair",
    "held_places",
    "hold_enrolment",
    "lock_mentor",
    "lock_open_matches",
    "lock_overdue",
    "matches",
    "meetings",
    "missing_preparation",
    "of_mentee_enrolment",
    "of_mentor",
    "people",
    "side_of",
    "view_of",
]
