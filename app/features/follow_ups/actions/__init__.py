"""How are follow-ups planned, answered, corrected, moved or waived?"""

from app.features.follow_ups.actions.answers import correct_follow_up, submit_follow_up
from app.features.follow_ups.actions.days import reschedule_follow_up, waive_follow_up
from app.features.follow_ups.actions.plans import (
    PlanFacts,
    plan_after_exit,
    plan_exit_interviews,
    plan_for_match,
    plan_for_reopening,
    waive_open,
)
from app.features.follow_ups.actions.questionnaires import publish_questionnaire

__all__ = [
    "PlanFacts",
    "correct_follow_up",
    "plan_after_exit",
    "plan_exit_interviews",
    "plan_for_match",
    "plan_for_reopening",
    "publish_questionnaire",
    "reschedule_follow_up",
    "submit_follow_up",
    "waive_follow_up",
    "waive_open",
]
