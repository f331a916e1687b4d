"""How does one version of a matching policy follow another?"""

from typing import Any

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.matching.policy import Policy, digest
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.matching import queries
from app.features.matching.schemas import MatchingPolicyCreate
from app.features.matching.tables import MatchingPolicy
from app.features.programs.tables import Program


def publish_policy(scope: Scope[Program], body: MatchingPolicyCreate) -> tuple[MatchingPolicy, bool]:
    """The present policy after this, and whether it is new: the same rules as now make no new version.

    Raises: `matching_policy.invalid` or `matching_policy.version_unknown`, pointing into the document.
    """
    policy = parse_document(body.document)
    present = queries.latest_policy(scope)
    if present is not None and present.digest == digest(policy):
        return present, False
    made = MatchingPolicy.model_validate(
        {
            "program_id": scope.row.id,
            "number": present.number + 1 if present else 1,
            "document": policy.document(),
            "digest": digest(policy),
            "note": body.note,
        }
    )
    scope.session.add(made)
    record(scope, ChangeKind.MATCHING_POLICY_PUBLISHED, made)
    return made, True


def parse_document(document: dict[str, Any], at: str = "/document") -> Policy:
    """The policy that a body holds at a pointer. Raises: what is wrong with it, pointing into the document."""
    try:
        return Policy.parse(document)
    except RuleViolation as invalid:
        raise RuleViolation(invalid.code, pointer=f"{at}{invalid.pointer}", **invalid.facts) from invalid
