"""What did the screening find, and is there a place? Day, references and decision; never what a document said."""

from typing import Any

from app.domain.errors import RuleViolation
from app.domain.glossary import StatusReason
from app.domain.lifecycles import EnrolmentStatus
from app.features.access.scope import Scope
from app.features.enrolments.actions.steps import fill_places, refuse_ended_cohort, step
from app.features.enrolments.queries import free_places, locked_cohort
from app.features.enrolments.schemas import EnrolmentScreeningCreate
from app.features.enrolments.tables import Enrolment


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
        step(scope, enrolment, EnrolmentStatus.SCREENING)
    found = {"interviewed_on": body.interviewed_on, "reference_count": body.reference_count}
    if to is EnrolmentStatus.READY:
        step(scope, enrolment, to, body.reason_code, **found, ready_at=scope.now)
        _take_place(scope, enrolment)
    else:
        step(scope, enrolment, to, body.reason_code, **found)
    return enrolment


def _take_place(scope: Scope[Any], enrolment: Enrolment) -> None:
    """The place of one who has just been found ready; those who wait already come first."""
    cohort = locked_cohort(scope.session, enrolment.cohort_id)
    refuse_ended_cohort(cohort)
    fill_places(scope, cohort, enrolment.side, enrolment.id)
    if free_places(scope.session, cohort, enrolment.side, enrolment.id) == 0:
        step(scope, enrolment, EnrolmentStatus.WAITING, StatusReason.NO_PLACE)
