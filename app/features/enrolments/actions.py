"""How does an enrolment come to be, go through screening, wait, and end?

Everyone inside the intake window may apply and be screened. A place of the cohort is held from `ready` on (also while
paused), so whoever is found ready when all places are held goes on to `waiting`. Whenever a place is free, the one who
has waited longest moves to `ready`, in the transaction that freed it, as long as the cohort goes on.
"""

from typing import Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.eligibility import EligibilityRules, PersonFacts, check_eligibility
from app.domain.errors import RuleViolation
from app.domain.glossary import CefrLevel, Side, StatusReason
from app.domain.grants import PAIR
from app.domain.lifecycles import ENROLMENT, CohortStatus, EnrolmentStatus
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.enrolments.queries import HOLDS_PLACE, free_places, has_open_match, locked_cohort, waiting_line
from app.features.enrolments.schemas import (
    EnrolmentCreate,
    EnrolmentExitCreate,
    EnrolmentScreeningCreate,
    EnrolmentTransitionCreate,
)
from app.features.enrolments.tables import Enrolment
from app.features.participants.queries import held_participant
from app.features.participants.tables import Participant
from app.features.programs.tables import Cohort, Program
from app.kit.columns import amend

SWEDISH = frozenset({"sv", "swe"})  # ISO 639-1 and 639-2
GOES_ON = frozenset({CohortStatus.OPEN, CohortStatus.CLOSED, CohortStatus.IN_PROGRESS})
NEEDS_NO_MATCH = frozenset({EnrolmentStatus.WAITING, EnrolmentStatus.WITHDRAWN, EnrolmentStatus.REGISTERED_IN_ERROR})
OWN_MOVES = frozenset(
    {
        (EnrolmentStatus.PAUSED, EnrolmentStatus.READY),
        *((status, EnrolmentStatus.PAUSED) for status in EnrolmentStatus),
        *((status, EnrolmentStatus.WITHDRAWN) for status in EnrolmentStatus),
    }
)


def create_enrolment(scope: Scope[Cohort], body: EnrolmentCreate) -> Enrolment:
    """Enrol a person whom the caller's partner holds. The day of enrolling is the intake day for age and residence.

    Raises: 403 unless the partner recruits this side; `participant.unknown`, `enrolment.cohort_not_open`,
    `enrolment.outside_window`, `enrolment.not_eligible`, `enrolment.need_is_for_mentees`, `enrolment.already_enrolled`.
    """
    cohort = scope.row
    scope.demand_side(cohort.program_id, body.side)
    participant = held_participant(scope, body.participant_id)
    if participant is None:
        raise RuleViolation("participant.unknown", pointer="/participantId")
    _check_intake(scope, body.side)
    if body.side is Side.MENTEE:
        _check_eligible(scope, participant)
    elif body.needs_business_owner:
        raise RuleViolation("enrolment.need_is_for_mentees", pointer="/needsBusinessOwner")
    return add_enrolment(scope, cohort, participant, body.side, needs_business_owner=body.needs_business_owner)


def add_enrolment(scope: Scope[Any], cohort: Cohort, participant: Participant, side: Side, **fixed: Any) -> Enrolment:
    """Store a new enrolment as of today, `applied` unless `fixed` says otherwise; the caller has checked everything.

    Raises at the flush: `enrolment.already_enrolled`.
    """
    own = {"cohort_id": cohort.id, "program_id": cohort.program_id, "partner_id": participant.partner_id}
    enrolment = Enrolment.model_validate(
        {**own, "participant_id": participant.id, "side": side, "applied_on": scope.today, **fixed}
    )
    scope.session.add(enrolment)
    record(scope, ChangeKind.ENROLMENT_CREATED, enrolment)
    return enrolment


