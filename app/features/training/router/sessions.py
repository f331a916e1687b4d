"""Training sessions over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.partners.tables import Partner
from app.features.training import actions, queries
from app.features.training.schemas import (
    TrainingSessionCreate,
    TrainingSessionPatch,
    TrainingSessionQuery,
    TrainingSessionRead,
)
from app.features.training.tables import Course, TrainingSession
from app.kit.pages import Page, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["training"])
Narrowed = Annotated[TrainingSessionQuery, Query()]
Writing = Annotated[Scope[TrainingSession], on(TrainingSession, Permission.SESSION_WRITE)]
BY_START = [TrainingSession.starts_at, TrainingSession.id]


@router.get(
    "/partners/{partnerId}/training-sessions",
    operation_id="listTrainingSessions",
    summary="List an organisation's training sessions",
    response_model=Page[TrainingSessionRead],
)
def list_training_sessions(
    # Whoever sees the organisation; the sessions are those whose courses the caller may see.
    scope: Annotated[Scope[Partner], on(Partner, Permission.PARTNER_READ)],
    query: Narrowed,
) -> Response:
    """The sessions that the organisation holds, by their start. / Utbildningstillfällena som parten håller."""
    found = queries.sessions_of_partner(scope, query)
    return answer_page(scope.exchange, TrainingSessionRead, found, query, keys=BY_START)


@router.post(
    "/partners/{partnerId}/training-sessions",
    operation_id="createTrainingSession",
    summary="Plan a training session",
    status_code=201,
    response_model=TrainingSessionRead,
)
def create_training_session(
    scope: Annotated[Scope[Partner], on(Partner, Permission.SESSION_WRITE)], body: TrainingSessionCreate
) -> Response:
    """Plan a session of your own or a shared course, or of one in a programme where you train people.

    Planera ett tillfälle av en egen eller delad kurs, eller av en kurs i ett program där ni utbildar deltagare.
    """
    made = actions.create_training_session(scope, body)
    location = f"{scope.exchange.path.partition('/partners/')[0]}/training-sessions/{made.id}"
    return answer(scope.exchange, TrainingSessionRead, made, status=201, location=location)


@router.get(
    "/courses/{courseId}/training-sessions",
    operation_id="listCourseTrainingSessions",
    summary="List the training sessions of a course",
    response_model=Page[TrainingSessionRead],
)
def list_course_training_sessions(
    scope: Annotated[Scope[Course], on(Course, Permission.COURSE_READ)], query: Narrowed
) -> Response:
    """When the course is given, whoever holds it, by start. / När kursen hålls, av vem som helst."""
    found = queries.sessions_of_course(scope, query)
    return answer_page(scope.exchange, TrainingSessionRead, found, query, keys=BY_START)


@router.get(
    "/training-sessions/{trainingSessionId}",
    operation_id="getTrainingSession",
    summary="Read a training session",
    response_model=TrainingSessionRead,
)
def get_training_session(
    scope: Annotated[Scope[TrainingSession], on(TrainingSession, Permission.SESSION_READ)],
) -> Response:
    """One session. / Ett utbildningstillfälle."""
    return answer(scope.exchange, TrainingSessionRead, scope.row)


@router.patch(
    "/training-sessions/{trainingSessionId}",
    operation_id="updateTrainingSession",
    summary="Change a planned training session",
    response_model=TrainingSessionRead,
)
def update_training_session(scope: Writing, body: TrainingSessionPatch) -> Response:
    """Change time, place or number of places while it is planned. / Ändra tid, plats eller antal platser."""
    return answer(scope.exchange, TrainingSessionRead, actions.update_training_session(scope, body))


@router.post(
    "/training-sessions/{trainingSessionId}/cancellation",
    operation_id="cancelTrainingSession",
    summary="Cancel a training session",
    response_model=TrainingSessionRead,
)
def cancel_training_session(scope: Writing) -> Response:
    """Cancel a planned session. / Ställ in ett planerat utbildningstillfälle."""
    return answer(scope.exchange, TrainingSessionRead, actions.cancel_training_session(scope))
