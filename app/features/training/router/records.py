"""Completed training, its certificates and its progress over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.enrolments.tables import Enrolment
from app.features.programs.tables import Program
from app.features.training import actions, queries
from app.features.training.schemas import (
    TrainingCertificateRead,
    TrainingProgressQuery,
    TrainingProgressRead,
    TrainingRecordCreate,
    TrainingRecordRead,
)
from app.features.training.tables import TrainingRecord
from app.kit.pages import Page, PageQuery, answer_items, answer_page
from app.kit.pdf import MEDIA_TYPE as PDF
from app.kit.problems import language_of
from app.kit.wire import answer

router = APIRouter(tags=["training"])
Read = Annotated[Scope[TrainingRecord], on(TrainingRecord, Permission.TRAINING_READ)]
LARGEST = 4_000_000
AS_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {PDF: {"schema": {"type": "string", "format": "binary", "maxLength": LARGEST}}}}
}


@router.get(
    "/enrolments/{enrolmentId}/training-records",
    operation_id="listTrainingRecords",
    summary="List completed training",
    response_model=Page[TrainingRecordRead],
)
def list_training_records(
    scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.TRAINING_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """The training that the person completed. / Utbildningen som personen har genomfört."""
    return answer_page(
        scope.exchange, TrainingRecordRead, queries.training_records(scope), query, keys=[TrainingRecord.id]
    )


@router.post(
    "/enrolments/{enrolmentId}/training-records",
    operation_id="recordTraining",
    summary="Record completed training",
    status_code=201,
    response_model=TrainingRecordRead,
)
def record_training(
    scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.TRAINING_RECORD)], body: TrainingRecordCreate
) -> Response:
    """Record a training that the person completed. / Registrera en utbildning som personen har genomfört."""
    made = actions.record_training(scope, body)
    location = f"{scope.exchange.path.partition('/enrolments/')[0]}/training-records/{made.id}"
    return answer(scope.exchange, TrainingRecordRead, made, status=201, location=location)


@router.get(
    "/enrolments/{enrolmentId}/training-progress",
    operation_id="getTrainingProgress",
    summary="How far has the person come in training?",
    response_model=TrainingProgressRead,
)
def get_training_progress(
    scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.TRAINING_READ)],
) -> Response:
    """Minutes before the first match starts and after it, what the programme asks for, and what is missing.

    Minuter före den första matchningens start och efter den, vad programmet kräver, och vad som saknas.
    """
    return answer(scope.exchange, TrainingProgressRead, queries.training_progress(scope))


@router.get(
    "/programs/{programId}/training-progress",
    operation_id="listTrainingProgress",
    summary="Follow training in a program",
    response_model=Page[TrainingProgressRead],
)
def list_training_progress(
    scope: Annotated[Scope[Program], on(Program, Permission.TRAINING_READ)],
    query: Annotated[TrainingProgressQuery, Query()],
) -> Response:
    """How far those who take part have come, on the sides that you train; with `isBehind` who lacks something.

    Hur långt deltagarna har kommit, på de sidor som ni utbildar; med `isBehind` dem som något saknas för.
    """
    rows, total = queries.progress_in(scope, query)
    return answer_items(scope.exchange, TrainingProgressRead, rows, query, total)


@router.get(
    "/training-records/{trainingRecordId}",
    operation_id="getTrainingRecord",
    summary="Read a training record",
    response_model=TrainingRecordRead,
)
def get_training_record(scope: Read) -> Response:
    """One completed training. / En genomförd utbildning."""
    return answer(scope.exchange, TrainingRecordRead, scope.row)


@router.post(
    "/training-records/{trainingRecordId}/revocation",
    operation_id="withdrawTrainingRecord",
    summary="Revoke a mistaken training record",
    response_model=TrainingRecordRead,
)
def withdraw_training_record(
    scope: Annotated[Scope[TrainingRecord], on(TrainingRecord, Permission.TRAINING_RECORD)],
) -> Response:
    """Revoke a record made by mistake; it stays and counts for nothing. / Återkalla en felaktig registrering."""
    return answer(scope.exchange, TrainingRecordRead, actions.withdraw_training_record(scope))


@router.get(
    "/training-records/{trainingRecordId}/certificate",
    operation_id="getTrainingCertificate",
    summary="Get a training certificate",
    response_model=TrainingCertificateRead,
    responses=AS_PDF,
)
def get_training_certificate(scope: Read, request: Request) -> Response:
    """As PDF/UA, in Swedish unless `Accept-Language` asks for English; with `Accept: application/json` as data.

    Som PDF/UA, på svenska om inte `Accept-Language` ber om engelska; med `Accept: application/json` som data.
    """
    language = language_of(request, otherwise="sv")
    told = {"Content-Language": language, "Vary": "Accept, Accept-Language", "Cache-Control": "no-store"}
    if _wants_json(request.headers.get("accept", "")):
        said = queries.certificate(scope).said_in(language)
        return answer(scope.exchange, TrainingCertificateRead, said, headers=told)
    return Response(queries.certificate_pdf(scope, language), media_type=PDF, headers=told)


def _wants_json(accept: str) -> bool:
    """Is JSON named, and neither PDF nor anything at all? A browser names anything and gets the page."""
    return "application/json" in accept and PDF not in accept and "*/*" not in accept
