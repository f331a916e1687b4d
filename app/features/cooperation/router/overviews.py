"""The partner directory, and what waits for a partner, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.cooperation.queries import directory as entries
from app.features.cooperation.queries import waiting as queries
from app.features.cooperation.schemas import DirectoryEntry, DirectoryQuery, PartnerWaiting
from app.features.partners.tables import Partner
from app.kit.pages import Page, answer_items
from app.kit.wire import answer

router = APIRouter()


@router.get(
    "/partner-directory",
    operation_id="listPartnerDirectory",
    summary="List the partners you work with",
    response_model=Page[DirectoryEntry],
)
def list_partner_directory(
    scope: Annotated[Scope[None], anywhere(Permission.DIRECTORY_READ)], query: Annotated[DirectoryQuery, Query()]
) -> Response:
    """By name: contact, membership, and the duties they hold in each program that you share.

    Efter namn: kontakt, medlemskap och vilket ansvar de har i varje program ni delar.
    """
    seen, total = entries.directory(scope, query)
    return answer_items(scope.exchange, DirectoryEntry, seen, query, total)


@router.get(
    "/partners/{partnerId}/waiting",
    operation_id="getPartnerWaiting",
    summary="What waits for us",
    response_model=PartnerWaiting,
)
def get_partner_waiting(scope: Annotated[Scope[Partner], on(Partner, Permission.WAITING_READ)]) -> Response:
    """Counts, days and links by kind, for your own organisation; only what you yourself may act on.

    Antal, dagar och länkar efter slag, för den egna organisationen; bara det som du själv får göra något åt.
    """
    return answer(scope.exchange, PartnerWaiting, queries.waiting(scope))
