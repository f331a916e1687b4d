"""Hand-overs of duties over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.agreements import actions, queries
from app.features.agreements.schemas import HandoverAnswer, HandoverCreate, HandoverRead
from app.features.agreements.tables import DutyHandover
from app.features.programs.tables import Program
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["handovers"])


@router.get(
    "/programs/{programId}/handovers",
    operation_id="listHandovers",
    summary="List hand-overs",
    response_model=Page[HandoverRead],
)
def list_handovers(
    scope: Annotated[Scope[Program], on(Program, Permission.HANDOVER_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """The duties that were or are on their way to another partner. / Överlämningar av ansvar."""
    keys = [DutyHandover.created_at, DutyHandover.id]
    return answer_page(scope.exchange, HandoverRead, queries.handovers(scope), query, keys=keys)


@router.post(
    "/programs/{programId}/handovers",
    operation_id="proposeHandover",
    summary="Propose a hand-over",
    status_code=201,
    response_model=HandoverRead,
)
def propose_handover(
    scope: Annotated[Scope[Program], on(Program, Permission.HANDOVER_PROPOSE)], body: HandoverCreate
) -> Response:
    """Propose that another party takes over a duty of yours. / Föreslå att en annan part tar över ett ansvar."""
    handover = actions.propose_handover(scope, body)
    location = f"{scope.exchange.path.rsplit('/', 3)[0]}/handovers/{handover.id}"
    return answer(scope.exchange, HandoverRead, handover, status=201, location=location)


@router.get(
    "/handovers/{handoverId}", operation_id="getHandover", summary="Read a hand-over", response_model=HandoverRead
)
def get_handover(
    scope: Annotated[Scope[DutyHandover], on(DutyHandover, Permission.HANDOVER_READ, alias="handoverId")],
) -> Response:
    """One hand-over. / En överlämning."""
    return answer(scope.exchange, HandoverRead, scope.row)


@router.post(
    "/handovers/{handoverId}/answer",
    operation_id="answerHandover",
    summary="Answer a hand-over",
    response_model=HandoverRead,
)
def answer_handover(
    scope: Annotated[Scope[DutyHandover], on(DutyHandover, Permission.HANDOVER_ANSWER, alias="handoverId")],
    body: HandoverAnswer,
) -> Response:
    """Accept or decline for the receiving partner. / Godta eller avböj för den mottagande parten."""
    return answer(scope.exchange, HandoverRead, actions.answer_handover(scope, body))
