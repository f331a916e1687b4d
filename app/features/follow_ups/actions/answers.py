"""How is a follow-up answered, and an answer corrected?"""

from typing import Any

from app.domain import follow_ups as rules
from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.grants import PAIR
from app.domain.lifecycles import FOLLOW_UP, FollowUpStatus
from app.domain.questionnaires import check_answers
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.follow_ups.queries import Asked, asked_in, earliest_day, status_today
from app.features.follow_ups.schemas import Correction, Submission
from app.features.follow_ups.tables import FollowUp, FollowUpVersion
from app.features.participants.actions import refuse_personnummer
from app.kit.columns import amend

KEPT = {"id", "version", "created_at", "updated_at"}


def submit_follow_up(scope: Scope[FollowUp], body: Submission) -> FollowUp:
    """Store the answers; a late submission keeps both the due day and the day it was done.

    Raises: `follow_up.already_answered`, `follow_up.not_open`, `follow_up.answer_invalid`, `follow_up.done_in_future`,
    `follow_up.done_before_start`, `text.personnummer_refused`.
    """
    current = status_today(scope)
    rules.check_open(current)
    FOLLOW_UP.check(current, FollowUpStatus.DONE)
    changed = _answer(scope, body, asked_in(scope.session, scope.row), FollowUpStatus.DONE)
    record(scope, ChangeKind.FOLLOW_UP_SUBMITTED, scope.row, changed)
    return scope.row


def correct_follow_up(scope: Scope[FollowUp], body: Correction) -> FollowUp:
    """Replace the newest answer; what it was stays readable, and which questions were asked stays as it was.

    Raises: `follow_up.transition_not_allowed`, `follow_up.not_your_answer`, `follow_up.version_unknown`,
    `follow_up.version_corrected`, and what an answer may be refused for.
    """
    row = scope.row
    FOLLOW_UP.check(row.status, FollowUpStatus.CORRECTED)
    if row.is_answered_in_person is not _is_in_person(scope):
        raise RuleViolation("follow_up.not_your_answer")
    rules.check_correction(body.corrects, row.answer_number)
    before = FollowUpVersion.model_validate(
        {
            **row.model_dump(include=set(FollowUpVersion.model_fields) - KEPT),
            "follow_up_id": row.id,
            "number": row.answer_number,
            "correction_reason": body.reason_code,
            "corrected_at": scope.now,
            "corrected_by_user_id": scope.actor.user_id,
        }
    )
    changed = _answer(scope, body, asked_in(scope.session, row), FollowUpStatus.CORRECTED)
    scope.session.add(before)
    record(scope, ChangeKind.FOLLOW_UP_CORRECTED, row, changed)
    return row


def _answer(scope: Scope[FollowUp], body: Submission, asked: Asked, status: FollowUpStatus) -> list[str]:
    refuse_personnummer(body)
    row = scope.row
    rules.check_done_on(body.done_on, earliest_day(scope.session, row.match_id), scope.today)
    said: dict[str, Any] = {
        "status": status,
        "done_on": body.done_on,
        "answers": check_answers(asked.questionnaire, body.answers),
        "answer_number": row.answer_number + 1,
        "questionnaire_version": asked.questionnaire.version,
        "program_questionnaire_id": asked.program_questionnaire_id,
        "is_answered_in_person": _is_in_person(scope),
        "submitted_at": scope.now,
        "submitted_by_user_id": scope.actor.user_id,
    }
    return amend(row, said)


def _is_in_person(scope: Scope[FollowUp]) -> bool:
    return scope.actor.role in PAIR
