"""Which incidents does the caller see, and how much of each?"""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, func, select

from app.domain.roles import Permission
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.incidents.schemas import IncidentQuery, IncidentRead
from app.features.incidents.tables import Incident

OF_HANDLING = ("escalations", "escalated_at", "outcome", "closed_at")
"""What only those who handle incidents are told."""


def incidents(scope: Scope[Any], query: IncidentQuery) -> tuple[list[IncidentRead], int]:
    """One page of the incidents in the caller's reach, newest first, and how many there are."""
    wanted = [visible(Incident, scope.actor)]
    if query.program_id is not None:
        wanted.append(col(Incident.program_id) == query.program_id)
    total = scope.session.exec(select(func.count()).select_from(Incident).where(*wanted)).one()
    ordered = select(Incident).where(*wanted).order_by(col(Incident.id).desc())
    found: Sequence[Incident] = scope.session.exec(
        ordered.limit(query.limit).offset((query.page - 1) * query.limit)
    ).all()
    return [told(scope, one) for one in found], total


def told(scope: Scope[Any], incident: Incident) -> IncidentRead:
    """The incident as the caller sees it; whom it is about is recorded, though the answer does not name them."""
    scope.exchange.shown.append(incident)
    seen = IncidentRead.model_validate(incident)
    if incident.program_id in scope.actor.programs_for(Permission.INCIDENT_HANDLE):
        return seen
    return seen.model_copy(update=dict.fromkeys(OF_HANDLING))
