"""Which courses are there for this caller, and which stand in a program's curriculum?"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, or_, select

from app.domain.glossary import Side
from app.domain.roles import Permission
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.enrolments.tables import Enrolment
from app.features.programs.tables import Program
from app.features.training.schemas import (
    CourseQuery,
    CourseRead,
    CourseVersionRead,
    CurriculumCourseRead,
    CurriculumQuery,
)
from app.features.training.tables import Course, CourseVersion, ProgramCourse


def courses(scope: Scope[None], query: CourseQuery) -> tuple[list[CourseRead], int]:
    """One page of the courses in the caller's reach by title, each with its newest version, and how many there are."""
    wanted = select(Course).where(visible(Course, scope.actor))
    if query.partner_id is not None:
        wanted = wanted.where(Course.partner_id == query.partner_id)
    total = scope.session.exec(select(func.count()).select_from(wanted.subquery())).one()
    page = wanted.order_by(col(Course.title), col(Course.id)).limit(query.limit).offset((query.page - 1) * query.limit)
    found = list(scope.session.exec(page))
    newest = _newest(scope.session, (course.id for course in found))
    return [_read(course, newest[course.id]) for course in found], total


def in_full(session: Session, course: Course) -> CourseRead:
    """The course with its newest version."""
    return _read(course, _newest(session, [course.id])[course.id])


def _newest(session: Session, course_ids: Iterable[UUID]) -> dict[UUID, CourseVersion]:
    newest_first = (
        select(CourseVersion)
        .where(col(CourseVersion.course_id).in_(list(course_ids)))
        .ext(distinct_on(col(CourseVersion.course_id)))
        .order_by(col(CourseVersion.course_id), col(CourseVersion.number).desc())
    )
    return {version.course_id: version for version in session.exec(newest_first)}


def _read(course: Course, latest: CourseVersion) -> CourseRead:
    return CourseRead.model_validate({**course.model_dump(), "latest": CourseVersionRead.model_validate(latest)})


def versions(scope: Scope[Course]) -> Select[Any]:
    """Every version of one course."""
    return select(CourseVersion).where(CourseVersion.course_id == scope.row.id)


def last_number(session: Session, course_id: UUID) -> int:
    """The number of the newest version; 0 when there is none."""
    newest = select(func.coalesce(func.max(CourseVersion.number), 0)).where(CourseVersion.course_id == course_id)
    return session.exec(newest).one()


def usable_course(scope: Scope[Any], course_id: UUID) -> Course | None:
    """The course, when it is the caller's own organisation's or shared."""
    own_or_shared = or_(col(Course.partner_id) == scope.actor.partner_id, col(Course.is_shared))
    return scope.session.exec(select(Course).where(Course.id == course_id, own_or_shared)).first()


def teachable_version(scope: Scope[Any], version_id: UUID) -> tuple[CourseVersion, Course] | None:
    """The version and its course, when the caller's organisation may give it.

    It may when the course is its own, shared, or in the curriculum of a program where it trains people.
    """
    programs = scope.actor.programs_for(Permission.CURRICULUM_WRITE)
    taught = select(ProgramCourse.course_id).where(col(ProgramCourse.program_id).in_(programs))
    wanted = (
        select(CourseVersion, Course)
        .join(Course, col(Course.id) == col(CourseVersion.course_id))
        .where(
            CourseVersion.id == version_id,
            or_(col(Course.partner_id) == scope.actor.partner_id, col(Course.is_shared), col(Course.id).in_(taught)),
        )
    )
    return scope.session.exec(wanted).first()


def curriculum(scope: Scope[Program], query: CurriculumQuery) -> tuple[list[CurriculumCourseRead], int]:
    """One page of a program's curriculum, mentors' courses after mentees', and how many courses there are."""
    wanted = _entries().where(col(ProgramCourse.program_id) == scope.row.id)
    if query.side is not None:
        wanted = wanted.where(col(ProgramCourse.side) == query.side)
    total = scope.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    ordered = wanted.order_by(col(ProgramCourse.side), col(ProgramCourse.id))
    page = ordered.limit(query.limit).offset((query.page - 1) * query.limit)
    return [_entry(row, title) for row, title in scope.session.execute(page)], total


def curriculum_to_copy(scope: Scope[Any], program_id: UUID) -> list[tuple[ProgramCourse, bool]]:
    """The whole curriculum of a program, and of each course whether the caller may use it for another."""
    is_usable = and_(
        col(Course.is_active), or_(col(Course.partner_id) == scope.actor.partner_id, col(Course.is_shared))
    )
    wanted = select_columns(ProgramCourse, is_usable).join(Course, col(Course.id) == col(ProgramCourse.course_id))
    return [
        (row, usable)
        for row, usable in scope.session.execute(wanted.where(col(ProgramCourse.program_id) == program_id))
    ]


def curriculum_course(session: Session, row: ProgramCourse) -> CurriculumCourseRead:
    """One course of a curriculum with its title."""
    found, title = session.execute(_entries().where(col(ProgramCourse.id) == row.id)).one()
    return _entry(found, title)


def _entries() -> Select[Any, Any]:
    of_course = col(Course.id) == col(ProgramCourse.course_id)
    return select_columns(ProgramCourse, col(Course.title)).join(Course, of_course)


def _entry(row: ProgramCourse, title: str) -> CurriculumCourseRead:
    return CurriculumCourseRead.model_validate({**row.model_dump(exclude={"updated_at"}), "title": title})


def taught_courses(program_id: UUID, side: Side) -> Any:
    """The courses in the curriculum of one side of a program."""
    return select(ProgramCourse.course_id).where(ProgramCourse.program_id == program_id, ProgramCourse.side == side)


def curriculum_version(session: Session, enrolment: Enrolment, version_id: UUID) -> CourseVersion | None:
    """The version, when its course is in the curriculum of the enrolment's side."""
    taught = taught_courses(enrolment.program_id, enrolment.side)
    wanted = select(CourseVersion).where(CourseVersion.id == version_id, col(CourseVersion.course_id).in_(taught))
    return session.exec(wanted).first()
