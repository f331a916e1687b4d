"""People as another system knows them, over HTTP: by its own keys, one at a time or many."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.participants import actions
from app.features.participants.schemas import (
    AvailabilitySync,
    ParticipantBatchCreate,
    ParticipantBatchRead,
    ParticipantRead,
    ParticipantSync,
)
from app.features.partners.tables import Partner
from app.kit.external import IfMatch, Key, address_of, answer_synced, synced
from app.kit.wire import answer

router = APIRouter(tags=["participants"])


@router.get(
    "/partners/{partnerId}/participants/by-external-id/{system}/{externalId}",
    operation_id="getParticipantByExternalId",
    summary="Read a person by your own key",
    response_model=ParticipantRead,
)
def get_participant_by_external_id(
    scope: Annotated[Scope[Partner], on(Partner, Permission.PARTICIPANT_READ)], key: Key
) -> Response:
    """The person whom your organisation holds under this key. / Deltagaren som er organisation har under denna nyckel."""
    return answer(scope.exchange, ParticipantRead, actions.held_under(scope, key))


@router.put(
    "/partners/{partnerId}/participants/by-external-id/{system}/{externalId}",
    operation_id="syncParticipant",
    summary="Keep a person right by your own key",
    response_model=ParticipantRead,
    responses=synced(ParticipantRead),
)
def sync_participant(
    scope: Annotated[Scope[Partner], on(Partner, Permission.PARTICIPANT_CREATE, is_conditional=False)],
    key: Key,
    body: ParticipantSync,
    if_match: IfMatch = None,
) -> Response:
    """Take in the person, or change what the body holds; what it leaves out stays. Sent again it changes nothing.

    Needs partner:read, participant:create, participant:update and participant:read. If-Match may be left out: the key identifies.
    The header Mentorskap-Sync-Outcome says created, changed or unchanged.

    Lägg upp deltagaren, eller ändra det som anges; det som utelämnas står kvar. Skickas samma igen ändras ingenting.
    """
    person, outcome = actions.sync_participant(scope, key, body, if_match)
    location = address_of(scope.exchange, "partners", "participants", person.id)
    return answer_synced(scope.exchange, ParticipantRead, person, outcome, location)


@router.put(
    "/partners/{partnerId}/participants/by-external-id/{system}/{externalId}/availability",
    operation_id="syncAvailability",
    summary="Keep a person's availability right by your own key",
    response_model=ParticipantRead,
    responses={200: synced(ParticipantRead)[200]},
)
def sync_availability(
    scope: Annotated[Scope[Partner], on(Partner, Permission.PARTICIPANT_CREATE, is_conditional=False)],
    key: Key,
    body: AvailabilitySync,
    if_match: IfMatch = None,
) -> Response:
    """When a person you hold can meet, and a mentor's places; what is left out stays. / Tider och antal platser."""
    person, outcome = actions.sync_availability(scope, key, body, if_match)
    return answer_synced(scope.exchange, ParticipantRead, person, outcome, "")


@router.post(
    "/partners/{partnerId}/participant-batches",
    operation_id="syncParticipants",
    summary="Keep many people right by your own keys",
    response_model=ParticipantBatchRead,
)
def sync_participants(
    scope: Annotated[Scope[Partner], on(Partner, Permission.PARTICIPANT_CREATE, is_conditional=False)],
    body: ParticipantBatchCreate,
) -> Response:
    """At most 200 people, all or row by row; sent again it changes nothing. Who is left out stays as they are.

    Each row may do what a single one may. Högst 200 deltagare, alla eller rad för rad; den som utelämnas står kvar.
    """
    return answer(scope.exchange, ParticipantBatchRead, actions.sync_participants(scope, body))
