"""A program's own questions over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.follow_ups import actions, queries
from app.features.follow_ups.schemas import ProgramQuestionnaireCreate, ProgramQuestionnaireRead
from app.features.follow_ups.tables import ProgramQuestionnaire
from app.features.programs.tables import Program
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["follow-ups"])


@router.get(
    "/programs/{programId}/questionnaires",
    operation_id="listProgramQuestionnaires",
    summary="List a programme's own questions",
    response_model=Page[ProgramQuestionnaireRead],
)
def list_program_questionnaires(
    scope: Annotated[Scope[Program], on(Program, Permission.PROGRAM_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """Every version of what the programme asks besides the shipped questions. / Alla versioner av programmets frågor."""
    keys = [ProgramQuestionnaire.kind, ProgramQuestionnaire.side, ProgramQuestionnaire.number]
    return answer_page(scope.exchange, ProgramQuestionnaireRead, queries.published(scope), query, keys=keys)


@router.post(
    "/programs/{programId}/questionnaires",
    operation_id="publishProgramQuestionnaire",
    summary="Publish own questions",
    status_code=201,
    response_model=ProgramQuestionnaireRead,
)
def publish_program_questionnaire(
    scope: Annotated[Scope[Program], on(Program, Permission.QUESTIONNAIRE_WRITE)], body: ProgramQuestionnaireCreate
) -> Response:
    """Ask more than the shipped questions of a kind, in follow-ups that open tomorrow or later.

    Fråga mer än de levererade frågorna, i uppföljningar som öppnar i morgon eller senare.
    """
    made = actions.publish_questionnaire(scope, body)
    root = scope.exchange.path.partition("/programs/")[0]
    location = f"{root}/program-questionnaires/{made.id}"
    return answer(scope.exchange, ProgramQuestionnaireRead, made, status=201, location=location)


@router.get(
    "/program-questionnaires/{programQuestionnaireId}",
    operation_id="getProgramQuestionnaire",
    summary="Read a version of a programme's own questions",
    response_model=ProgramQuestionnaireRead,
)
def get_program_questionnaire(
    scope: Annotated[Scope[ProgramQuestionnaire], on(ProgramQuestionnaire, Permission.PROGRAM_READ)],
) -> Response:
    """One version of a programme's own questions. / En version av programmets egna frågor."""
    return answer(scope.exchange, ProgramQuestionnaireRead, scope.row)
