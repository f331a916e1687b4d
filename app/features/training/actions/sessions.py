"""How is a training session planned, changed and cancelled?"""

from datetime import timedelta

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.lifecycles import SESSION, SessionStatus
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.partners.tables import Partner
from app.features.training.queries import places_taken, teachable_version
from app.features.training.schemas import TrainingSessionCreate, TrainingSessionPatch
from app.features.training.tables import TrainingSession
from app.kit.columns import amend

LONGEST = timedelta(days=5)
"""A course week. What goes on for longer is several sessions, each with its own attendance."""


def create_training_session(scope: Scope[Partner], body: TrainingSessionCreate) -> TrainingSession:
    """Plan a session of a version of a course, also one that was held already.

    Raises: `course.version_unknown`, `course.inactive`, `session.period_invalid`.
    """
    found = teachable_version(scope, body.course_version_id)
    if found is None:
        raise RuleViolation("course.version_unknown", pointer="/courseVersionId")
    version, course = found
    if not course.is_active:
        raise RuleViolation("course.inactive", pointer="/courseVersionId")
    planned = TrainingSession.model_validate(
        {**body.model_dump(), "partner_id": scope.row.id, "course_id": version.course_id}
    )
    _check_period(planned)
    scope.session.add(planned)
    record(scope, ChangeKind.SESSION_PLANNED, planned)
    return planned


def update_training_session(scope: Scope[TrainingSession], body: TrainingSessionPatch) -> TrainingSession:
    """Change a planned session.

    Raises: `session.not_planned`, `session.period_invalid`; `session.places_taken` when
    more people are registered than places would be left.
    """
    planned = scope.row
    if planned.status is not SessionStatus.PLANNED:
        raise RuleViolation("session.not_planned", sessionStatus=planned.status.value)
    if changed := amend(planned, body):
        _check_period(planned)
        if planned.places is not None and places_taken(scope.session, planned.id) > planned.places:
            raise RuleViolation("session.places_taken", pointer="/places")
        record(scope, ChangeKind.SESSION_UPDATED, planned, changed)
    return planned


def cancel_training_session(scope: Scope[TrainingSession]) -> TrainingSession:
    """Cancel a planned session; its registrations stay as they are and count for nothing.

    Raises: `session.transition_not_allowed`.
    """
    SESSION.check(scope.row.status, SessionStatus.CANCELLED)
    record(scope, ChangeKind.SESSION_UPDATED, scope.row, amend(scope.row, {"status": SessionStatus.CANCELLED}))
    return scope.row


def _check_period(planned: TrainingSession) -> None:
    if not timedelta(0) < planned.ends_at - planned.starts_at <= LONGEST:
        raise RuleViolation("session.period_invalid", pointer="/endsAt")
