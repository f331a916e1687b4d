"""Whom do staff rule out of each other?"""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlmodel import col

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.matching import actions, queries
from app.features.matching.schemas import PairBlockCreate, PairBlockQuery, PairBlockRead
from app.features.matching.tables import PairBlock
from app.features.programs.tables import Program
from app.kit.pages import Page, answer_page
from app.kit.wire import answer

router = APIRouter()


@router.get(
    "/programs/{programId}/pair-blocks",
    operation_id="listPairBlocks",
    summary="List the pairs that staff have ruled out",
    response_model=Page[PairBlockRead],
)
def list_pair_blocks(
    scope: Annotated[Scope[Program], on(Program, Permission.MATCH_RUN_READ)], query: Annotated[PairBlockQuery, Query()]
) -> Response:
    """The latest first; what people declined themselves is not here. / De senaste först; inte det som de själva avböjt."""
    found = queries.pair_blocks(scope, is_in_force=query.is_in_force)
    return answer_page(scope.exchange, PairBlockRead, found, query, keys=col(PairBlock.id).desc())


@router.post(
    "/programs/{programId}/pair-blocks",
    operation_id="addPairBlock",
    summary="Rule two people out of each other",
    status_code=201,
    response_model=PairBlockRead,
)
def block_pair(
    scope: Annotated[Scope[Program], on(Program, Permission.MATCH_RUN_CREATE)], body: PairBlockCreate
) -> Response:
    """They are not proposed to each other in this program; neither is told. / De föreslås inte för varandra här."""
    made = actions.block_pair(scope, body)
    location = f"{scope.exchange.path.partition('/programs/')[0]}/pair-blocks/{made.id}"
    return answer(scope.exchange, PairBlockRead, made, status=201, location=location)


@router.get(
    "/pair-blocks/{pairBlockId}",
    operation_id="getPairBlock",
    summary="Read a ruled-out pair",
    response_model=PairBlockRead,
)
def get_pair_block(scope: Annotated[Scope[PairBlock], on(PairBlock, Permission.MATCH_RUN_READ)]) -> Response:
    """The two, why, and whether it still holds. / De två, varför, och om det ännu gäller."""
    return answer(scope.exchange, PairBlockRead, scope.row)


@router.post(
    "/pair-blocks/{pairBlockId}/revocation",
    operation_id="revokePairBlock",
    summary="Let two people be proposed again",
    response_model=PairBlockRead,
)
def revoke_pair_block(scope: Annotated[Scope[PairBlock], on(PairBlock, Permission.MATCH_RUN_CREATE)]) -> Response:
    """The next run may pair them. / Nästa körning får föreslå dem."""
    return answer(scope.exchange, PairBlockRead, actions.revoke_block(scope))
