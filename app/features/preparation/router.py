"""Information packs, acknowledgements and the state of preparation over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.expectations import expectation_questions
from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.enrolments.tables import Enrolment
from app.features.preparation import actions, queries
from app.features.preparation.schemas import (
    AcknowledgementCreate,
    AcknowledgementRead,
    ExpectationQuestionsRead,
    InformationPackCreate,
    InformationPackQuery,
    InformationPackRead,
    PreparationRead,
)
from app.features.preparation.tables import Acknowledgement, InformationPack
from app.features.programs.tables import Program
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["preparation"])


@router.get(
    "/programs/{programId}/information-packs",
    operation_id="listInformationPacks",
    summary="List information packs",
    response_model=Page[InformationPackRead],
)
def list_information_packs(
    # Whoever sees the program reads what it tells people: information:read would ask for owner or party here.
    scope: Annotated[Scope[Program], on(Program, Permission.PROGRAM_READ)],
    query: Annotated[InformationPackQuery, Query()],
) -> Response:
    """Every version for both sides, oldest first. / Alla versioner för båda sidor, äldsta först."""
    return answer_page(
        scope.exchange,
        InformationPackRead,
        queries.information_packs(scope, query),
        query,
        keys=[InformationPack.id],
    )


@router.post(
    "/programs/{programId}/information-packs",
    operation_id="publishInformationPack",
    summary="Publish an information pack",
    status_code=201,
    response_model=InformationPackRead,
)
def publish_information_pack(
    scope: Annotated[Scope[Program], on(Program, Permission.INFORMATION_WRITE)], body: InformationPackCreate
) -> Response:
    """Publish the next version for a side in a language. / Publicera nästa version för en sida på ett språk."""
    pack = actions.publish_information_pack(scope, body)
    location = f"{scope.exchange.path.partition('/programs/')[0]}/information-packs/{pack.id}"
    return answer(scope.exchange, InformationPackRead, pack, status=201, location=location)


@router.get(
    "/information-packs/{informationPackId}",
    operation_id="getInformationPack",
    summary="Read an information pack",
    response_model=InformationPackRead,
)
def get_information_pack(
    scope: Annotated[Scope[InformationPack], on(InformationPack, Permission.INFORMATION_READ)],
) -> Response:
    """One version. / En version."""
    return answer(scope.exchange, InformationPackRead, scope.row)


@router.get(
    "/enrolments/{enrolmentId}/acknowledgements",
    operation_id="listAcknowledgements",
    summary="List acknowledgements",
    response_model=Page[AcknowledgementRead],
)
def list_acknowledgements(
    scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.ENROLMENT_READ)],
    query: Annotated[PageQuery, Query()],
) -> Response:
    """What the person took note of, and when. / Vad personen har tagit del av, och när."""
    return answer_page(
        scope.exchange, AcknowledgementRead, queries.acknowledgements(scope), query, keys=[Acknowledgement.id]
    )


@router.post(
    "/enrolments/{enrolmentId}/acknowledgements",
    operation_id="acknowledgeInformation",
    summary="Acknowledge information",
    status_code=201,
    response_model=AcknowledgementRead,
)
def acknowledge_information(
    scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.INFORMATION_ACKNOWLEDGE)], body: AcknowledgementCreate
) -> Response:
    """Note that the person took note of a version. / Anteckna att personen har tagit del av en version."""
    made = actions.acknowledge_information(scope, body)
    return answer(scope.exchange, AcknowledgementRead, made, status=201, location=scope.exchange.path)


@router.get(
    "/enrolments/{enrolmentId}/preparation",
    operation_id="getPreparation",
    summary="Is the person prepared?",
    response_model=PreparationRead,
)
def get_preparation(scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.ENROLMENT_READ)]) -> Response:
    """What is done and what is missing before a match may start. / Vad som är klart och vad som saknas."""
    pairings = queries.pairings_of(scope.session, scope.row)
    found = queries.preparation(scope.session, scope.row, scope.today, pairings)
    return answer(scope.exchange, PreparationRead, found)


@router.get(
    "/expectation-questions",
    operation_id="getExpectationQuestions",
    summary="Read the expectation questions",
    response_model=ExpectationQuestionsRead,
)
# The questions are the same for everybody: no program and no person leads to them.
def get_expectation_questions(scope: Annotated[Scope[None], anywhere(Permission.INFORMATION_READ)]) -> Response:
    """What both sides are asked, newest version. / Vad båda sidor får svara på, senaste versionen."""
    asked = expectation_questions()
    told = {"questionnaire_version": asked.version, "questions": asked.questions}
    return answer(scope.exchange, ExpectationQuestionsRead, told)
