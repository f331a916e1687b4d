"""What is one step of an enrolment, who gets a free place, and what does a row below an enrolment repeat of it?"""

from typing import Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import Side, StatusReason
from app.domain.lifecycles import ENROLMENT, CohortStatus, EnrolmentStatus
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.enrolments.queries import free_places, waiting_line
from app.features.enrolments.tables import Enrolment
from app.features.programs.tables import Cohort
from app.kit.columns import amend

GOES_ON = frozenset({CohortStatus.OPEN, CohortStatus.CLOSED, CohortStatus.IN_PROGRESS})


def step(
    scope: Scope[Any], enrolment: Enrolment, to: EnrolmentStatus, reason: StatusReason | None = None, **fields: Any
) -> None:
    """One step of the lifecycle, recorded. Raises: `enrolment.transition_not_allowed`."""
    ENROLMENT.check(enrolment.status, to)
    waiting_since = scope.today if to is EnrolmentStatus.WAITING else None
    why = reason.value if reason else None
    changed = amend(enrolment, {"status": to, "status_reason": why, "waiting_since": waiting_since, **fields})
    record(scope, ChangeKind.ENROLMENT_MOVED, enrolment, changed)


@looks_beyond_reach
def fill_places(scope: Scope[Any], cohort: Cohort, side: Side, besides: UUID | None = None) -> None:
    """Give what places are free to those who have waited longest.

    `besides` is one whom the caller decides on: neither its place nor its waiting counts.
    """
    if cohort.status not in GOES_ON or scope.today > cohort.ends_on:
        return
    free = free_places(scope.session, cohort, side, besides)
    for waiting in waiting_line(scope.session, cohort, side, besides, free):
        step(scope, waiting, EnrolmentStatus.READY)


def refuse_ended_cohort(cohort: Cohort) -> None:
    """Raise `enrolment.cohort_ended` unless the cohort goes on."""
    if cohort.status not in GOES_ON:
        raise RuleViolation("enrolment.cohort_ended", cohortStatus=cohort.status.value)


def refuse_ended(enrolment: Enrolment) -> None:
    """Raise `enrolment.ended` unless the enrolment can still go on."""
    if ENROLMENT.is_terminal(enrolment.status):
        raise RuleViolation("enrolment.ended", enrolmentStatus=enrolment.status.value)


def repeated(enrolment: Enrolment) -> dict[str, object]:
    """What a row below an enrolment repeats of it, so that its reach stands on its own columns."""
    same = {name: getattr(enrolment, name) for name in ("program_id", "participant_id", "partner_id", "side")}
    return {**same, "enrolment_id": enrolment.id}
