"""How does an enrolment come to be, go through screening, wait, and end?

Everyone inside the intake window may apply and be screened. A place of the cohort is held from `ready` on (also while
paused), so whoever is found ready when all places are held goes on to `waiting`. Whenever a place is free, the one who
has waited longest moves to `ready`, in the transaction that freed or added it, as long as the cohort goes on.
"""

from app.features.enrolments.actions.intake import add_enrolment, apply_to_cohort, create_enrolment
from app.features.enrolments.actions.moves import change_cohort, exit_enrolment, move_enrolment
from app.features.enrolments.actions.screening import screen_enrolment
from app.features.enrolments.actions.steps import refuse_ended, repeated
from app.features.enrolments.actions.sync import sync_enrolment

__all__ = [
    "add_enrolment",
    "apply_to_cohort",
    "change_cohort",
    "create_enrolment",
    "exit_enrolment",
    "move_enrolment",
    "refuse_ended",
    "repeated",
    "screen_enrolment",
    "sync_enrolment",
]
