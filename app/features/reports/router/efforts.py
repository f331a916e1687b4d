"""A partner's efforts over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.partners.tables import Partner
from app.features.reports import queries
from app.features.reports.schemas import PartnerEfforts, TertialQuery
from app.kit.wire import answer

router = APIRouter(tags=["reports"])


@router.get(
    "/partners/{partnerId}/efforts",
    operation_id="listPartnerEfforts",
    summary="All efforts of your organisation",
    response_model=PartnerEfforts,
)
def list_partner_efforts(
    scope: Annotated[Scope[Partner], on(Partner, Permission.EFFORT_READ)], query: Annotated[TertialQuery, Query()]
) -> Response:
    """Its programs with agreements, duties, cohorts and key figures, in one call; counts, and nobody's name.

    Programmen med avtal, ansvar, omgångar och nyckeltal, i ett anrop; antal, och ingens namn.
    """
    return answer(scope.exchange, PartnerEfforts, queries.efforts(scope, query))
