"""Users over HTTP: who has an account, and how somebody gets in again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import machinery, on
from app.features.access.scope import Scope
from app.features.access.tables import UserAccount
from app.features.accounts import actions, queries
from app.features.accounts.schemas import (
    AdministratorCreate,
    IdentityCreate,
    IdentityRead,
    InvitedUserRead,
    UserCreate,
    UserPatch,
    UserRead,
)
from app.features.accounts.tables import ExternalIdentity
from app.features.partners.tables import Partner
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.runtime import Runtime
from app.kit.wire import answer

router = APIRouter(tags=["accounts"])
Seen = Annotated[Scope[UserAccount], on(UserAccount, Permission.USER_READ, alias="userId")]
Managed = Annotated[Scope[UserAccount], on(UserAccount, Permission.USER_UPDATE, alias="userId")]
Beside = Annotated[Scope[UserAccount], on(UserAccount, Permission.USER_UPDATE, alias="userId", is_conditional=False)]


@router.post(
    "/partners/{partnerId}/administrators",
    operation_id="createAdministrator",
    summary="Invite a partner's administrator",
    status_code=201,
    response_model=InvitedUserRead,
)
def create_administrator(
    scope: Annotated[Scope[Partner], on(Partner, Permission.ADMINISTRATOR_CREATE)], body: AdministratorCreate
) -> Response:
    """Invite the first administrator of a partner. / Bjud in partens första administratör."""
    user = actions.create_administrator(scope, body)
    return answer(scope.exchange, InvitedUserRead, user, status=201, location=_address(scope, user.id))


@router.get(
    "/partners/{partnerId}/users", operation_id="listUsers", summary="List users", response_model=Page[UserRead]
)
def list_users(
    scope: Annotated[Scope[Partner], on(Partner, Permission.USER_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """The users of your own partner. / Den egna organisationens användare."""
    keys = [UserAccount.name, UserAccount.id]
    return answer_page(scope.exchange, UserRead, queries.users_of(scope), query, keys=keys)


@router.post(
    "/partners/{partnerId}/users",
    operation_id="createUser",
    summary="Invite a colleague",
    status_code=201,
    response_model=InvitedUserRead,
)
def create_user(scope: Annotated[Scope[Partner], on(Partner, Permission.USER_CREATE)], body: UserCreate) -> Response:
    """Invite a colleague with a staff role. / Bjud in en kollega."""
    user = actions.create_user(scope, body)
    return answer(scope.exchange, InvitedUserRead, user, status=201, location=_address(scope, user.id))


@router.get("/users/{userId}", operation_id="getUser", summary="Read a user", response_model=UserRead)
def get_user(scope: Seen) -> Response:
    """One user of your own partner. / En användare."""
    return answer(scope.exchange, UserRead, scope.row)


@router.patch("/users/{userId}", operation_id="updateUser", summary="Lock, unlock or confine", response_model=UserRead)
def update_user(scope: Managed, body: UserPatch) -> Response:
    """Lock or unlock a user, or say from which networks a service may come; from the next request. / Lås, lås upp."""
    return answer(scope.exchange, UserRead, actions.update_user(scope, body))


@router.post(
    "/users/{userId}/invitations",
    operation_id="createInvitation",
    summary="Let a password be chosen anew",
    status_code=201,
    response_model=InvitedUserRead,
)
def create_invitation(scope: Managed) -> Response:
    """Invite a user to choose another password; the earlier one holds until then. / Låt en användare byta lösenord."""
    invited = actions.reset_password(scope)
    return answer(scope.exchange, InvitedUserRead, invited, status=201, location=_user(scope))


@router.delete("/users/{userId}/totp", operation_id="endUserTotp", summary="Take away a lost app", status_code=204)
def end_user_totp(scope: Managed) -> Response:
    """A user has lost the authenticator app: it, the password and all logins end. / En förlorad kodapp tas bort."""
    actions.end_totp(scope)
    return Response(status_code=204)


@router.get(
    "/users/{userId}/identities",
    operation_id="listIdentities",
    summary="List linked identities",
    response_model=Page[IdentityRead],
)
def list_identities(scope: Seen, query: Annotated[PageQuery, Query()]) -> Response:
    """At which identity providers a user is known. / Hos vilka identitetsleverantörer en användare är känd."""
    keys = [ExternalIdentity.created_at, ExternalIdentity.id]
    return answer_page(scope.exchange, IdentityRead, queries.identities_of(scope), query, keys=keys)


@router.post(
    "/users/{userId}/identities",
    operation_id="linkIdentity",
    summary="Link an identity",
    status_code=201,
    response_model=IdentityRead,
)
def link_identity(scope: Managed, runtime: Annotated[Runtime, Depends(machinery)], body: IdentityCreate) -> Response:
    """Let a user come in as who they are at an identity provider. / Koppla en användare till en identitetsleverantör."""
    linked = actions.link_identity(scope, runtime, body)
    return answer(scope.exchange, IdentityRead, linked, status=201, location=f"{scope.exchange.path}/{linked.id}")


@router.delete(
    "/users/{userId}/identities/{identityId}",
    operation_id="endIdentity",
    summary="Unlink an identity",
    status_code=204,
)
def end_identity(scope: Beside, identity_id: Annotated[UUID, Path(alias="identityId")]) -> Response:
    """The identity leads to nobody from now on; the user's logins end. / Ta bort kopplingen."""
    actions.unlink_identity(scope, identity_id)
    return Response(status_code=204)


def _user(scope: Scope[UserAccount]) -> str:
    return f"{scope.exchange.path.partition('/users/')[0]}/users/{scope.row.id}"


def _address(scope: Scope[Partner], user_id: UUID) -> str:
    return f"{scope.exchange.path.partition('/partners/')[0]}/users/{user_id}"
