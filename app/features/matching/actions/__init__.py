"""How do policies follow each other, and how does a run go from request to matches?"""

from app.features.matching.actions.approvals import approve_run, reject_run
from app.features.matching.actions.blocks import block_pair, revoke_block
from app.features.matching.actions.policies import publish_policy
from app.features.matching.actions.previews import assess_pair, compare_policies, preview, suggest_for
from app.features.matching.actions.proposals import propose_pair
from app.features.matching.actions.results import complete_run, fail_run, note_progress
from app.features.matching.actions.runs import cancel_run, request_run
from app.features.matching.actions.what_ifs import explore_run

__all__ = [
    "approve_run",
    "assess_pair",
    "block_pair",
    "cancel_run",
    "compare_policies",
    "complete_run",
    "explore_run",
    "fail_run",
    "note_progress",
    "preview",
    "propose_pair",
    "publish_policy",
    "reject_run",
    "request_run",
    "revoke_block",
    "suggest_for",
]
