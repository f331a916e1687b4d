"""How do people and systems come in, stay in, and get locked out?"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.grants import PAIR
from app.domain.roles import Role
from app.features.access.guards import Visit
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import LoginSession, UserAccount
from app.features.accounts import queries
from app.features.accounts.schemas import (
    STAFF_ROLES,
    AdministratorCreate,
    InvitedUserRead,
    PasswordCreate,
    ServiceAccountCreate,
    ServiceSecretRead,
    SessionCreate,
    TokensRead,
    UserCreate,
    UserPatch,
)
from app.features.accounts.tables import Invitation, RefreshToken, ServiceSecret
from app.features.changes.actions import record
from app.features.partners.tables import Partner
from app.kit.columns import amend
from app.kit.passwords import (
    WeakPassword,
    check_password_rules,
    hash_password,
    hash_secret,
    new_secret,
    verify_against_dummy,
    verify_password,
)
from app.kit.problems import Problem

STAFF_SESSION = timedelta(hours=12)
PAIR_SESSION = timedelta(days=60)
STAFF_IDLE = timedelta(minutes=60)
PAIR_IDLE = timedelta(days=14)
REUSE_GRACE = timedelta(seconds=10)
INVITATION = timedelta(days=7)
SECRET_LIFE = timedelta(days=365)
MAX_SECRETS = 2


def log_in(visit: Visit, body: SessionCreate) -> TokensRead:
    """Begin a session. Raises: `auth.login_failed`, the same for every cause and as slow for unknown addresses."""
    user = queries.user_by_email(visit.session, body.email)
    if user is None or user.password_hash is None:
        verify_against_dummy(body.password)
        raise Problem("auth.login_failed")
    if not verify_password(body.password, user.password_hash) or user.is_locked:
        raise Problem("auth.login_failed")
    life = PAIR_SESSION if user.role in PAIR else STAFF_SESSION
    login = LoginSession(user_id=user.id, expires_at=visit.now + life)
    visit.session.add(login)
    visit.session.flush()
    return _tokens(visit, user, login)[0]


def refresh(visit: Visit, presented: str) -> TokensRead | None:
    """The next pair for a refresh token; None when it is worthless (the family of a reused one is then ended).

    A token that was used less than ten seconds ago, and whose successor nobody has used, is honoured once more: the
    answer was lost on its way.
    """
    digest = hash_secret(presented)
    token = queries.take_refresh_token(visit.session, digest, visit.now)
    if token is None:
        token = _lost_answer(visit, digest)
    login = visit.session.get(LoginSession, token.session_id) if token else None
    if token is None or login is None or login.revoked_at is not None or login.expires_at <= visit.now:
        return None
    user = visit.session.get_one(UserAccount, login.user_id)
    if user.is_locked:
        return None
    tokens, successor = _tokens(visit, user, login)
    token.successor_id = successor.id
    return tokens


def _lost_answer(visit: Visit, digest: str) -> RefreshToken | None:
    """A used token within the grace, its successor unused: retire the successor. Otherwise end the whole family."""
    token = queries.refresh_token(visit.session, digest)
    if token is None or token.used_at is None:
        return None
    successor = visit.session.get(RefreshToken, token.successor_id) if token.successor_id else None
    if successor is not None and successor.used_at is None and visit.now - token.used_at <= REUSE_GRACE:
        successor.used_at = visit.now - REUSE_GRACE - timedelta(seconds=1)
        return token
    login = visit.session.get_one(LoginSession, token.session_id)
    queries.revoke_session(visit.session, login.id, login.user_id, visit.now)
    return None


def _tokens(visit: Visit, user: UserAccount, login: LoginSession) -> tuple[TokensRead, RefreshToken]:
    shown, digest = new_secret("mrt_")
    idle = PAIR_IDLE if user.role in PAIR else STAFF_IDLE
    token = RefreshToken(session_id=login.id, token_hash=digest, expires_at=min(visit.now + idle, login.expires_at))
    visit.session.add(token)
    visit.session.flush()
    issuer = visit.runtime.issuer
    access = issuer.issue(
        sub=user.id, role=user.role.value, ver=user.auth_version, now=visit.now, sid=login.id, partner=user.partner_id,
        amr=["pwd"],
    )  # fmt: skip
    tokens = TokensRead(
        access_token=access,
        token_type="Bearer",  # noqa: S106  the scheme's name
        expires_in=issuer.lifetime_seconds,
        refresh_token=shown,
        session_id=login.id,
    )
    return tokens, token


def set_password(visit: Visit, body: PasswordCreate) -> UserAccount:
    """Use an invitation. Raises: `auth.invitation_invalid`, `auth.password_weak`."""
    invitation = queries.take_invitation(visit.session, hash_secret(body.invitation_token), visit.now)
    if invitation is None:
        raise Problem("auth.invitation_invalid")
    user = visit.session.get_one(UserAccount, invitation.user_id)
    try:
        check_password_rules(body.password, has_totp=False)
    except WeakPassword as weak:
        raise RuleViolation("auth.password_weak", pointer="/password", reason=weak.reason) from weak
    changed = amend(user, {"password_hash": hash_password(body.password), "auth_version": user.auth_version + 1})
    record(visit.acting_as(user), ChangeKind.USER_UPDATED, user, changed)
    return user


def invite(
    scope: Scope[object], body: AdministratorCreate, role: Role, partner_id: UUID | None
) -> tuple[UserAccount, InvitedUserRead]:
    """Make a user without a password, and the one-time token with which they set it.

    Whoever was invited so before and has not chosen a password is invited again: the earlier token is worthless then.
    """
    user = queries.invited(
        scope.session,
        func.lower(UserAccount.email) == body.email.lower(),
        col(UserAccount.role) == role,
        col(UserAccount.partner_id).is_not_distinct_from(partner_id),
    )
    if user is None:
        given = {"name": body.name, "email": body.email, "role": role, "partner_id": partner_id}
        user = UserAccount.model_validate(given)
        scope.session.add(user)
        scope.session.flush()
        record(scope, ChangeKind.USER_CREATED, user)
    return user, invitation_of(scope, user)


def invitation_of(scope: Scope[object], user: UserAccount) -> InvitedUserRead:
    """A new one-time token for somebody who has not chosen a password; earlier ones are worthless from now on."""
    queries.end_invitations(scope.session, user.id, scope.now)
    shown, expires_at = new_invitation(scope.session, user, scope.now)
    told = {**user.model_dump(), "invitation_token": shown, "invitation_expires_at": expires_at}
    return InvitedUserRead.model_validate({name: told[name] for name in InvitedUserRead.model_fields})


def new_invitation(session: Session, user: UserAccount, now: datetime) -> tuple[str, datetime]:
    """A fresh one-time token for a user to set a password with; only its hash is stored."""
    shown, digest = new_secret("miv_")
    session.add(Invitation(user_id=user.id, token_hash=digest, expires_at=now + INVITATION))
    return shown, now + INVITATION


def invite_system_administrator(visit: Visit, body: AdministratorCreate) -> str:
    """Make a system administrator from the command line; answers the one-time invitation token."""
    user = UserAccount.model_validate({"name": body.name, "email": body.email, "role": Role.SYSTEM_ADMINISTRATOR})
    visit.session.add(user)
    visit.session.flush()
    record(visit.acting_as(user), ChangeKind.USER_CREATED, user)
    return new_invitation(visit.session, user, visit.now)[0]


def create_administrator(scope: Scope[Partner], body: AdministratorCreate) -> InvitedUserRead:
    """A partner's (first) administrator, made by the system's."""
    return invite(scope, body, Role.PARTNER_ADMINISTRATOR, scope.row.id)[1]


def create_user(scope: Scope[Partner], body: UserCreate) -> InvitedUserRead:
    """A colleague with a staff role at the own partner. Raises: `user.role_not_assignable`."""
    if body.role not in STAFF_ROLES:
        raise RuleViolation("user.role_not_assignable", pointer="/role", assignable=[str(role) for role in STAFF_ROLES])
    return invite(scope, body, body.role, scope.row.id)[1]


def update_user(scope: Scope[UserAccount], body: UserPatch) -> UserAccount:
    """Lock or unlock. Raises: `user.self_lock`: nobody locks themself out."""
    if scope.row.id == scope.actor.user_id:
        raise RuleViolation("user.self_lock")
    if changed := amend(scope.row, body, auth_version=scope.row.auth_version + 1):
        record(scope, ChangeKind.USER_UPDATED, scope.row, changed)
    return scope.row


@looks_beyond_reach
def close_account(scope: Scope[object], user_id: UUID) -> None:
    """Lock an account for good and forget whose it was: the row stays, because what its user did names it."""
    user = scope.session.get_one(UserAccount, user_id)
    forgotten = {"name": "-", "email": f"{user.id}@closed.invalid", "password_hash": None, "is_locked": True}
    record(scope, ChangeKind.USER_UPDATED, user, amend(user, forgotten, auth_version=user.auth_version + 1))


def create_service_account(scope: Scope[Partner], body: ServiceAccountCreate) -> ServiceSecretRead:
    """A system of the partner, with its first secret."""
    user = UserAccount.model_validate(
        {
            "name": body.name,
            "role": Role.SERVICE,
            "partner_id": scope.row.id,
            "scopes": sorted(permission.value for permission in body.scopes),
        }
    )
    scope.session.add(user)
    scope.session.flush()
    record(scope, ChangeKind.USER_CREATED, user)
    return issue_secret(scope.about(user))


def issue_secret(scope: Scope[UserAccount]) -> ServiceSecretRead:
    """Another secret, for overlap when they are changed. Raises: `service_secret.too_many`, `user.not_a_service`."""
    user = scope.row
    if user.role is not Role.SERVICE:
        raise RuleViolation("user.not_a_service")
    if queries.active_secrets(scope.session, user.id, scope.now) >= MAX_SECRETS:
        raise RuleViolation("service_secret.too_many", most=MAX_SECRETS)
    shown, digest = new_secret("mss_")
    secret = ServiceSecret(user_id=user.id, secret_hash=digest, hint=shown[:8], expires_at=scope.now + SECRET_LIFE)
    scope.session.add(secret)
    record(scope, ChangeKind.SERVICE_SECRET_ISSUED, secret)
    return ServiceSecretRead(
        id=secret.id,
        client_id=user.id,
        client_secret=shown,
        scopes=user.scopes or [],
        expires_at=secret.expires_at,
    )


def service_token(
    visit: Visit, client_id: UUID, secret: str, wanted: frozenset[str] | None
) -> tuple[str, frozenset[str]]:
    """An access token for a service account; `wanted` narrows its scopes. Raises: Problem `auth.client_invalid`."""
    user = queries.service_account(visit.session, client_id, hash_secret(secret), visit.now)
    if user is None:
        raise Problem("auth.client_invalid")
    held = frozenset(user.scopes or ())
    if wanted is not None and not wanted <= held:
        raise Problem("auth.scope_invalid")
    granted = held if wanted is None else wanted
    token = visit.runtime.issuer.issue(
        sub=user.id, role=user.role.value, ver=user.auth_version, now=visit.now, partner=user.partner_id,
        scope=granted, client_id=str(user.id),
    )  # fmt: skip
    return token, granted
