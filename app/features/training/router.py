"""Training over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.enrolments.tables import Enrolment
from app.features.training import actions, queries
from app.features.training.schemas import TrainingRecordCreate, TrainingRecordRead
from app.features.training.tables import TrainingRecord
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["training"])


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
    return answer(scope.exchange, TrainingRecordRead, made, status=201, location=scope.exchange.path)
