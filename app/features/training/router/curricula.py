"""The curriculum of a program over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.programs.tables import Program
from app.features.training import actions, queries
from app.features.training.schemas import (
    CurriculumCourseCreate,
    CurriculumCoursePatch,
    CurriculumCourseRead,
    CurriculumQuery,
)
from app.features.training.tables import ProgramCourse
from app.kit.pages import Page, answer_items
from app.kit.wire import answer

router = APIRouter(tags=["training"])
Writing = Annotated[Scope[ProgramCourse], on(ProgramCourse, Permission.CURRICULUM_WRITE, alias="curriculumCourseId")]


@router.get(
    "/programs/{programId}/curriculum",
    operation_id="listCurriculum",
    summary="List a programme's curriculum",
    response_model=Page[CurriculumCourseRead],
)
def list_curriculum(
    scope: Annotated[Scope[Program], on(Program, Permission.PROGRAM_READ)], query: Annotated[CurriculumQuery, Query()]
) -> Response:
    """The courses that each side takes, required or offered. / Kurserna för varje sida, obligatoriska eller valfria."""
    found, total = queries.curriculum(scope, query)
    return answer_items(scope.exchange, CurriculumCourseRead, found, query, total)


@router.post(
    "/programs/{programId}/curriculum",
    operation_id="addCurriculumCourse",
    summary="Add a course to the curriculum",
    status_code=201,
    response_model=CurriculumCourseRead,
)
def add_curriculum_course(
    scope: Annotated[Scope[Program], on(Program, Permission.CURRICULUM_WRITE)], body: CurriculumCourseCreate
) -> Response:
    """Add your own or a shared course for the side you train. / Lägg till en egen eller delad kurs i kursplanen."""
    made = actions.add_curriculum_course(scope, body)
    location = f"{scope.exchange.path.partition('/programs/')[0]}/curriculum-courses/{made.id}"
    return answer(scope.exchange, CurriculumCourseRead, made, status=201, location=location)


@router.get(
    "/curriculum-courses/{curriculumCourseId}",
    operation_id="getCurriculumCourse",
    summary="Read a course of a curriculum",
    response_model=CurriculumCourseRead,
)
def get_curriculum_course(
    scope: Annotated[Scope[ProgramCourse], on(ProgramCourse, Permission.PROGRAM_READ, alias="curriculumCourseId")],
) -> Response:
    """One course in a curriculum. / En kurs i en kursplan."""
    return answer(scope.exchange, CurriculumCourseRead, queries.curriculum_course(scope.session, scope.row))


@router.patch(
    "/curriculum-courses/{curriculumCourseId}",
    operation_id="updateCurriculumCourse",
    summary="Require a course or only offer it",
    response_model=CurriculumCourseRead,
)
def update_curriculum_course(scope: Writing, body: CurriculumCoursePatch) -> Response:
    """Require the course, or only offer it. / Gör kursen obligatorisk eller valfri."""
    return answer(scope.exchange, CurriculumCourseRead, actions.update_curriculum_course(scope, body))


@router.delete(
    "/curriculum-courses/{curriculumCourseId}",
    operation_id="withdrawCurriculumCourse",
    summary="Take a course out of the curriculum",
    status_code=204,
)
def withdraw_curriculum_course(scope: Writing) -> Response:
    """Take the course out; what people completed stays. / Ta bort kursen; det som har genomförts finns kvar."""
    actions.withdraw_curriculum_course(scope)
    return Response(status_code=204)
