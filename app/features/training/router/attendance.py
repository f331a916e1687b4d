"""Registration for training sessions, and attendance, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on, uuid_of
from app.features.access.scope import Scope
from app.features.enrolments.tables import Enrolment
from app.features.training import actions, queries
from app.features.training.schemas import AttendanceCreate, AttendancePatch, AttendanceRead, AttendanceSync
from app.features.training.tables import Attendance, TrainingSession
from app.kit.external import IfMatch, Key, address_of, answer_synced, synced
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["training"])


@router.get(
    "/enrolments/{enrolmentId}/attendances",
    operation_id="listAttendances",
    summary="List a person's training sessions",
    response_model=Page[AttendanceRead],
)
def list_attendances(
    scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.ATTENDANCE_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """What the person registered for, and whether they came. / Vad personen har anmält sig till, och närvaro."""
    return answer_page(scope.exchange, AttendanceRead, queries.attendances_of(scope), query, keys=[Attendance.id])


@router.post(
    "/enrolments/{enrolmentId}/attendances",
    operation_id="createAttendance",
    summary="Register for a training session",
    status_code=201,
    response_model=AttendanceRead,
)
def create_attendance(
    scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.ATTENDANCE_RECORD)], body: AttendanceCreate
) -> Response:
    """Register the person for a session of a course in the curriculum. / Anmäl personen till ett tillfälle."""
    made = actions.create_attendance(scope, body)
    location = f"{scope.exchange.path.partition('/enrolments/')[0]}/attendances/{made.id}"
    return answer(scope.exchange, AttendanceRead, made, status=201, location=location)


@router.get(
    "/attendances/{attendanceId}",
    operation_id="getAttendance",
    summary="Read a registration",
    response_model=AttendanceRead,
)
def get_attendance(scope: Annotated[Scope[Attendance], on(Attendance, Permission.ATTENDANCE_READ)]) -> Response:
    """One registration. / En anmälan till ett utbildningstillfälle."""
    return answer(scope.exchange, AttendanceRead, scope.row)


@router.patch(
    "/attendances/{attendanceId}",
    operation_id="updateAttendance",
    summary="Note attendance, or cancel",
    response_model=AttendanceRead,
)
def update_attendance(
    scope: Annotated[Scope[Attendance], on(Attendance, Permission.ATTENDANCE_RECORD)], body: AttendancePatch
) -> Response:
    """Note who came and for how long: enough minutes complete the course. The person may cancel, and register again.

    Notera vem som kom och hur länge: tillräckligt många minuter slutför kursen. Personen får avanmäla sig och anmäla
    sig på nytt.
    """
    return answer(scope.exchange, AttendanceRead, actions.update_attendance(scope, body))


@router.put(
    "/training-sessions/{trainingSessionId}/attendances/by-external-id/{system}/{externalId}",
    operation_id="syncAttendance",
    summary="Keep attendance right by your own key",
    response_model=AttendanceRead,
    responses=synced(AttendanceRead),
)
def sync_attendance(
    # A person's enrolment decides who may record, so the session is only one that the caller knows of.
    scope: Annotated[Scope[None], anywhere(Permission.ATTENDANCE_RECORD)],
    session_id: Annotated[
        str,
        Path(
            alias="trainingSessionId",
            description="Id of the TrainingSession.",
            json_schema_extra={"format": "uuid"},
        ),
    ],
    key: Key,
    body: AttendanceSync,
    if_match: IfMatch = None,
) -> Response:
    """Register the person whom you hold under this key, and note who came. Sent again it changes nothing.

    Anmäl deltagaren som ni har under denna nyckel, och notera närvaron. Skickas samma igen ändras ingenting.
    """
    attendance, outcome = actions.sync_attendance(scope, uuid_of(session_id), key, body, if_match)
    address = address_of(scope.exchange, "training-sessions", "attendances", attendance.id)
    return answer_synced(scope.exchange, AttendanceRead, attendance, outcome, address)


@router.get(
    "/training-sessions/{trainingSessionId}/attendances",
    operation_id="listSessionAttendances",
    summary="List who is registered for a session",
    response_model=Page[AttendanceRead],
)
def list_session_attendances(
    # Whoever sees the session; the people are those in the caller's reach.
    scope: Annotated[Scope[TrainingSession], on(TrainingSession, Permission.SESSION_READ)],
    query: Annotated[PageQuery, Query()],
) -> Response:
    """Of those registered the people in your reach. / De anmälda som du får se."""
    return answer_page(scope.exchange, AttendanceRead, queries.attendances_at(scope), query, keys=[Attendance.id])
