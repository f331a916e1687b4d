"""Who am I here, and why may I?"""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.access import permissions_in
from app.domain.roles import Permission
from app.features.access.guards import anywhere
from app.features.access.queries import agreements_behind, user
from app.features.access.schemas import MeRead, PermissionsQuery, PermissionsRead
from app.features.access.scope import Scope
from app.kit.wire import answer

router = APIRouter(tags=["me"])
Me = Annotated[Scope[None], anywhere(Permission.ME_READ)]


@router.get("/me", operation_id="getMe", summary="Who I am", response_model=MeRead)
def get_me(scope: Me) -> Response:
    """The user behind the token. / Användaren bakom biljetten."""
    return answer(scope.exchange, MeRead, user(scope.session, scope.actor))


@router.get(
    "/me/permissions", operation_id="listMyPermissions", summary="What I may, and why", response_model=PermissionsRead
)
def list_my_permissions(scope: Me, query: Annotated[PermissionsQuery, Query()]) -> Response:
    """Every permission with its reason: permission ← duty ← agreement. / Varje behörighet med sitt skäl."""
    behind = agreements_behind(scope.session, query.program_id, scope.actor.partner_id, scope.today)
    permissions = [
        {
            "permission": permission,
            "rests_on": [
                {"duty": held.duty, "level": held.level, "agreement_id": behind[held.duty, held.level]}
                for held in sorted(duties, key=lambda held: held.duty)
            ],
        }
        for permission, duties in sorted(permissions_in(scope.actor, query.program_id).items())
    ]
    explained = {
        "program_id": query.program_id,
        "partner_id": scope.actor.partner_id,
        "role": scope.actor.role,
        "permissions": permissions,
    }
    return answer(scope.exchange, PermissionsRead, explained)
