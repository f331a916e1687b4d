"""How does somebody register for a session, who notes that they came, and when does that complete the course?

Everyone who takes a place locks the session first, so the last place is given once. Whoever notes attendance locks the
enrolment before it: of two sessions noted at the same moment, one completes the course.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import AttendanceStatus
from app.domain.grants import PAIR
from app.domain.lifecycles import SessionStatus
from app.domain.training import OWN_MOVES, check_minutes
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.enrolments.actions import refuse_ended, repeated
from app.features.enrolments.tables import Enrolment
from app.features.training.actions.records import settle_completion
from app.features.training.queries import locked_session, offered_session, places_taken
from app.features.training.schemas import AttendanceCreate, AttendancePatch
from app.features.training.tables import Attendance, TrainingSession
from app.kit.columns import amend

HAPPENED = frozenset({AttendanceStatus.ATTENDED, AttendanceStatus.ABSENT})


def create_attendance(scope: Scope[Enrolment], body: AttendanceCreate) -> Attendance:
    """Register the person for a session of a course in their side's curriculum. After the start only staff may.

    Raises: `enrolment.ended`, `session.unknown`, `session.cancelled`, `session.started`, `session.full`; at the flush
    `attendance.already_registered`.
    """
    enrolment = scope.row
    refuse_ended(enrolment)
    occasion = offered_session(scope.session, enrolment, body.session_id)
    if occasion is None:
        raise RuleViolation("session.unknown", pointer="/sessionId")
    _refuse_closed(scope, occasion, enrolment.participant_id)
    own = {**repeated(enrolment), "session_id": occasion.id, "recorded_by_user_id": scope.actor.user_id}
    registered = Attendance.model_validate(own)
    scope.session.add(registered)
    record(scope, ChangeKind.ATTENDANCE_RECORDED, registered)
    return registered


def update_attendance(scope: Scope[Attendance], body: AttendancePatch) -> Attendance:
    """Cancel or renew a registration; who trains the side notes who came and for how long, and may correct it.

    With enough minutes the course is completed; a correction below that revokes the completion.
    Raises: 403 unless the partner trains this side, but for one's own registration; `enrolment.ended`,
    `session.cancelled`, `session.started`, `session.full`, `session.not_started`,
    `attendance.minutes_without_attendance`, `attendance.minutes_missing`, `attendance.beyond_session`.
    """
    row, session = scope.row, scope.session
    to = body.status or row.status
    if body.minutes is not None or (row.status, to) not in OWN_MOVES:
        scope.demand_side(row.program_id, row.side)
    enrolment = session.get_one(Enrolment, row.enrolment_id, with_for_update={"key_share": True})
    occasion = locked_session(session, row.session_id)
    if to in HAPPENED:
        _refuse_not_held(scope, occasion)
    elif to is AttendanceStatus.REGISTERED and row.status is not to:
        refuse_ended(enrolment)
        _refuse_closed(scope, occasion, row.participant_id)
    minutes = _minutes(row, body, to, occasion)
    check_minutes(to, minutes, _length(occasion))
    if changed := amend(row, {"status": to, "minutes": minutes}):
        amend(row, {"recorded_by_user_id": scope.actor.user_id})
        record(scope, ChangeKind.ATTENDANCE_RECORDED, row, changed)
        _note_held(scope, occasion, to)
        settle_completion(scope, enrolment, occasion.course_version_id)
    return row


def _refuse_closed(scope: Scope[Any], occasion: TrainingSession, participant_id: UUID) -> None:
    """Raises: `session.cancelled`, `session.started` for the person themself, `session.full` before the start."""
    _refuse_cancelled(occasion)
    if scope.now >= occasion.starts_at:
        # Staff may add who came without having registered: whoever sat there had a place.
        if scope.actor.role in PAIR:
            raise RuleViolation("session.started")
    elif occasion.places is not None and places_taken(scope.session, occasion.id, participant_id) >= occasion.places:
        raise RuleViolation("session.full")


def _refuse_not_held(scope: Scope[Any], occasion: TrainingSession) -> None:
    _refuse_cancelled(occasion)
    if scope.now < occasion.starts_at:
        raise RuleViolation("session.not_started")


def _refuse_cancelled(occasion: TrainingSession) -> None:
    if occasion.status is SessionStatus.CANCELLED:
        raise RuleViolation("session.cancelled")


def _minutes(row: Attendance, body: AttendancePatch, to: AttendanceStatus, occasion: TrainingSession) -> int:
    if body.minutes is not None:
        return body.minutes
    if to is not AttendanceStatus.ATTENDED:
        return 0
    return row.minutes if row.status is to else _length(occasion)


def _length(occasion: TrainingSession) -> int:
    """Whole minutes, at least one."""
    return max(1, (occasion.ends_at - occasion.starts_at) // timedelta(minutes=1))


def _note_held(scope: Scope[Any], occasion: TrainingSession, to: AttendanceStatus) -> None:
    """A session to which somebody came has been held: it can neither be moved nor cancelled any more."""
    if to is AttendanceStatus.ATTENDED and occasion.status is SessionStatus.PLANNED:
        record(scope, ChangeKind.SESSION_UPDATED, occasion, amend(occasion, {"status": SessionStatus.HELD}))
