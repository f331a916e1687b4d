"""Records that may be of one person, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.participants import actions, queries
from app.features.participants.schemas import (
    DuplicateDecisionCreate,
    DuplicateDecisionRead,
    DuplicatePairRead,
    PossibleDuplicateRead,
)
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.kit.pages import Page, PageQuery, answer_items
from app.kit.wire import answer

router = APIRouter(tags=["participants"])


@router.get(
    "/participants/{participantId}/possible-duplicates",
    operation_id="listPossibleDuplicates",
    summary="List a person's possible duplicates",
    response_model=Page[PossibleDuplicateRead],
)
def list_possible_duplicates(
    scope: Annotated[Scope[Participant], on(Participant, Permission.PARTICIPANT_READ)],
    query: Annotated[PageQuery, Query()],
) -> Response:
    """Other records you may see with an equal address or number. / Andra poster med samma e-post eller telefon."""
    rows, total = queries.page_of(scope.session, queries.possible_duplicates(scope), query)
    return answer_items(scope.exchange, PossibleDuplicateRead, rows, query, total)


@router.get(
    "/partners/{partnerId}/possible-duplicates",
    operation_id="listPartnerPossibleDuplicates",
    summary="List possible duplicates of an organisation's people",
    response_model=Page[DuplicatePairRead],
)
def list_partner_possible_duplicates(
    scope: Annotated[Scope[Partner], on(Partner, Permission.PARTICIPANT_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """Pairs that nobody has decided about, both in your reach. / Par som ingen har tagit ställning till."""
    rows, total = queries.page_of(scope.session, queries.duplicate_pairs(scope), query)
    return answer_items(scope.exchange, DuplicatePairRead, rows, query, total)


@router.post(
    "/participants/{participantId}/duplicate-decisions",
    operation_id="decideDuplicate",
    summary="Decide whether two records are of one person",
    response_model=DuplicateDecisionRead,
)
def decide_duplicate(
    scope: Annotated[Scope[Participant], on(Participant, Permission.PARTICIPANT_LINK)], body: DuplicateDecisionCreate
) -> Response:
    """Reports count one person or two; no data is merged. / Rapporter räknar en eller två; inga uppgifter slås ihop."""
    return answer(scope.exchange, DuplicateDecisionRead, actions.decide_duplicate(scope, body))
