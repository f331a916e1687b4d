"""How do people's rights over their data become acts?"""

from app.features.rights.actions.erasing import Decision, carry_out, erase, purge_exports, replay_ledger
from app.features.rights.actions.exports import make_export
from app.features.rights.actions.requests import (
    ERASE_JOB,
    EXPORT_JOB,
    approve_erasure,
    assess_request,
    decide_request,
    execute_rectification,
    extend_request,
    lift_restriction,
    make_request,
)

__all__ = [
    "ERASE_JOB",
    "EXPORT_JOB",
    "Decision",
    "approve_erasure",
    "assess_request",
    "carry_out",
    "decide_request",
    "erase",
    "execute_rectification",
    "extend_request",
    "lift_restriction",
    "make_export",
    "make_request",
    "purge_exports",
    "replay_ledger",
]
