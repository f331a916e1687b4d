"""How do people come in, what is kept of them, and who may know it?"""

from app.features.participants.actions.anonymity import anonymise, create_anonymous, identify
from app.features.participants.actions.attestations import record_attestation, revoke_attestation
from app.features.participants.actions.batches import (
    Synced,
    apply_rows,
    is_held_back,
    sync_participants,
    take_back,
)
from app.features.participants.actions.guardians import (
    add_guardian,
    give_guardian_consent,
    update_guardian,
    withdraw_guardian_consent,
)
from app.features.participants.actions.links import decide_duplicate
from app.features.participants.actions.logins import give_login
from app.features.participants.actions.participants import create_participant, take_in, update_participant
from app.features.participants.actions.readings import Read, read_rows, sent_key
from app.features.participants.actions.sync import demand_sync, held_under, sync_availability, sync_participant
from app.features.participants.actions.texts import refuse_personnummer, refuse_personnummer_in

__all__ = [
    "Read",
    "Synced",
    "add_guardian",
    "anonymise",
    "apply_rows",
    "create_anonymous",
    "create_participant",
    "decide_duplicate",
    "demand_sync",
    "give_guardian_consent",
    "give_login",
    "held_under",
    "identify",
    "is_held_back",
    "read_rows",
    "record_attestation",
    "refuse_personnummer",
    "refuse_personnummer_in",
    "revoke_attestation",
    "sent_key",
    "sync_availability",
    "sync_participant",
    "sync_participants",
    "take_back",
    "take_in",
    "update_guardian",
    "update_participant",
    "withdraw_guardian_consent",
]
