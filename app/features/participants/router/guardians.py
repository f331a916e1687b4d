"""Guardians of minors over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.participants import actions, queries
from app.features.participants.schemas import GuardianConsentCreate, GuardianCreate, GuardianPatch, GuardianRead
from app.features.participants.tables import Guardian, Participant
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["participants"])
Recorded = Annotated[Scope[Guardian], on(Guardian, Permission.GUARDIAN_RECORD)]


@router.get(
    "/participants/{participantId}/guardians",
    operation_id="listGuardians",
    summary="List a minor's guardians",
    response_model=Page[GuardianRead],
)
def list_guardians(
    scope: Annotated[Scope[Participant], on(Participant, Permission.GUARDIAN_READ)],
    query: Annotated[PageQuery, Query()],
) -> Response:
    """Who has custody, and whether they consent. / Vårdnadshavarna, och om de samtycker."""
    return answer_page(scope.exchange, GuardianRead, queries.guardians(scope), query, keys=[Guardian.id])


@router.post(
    "/participants/{participantId}/guardians",
    operation_id="addGuardian",
    summary="Note a minor's guardian",
    status_code=201,
    response_model=GuardianRead,
)
def add_guardian(
    scope: Annotated[Scope[Participant], on(Participant, Permission.GUARDIAN_RECORD)], body: GuardianCreate
) -> Response:
    """At most four, each with an address or a number. / Högst fyra, var och en med e-post eller telefon."""
    made = actions.add_guardian(scope, body)
    location = f"{scope.exchange.path.partition('/participants/')[0]}/guardians/{made.id}"
    return answer(scope.exchange, GuardianRead, made, status=201, location=location)


@router.get(
    "/guardians/{guardianId}", operation_id="getGuardian", summary="Read a guardian", response_model=GuardianRead
)
def get_guardian(scope: Annotated[Scope[Guardian], on(Guardian, Permission.GUARDIAN_READ)]) -> Response:
    """One guardian. / En vårdnadshavare."""
    return answer(scope.exchange, GuardianRead, scope.row)


@router.patch(
    "/guardians/{guardianId}", operation_id="updateGuardian", summary="Correct a guardian", response_model=GuardianRead
)
def update_guardian(scope: Recorded, body: GuardianPatch) -> Response:
    """Correct a name, an address or a number. / Rätta namn, e-post eller telefon."""
    return answer(scope.exchange, GuardianRead, actions.update_guardian(scope, body))


@router.post(
    "/guardians/{guardianId}/consent",
    operation_id="giveGuardianConsent",
    summary="Note a guardian's consent",
    response_model=GuardianRead,
)
def give_guardian_consent(scope: Recorded, body: GuardianConsentCreate) -> Response:
    """The guardian consents to the minor's taking part. / Vårdnadshavaren samtycker till att den unge deltar."""
    return answer(scope.exchange, GuardianRead, actions.give_guardian_consent(scope, body))


@router.post(
    "/guardians/{guardianId}/withdrawal",
    operation_id="withdrawGuardianConsent",
    summary="Note that a guardian withdraws",
    response_model=GuardianRead,
)
def withdraw_guardian_consent(scope: Recorded) -> Response:
    """The guardian does not consent any more, from today. / Vårdnadshavaren återkallar sitt samtycke, från i dag."""
    return answer(scope.exchange, GuardianRead, actions.withdraw_guardian_consent(scope))
