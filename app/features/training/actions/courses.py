"""How does a course get its versions, and how does it come into a program's curriculum?

A change of a curriculum is recorded of its program: what was taken out has no row of its own left to tell of.
"""

from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.partners.tables import Partner
from app.features.programs.tables import Program
from app.features.training.queries import curriculum_course, curriculum_to_copy, in_full, last_number, usable_course
from app.features.training.schemas import (
    CourseCreate,
    CoursePatch,
    CourseRead,
    CourseVersionCreate,
    CurriculumCourseCreate,
    CurriculumCoursePatch,
    CurriculumCourseRead,
)
from app.features.training.tables import Course, CourseVersion, ProgramCourse
from app.kit.columns import amend

OF_COURSE = {"title", "is_shared"}


def create_course(scope: Scope[Partner], body: CourseCreate) -> CourseRead:
    """A course of the caller's organisation with its first version.

    Raises at the flush: `course.title_taken`.
    """
    course = Course.model_validate({**body.model_dump(include=OF_COURSE), "partner_id": scope.row.id})
    scope.session.add(course)
    record(scope, ChangeKind.COURSE_CREATED, course)
    scope.session.flush()
    _add_version(scope, course, CourseVersionCreate.model_validate(body.model_dump(exclude=OF_COURSE)))
    return in_full(scope.session, course)


def update_course(scope: Scope[Course], body: CoursePatch) -> CourseRead:
    """Change the title, share the course or not, retire it or take it up again. Who uses it already goes on.

    Raises at the flush: `course.title_taken`.
    """
    if changed := amend(scope.row, body):
        record(scope, ChangeKind.COURSE_UPDATED, scope.row, changed)
    return in_full(scope.session, scope.row)


def publish_course_version(scope: Scope[Course], body: CourseVersionCreate) -> CourseVersion:
    """The next version; sessions already planned keep theirs."""
    return _add_version(scope, scope.row, body)


def _add_version(scope: Scope[Course] | Scope[Partner], course: Course, body: CourseVersionCreate) -> CourseVersion:
    own = {"course_id": course.id, "partner_id": course.partner_id}
    number = last_number(scope.session, course.id) + 1
    version = CourseVersion.model_validate({**body.model_dump(), **own, "number": number})
    scope.session.add(version)
    record(scope, ChangeKind.COURSE_VERSION_PUBLISHED, version)
    return version


def add_curriculum_course(scope: Scope[Program], body: CurriculumCourseCreate) -> CurriculumCourseRead:
    """Put a course into the curriculum of one side.

    Raises: 403 unless the partner trains this side; `course.unknown`, `course.inactive`; at the flush
    `course.already_in_curriculum`.
    """
    scope.demand_side(scope.row.id, body.side)
    course = usable_course(scope, body.course_id)
    if course is None:
        raise RuleViolation("course.unknown", pointer="/courseId")
    if not course.is_active:
        raise RuleViolation("course.inactive", pointer="/courseId")
    row = ProgramCourse.model_validate({**body.model_dump(), "program_id": scope.row.id})
    scope.session.add(row)
    _record_change(scope, scope.row)
    return curriculum_course(scope.session, row)


def copy_curriculum(scope: Scope[Program], example_id: UUID) -> bool:
    """Take over another program's curriculum, as far as its courses are active and the caller may use them.

    Answers whether that was all of it.
    """
    entries = curriculum_to_copy(scope, example_id)
    usable = [row for row, is_usable in entries if is_usable]
    for row in usable:
        given = {**row.model_dump(include={"course_id", "side", "is_required"}), "program_id": scope.row.id}
        scope.session.add(ProgramCourse.model_validate(given))
    if usable:
        _record_change(scope, scope.row)
    return len(usable) == len(entries)


def update_curriculum_course(scope: Scope[ProgramCourse], body: CurriculumCoursePatch) -> CurriculumCourseRead:
    """Require a course, or only offer it."""
    if amend(scope.row, body):
        _record_change(scope, scope.session.get_one(Program, scope.row.program_id))
    return curriculum_course(scope.session, scope.row)


def withdraw_curriculum_course(scope: Scope[ProgramCourse]) -> None:
    """Take a course out of the curriculum; what was completed in it stays and counts where it was completed."""
    program = scope.session.get_one(Program, scope.row.program_id)
    scope.session.delete(scope.row)
    _record_change(scope, program)


def _record_change(scope: Scope[Program] | Scope[ProgramCourse], program: Program) -> None:
    record(scope, ChangeKind.CURRICULUM_CHANGED, program, ["curriculum"])
