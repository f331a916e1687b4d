"""When are courses given, who is registered, and is there a place left?"""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func
from sqlmodel import Session, col, select

from app.domain.roles import Permission
from app.domain.training import TAKES_PLACE
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.enrolments.tables import Enrolment
from app.features.partners.tables import Partner
from app.features.training.queries.courses import taught_courses
from app.features.training.schemas import TrainingSessionQuery
from app.features.training.tables import Attendance, Course, ProgramCourse, TrainingSession


def sessions_of_partner(scope: Scope[Partner], query: TrainingSessionQuery) -> Select[Any]:
    """The sessions that one organisation holds, as far as the caller may see their courses."""
    return _narrowed(scope, query).where(col(TrainingSession.partner_id) == scope.row.id)


def sessions_of_course(scope: Scope[Course], query: TrainingSessionQuery) -> Select[Any]:
    """The sessions of one course, whoever holds them."""
    return _narrowed(scope, query).where(col(TrainingSession.course_id) == scope.row.id)


def _narrowed(scope: Scope[Any], query: TrainingSessionQuery) -> Select[Any]:
    statement: Select[Any] = select(TrainingSession).where(visible(TrainingSession, scope.actor))
    if query.status is not None:
        statement = statement.where(col(TrainingSession.status) == query.status)
    return statement


def offered_session(session: Session, enrolment: Enrolment, session_id: UUID) -> TrainingSession | None:
    """The session, when its course is in the curriculum of the enrolment's side; locked, as `locked_session` says."""
    taught = taught_courses(enrolment.program_id, enrolment.side)
    wanted = select(TrainingSession).where(TrainingSession.id == session_id, col(TrainingSession.course_id).in_(taught))
    return session.exec(wanted.with_for_update(key_share=True)).first()


def visible_session(scope: Scope[Any], session_id: UUID) -> TrainingSession | None:
    """The session, when the caller may know of it."""
    wanted = select(TrainingSession).where(TrainingSession.id == session_id, visible(TrainingSession, scope.actor))
    return scope.session.exec(wanted).first()


def enrolments_taught(
    scope: Scope[Any], occasion: TrainingSession, participant_id: UUID, cohort_id: UUID | None
) -> list[tuple[Enrolment, Attendance | None]]:
    """The person's enrolments that the session counts for, as far as the caller may record there, with what is recorded."""
    taught = select(ProgramCourse.id).where(
        ProgramCourse.program_id == Enrolment.program_id,
        ProgramCourse.side == Enrolment.side,
        ProgramCourse.course_id == occasion.course_id,
    )
    recorded = and_(col(Attendance.enrolment_id) == col(Enrolment.id), col(Attendance.session_id) == occasion.id)
    wanted = (
        select(Enrolment, Attendance)
        .outerjoin(Attendance, recorded)
        .where(
            Enrolment.participant_id == participant_id,
            taught.exists(),
            visible(Enrolment, scope.actor, Permission.ATTENDANCE_RECORD),
        )
        .order_by(col(Enrolment.id))
    )
    if cohort_id is not None:
        wanted = wanted.where(Enrolment.cohort_id == cohort_id)
    return [(enrolment, attendance) for enrolment, attendance in scope.session.exec(wanted)]


def locked_session(session: Session, session_id: UUID) -> TrainingSession:
    """The session, with everyone else who gives or frees its places kept waiting until this transaction ends."""
    return session.get_one(TrainingSession, session_id, with_for_update={"key_share": True})


@looks_beyond_reach
def places_taken(session: Session, session_id: UUID, besides: UUID | None = None) -> int:
    """How many people hold a place, leaving out the participant `besides`: who comes by two enrolments sits once."""
    holding = select(func.count(func.distinct(Attendance.participant_id))).where(
        Attendance.session_id == session_id,
        col(Attendance.status).in_(TAKES_PLACE),
        Attendance.participant_id != besides,  # with None: is not null
    )
    return session.exec(holding).one()


def attendances_of(scope: Scope[Enrolment]) -> Select[Any]:
    """The registrations of one enrolment."""
    return select(Attendance).where(Attendance.enrolment_id == scope.row.id)


def attendances_at(scope: Scope[TrainingSession]) -> Select[Any]:
    """The registrations for one session, of people in the caller's reach."""
    return select(Attendance).where(Attendance.session_id == scope.row.id, visible(Attendance, scope.actor))
