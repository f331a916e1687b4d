"""A login for a participant, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.accounts.schemas import InvitedUserRead
from app.features.participants import actions
from app.features.participants.schemas import LoginCreate
from app.features.participants.tables import Participant
from app.kit.wire import answer

router = APIRouter(tags=["participants"])


@router.post(
    "/participants/{participantId}/login",
    operation_id="giveParticipantLogin",
    summary="Invite a participant to log in",
    status_code=201,
    response_model=InvitedUserRead,
)
def give_login(
    scope: Annotated[Scope[Participant], on(Participant, Permission.PARTICIPANT_INVITE)], body: LoginCreate
) -> Response:
    """An account of their own for a person you hold. / Ett eget konto för en person som ni ansvarar för."""
    user = actions.give_login(scope, body)
    location = f"{scope.exchange.path.partition('/participants/')[0]}/users/{user.id}"
    return answer(scope.exchange, InvitedUserRead, user, status=201, location=location)
