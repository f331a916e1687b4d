"""How are host places offered, and how is a placement agreed and ended?"""

from typing import Any

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.domain.placements import agreed_end, check_days, check_ended
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.enrolments.tables import Enrolment
from app.features.placements import queries
from app.features.placements.schemas import PlacementClosure, PlacementCreate, WorkplaceCreate, WorkplacePatch
from app.features.placements.tables import HostWorkplace, Placement
from app.features.programs.queries import profile_of
from app.features.programs.tables import Program
from app.kit.columns import amend


def offer_workplace(scope: Scope[Program], body: WorkplaceCreate) -> HostWorkplace:
    """Offer places at a workplace of the caller's partner. Raises: `workplace.cohort_unknown`, `workplace.name_taken`."""
    if queries.cohort_of(scope.session, scope.row.id, body.cohort_id) is None:
        raise RuleViolation("workplace.cohort_unknown", pointer="/cohortId")
    own = {"program_id": scope.row.id, "partner_id": scope.actor.partner_id}
    workplace = HostWorkplace.model_validate({**body.model_dump(), **own})
    scope.session.add(workplace)
    record(scope, ChangeKind.WORKPLACE_OFFERED, workplace)
    return workplace


def update_workplace(scope: Scope[HostWorkplace], body: WorkplacePatch) -> HostWorkplace:
    """More or fewer places. Raises: `workplace.places_held`: nobody loses a place that they hold."""
    held = queries.held_places(scope.session, scope.row.id)
    if body.places < max(held, default=0):
        raise RuleViolation("workplace.places_held", pointer="/places", held=len(held))
    if changed := amend(scope.row, body):
        record(scope, ChangeKind.WORKPLACE_UPDATED, scope.row, changed)
    return scope.row


def agree_placement(scope: Scope[HostWorkplace], body: PlacementCreate) -> Placement:
    """Place a person with a supervisor of the host; its last day is the profile's unless another is agreed.

    The guard holds the workplace, so whoever places queues up; the unique index has the last word.
    Raises: `placement.enrolment_unknown`, `placement.supervisor_unknown`, `placement.not_in_profile`,
    `placement.start_outside`, `placement.end_outside`, `placement.no_place_left`, and at the flush
    `placement.already_placed`.
    """
    workplace, session = scope.row, scope.session
    person, supervisor = _person(scope, body), _supervisor(scope, body)
    until = agreed_end(body.starts_on, profile_of(session.get_one(Program, workplace.program_id)))
    ends_on = body.ends_on or until
    check_days(body.starts_on, ends_on, scope.today)
    placement = Placement.model_validate(
        {
            "program_id": workplace.program_id,
            "cohort_id": workplace.cohort_id,
            "workplace_id": workplace.id,
            "host_partner_id": workplace.partner_id,
            "enrolment_id": person.id,
            "participant_id": person.participant_id,
            "partner_id": person.partner_id,
            "supervisor_enrolment_id": supervisor.id,
            "supervisor_participant_id": supervisor.participant_id,
            "place": _free_place(scope),
            "starts_on": body.starts_on,
            "ends_on": ends_on,
            "agreed_until": until,
        }
    )
    session.add(placement)
    record(scope, ChangeKind.PLACEMENT_AGREED, placement)
    return placement


def _free_place(scope: Scope[HostWorkplace]) -> int:
    free = set(range(1, scope.row.places + 1)) - set(queries.held_places(scope.session, scope.row.id))
    if not free:
        raise RuleViolation("placement.no_place_left")
    return min(free)


def _person(scope: Scope[HostWorkplace], body: PlacementCreate) -> Enrolment:
    found = queries.hold_ready(scope.session, body.enrolment_id, scope.row.cohort_id, Side.MENTEE)
    if found is None or queries.is_kept_from(scope, found):
        raise RuleViolation("placement.enrolment_unknown", pointer="/enrolmentId")
    return found


def _supervisor(scope: Scope[HostWorkplace], body: PlacementCreate) -> Enrolment:
    """A supervisor takes part as a mentor does, held by the host."""
    found = queries.hold_ready(scope.session, body.supervisor_enrolment_id, scope.row.cohort_id, Side.MENTOR)
    if found is None or found.partner_id != scope.row.partner_id or queries.is_kept_from(scope, found):
        raise RuleViolation("placement.supervisor_unknown", pointer="/supervisorEnrolmentId")
    return found


def end_placement(scope: Scope[Placement], body: PlacementClosure) -> Placement:
    """End it: the place becomes free. Raises: `placement.already_ended`, `placement.ended_in_future`, `placement.ended_before_start`."""
    placement = scope.row
    if placement.ended_on is not None:
        raise RuleViolation("placement.already_ended")
    check_ended(body.ended_on, placement.starts_on, body.end, scope.today)
    ended: dict[str, Any] = {**body.model_dump(), "place": None}
    record(scope, ChangeKind.PLACEMENT_ENDED, placement, amend(placement, ended))
    return placement
