"""How does a match move from proposal to closure, and how are its meetings kept?"""

from app.features.matches.actions.answers import accept_match, refuse_match
from app.features.matches.actions.course import (
    activate_match,
    close_match,
    hold_match,
    prepare_match,
    resume_match,
)
from app.features.matches.actions.expectations import answer_expectations, review_expectations
from app.features.matches.actions.meetings import confirm_meeting, log_meeting
from app.features.matches.actions.proposals import propose_match

__all__ = [
    "accept_match",
    "activate_match",
    "answer_expectations",
    "close_match",
    "confirm_meeting",
    "hold_match",
    "log_meeting",
    "prepare_match",
    "propose_match",
    "refuse_match",
    "resume_match",
    "review_expectations",
]
