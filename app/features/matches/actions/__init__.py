"""How does a match move from proposal to closure, and how are its meetings kept?"""

from app.features.matches.actions.agreements import publish_agreement_text, sign_agreement
from app.features.matches.actions.answers import accept_match, refuse_match
from app.features.matches.actions.course import activate_match, hold_match, prepare_match, resume_match
from app.features.matches.actions.endings import close_match, start_closing, void_match, withdraw_match
from app.features.matches.actions.expectations import answer_expectations, review_expectations
from app.features.matches.actions.meetings import (
    cancel_meeting,
    confirm_meeting,
    correct_meeting,
    log_meeting,
    plan_meeting,
    sync_meeting,
)
from app.features.matches.actions.proposals import expire_match, propose_match, take_back
from app.features.matches.actions.reopening import decide_rematch, reopen_match

__all__ = [
    "accept_match",
    "activate_match",
    "answer_expectations",
    "cancel_meeting",
    "close_match",
    "confirm_meeting",
    "correct_meeting",
    "decide_rematch",
    "expire_match",
    "hold_match",
    "log_meeting",
    "plan_meeting",
    "prepare_match",
    "propose_match",
    "publish_agreement_text",
    "refuse_match",
    "reopen_match",
    "resume_match",
    "review_expectations",
    "sign_agreement",
    "start_closing",
    "sync_meeting",
    "take_back",
    "void_match",
    "withdraw_match",
]
