"""How does somebody come in through an identity provider? By who they are there, never by an e-mail address."""

from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.roles import Role
from app.features.access.guards import Visit
from app.features.access.scope import Scope
from app.features.access.tables import UserAccount
from app.features.accounts import queries
from app.features.accounts.actions.factors import is_second_step
from app.features.accounts.actions.invitations import accept_invitation
from app.features.accounts.actions.sessions import begin_session
from app.features.accounts.actions.throttling import draw_for_account, succeed
from app.features.accounts.schemas import IdentityCreate, OidcSessionCreate, TokensRead
from app.features.accounts.tables import ExternalIdentity
from app.features.changes.actions import record
from app.kit.digests import Digester
from app.kit.oidc import Identity, ProviderUnreachable
from app.kit.passwords import hash_secret
from app.kit.problems import Problem
from app.kit.runtime import Runtime
from app.kit.tokens import InvalidToken

MOST_IDENTITIES = 5
FIELD = "identities"


def log_in_by_provider(visit: Visit, body: OidcSessionCreate) -> TokensRead:
    """Begin a session for whom an ID token means; each token counts once. An invitation links who they are there.

    Raises: `auth.provider_refused`, one for everything that is wrong with the token, and for identities that lead to
    nobody or to somebody who is locked; `auth.provider_unreachable`; `auth.invitation_invalid`; `user.identity_taken`;
    `auth.totp_required`, `auth.totp_invalid`, `auth.too_many_attempts`.
    """
    identity = _believed(visit, body)
    said = hash_secret(body.id_token.rpartition(".")[0])  # what is signed: a signature may have a second spelling
    if not queries.is_first_use(visit.session, said, identity.expires_at, visit.now):
        raise Problem("auth.provider_refused")
    digest = identity_digest(visit.runtime.digests, identity.issuer, identity.subject)
    if body.invitation_token is not None:
        user = accept_invitation(visit, body.invitation_token)
        _link(visit.acting_as(user), user, identity.issuer, digest)
    else:
        linked = queries.identity(visit.session, digest)
        found = None if linked is None else visit.session.get(UserAccount, linked.user_id)
        if found is None:
            raise Problem("auth.provider_refused")
        user = found
    if user.is_locked:
        raise Problem("auth.provider_refused")
    return begin_session(visit, user, _methods(visit, user, identity, body))


def _methods(visit: Visit, user: UserAccount, identity: Identity, body: OidcSessionCreate) -> tuple[str, ...]:
    """Whoever has an authenticator app here needs it, unless the provider has asked for a second factor itself."""
    if user.totp_since is None or "mfa" in identity.methods:
        return identity.methods
    if body.totp_code is None and body.recovery_code is None:
        raise Problem("auth.totp_required")
    drawn = draw_for_account(visit.runtime, user.id, visit.now)
    if not is_second_step(visit.session, visit.runtime, user, (body.totp_code, body.recovery_code), visit.now):
        raise Problem("auth.totp_invalid")
    succeed(visit.session, drawn)
    return (*identity.methods, "otp")


def _believed(visit: Visit, body: OidcSessionCreate) -> Identity:
    try:
        return visit.runtime.identities.read(body.id_token, body.nonce, visit.now)
    except InvalidToken:
        raise Problem("auth.provider_refused") from None
    except ProviderUnreachable:
        raise Problem("auth.provider_unreachable", retry_after=60) from None


def link_identity(scope: Scope[UserAccount], runtime: Runtime, body: IdentityCreate) -> ExternalIdentity:
    """Let somebody come in as who they are at a provider.

    Raises: `identity.issuer_unknown`, `user.is_a_service`, `identity.too_many`, `user.identity_taken`.
    """
    if scope.row.role is Role.SERVICE:
        raise RuleViolation("user.is_a_service")
    if not runtime.identities.knows(body.issuer):
        raise RuleViolation("identity.issuer_unknown", pointer="/issuer")
    return _link(scope, scope.row, body.issuer, identity_digest(runtime.digests, body.issuer, body.subject))


def unlink_identity(scope: Scope[UserAccount], identity_id: UUID) -> None:
    """From now on this identity leads to nobody; its user's logins end. Raises: Problem `resource.not_found`."""
    found = scope.session.get(ExternalIdentity, identity_id)
    if found is None or found.user_id != scope.row.id:
        raise Problem("resource.not_found")
    scope.session.delete(found)
    queries.revoke_sessions(scope.session, scope.row.id, scope.now)
    record(scope, ChangeKind.USER_UPDATED, scope.row, [FIELD])


def identity_digest(digests: Digester, issuer: str, subject: str) -> str:
    """What is stored of who somebody is at a provider."""
    return digests.digest("external identity", f"{issuer}\0{subject}")


def _link(scope: Scope[UserAccount], user: UserAccount, issuer: str, digest: str) -> ExternalIdentity:
    if queries.count_identities(scope.session, user.id) >= MOST_IDENTITIES:
        raise RuleViolation("identity.too_many", most=MOST_IDENTITIES)
    linked = ExternalIdentity(user_id=user.id, issuer=issuer, identity_digest=digest)
    scope.session.add(linked)
    record(scope, ChangeKind.USER_UPDATED, user, [FIELD])
    scope.session.flush()
    return linked
