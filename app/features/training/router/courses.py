"""Courses and their versions over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.partners.tables import Partner
from app.features.training import actions, queries
from app.features.training.schemas import (
    CourseCreate,
    CoursePatch,
    CourseQuery,
    CourseRead,
    CourseVersionCreate,
    CourseVersionRead,
)
from app.features.training.tables import Course, CourseVersion
from app.kit.pages import Page, PageQuery, answer_items, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["training"])


@router.get("/courses", operation_id="listCourses", summary="List courses", response_model=Page[CourseRead])
def list_courses(
    scope: Annotated[Scope[None], anywhere(Permission.COURSE_READ)], query: Annotated[CourseQuery, Query()]
) -> Response:
    """Your organisation's courses, shared ones, and those of programmes you see, by title.

    Den egna organisationens kurser, delade kurser och kurser i program som du får se, efter titel.
    """
    found, total = queries.courses(scope, query)
    return answer_items(scope.exchange, CourseRead, found, query, total)


@router.post(
    "/partners/{partnerId}/courses",
    operation_id="createCourse",
    summary="Create a course",
    status_code=201,
    response_model=CourseRead,
)
def create_course(
    scope: Annotated[Scope[Partner], on(Partner, Permission.COURSE_WRITE)], body: CourseCreate
) -> Response:
    """Create a course of your organisation with its first version. / Skapa en kurs med dess första version."""
    made = actions.create_course(scope, body)
    location = f"{scope.exchange.path.partition('/partners/')[0]}/courses/{made.id}"
    return answer(scope.exchange, CourseRead, made, status=201, location=location)


@router.get("/courses/{courseId}", operation_id="getCourse", summary="Read a course", response_model=CourseRead)
def get_course(scope: Annotated[Scope[Course], on(Course, Permission.COURSE_READ)]) -> Response:
    """One course with its newest version. / En kurs med dess senaste version."""
    return answer(scope.exchange, CourseRead, queries.in_full(scope.session, scope.row))


@router.patch("/courses/{courseId}", operation_id="updateCourse", summary="Change a course", response_model=CourseRead)
def update_course(scope: Annotated[Scope[Course], on(Course, Permission.COURSE_WRITE)], body: CoursePatch) -> Response:
    """Change its title, share it or retire it; who uses it already goes on. / Ändra, dela eller avveckla en kurs."""
    return answer(scope.exchange, CourseRead, actions.update_course(scope, body))


@router.get(
    "/courses/{courseId}/versions",
    operation_id="listCourseVersions",
    summary="List the versions of a course",
    response_model=Page[CourseVersionRead],
)
def list_course_versions(
    scope: Annotated[Scope[Course], on(Course, Permission.COURSE_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """Every version, oldest first. / Alla versioner, äldsta först."""
    return answer_page(
        scope.exchange, CourseVersionRead, queries.versions(scope), query, keys=[CourseVersion.number, CourseVersion.id]
    )


@router.post(
    "/courses/{courseId}/versions",
    operation_id="publishCourseVersion",
    summary="Publish a version of a course",
    status_code=201,
    response_model=CourseVersionRead,
)
def publish_course_version(
    scope: Annotated[Scope[Course], on(Course, Permission.COURSE_WRITE)], body: CourseVersionCreate
) -> Response:
    """Say what the course contains from now on; planned sessions keep their version. / Publicera nästa version."""
    made = actions.publish_course_version(scope, body)
    location = f"{scope.exchange.path.partition('/courses/')[0]}/course-versions/{made.id}"
    return answer(scope.exchange, CourseVersionRead, made, status=201, location=location)


@router.get(
    "/course-versions/{courseVersionId}",
    operation_id="getCourseVersion",
    summary="Read a version of a course",
    response_model=CourseVersionRead,
)
def get_course_version(scope: Annotated[Scope[CourseVersion], on(CourseVersion, Permission.COURSE_READ)]) -> Response:
    """One version: topics, minutes, language. / En version: innehåll, minuter, språk."""
    return answer(scope.exchange, CourseVersionRead, scope.row)
