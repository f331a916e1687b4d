"""How does another system say who came to a session, by its keys of people, however often it sends the same?"""

from uuid import UUID

from app.domain.errors import RuleViolation
from app.domain.lifecycles import OPEN_ENROLMENTS
from app.domain.roles import Permission
from app.domain.sync import ExternalKey, SyncOutcome
from app.features.access.scope import Scope
from app.features.enrolments.tables import Enrolment
from app.features.participants.queries import by_external_key
from app.features.participants.tables import Participant
from app.features.training.actions.attendance import create_attendance, update_attendance
from app.features.training.queries import enrolments_taught, visible_session
from app.features.training.schemas import AttendanceCreate, AttendancePatch, AttendanceSync
from app.features.training.tables import Attendance, TrainingSession
from app.kit.conditional import check_given
from app.kit.problems import Problem

READS = (Permission.PARTICIPANT_READ, Permission.ENROLMENT_READ, Permission.ATTENDANCE_READ, Permission.SESSION_READ)


def sync_attendance(
    scope: Scope[None], session_id: UUID, key: ExternalKey, body: AttendanceSync, if_match: str | None = None
) -> tuple[Attendance, SyncOutcome]:
    """Register the person whom the caller's partner holds under the key, and note what became of it.

    Raises: 403 for missing scopes, 404 for the session, `participant.external_id_unknown`, `attendance.no_enrolment`,
    `attendance.enrolment_ambiguous`, 412 for another version; see `create_attendance` and `update_attendance`.
    """
    for permission in READS:
        scope.demand_permission(permission)
    occasion = visible_session(scope, session_id)
    if occasion is None:
        raise Problem("resource.not_found")
    enrolment, attendance = _recorded(scope, occasion, _person(scope, key), body.cohort_id)
    check_given(if_match, attendance)
    if attendance is not None:
        return attendance, _update(scope, attendance, body)
    made = create_attendance(scope.about(enrolment), AttendanceCreate(session_id=occasion.id))
    scope.session.flush()
    _update(scope, made, body)
    return made, SyncOutcome.CREATED


def _person(scope: Scope[None], key: ExternalKey) -> Participant:
    partner_id = scope.actor.partner_id
    person = by_external_key(scope, partner_id, key) if partner_id is not None else None
    if person is None:
        raise RuleViolation("participant.external_id_unknown")
    return person


def _recorded(
    scope: Scope[None], occasion: TrainingSession, person: Participant, cohort_id: UUID | None
) -> tuple[Enrolment, Attendance | None]:
    """The one enrolment that is meant: where something is recorded already, otherwise one that goes on."""
    found = enrolments_taught(scope, occasion, person.id, cohort_id)
    recorded = [one for one in found if one[1] is not None]
    possible = recorded or [one for one in found if one[0].status in OPEN_ENROLMENTS]
    if not possible:
        raise RuleViolation("attendance.no_enrolment")
    if len(possible) > 1:
        raise RuleViolation("attendance.enrolment_ambiguous", pointer="/cohortId")
    return possible[0]


def _update(scope: Scope[None], attendance: Attendance, body: AttendanceSync) -> SyncOutcome:
    is_so = body.minutes is None or body.minutes == attendance.minutes
    if attendance.status is body.status and is_so:
        return SyncOutcome.UNCHANGED
    before = attendance.version
    update_attendance(
        scope.about(attendance), AttendancePatch(**body.model_dump(include={"status", "minutes"}, exclude_none=True))
    )
    scope.session.flush()
    return SyncOutcome.UNCHANGED if attendance.version == before else SyncOutcome.CHANGED
