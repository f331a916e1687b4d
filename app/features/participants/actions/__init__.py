"""How do people come in, and how do their enrolments go on?"""

from app.features.participants.actions.enrolments import (
    create_enrolment,
    exit_enrolment,
    move_enrolment,
    screen_enrolment,
)
from app.features.participants.actions.logins import give_login
from app.features.participants.actions.participants import create_participant, refuse_personnummer, update_participant

__all__ = [
    "create_enrolment",
    "create_participant",
    "exit_enrolment",
    "give_login",
    "move_enrolment",
    "refuse_personnummer",
    "screen_enrolment",
    "update_participant",
]
