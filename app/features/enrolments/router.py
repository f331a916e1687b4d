"""Enrolments in cohorts, and the people of a program, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.lifecycles import EnrolmentStatus
from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.enrolments import actions, queries
from app.features.enrolments.schemas import (
    ApplicationCreate,
    CohortEnrolmentQuery,
    EnrolmentCreate,
    EnrolmentExitCreate,
    EnrolmentQuery,
    EnrolmentRead,
    EnrolmentScreeningCreate,
    EnrolmentSync,
    EnrolmentTransitionCreate,
)
from app.features.enrolments.tables import Enrolment
from app.features.participants.schemas import ParticipantRead
from app.features.participants.tables import Participant
from app.features.programs.schemas import CohortPatch, CohortRead
from app.features.programs.tables import Cohort, Program
from app.kit.external import IfMatch, Key, address_of, answer_synced, synced
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["enrolments"])


@router.get(
    "/programs/{programId}/participants",
    operation_id="listProgramParticipants",
    summary="List people in a program",
    response_model=Page[ParticipantRead],
)
def list_program_participants(
    scope: Annotated[Scope[Program], on(Program, Permission.PARTICIPANT_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """The people enrolled on the sides that your duties cover. / Deltagarna på de sidor som ert ansvar omfattar."""
    return answer_page(scope.exchange, ParticipantRead, queries.participants_of(scope), query, keys=[Participant.id])


@router.get("/enrolments", operation_id="listEnrolments", summary="List enrolments", response_model=Page[EnrolmentRead])
def list_enrolments(
    scope: Annotated[Scope[None], anywhere(Permission.ENROLMENT_READ)], query: Annotated[EnrolmentQuery, Query()]
) -> Response:
    """The enrolments in your reach, oldest first. / Inskrivningarna som du får se, äldsta först."""
    return answer_page(scope.exchange, EnrolmentRead, queries.enrolments(scope, query), query, keys=[Enrolment.id])


@router.get(
    "/cohorts/{cohortId}/enrolments",
    operation_id="listCohortEnrolments",
    summary="List enrolments in a cohort",
    response_model=Page[EnrolmentRead],
)
def list_cohort_enrolments(
    scope: Annotated[Scope[Cohort], on(Cohort, Permission.ENROLMENT_READ)],
    query: Annotated[CohortEnrolmentQuery, Query()],
) -> Response:
    """The enrolments on the sides that your duties cover, oldest first; with `status=waiting` the longest waiting first.

    Inskrivningarna på de sidor som ert ansvar omfattar, äldsta först; med `status=waiting` den som väntat längst först.
    """
    keys = queries.LINE if query.status is EnrolmentStatus.WAITING else [Enrolment.id]
    return answer_page(scope.exchange, EnrolmentRead, queries.enrolments_of(scope, query), query, keys=keys)


@router.post(
    "/cohorts/{cohortId}/enrolments",
    operation_id="createEnrolment",
    summary="Enrol a person",
    status_code=201,
    response_model=EnrolmentRead,
)
def create_enrolment(
    scope: Annotated[Scope[Cohort], on(Cohort, Permission.ENROLMENT_CREATE)], body: EnrolmentCreate
) -> Response:
    """Enrol a person whom your organisation holds. / Anmäl en deltagare hos den egna organisationen till omgången."""
    made = actions.create_enrolment(scope, body)
    location = f"{scope.exchange.path.partition('/cohorts/')[0]}/enrolments/{made.id}"
    return answer(scope.exchange, EnrolmentRead, made, status=201, location=location)


@router.put(
    "/cohorts/{cohortId}/enrolments/by-external-id/{system}/{externalId}",
    operation_id="syncEnrolment",
    summary="Keep a person enrolled by your own key",
    response_model=EnrolmentRead,
    responses=synced(EnrolmentRead),
)
def sync_enrolment(
    scope: Annotated[Scope[Cohort], on(Cohort, Permission.ENROLMENT_CREATE, is_conditional=False)],
    key: Key,
    body: EnrolmentSync,
    if_match: IfMatch = None,
) -> Response:
    """Enrol the person whom you hold under this key, once: an enrolment that has ended stays ended.

    Anmäl deltagaren som ni har under denna nyckel, en gång: en avslutad inskrivning förblir avslutad.
    """
    enrolment, outcome = actions.sync_enrolment(scope, key, body, if_match)
    address = address_of(scope.exchange, "cohorts", "enrolments", enrolment.id)
    return answer_synced(scope.exchange, EnrolmentRead, enrolment, outcome, address)


@router.post(
    "/cohorts/{cohortId}/applications",
    operation_id="applyToCohort",
    summary="Apply for oneself",
    status_code=201,
    response_model=EnrolmentRead,
)
def apply_to_cohort(
    scope: Annotated[Scope[Cohort], on(Cohort, Permission.ENROLMENT_APPLY)], body: ApplicationCreate
) -> Response:
    """Apply by your own login, as the mentor or mentee that you are. / Anmäl dig själv, som mentor eller adept."""
    made = actions.apply_to_cohort(scope, body)
    location = f"{scope.exchange.path.partition('/cohorts/')[0]}/enrolments/{made.id}"
    return answer(scope.exchange, EnrolmentRead, made, status=201, location=location)


# Here and not with the programs: added places go to those who wait, in the same transaction.
@router.patch("/cohorts/{cohortId}", operation_id="updateCohort", summary="Change a cohort", response_model=CohortRead)
def update_cohort(scope: Annotated[Scope[Cohort], on(Cohort, Permission.COHORT_UPDATE)], body: CohortPatch) -> Response:
    """Change name, places or days of a cohort; added places go to those who have waited longest.

    Ändra en omgångs namn, platser eller dagar; nya platser går till dem som har väntat längst.
    """
    return answer(scope.exchange, CohortRead, actions.change_cohort(scope, body))


@router.get(
    "/enrolments/{enrolmentId}",
    operation_id="getEnrolment",
    summary="Read an enrolment",
    response_model=EnrolmentRead,
)
def get_enrolment(scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.ENROLMENT_READ)]) -> Response:
    """One enrolment. / En inskrivning."""
    return answer(scope.exchange, EnrolmentRead, scope.row)


@router.post(
    "/enrolments/{enrolmentId}/screening",
    operation_id="screenEnrolment",
    summary="Decide after screening",
    response_model=EnrolmentRead,
)
def screen_enrolment(
    scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.ENROLMENT_SCREEN)], body: EnrolmentScreeningCreate
) -> Response:
    """Store the screening and its decision; `ready` becomes `waiting` when no place is left.

    Spara prövningen och beslutet; `ready` blir `waiting` när ingen plats finns.
    """
    return answer(scope.exchange, EnrolmentRead, actions.screen_enrolment(scope, body))


@router.post(
    "/enrolments/{enrolmentId}/transitions",
    operation_id="moveEnrolment",
    summary="Apply, pause, resume, queue or withdraw",
    response_model=EnrolmentRead,
)
def move_enrolment(
    scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.ENROLMENT_WITHDRAW)], body: EnrolmentTransitionCreate
) -> Response:
    """Pause, resume, queue, withdraw or strike an enrolment; a freed place goes to who has waited longest.

    With `applied` a referral is taken up. / Pausa, återuppta, köa, återta eller stryk en inskrivning; en ledig plats
    går till den som väntat längst. Med `applied` anmäler sig den som har hänvisats.
    """
    return answer(scope.exchange, EnrolmentRead, actions.move_enrolment(scope, body))


@router.post(
    "/enrolments/{enrolmentId}/exit", operation_id="exitEnrolment", summary="End", response_model=EnrolmentRead
)
def exit_enrolment(
    scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.ENROLMENT_EXIT)], body: EnrolmentExitCreate
) -> Response:
    """End an enrolment that has no open match. / Avsluta en inskrivning som inte har någon öppen matchning."""
    return answer(scope.exchange, EnrolmentRead, actions.exit_enrolment(scope, body))
