"""The seals over the logs, and the proof that a line is sealed, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.audit import queries
from app.features.audit.schemas import AuditSealRead, ProofRead
from app.features.partners.tables import Partner
from app.kit.pages import Page, PageQuery, answer_items
from app.kit.problems import Problem
from app.kit.wire import answer

router = APIRouter()


@router.get(
    "/audit-seals",
    operation_id="listAuditSeals",
    summary="List the seals over the logs",
    response_model=Page[AuditSealRead],
)
def list_audit_seals(
    scope: Annotated[Scope[None], anywhere(Permission.AUDIT_SEAL_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """Signed checkpoints over both logs, the newest first. / Signerade kontrollpunkter, de nyaste först."""
    rows, total = queries.listed_seals(scope.session, query.limit, (query.page - 1) * query.limit)
    return answer_items(scope.exchange, AuditSealRead, rows, query, total)


@router.get(
    "/partners/{partnerId}/accesses/{accessId}/proof",
    operation_id="getAccessProof",
    summary="Prove that a line is sealed",
    response_model=ProofRead,
)
def get_access_proof(
    scope: Annotated[Scope[Partner], on(Partner, Permission.ACCESS_READ)],
    access_id: Annotated[
        str, Path(alias="accessId", max_length=18, pattern="^[0-9]+$", description="Its id.", examples=["1"])
    ],
) -> Response:
    """The way from a line of your log to a signed checkpoint. / Vägen från en rad i loggen till en signerad kontrollpunkt."""
    found = queries.access_at(scope, int(access_id))
    if found is None:
        raise Problem("resource.not_found")
    record, is_told = found
    proof = queries.proof_of(scope.session, record.id or 0, is_told=is_told)
    if proof is None:
        raise Problem("access.not_sealed")
    return answer(scope.exchange, ProofRead, proof)
