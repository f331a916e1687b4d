"""Anonymous people over HTTP: taken in, made known, made unknown."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.participants import actions
from app.features.participants.schemas import AnonymousParticipantCreate, IdentificationCreate, ParticipantRead
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.kit.wire import answer

router = APIRouter(tags=["participants"])
Changed = Annotated[Scope[Participant], on(Participant, Permission.PARTICIPANT_UPDATE)]


@router.post(
    "/partners/{partnerId}/anonymous-participants",
    operation_id="createAnonymousParticipant",
    summary="Take in an anonymous person",
    status_code=201,
    response_model=ParticipantRead,
)
def create_anonymous_participant(
    scope: Annotated[Scope[Partner], on(Partner, Permission.PARTICIPANT_CREATE)], body: AnonymousParticipantCreate
) -> Response:
    """Someone who consents to nothing: gender and year of birth. / Någon som inte samtycker: kön och födelseår."""
    made = actions.create_anonymous(scope, body)
    location = f"{scope.exchange.path.partition('/partners/')[0]}/participants/{made.id}"
    return answer(scope.exchange, ParticipantRead, made, status=201, location=location)


@router.post(
    "/participants/{participantId}/identification",
    operation_id="identifyParticipant",
    summary="Make an anonymous person known",
    response_model=ParticipantRead,
)
def identify_participant(scope: Changed, body: IdentificationCreate) -> Response:
    """Note who the person is, now that they agree to it. / Ange vem personen är, när personen vill vara känd."""
    return answer(scope.exchange, ParticipantRead, actions.identify(scope, body))


@router.post(
    "/participants/{participantId}/anonymisation",
    operation_id="anonymiseParticipant",
    summary="Make a person anonymous",
    response_model=ParticipantRead,
)
def anonymise_participant(scope: Changed) -> Response:
    """Keep only gender and year of birth; enrolments stay. / Behåll bara kön och födelseår; inskrivningar står kvar."""
    return answer(scope.exchange, ParticipantRead, actions.anonymise(scope))