def _check_intake(scope: Scope[Cohort], side: Side) -> None:
    cohort = scope.row
    if cohort.status is not CohortStatus.OPEN:
        raise RuleViolation("enrolment.cohort_not_open", cohortStatus=cohort.status.value)
    first_on, last_on = cohort.mentee_intake_from, cohort.mentee_intake_until
    if side is Side.MENTOR:
        first_on, last_on = cohort.mentor_intake_from, cohort.mentor_intake_until
    if not first_on <= scope.today <= last_on:
        raise RuleViolation("enrolment.outside_window", intakeFrom=first_on, intakeUntil=last_on)


def _check_eligible(scope: Scope[Cohort], participant: Participant) -> None:
    program = scope.session.get_one(Program, scope.row.program_id)
    levels = [CefrLevel(skill["level"]) for skill in participant.languages if skill["code"] in SWEDISH]
    person = PersonFacts(
        born_on=participant.born_on,
        municipality=participant.municipality_code,
        swedish=max(levels, key=lambda level: level.rank, default=None),
    )
    check_eligibility(EligibilityRules.parse(program.eligibility), person, scope.today)


def screen_enrolment(scope: Scope[Enrolment], body: EnrolmentScreeningCreate) -> Enrolment:
    """Store what the screening found: applied → screening → the decision, and on to waiting when no place is left.

    Raises: `enrolment.transition_not_allowed`, `enrolment.day_in_future`, `enrolment.reason_missing`,
    `enrolment.cohort_ended`.
    """
    enrolment = scope.row
    to = EnrolmentStatus(body.decision.value)
    if body.interviewed_on is not None and body.interviewed_on > scope.today:
        raise RuleViolation("enrolment.day_in_future", pointer="/interviewedOn")
    if to is not EnrolmentStatus.READY and body.reason_code is None:
        raise RuleViolation("enrolment.reason_missing", pointer="/reasonCode")
    if enrolment.status is not EnrolmentStatus.SCREENING:
        _move(scope, enrolment, EnrolmentStatus.SCREENING)
    found = {"interviewed_on": body.interviewed_on, "reference_count": body.reference_count}
    if to is EnrolmentStatus.READY:
        _move(scope, enrolment, to, body.reason_code, **found, ready_at=scope.now)
        _take_place(scope, enrolment)
    else:
        _move(scope, enrolment, to, body.reason_code, **found)
    return enrolment


def _take_place(scope: Scope[Any], enrolment: Enrolment) -> None:
    """The place of one who has just been found ready; those who wait already come first."""
    cohort = locked_cohort(scope.session, enrolment.cohort_id)
    _refuse_ended_cohort(cohort)
    _fill_places(scope, cohort, enrolment.side, enrolment.id)
    if free_places(scope.session, cohort, enrolment.side, enrolment.id) == 0:
        _move(scope, enrolment, EnrolmentStatus.WAITING, StatusReason.NO_PLACE)


def move_enrolment(scope: Scope[Enrolment], body: EnrolmentTransitionCreate) -> Enrolment:
    """Pause, resume, queue, withdraw or strike an enrolment. The person may pause, resume and withdraw their own.

    Raises: `enrolment.staff_only`, `enrolment.has_open_match`, `enrolment.no_place_left`, `enrolment.cohort_ended`,
    `enrolment.transition_not_allowed`.
    """
    enrolment, to = scope.row, EnrolmentStatus(body.to.value)
    before = enrolment.status
    if scope.actor.role in PAIR and (before, to) not in OWN_MOVES:
        raise RuleViolation("enrolment.staff_only")
    if before is EnrolmentStatus.SCREENING and to is EnrolmentStatus.READY:
        # The lifecycle allows it, but only to the one who screens.
        raise RuleViolation("enrolment.transition_not_allowed", current=before.value, allowed=[])
    ENROLMENT.check(before, to)
    if to in NEEDS_NO_MATCH:
        _refuse_open_match(scope)
    cohort = locked_cohort(scope.session, enrolment.cohort_id)
    if before is EnrolmentStatus.WAITING and to is EnrolmentStatus.READY:
        _leave_line(scope, cohort)
        return enrolment
    _move(scope, enrolment, to, body.reason_code)
    if to not in HOLDS_PLACE:
        _fill_places(scope, cohort, enrolment.side, enrolment.id)
    return enrolment


