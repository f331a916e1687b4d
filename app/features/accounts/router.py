"""Logging in, sessions, users and service accounts over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from app.domain.roles import Permission
from app.features.access.guards import PUBLIC, Visit, anywhere, on
from app.features.access.scope import Scope
from app.features.access.tables import LoginSession, UserAccount
from app.features.accounts import actions, queries
from app.features.accounts.schemas import (
    AdministratorCreate,
    InvitedUserRead,
    PasswordCreate,
    ServiceAccountCreate,
    ServiceSecretRead,
    SessionCreate,
    SessionRead,
    TokenRefresh,
    TokensRead,
    UserCreate,
    UserPatch,
    UserRead,
)
from app.features.partners.tables import Partner
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.problems import Problem, problem_response
from app.kit.wire import answer

router = APIRouter(tags=["accounts"])
Open = Annotated[Visit, PUBLIC]
Me = Annotated[Scope[None], anywhere(Permission.ME_READ)]
SESSIONS = "/me/sessions"


@router.post(
    "/auth/sessions", operation_id="createSession", summary="Log in", status_code=201, response_model=TokensRead
)
def create_session(visit: Open, body: SessionCreate) -> Response:
    """Log in with e-mail and password. / Logga in med e-post och lösenord."""
    tokens = actions.log_in(visit, body)
    base = visit.exchange.path.removesuffix("/auth/sessions")
    return answer(visit.exchange, TokensRead, tokens, status=201, location=f"{base}{SESSIONS}/{tokens.session_id}")


@router.post("/auth/tokens", operation_id="refreshTokens", summary="Renew the tokens", response_model=TokensRead)
def refresh_tokens(visit: Open, body: TokenRefresh, request: Request) -> Response:
    """Exchange a refresh token, once, for new tokens. / Byt en förnyelsebiljett, en gång, mot nya biljetter."""
    tokens = actions.refresh(visit, body.refresh_token)
    if tokens is None:  # answered, not raised: ending the family of a reused token must be committed
        return problem_response(request, "auth.refresh_invalid", headers={"WWW-Authenticate": "Bearer"})
    return answer(visit.exchange, TokensRead, tokens)


@router.post("/auth/passwords", operation_id="setPassword", summary="Set a password", status_code=204)
def set_password(visit: Open, body: PasswordCreate) -> Response:
    """Use an invitation to choose a password. / Använd en inbjudan för att välja lösenord."""
    actions.set_password(visit, body)
    return Response(status_code=204)


@router.get(SESSIONS, operation_id="listMySessions", summary="My logins", response_model=Page[SessionRead])
def list_my_sessions(scope: Me, query: Annotated[PageQuery, Query()]) -> Response:
    """Where I am logged in. / Var jag är inloggad."""
    keys = [LoginSession.created_at, LoginSession.id]
    return answer_page(scope.exchange, SessionRead, queries.my_sessions(scope), query, keys=keys)


@router.delete(SESSIONS + "/{sessionId}", operation_id="endMySession", summary="Log out", status_code=204)
def end_my_session(scope: Me, session_id: Annotated[UUID, Path(alias="sessionId")]) -> Response:
    """End one of my logins: its tokens are worthless at the next request. / Logga ut."""
    if not queries.revoke_session(scope.session, session_id, scope.actor.user_id, scope.now):
        raise Problem("resource.not_found")
    return Response(status_code=204)


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
def get_user(scope: Annotated[Scope[UserAccount], on(UserAccount, Permission.USER_READ, alias="userId")]) -> Response:
    """One user of your own partner. / En användare."""
    return answer(scope.exchange, UserRead, scope.row)


@router.patch("/users/{userId}", operation_id="updateUser", summary="Lock or unlock", response_model=UserRead)
def update_user(
    scope: Annotated[Scope[UserAccount], on(UserAccount, Permission.USER_UPDATE, alias="userId")], body: UserPatch
) -> Response:
    """Lock or unlock a user; it holds from the next request. / Lås eller lås upp en användare."""
    return answer(scope.exchange, UserRead, actions.update_user(scope, body))


@router.post(
    "/partners/{partnerId}/service-accounts",
    operation_id="createServiceAccount",
    summary="Create a service account",
    status_code=201,
    response_model=ServiceSecretRead,
)
def create_service_account(
    scope: Annotated[Scope[Partner], on(Partner, Permission.USER_CREATE)], body: ServiceAccountCreate
) -> Response:
    """An account for your own system, with its first secret. / Ett konto för det egna systemet."""
    made = actions.create_service_account(scope, body)
    return answer(scope.exchange, ServiceSecretRead, made, status=201, location=_address(scope, made.client_id))


@router.post(
    "/users/{userId}/secrets",
    operation_id="createServiceSecret",
    summary="Issue another secret",
    status_code=201,
    response_model=ServiceSecretRead,
)
def create_service_secret(
    scope: Annotated[Scope[UserAccount], on(UserAccount, Permission.USER_UPDATE, alias="userId")],
) -> Response:
    """A second secret, so that the first can be changed without a stop. / Ännu en hemlighet, för byte utan avbrott."""
    made = actions.issue_secret(scope)
    return answer(scope.exchange, ServiceSecretRead, made, status=201, location=scope.exchange.path)


def _address(scope: Scope[Partner], user_id: UUID) -> str:
    return f"{scope.exchange.path.partition('/partners/')[0]}/users/{user_id}"
