"""When are courses given, who is registered, and is there a place left?"""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func
from sqlmodel import Session, col, select

from app.domain.training import TAKES_PLACE
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.enrolments.tables import Enrolment
from app.features.partners.tables import Partner
from app.features.training.queries.courses import taught_courses
from app.features.training.schemas import TrainingSessionQuery
from app.features.training.tables import Attendance, Course, TrainingSession


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