def _leave_line(scope: Scope[Enrolment], cohort: Cohort) -> None:
    """Places may have been added since: give them out in the order of the line and see whether this one got one."""
    _refuse_ended_cohort(cohort)
    _fill_places(scope, cohort, scope.row.side)
    if scope.row.status is EnrolmentStatus.WAITING:
        raise RuleViolation("enrolment.no_place_left")


def exit_enrolment(scope: Scope[Enrolment], body: EnrolmentExitCreate) -> Enrolment:
    """End an enrolment on a day that has come; afterwards the person can only enrol anew.

    Raises: `enrolment.day_in_future`, `enrolment.exit_before_application`, `enrolment.has_open_match`,
    `enrolment.transition_not_allowed`.
    """
    enrolment = scope.row
    if body.exited_on > scope.today:
        raise RuleViolation("enrolment.day_in_future", pointer="/exitedOn")
    if body.exited_on < enrolment.applied_on:
        raise RuleViolation("enrolment.exit_before_application", pointer="/exitedOn")
    ENROLMENT.check(enrolment.status, EnrolmentStatus.EXITED)
    _refuse_open_match(scope)
    cohort = locked_cohort(scope.session, enrolment.cohort_id)
    _move(scope, enrolment, EnrolmentStatus.EXITED, exited_on=body.exited_on, exit_reason=body.reason)
    _fill_places(scope, cohort, enrolment.side, enrolment.id)
    return enrolment


def _refuse_open_match(scope: Scope[Enrolment]) -> None:
    if has_open_match(scope.session, scope.row.id):
        raise RuleViolation("enrolment.has_open_match")


def _refuse_ended_cohort(cohort: Cohort) -> None:
    if cohort.status not in GOES_ON:
        raise RuleViolation("enrolment.cohort_ended", cohortStatus=cohort.status.value)


@looks_beyond_reach
def _fill_places(scope: Scope[Any], cohort: Cohort, side: Side, besides: UUID | None = None) -> None:
    """Give what places are free to those who have waited longest.

    `besides` is one whom the caller decides on: neither its place nor its waiting counts.
    """
    if cohort.status not in GOES_ON or scope.today > cohort.ends_on:
        return
    free = free_places(scope.session, cohort, side, besides)
    for waiting in waiting_line(scope.session, cohort, side, besides, free):
        _move(scope, waiting, EnrolmentStatus.READY)


def _move(
    scope: Scope[Any], enrolment: Enrolment, to: EnrolmentStatus, reason: StatusReason | None = None, **fields: Any
) -> None:
    """One step of the lifecycle, recorded. Raises: `enrolment.transition_not_allowed`."""
    ENROLMENT.check(enrolment.status, to)
    waiting_since = scope.today if to is EnrolmentStatus.WAITING else None
    why = reason.value if reason else None
    changed = amend(enrolment, {"status": to, "status_reason": why, "waiting_since": waiting_since, **fields})
    record(scope, ChangeKind.ENROLMENT_MOVED, enrolment, changed)


def refuse_ended(enrolment: Enrolment) -> None:
    """Raise `enrolment.ended` unless the enrolment can still go on."""
    if ENROLMENT.is_terminal(enrolment.status):
        raise RuleViolation("enrolment.ended", enrolmentStatus=enrolment.status.value)


def repeated(enrolment: Enrolment) -> dict[str, object]:
    """What a row below an enrolment repeats of it, so that its reach stands on its own columns."""
    same = {name: getattr(enrolment, name) for name in ("program_id", "participant_id", "partner_id", "side")}
    return {**same, "enrolment_id": enrolment.id}
