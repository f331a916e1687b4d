"""Which follow-ups are there, in which state are they today, and what do they ask?"""

from app.features.follow_ups.queries.follow_ups import (
    earliest_day,
    follow_ups,
    has_status,
    is_overdue,
    lock_waivable,
    reminders_of,
    status_today,
    versions,
)
from app.features.follow_ups.queries.overdue import overdue, waiting_for_me
from app.features.follow_ups.queries.questionnaires import Asked, asked_in, last_number, published, questions_of

__all__ = [
    "Asked",
    "asked_in",
    "earliest_day",
    "follow_ups",
    "has_status",
    "is_overdue",
    "last_number",
    "lock_waivable",
    "overdue",
    "published",
    "questions_of",
    "reminders_of",
    "status_today",
    "versions",
    "waiting_for_me",
]
