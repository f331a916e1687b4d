"""How is an incident reported, assessed, taken further and closed?"""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.incidents import Escalation, check_occurred, check_outcome
from app.domain.lifecycles import INCIDENT, IncidentStatus
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.incidents.schemas import IncidentMove, IncidentReport
from app.features.incidents.tables import Incident
from app.features.matches.queries import side_of
from app.features.matches.tables import Match
from app.features.participants.actions import refuse_personnummer
from app.kit.clock import today
from app.kit.columns import amend


def report_incident(scope: Scope[Match], body: IncidentReport) -> Incident:
    """Report what happened in a match, in whichever state it is. The match itself is not touched: nobody sees it there.

    Raises: `text.personnummer_refused`, `incident.in_future`, `incident.before_match`.
    """
    match = scope.row
    refuse_personnummer(body)
    check_occurred(body.occurred_on, min(today(match.created_at), match.started_on or scope.today), scope.today)
    incident = Incident.model_validate(
        {
            **body.model_dump(),
            "program_id": match.program_id,
            "match_id": match.id,
            "mentor_participant_id": match.mentor_participant_id,
            "mentee_participant_id": match.mentee_participant_id,
            "reported_by_user_id": scope.actor.user_id,
            "reported_side": side_of(scope.actor, match),
        }
    )
    scope.session.add(incident)
    record(scope, ChangeKind.INCIDENT_REPORTED, incident)
    return incident


def move_incident(scope: Scope[Incident], body: IncidentMove) -> Incident:
    """Take it to its next state; the end says what came of it.

    Raises: `incident.transition_not_allowed`, `incident.outcome_needed`, `incident.outcome_too_early`.
    """
    incident = scope.row
    INCIDENT.check(incident.status, body.to)
    check_outcome(body.to, body.outcome)
    closed_at = scope.now if body.to is IncidentStatus.CLOSED else None
    moved = {"status": body.to, "outcome": body.outcome, "closed_at": closed_at}
    record(scope, ChangeKind.INCIDENT_MOVED, incident, amend(incident, moved))
    return incident


def escalate_incident(scope: Scope[Incident], to: Escalation) -> Incident:
    """Note that it was taken further. Raises: `incident.already_escalated`, `incident.closed`."""
    incident = scope.row
    if incident.status is IncidentStatus.CLOSED:
        raise RuleViolation("incident.closed")
    if to.value in incident.escalations:
        raise RuleViolation("incident.already_escalated")
    told = {"escalations": [*incident.escalations, to.value], "escalated_at": scope.now}
    record(scope, ChangeKind.INCIDENT_ESCALATED, incident, amend(incident, told))
    return incident
