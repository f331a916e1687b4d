"""How do people come in, what is kept of them, and who may know it?"""

from app.features.participants.actions.anonymity import anonymise, create_anonymous, identify
from app.features.participants.actions.attestations import record_attestation, revoke_attestation
from app.features.participants.actions.guardians import (
    add_guardian,
    give_guardian_consent,
    update_guardian,
    withdraw_guardian_consent,
)
from app.features.participants.actions.links import decide_duplicate
from app.features.participants.actions.logins import give_login
from app.features.participants.actions.participants import create_participant, take_in, update_participant
from app.features.participants.actions.texts import refuse_personnummer

__all__ = [
    "add_guardian",
    "anonymise",
    "create_anonymous",
    "create_participant",
    "decide_duplicate",
    "give_guardian_consent",
    "give_login",
    "identify",
    "record_attestation",
    "refuse_personnummer",
    "revoke_attestation",
    "take_in",
    "update_guardian",
    "update_participant",
    "withdraw_guardian_consent",
]
