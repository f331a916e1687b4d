"""Incidents over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.incidents import actions, queries
from app.features.incidents.schemas import EscalationCreate, IncidentMove, IncidentQuery, IncidentRead, IncidentReport
from app.features.incidents.tables import Incident
from app.features.matches.tables import Match
from app.kit.pages import Page, answer_items
from app.kit.wire import answer

router = APIRouter(tags=["incidents"])
Handling = Annotated[Scope[Incident], on(Incident, Permission.INCIDENT_HANDLE)]


@router.post(
    "/matches/{matchId}/incidents",
    operation_id="reportIncident",
    summary="Report an incident",
    status_code=201,
    response_model=IncidentRead,
)
def report_incident(
    scope: Annotated[Scope[Match], on(Match, Permission.INCIDENT_REPORT)], body: IncidentReport
) -> Response:
    """By either side or staff; only you and the partner that handles incidents see it. If somebody is in danger, call 112.

    Av endera sidan eller personal; bara du och parten som hanterar incidenter ser den. Ring 112 om någon är i fara.
    """
    incident = actions.report_incident(scope, body)
    scope.session.flush()
    location = f"{scope.exchange.path.partition('/matches/')[0]}/incidents/{incident.id}"
    told = queries.told(scope, incident)
    return answer(scope.exchange, IncidentRead, told, status=201, location=location)


@router.get("/incidents", operation_id="listIncidents", summary="List incidents", response_model=Page[IncidentRead])
def list_incidents(
    scope: Annotated[Scope[None], anywhere(Permission.INCIDENT_READ)], query: Annotated[IncidentQuery, Query()]
) -> Response:
    """Those that your partner handles, and those that you reported; newest first.

    De som din organisation hanterar, och de som du har rapporterat; nyaste först.
    """
    seen, total = queries.incidents(scope, query)
    return answer_items(scope.exchange, IncidentRead, seen, query, total)


@router.get(
    "/incidents/{incidentId}", operation_id="getIncident", summary="Read an incident", response_model=IncidentRead
)
def get_incident(scope: Annotated[Scope[Incident], on(Incident, Permission.INCIDENT_READ)]) -> Response:
    """One incident. / En incident."""
    return answer(scope.exchange, IncidentRead, queries.told(scope, scope.row))


@router.post(
    "/incidents/{incidentId}/transitions",
    operation_id="moveIncident",
    summary="Move an incident",
    response_model=IncidentRead,
)
def move_incident(scope: Handling, body: IncidentMove) -> Response:
    """Assess, act, close; a closed one may be assessed anew. / Bedöm, åtgärda, avsluta; en avslutad kan bedömas på nytt."""
    incident = actions.move_incident(scope, body)
    scope.session.flush()
    return answer(scope.exchange, IncidentRead, queries.told(scope, incident))


@router.post(
    "/incidents/{incidentId}/escalations",
    operation_id="escalateIncident",
    summary="Note that an incident was taken further",
    response_model=IncidentRead,
)
def escalate_incident(scope: Handling, body: EscalationCreate) -> Response:
    """To whom, not what was said. / Till vem, inte vad som sades."""
    incident = actions.escalate_incident(scope, body.to)
    scope.session.flush()
    return answer(scope.exchange, IncidentRead, queries.told(scope, incident))
