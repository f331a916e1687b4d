"""Who may handle a partner's protected people?"""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.partners.tables import Partner
from app.features.protection import actions, queries
from app.features.protection.schemas import ClearanceCreate, ClearanceQuery, ClearanceRead
from app.features.protection.tables import Clearance
from app.kit.pages import Page, answer_items
from app.kit.wire import answer

router = APIRouter()
Answering = Annotated[Scope[Clearance], on(Clearance, Permission.CLEARANCE_ANSWER)]


@router.get(
    "/partners/{partnerId}/clearances",
    operation_id="listClearances",
    summary="List clearances",
    response_model=Page[ClearanceRead],
)
def list_clearances(
    scope: Annotated[Scope[Partner], on(Partner, Permission.CLEARANCE_READ)], query: Annotated[ClearanceQuery, Query()]
) -> Response:
    """For your own organisation's protected people, the latest first. / För era egna skyddade, de senaste först."""
    rows, total = queries.clearances(scope, query)
    seen = [ClearanceRead.on(row, scope.today) for row in rows]
    return answer_items(scope.exchange, ClearanceRead, seen, query, total)


@router.post(
    "/partners/{partnerId}/clearances",
    operation_id="proposeClearance",
    summary="Propose a clearance",
    status_code=201,
    response_model=ClearanceRead,
)
def propose_clearance(
    scope: Annotated[Scope[Partner], on(Partner, Permission.CLEARANCE_PROPOSE)], body: ClearanceCreate
) -> Response:
    """It opens nothing until somebody else approves. / Den öppnar inget förrän någon annan godkänner."""
    made = actions.propose_clearance(scope, body)
    location = f"{scope.exchange.path.partition('/partners/')[0]}/clearances/{made.id}"
    return _answer(scope, made, status=201, location=location)


@router.get(
    "/clearances/{clearanceId}", operation_id="getClearance", summary="Read a clearance", response_model=ClearanceRead
)
def get_clearance(scope: Annotated[Scope[Clearance], on(Clearance, Permission.CLEARANCE_READ)]) -> Response:
    """One clearance as it stands today. / En behörighet i dagens läge."""
    return _answer(scope, scope.row)


@router.post(
    "/clearances/{clearanceId}/approval",
    operation_id="approveClearance",
    summary="Approve a clearance",
    response_model=ClearanceRead,
)
def approve_clearance(scope: Answering) -> Response:
    """Not by whoever proposed it; it replaces an earlier one. / Inte av den som föreslog; den ersätter en tidigare."""
    return _answer(scope, actions.approve_clearance(scope))


@router.post(
    "/clearances/{clearanceId}/refusal",
    operation_id="refuseClearance",
    summary="Refuse a clearance",
    response_model=ClearanceRead,
)
def refuse_clearance(scope: Answering) -> Response:
    """Refuse a proposal, or take back your own. / Avslå ett förslag, eller ta tillbaka ditt eget."""
    return _answer(scope, actions.refuse_clearance(scope))


@router.post(
    "/clearances/{clearanceId}/revocation",
    operation_id="revokeClearance",
    summary="Revoke a clearance",
    response_model=ClearanceRead,
)
def revoke_clearance(scope: Answering) -> Response:
    """It ends with the next request; one person is enough. / Den upphör vid nästa anrop; det räcker med en person."""
    return _answer(scope, actions.revoke_clearance(scope))


def _answer(
    scope: Scope[Partner] | Scope[Clearance], row: Clearance, *, status: int = 200, location: str | None = None
) -> Response:
    """The clearance after its write, with its final version."""
    scope.session.flush()
    told = ClearanceRead.on(row, scope.today)
    return answer(scope.exchange, ClearanceRead, told, status=status, location=location)
