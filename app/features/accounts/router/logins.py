"""Logging in and out over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from app.domain.roles import Permission
from app.features.access.guards import PUBLIC, Visit, anywhere
from app.features.access.scope import Scope
from app.features.access.tables import LoginSession
from app.features.accounts import actions, queries
from app.features.accounts.schemas import (
    LoginRead,
    OidcSessionCreate,
    PasswordCreate,
    SessionCreate,
    SessionRead,
    TokenRefresh,
    TokensRead,
)
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.problems import Problem, problem_response
from app.kit.wire import answer

router = APIRouter(tags=["accounts"])
Open = Annotated[Visit, PUBLIC]
Me = Annotated[Scope[None], anywhere(Permission.ME_READ)]
SESSIONS = "/me/sessions"


@router.post(
    "/auth/sessions", operation_id="createSession", summary="Log in", status_code=201, response_model=LoginRead
)
def create_session(visit: Open, body: SessionCreate) -> Response:
    """Log in with e-mail and password. / Logga in med e-post och lösenord."""
    tokens = actions.log_in(visit, body)
    base = visit.exchange.path.removesuffix("/auth/sessions")
    return answer(visit.exchange, LoginRead, tokens, status=201, location=f"{base}{SESSIONS}/{tokens.session_id}")


@router.post(
    "/auth/oidc-sessions",
    operation_id="createOidcSession",
    summary="Log in through an identity provider",
    status_code=201,
    response_model=TokensRead,
)
def create_oidc_session(visit: Open, body: OidcSessionCreate) -> Response:
    """Exchange an ID token, once, for a login here. / Byt en ID-biljett, en gång, mot en inloggning här."""
    tokens = actions.log_in_by_provider(visit, body)
    base = visit.exchange.path.removesuffix("/auth/oidc-sessions")
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
