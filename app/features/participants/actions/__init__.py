"""How do people come in, and what is kept of them?"""

from app.features.participants.actions.logins import give_login
from app.features.participants.actions.participants import (
    create_participant,
    refuse_personnummer,
    take_in,
    update_participant,
)

__all__ = [
    "create_participant",
    "give_login",
    "refuse_personnummer",
    "take_in",
    "update_participant",
]
