"""By which rules does a program match?"""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlmodel import col

from app.domain.matching.policy import default_policy_document
from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.matching import actions, queries
from app.features.matching.schemas import DefaultMatchingPolicyRead, MatchingPolicyCreate, MatchingPolicyRead
from app.features.matching.tables import MatchingPolicy
from app.features.programs.tables import Program
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter()


@router.get(
    "/programs/{programId}/matching-policies",
    operation_id="listMatchingPolicies",
    summary="List a program's matching policies",
    response_model=Page[MatchingPolicyRead],
)
def list_matching_policies(
    scope: Annotated[Scope[Program], on(Program, Permission.MATCHING_POLICY_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """Every version, the present one first. / Alla versioner, den gällande först."""
    newest_first = col(MatchingPolicy.number).desc()
    return answer_page(scope.exchange, MatchingPolicyRead, queries.policies(scope), query, keys=newest_first)


@router.post(
    "/programs/{programId}/matching-policies",
    operation_id="publishMatchingPolicy",
    summary="Publish the next matching policy",
    status_code=201,
    response_model=MatchingPolicyRead,
)
def publish_matching_policy(
    scope: Annotated[Scope[Program], on(Program, Permission.MATCHING_POLICY_WRITE)], body: MatchingPolicyCreate
) -> Response:
    """The next version; the same rules as now answer 200 with the present one. / Nästa version; 200 om inget ändras."""
    policy, is_new = actions.publish_policy(scope, body)
    if not is_new:
        return answer(scope.exchange, MatchingPolicyRead, policy)
    location = f"{scope.exchange.path.partition('/programs/')[0]}/matching-policies/{policy.id}"
    return answer(scope.exchange, MatchingPolicyRead, policy, status=201, location=location)


@router.get(
    "/programs/{programId}/default-matching-policy",
    operation_id="getDefaultMatchingPolicy",
    summary="Read the policy to begin from",
    response_model=DefaultMatchingPolicyRead,
)
def get_default_matching_policy(
    scope: Annotated[Scope[Program], on(Program, Permission.MATCHING_POLICY_READ)],
) -> Response:
    """The policy of the program's benchmark profile. / Policyn som hör till programmets riktvärdesprofil."""
    profile = scope.row.profile_id
    default = {"profile_id": profile, "document": default_policy_document(profile)}
    return answer(scope.exchange, DefaultMatchingPolicyRead, default)


@router.get(
    "/matching-policies/{matchingPolicyId}",
    operation_id="getMatchingPolicy",
    summary="Read a matching policy",
    response_model=MatchingPolicyRead,
)
def get_matching_policy(
    scope: Annotated[Scope[MatchingPolicy], on(MatchingPolicy, Permission.MATCHING_POLICY_READ)],
) -> Response:
    """One version. / En version."""
    return answer(scope.exchange, MatchingPolicyRead, scope.row)
