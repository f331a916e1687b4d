"""Attestations over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.participants import actions, queries
from app.features.participants.schemas import AttestationCreate, AttestationRead
from app.features.participants.tables import Attestation, Participant
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["participants"])


@router.get(
    "/participants/{participantId}/attestations",
    operation_id="listAttestations",
    summary="List what is attested of a person",
    response_model=Page[AttestationRead],
)
def list_attestations(
    scope: Annotated[Scope[Participant], on(Participant, Permission.ATTESTATION_READ)],
    query: Annotated[PageQuery, Query()],
) -> Response:
    """Which rules the person meets as somebody has seen, oldest first. / Vad som är intygat, äldst först."""
    return answer_page(scope.exchange, AttestationRead, queries.attestations(scope), query, keys=[Attestation.id])


@router.post(
    "/participants/{participantId}/attestations",
    operation_id="recordAttestation",
    summary="Attest that a rule is met",
    status_code=201,
    response_model=AttestationRead,
)
def record_attestation(
    scope: Annotated[Scope[Participant], on(Participant, Permission.ATTESTATION_RECORD)], body: AttestationCreate
) -> Response:
    """Yes or no, a day, and until when; never the fact. / Ja eller nej, en dag och hur länge; aldrig uppgiften själv."""
    made = actions.record_attestation(scope, body)
    location = f"{scope.exchange.path.partition('/participants/')[0]}/attestations/{made.id}"
    return answer(scope.exchange, AttestationRead, made, status=201, location=location)


@router.get(
    "/attestations/{attestationId}",
    operation_id="getAttestation",
    summary="Read an attestation",
    response_model=AttestationRead,
)
def get_attestation(scope: Annotated[Scope[Attestation], on(Attestation, Permission.ATTESTATION_READ)]) -> Response:
    """One attestation. / Ett intygande."""
    return answer(scope.exchange, AttestationRead, scope.row)


@router.post(
    "/attestations/{attestationId}/revocation",
    operation_id="revokeAttestation",
    summary="Revoke an attestation",
    response_model=AttestationRead,
)
def revoke_attestation(
    scope: Annotated[Scope[Attestation], on(Attestation, Permission.ATTESTATION_RECORD)],
) -> Response:
    """Take back what was noted in error. / Återkalla ett felaktigt intygande."""
    return answer(scope.exchange, AttestationRead, actions.revoke_attestation(scope))
