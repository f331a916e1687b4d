"""How do agreements come to be, come into force and end, and how are duties handed over?"""

from app.features.agreements.actions.drafts import (
    create_agreement,
    propose_agreement,
    update_agreement,
    withdraw_agreement,
)
from app.features.agreements.actions.handovers import answer_handover, propose_handover
from app.features.agreements.actions.signatures import sign_agreement, terminate_agreement

__all__ = [
    "answer_handover",
    "create_agreement",
    "propose_agreement",
    "propose_handover",
    "sign_agreement",
    "terminate_agreement",
    "update_agreement",
    "withdraw_agreement",
]
