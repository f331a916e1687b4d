"""How is a plan made, decided, changed and followed?"""

from app.features.plans.actions.decisions import record_decision
from app.features.plans.actions.goals import create_goal, update_goal, withdraw_goal
from app.features.plans.actions.measures import create_measure, update_measure, withdraw_measure
from app.features.plans.actions.plans import create_plan, publish_plan, revise_plan, update_plan
from app.features.plans.actions.reports import comment_plan, report_goal, report_measure

__all__ = [
    "comment_plan",
    "create_goal",
    "create_measure",
    "create_plan",
    "publish_plan",
    "record_decision",
    "report_goal",
    "report_measure",
    "revise_plan",
    "update_goal",
    "update_measure",
    "update_plan",
    "withdraw_goal",
    "withdraw_measure",
]
