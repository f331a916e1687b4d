"""How do partners' own systems prove who they are: by secrets, or by signing with a key of their own?"""

from datetime import timedelta
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.networks import is_within
from app.domain.roles import Role
from app.features.access.guards import Visit
from app.features.access.scope import Scope
from app.features.access.tables import UserAccount
from app.features.accounts import queries
from app.features.accounts.schemas import ServiceAccountCreate, ServiceKeyCreate, ServiceSecretRead
from app.features.accounts.tables import ServiceKey, ServiceSecret
from app.features.changes.actions import record
from app.features.partners.tables import Partner
from app.kit.assertions import read_assertion, whose
from app.kit.columns import amend
from app.kit.keys import public_key
from app.kit.passwords import hash_secret, new_secret
from app.kit.problems import Problem
from app.kit.tokens import InvalidToken

SECRET_LIFE = timedelta(days=365)
MAX_SECRETS = 2
MAX_KEYS = 5


def create_service_account(scope: Scope[Partner], body: ServiceAccountCreate) -> ServiceSecretRead:
    """A system of the partner, with its first secret."""
    user = UserAccount.model_validate(
        {
            "name": body.name,
            "role": Role.SERVICE,
            "partner_id": scope.row.id,
            "scopes": sorted(permission.value for permission in body.scopes),
            "allowed_networks": body.allowed_networks,
        }
    )
    scope.session.add(user)
    scope.session.flush()
    record(scope, ChangeKind.USER_CREATED, user)
    return issue_secret(scope.about(user))


def issue_secret(scope: Scope[UserAccount]) -> ServiceSecretRead:
    """Another secret, for overlap when they are changed. Raises: `service_secret.too_many`, `user.not_a_service`."""
    user = _service(scope)
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


def revoke_secret(scope: Scope[UserAccount], secret_id: UUID) -> None:
    """A secret that is used no more, or has leaked. Tokens that were got with it end too.

    Raises: Problem `resource.not_found`.
    """
    secret = queries.secret_of(scope.session, scope.row.id, secret_id)
    if secret is None:
        raise Problem("resource.not_found")
    secret.revoked_at = scope.now
    record(scope, ChangeKind.SERVICE_SECRET_REVOKED, secret)
    _end_tokens(scope)


def register_key(scope: Scope[UserAccount], body: ServiceKeyCreate) -> ServiceKey:
    """A public key with which the service signs its client assertions.

    Raises: `user.not_a_service`, `service_key.too_many`, `service_key.invalid`, `service_key.taken`.
    """
    user = _service(scope)
    if len(queries.active_keys(scope.session, user.id)) >= MAX_KEYS:
        raise RuleViolation("service_key.too_many", most=MAX_KEYS)
    try:
        jwk = public_key(body.x, body.y)
    except ValueError:
        raise RuleViolation("service_key.invalid", pointer="/x") from None
    key = ServiceKey(user_id=user.id, kid=jwk["kid"], x=body.x, y=body.y)
    scope.session.add(key)
    record(scope, ChangeKind.USER_UPDATED, user, ["public_keys"])
    return key


def revoke_key(scope: Scope[UserAccount], key_id: UUID) -> None:
    """A key that is used no more, or has leaked. Tokens that were got with it end too.

    Raises: Problem `resource.not_found`.
    """
    key = queries.key_of(scope.session, scope.row.id, key_id)
    if key is None:
        raise Problem("resource.not_found")
    key.revoked_at = scope.now
    _end_tokens(scope, "public_keys")


def service_token(
    visit: Visit, client_id: UUID, secret: str, wanted: frozenset[str] | None
) -> tuple[str, frozenset[str]]:
    """An access token for a service account; `wanted` narrows its scopes.

    Raises: Problem `auth.client_invalid`, `auth.network_not_allowed`, `auth.scope_invalid`.
    """
    user = queries.service_account(visit.session, client_id, hash_secret(secret), visit.now)
    if user is None:
        raise Problem("auth.client_invalid")
    return _token(visit, user, wanted)


def token_by_assertion(
    visit: Visit, client_id: str | None, assertion: str, wanted: frozenset[str] | None
) -> tuple[str, frozenset[str]]:
    """The same for whoever has signed a client assertion (RFC 7523) with a registered key; each counts once.

    Raises: Problem `auth.client_invalid`, `auth.network_not_allowed`, `auth.scope_invalid`.
    """
    try:
        claimed = whose(assertion)
        user = queries.service_by_id(visit.session, claimed) if client_id in {None, str(claimed)} else None
        keys = [] if user is None else queries.active_keys(visit.session, user.id)
        jwks = {key.kid: public_key(key.x, key.y) for key in keys}
        endpoint = f"{visit.runtime.public_url}/oauth/token"
        said = read_assertion(assertion, jwks, client=claimed, audience=endpoint, now=visit.now)
    except InvalidToken:
        raise Problem("auth.client_invalid") from None
    digest = hash_secret(f"{claimed}:{said.jti}")
    if user is None or not queries.is_first_use(visit.session, digest, said.expires_at, visit.now):
        raise Problem("auth.client_invalid")
    return _token(visit, user, wanted)


def _token(visit: Visit, user: UserAccount, wanted: frozenset[str] | None) -> tuple[str, frozenset[str]]:
    if user.allowed_networks is not None and not is_within(visit.address, user.allowed_networks):
        raise Problem("auth.network_not_allowed")
    held = frozenset(user.scopes or ())
    if wanted is not None and not wanted <= held:
        raise Problem("auth.scope_invalid")
    granted = held if wanted is None else wanted
    token = visit.runtime.issuer.issue(
        sub=user.id, role=user.role.value, ver=user.auth_version, now=visit.now, partner=user.partner_id,
        scope=granted, client_id=str(user.id),
    )  # fmt: skip
    return token, granted


def _service(scope: Scope[UserAccount]) -> UserAccount:
    if scope.row.role is not Role.SERVICE:
        raise RuleViolation("user.not_a_service")
    return scope.row


def _end_tokens(scope: Scope[UserAccount], *fields: str) -> None:
    changed = amend(scope.row, {"auth_version": scope.row.auth_version + 1})
    record(scope, ChangeKind.USER_UPDATED, scope.row, [*fields, *changed])
