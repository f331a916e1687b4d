"""People, as partners hold them, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.participants import actions, queries
from app.features.participants.schemas import ParticipantCreate, ParticipantPatch, ParticipantRead
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["participants"])


@router.get(
    "/participants", operation_id="listParticipants", summary="List people", response_model=Page[ParticipantRead]
)
def list_participants(
    scope: Annotated[Scope[None], anywhere(Permission.PARTICIPANT_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """The people in your reach, oldest record first. / Deltagarna som du får se, äldsta posten först."""
    return answer_page(scope.exchange, ParticipantRead, queries.participants(scope), query, keys=[Participant.id])


@router.post(
    "/partners/{partnerId}/participants",
    operation_id="createParticipant",
    summary="Take in a person",
    status_code=201,
    response_model=ParticipantRead,
)
def create_participant(
    scope: Annotated[Scope[Partner], on(Partner, Permission.PARTICIPANT_CREATE)], body: ParticipantCreate
) -> Response:
    """Take in a person whom your own organisation then holds. / Lägg upp en deltagare hos den egna organisationen."""
    made = actions.create_participant(scope, body)
    location = f"{scope.exchange.path.partition('/partners/')[0]}/participants/{made.id}"
    return answer(scope.exchange, ParticipantRead, made, status=201, location=location)


@router.get(
    "/participants/{participantId}",
    operation_id="getParticipant",
    summary="Read a person",
    response_model=ParticipantRead,
)
def get_participant(scope: Annotated[Scope[Participant], on(Participant, Permission.PARTICIPANT_READ)]) -> Response:
    """One person. / En deltagare."""
    return answer(scope.exchange, ParticipantRead, scope.row)


@router.patch(
    "/participants/{participantId}",
    operation_id="updateParticipant",
    summary="Change a person",
    response_model=ParticipantRead,
)
def update_participant(
    scope: Annotated[Scope[Participant], on(Participant, Permission.PARTICIPANT_UPDATE)], body: ParticipantPatch
) -> Response:
    """Change what is known of a person you hold, or of yourself. / Ändra uppgifter om en deltagare eller dig själv."""
    return answer(scope.exchange, ParticipantRead, actions.update_participant(scope, body))
