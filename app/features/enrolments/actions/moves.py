"""How is an enrolment paused, resumed, queued, withdrawn, taken up after a referral, and ended? Who gets new places?"""

from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.domain.grants import PAIR
from app.domain.lifecycles import ENROLMENT, EnrolmentStatus
from app.features.access.scope import Scope
from app.features.enrolments.actions.intake import take_up_referral
from app.features.enrolments.actions.steps import fill_places, refuse_ended_cohort, step
from app.features.enrolments.queries import HOLDS_PLACE, has_open_match, locked_cohort
from app.features.enrolments.schemas import EnrolmentExitCreate, EnrolmentTransitionCreate
from app.features.enrolments.tables import Enrolment
from app.features.programs.actions import update_cohort
from app.features.programs.schemas import CohortPatch
from app.features.programs.tables import Cohort

NEEDS_NO_MATCH = frozenset({EnrolmentStatus.WAITING, EnrolmentStatus.WITHDRAWN, EnrolmentStatus.REGISTERED_IN_ERROR})
OWN_MOVES = frozenset(
    {
        (EnrolmentStatus.REFERRED, EnrolmentStatus.APPLIED),
        (EnrolmentStatus.PAUSED, EnrolmentStatus.READY),
        *((status, EnrolmentStatus.PAUSED) for status in EnrolmentStatus),
        *((status, EnrolmentStatus.WITHDRAWN) for status in EnrolmentStatus),
    }
)


def move_enrolment(scope: Scope[Enrolment], body: EnrolmentTransitionCreate) -> Enrolment:
    """Pause, resume, queue, withdraw or strike an enrolment, or apply after a referral.

    The person may pause, resume and withdraw their own, and apply. Raises: `enrolment.staff_only`,
    `enrolment.has_open_match`, `enrolment.no_place_left`, `enrolment.cohort_ended`,
    `enrolment.transition_not_allowed`, and what applying refuses (`take_up_referral`).
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
    if to is EnrolmentStatus.APPLIED:
        take_up_referral(scope, cohort)
    elif before is EnrolmentStatus.WAITING and to is EnrolmentStatus.READY:
        _leave_line(scope, cohort)
    else:
        step(scope, enrolment, to, body.reason_code)
        if to not in HOLDS_PLACE:
            fill_places(scope, cohort, enrolment.side, enrolment.id)
    return enrolment


def _leave_line(scope: Scope[Enrolment], cohort: Cohort) -> None:
    """Places may have been added since: give them out in the order of the line and see whether this one got one."""
    refuse_ended_cohort(cohort)
    fill_places(scope, cohort, scope.row.side)
    if scope.row.status is EnrolmentStatus.WAITING:
        raise RuleViolation("enrolment.no_place_left")


def change_cohort(scope: Scope[Cohort], body: CohortPatch) -> Cohort:
    """Change a cohort; places that were added go to those who have waited longest. Raises: see `update_cohort`."""
    cohort = update_cohort(scope, body)
    for side in Side:
        fill_places(scope, cohort, side)
    return cohort


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
    step(scope, enrolment, EnrolmentStatus.EXITED, exited_on=body.exited_on, exit_reason=body.reason)
    fill_places(scope, cohort, enrolment.side, enrolment.id)
    return enrolment


def _refuse_open_match(scope: Scope[Enrolment]) -> None:
    if has_open_match(scope.session, scope.row.id):
        raise RuleViolation("enrolment.has_open_match")
