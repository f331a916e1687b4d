"""How is completed training recorded, and what happens when it turns out to be wrong?

A mistaken record is revoked, never removed: whoever was shown its certificate can be told that it no longer holds.
"""

from typing import Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.training import Completion, completion, is_complete
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.enrolments.actions import refuse_ended, repeated
from app.features.enrolments.tables import Enrolment
from app.features.training.queries import attended, curriculum_version, record_of_version
from app.features.training.schemas import TrainingRecordCreate
from app.features.training.tables import Course, CourseVersion, TrainingRecord
from app.kit.columns import amend


def record_training(scope: Scope[Enrolment], body: TrainingRecordCreate) -> TrainingRecord:
    """The person completed a training on a day that has come, of the curriculum or not, without a session here.

    Raises: 403 unless the partner trains this side; `enrolment.ended`, `training.day_in_future`,
    `course.not_in_curriculum`, `training.course_incomplete`.
    """
    enrolment = scope.row
    refuse_ended(enrolment)
    if body.completed_on > scope.today:
        raise RuleViolation("training.day_in_future", pointer="/completedOn")
    if body.course_version_id is not None:
        _check_course(scope, body.course_version_id, body.minutes)
    return _add(scope, enrolment, body.model_dump())


def _check_course(scope: Scope[Enrolment], version_id: UUID, minutes: int) -> None:
    version = curriculum_version(scope.session, scope.row, version_id)
    if version is None:
        raise RuleViolation("course.not_in_curriculum", pointer="/courseVersionId")
    if not is_complete(minutes, version.minutes):
        raise RuleViolation("training.course_incomplete", pointer="/minutes", courseMinutes=version.minutes)


def withdraw_training_record(scope: Scope[TrainingRecord]) -> TrainingRecord:
    """Revoke a record made by mistake; it stays, counts for nothing, and has no certificate any more.

    Raises: 403 unless the partner trains this side; `training.revoked`; `training.from_session` when attendance gave
    it: then the attendance is what must be corrected.
    """
    if scope.row.revoked_at is not None:
        raise RuleViolation("training.revoked")
    if scope.row.session_id is not None:
        raise RuleViolation("training.from_session")
    _revoke(scope, scope.row)
    return scope.row


def settle_completion(scope: Scope[Any], enrolment: Enrolment, version_id: UUID) -> None:
    """Let the record of a version of a course say what attendance says now; the caller has locked the enrolment."""
    version = scope.session.get_one(CourseVersion, version_id)
    done = completion(attended(scope.session, enrolment.id, version_id), version.minutes)
    kept = record_of_version(scope.session, enrolment.id, version_id)
    if done is None:
        if kept is not None and kept.revoked_at is None:
            _revoke(scope, kept)
    elif kept is None:
        _add(scope, enrolment, _completed(scope, version, done))
    elif changed := amend(kept, {**vars(done), "revoked_at": None}):
        record(scope, ChangeKind.TRAINING_RECORDED, kept, changed)


def _completed(scope: Scope[Any], version: CourseVersion, done: Completion) -> dict[str, Any]:
    title = scope.session.get_one(Course, version.course_id).title
    return {**vars(done), "title": title, "topics": version.topics, "course_version_id": version.id}


def _add(scope: Scope[Any], enrolment: Enrolment, facts: dict[str, Any]) -> TrainingRecord:
    completed = TrainingRecord.model_validate(
        {**facts, **repeated(enrolment), "recorded_by_user_id": scope.actor.user_id}
    )
    scope.session.add(completed)
    record(scope, ChangeKind.TRAINING_RECORDED, completed)
    return completed


def _revoke(scope: Scope[Any], kept: TrainingRecord) -> None:
    record(scope, ChangeKind.TRAINING_REVOKED, kept, amend(kept, {"revoked_at": scope.now}))
