"""Whose data was a user shown? As data, or as a table for the notification of a breach."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.audit import queries
from app.features.audit.schemas import ExposureQuery, ExposureRead
from app.features.partners.tables import Partner
from app.kit.accept import JSON, preferred
from app.kit.spreadsheets import CSV, Sheet, as_csv
from app.kit.wire import answer

router = APIRouter()
Accept = Annotated[str, Header(max_length=1000, include_in_schema=False)]
FORMS: dict[int | str, dict[str, Any]] = {
    200: {"content": {CSV: {"schema": {"type": "string", "maxLength": 20_000_000}}}}
}
HEADINGS = ("Deltagare", "Antal åtkomster", "Första", "Senaste", "Behörigheter", "Uppgiftsklasser")


@router.get(
    "/partners/{partnerId}/exposures",
    operation_id="getExposure",
    summary="Whose data a user was shown",
    response_model=ExposureRead,
    responses=FORMS,
)
def get_exposure(
    scope: Annotated[Scope[Partner], on(Partner, Permission.EXPOSURE_READ)],
    query: Annotated[ExposureQuery, Query()],
    accept: Accept = "*/*",
) -> Response:
    """Your own people whose data a user, service account or login was shown in a period; needs a purpose.

    Egna deltagare vars uppgifter en användare, ett tjänstekonto eller en inloggning har fått se; kräver ändamål.
    """
    media = preferred(accept, (JSON, CSV))
    found = queries.exposure(scope, query)
    if media == JSON:
        return answer(scope.exchange, ExposureRead, found)
    scope.exchange.shown.append(found)
    rows = [
        (
            str(one.participant_id),
            one.access_count,
            one.first_at.isoformat(),
            one.last_at.isoformat(),
            " ".join(one.permissions),
            " ".join(one.classes),
        )
        for one in found.people
    ]
    headers = {
        "Vary": "Accept",
        "Cache-Control": "no-store",
        "Content-Disposition": 'attachment; filename="exponering.csv"',
    }
    return Response(as_csv(Sheet("Exponering", HEADINGS, rows)), media_type=CSV, headers=headers)
