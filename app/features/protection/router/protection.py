"""Whose identity is protected? Both acts answer without a word of the person."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.participants.tables import Participant
from app.features.protection import actions
from app.features.protection.schemas import ProtectionPut

router = APIRouter()
PROTECTION = "/participants/{participantId}/protection"


@router.put(PROTECTION, operation_id="protectParticipant", summary="Protect a person's identity", status_code=204)
def protect_participant(
    scope: Annotated[Scope[Participant], on(Participant, Permission.PROTECTION_SET)], body: ProtectionPut
) -> Response:
    """From now on the person is absent for everybody who is not cleared, you included; If-Match is the person's.

    Från och med nu finns personen inte för någon som saknar behörighet, inte heller för dig; If-Match är personens.
    """
    actions.protect(scope, body.level)
    return Response(status_code=204)


@router.delete(PROTECTION, operation_id="liftProtection", summary="Lift the protection", status_code=204)
def lift_protection(scope: Annotated[Scope[Participant], on(Participant, Permission.PROTECTION_SET)]) -> Response:
    """End the protection; only the cleared can. / Upphäv skyddet; det kan bara den som har behörighet."""
    actions.lift_protection(scope)
    return Response(status_code=204)
