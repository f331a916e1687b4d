"""How is a person's identity protected, and who is cleared to handle it?"""

from app.features.protection.actions.clearances import (
    approve_clearance,
    propose_clearance,
    refuse_clearance,
    revoke_clearance,
)
from app.features.protection.actions.protection import lift_protection, protect

__all__ = [
    "approve_clearance",
    "lift_protection",
    "propose_clearance",
    "protect",
    "refuse_clearance",
    "revoke_clearance",
]
