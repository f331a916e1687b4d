"""Partners' own systems over HTTP: their accounts, secrets and keys."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.access.tables import UserAccount
from app.features.accounts import actions, queries
from app.features.accounts.schemas import (
    SecretRead,
    ServiceAccountCreate,
    ServiceKeyCreate,
    ServiceKeyRead,
    ServiceSecretRead,
)
from app.features.accounts.tables import ServiceKey, ServiceSecret
from app.features.partners.tables import Partner
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["accounts"])
Seen = Annotated[Scope[UserAccount], on(UserAccount, Permission.USER_READ, alias="userId")]
Managed = Annotated[Scope[UserAccount], on(UserAccount, Permission.USER_UPDATE, alias="userId")]
Beside = Annotated[Scope[UserAccount], on(UserAccount, Permission.USER_UPDATE, alias="userId", is_conditional=False)]


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
    base = scope.exchange.path.partition("/partners/")[0]
    return answer(scope.exchange, ServiceSecretRead, made, status=201, location=f"{base}/users/{made.client_id}")


@router.post(
    "/users/{userId}/secrets",
    operation_id="createServiceSecret",
    summary="Issue another secret",
    status_code=201,
    response_model=ServiceSecretRead,
)
def create_service_secret(scope: Managed) -> Response:
    """A second secret, so that the first can be changed without a stop. / Ännu en hemlighet, för byte utan avbrott."""
    made = actions.issue_secret(scope)
    return answer(scope.exchange, ServiceSecretRead, made, status=201, location=scope.exchange.path)


@router.get(
    "/users/{userId}/secrets",
    operation_id="listServiceSecrets",
    summary="List secrets",
    response_model=Page[SecretRead],
)
def list_service_secrets(scope: Seen, query: Annotated[PageQuery, Query()]) -> Response:
    """The secrets of a service account, by how they begin. / Tjänstekontots hemligheter, efter sin början."""
    keys = [ServiceSecret.created_at, ServiceSecret.id]
    return answer_page(scope.exchange, SecretRead, queries.secrets_of(scope), query, keys=keys)


@router.delete(
    "/users/{userId}/secrets/{secretId}",
    operation_id="revokeServiceSecret",
    summary="Revoke a secret",
    status_code=204,
)
def revoke_service_secret(scope: Beside, secret_id: Annotated[UUID, Path(alias="secretId")]) -> Response:
    """A secret, and the account's tokens, are worthless at the next request. / Återkalla en hemlighet."""
    actions.revoke_secret(scope, secret_id)
    return Response(status_code=204)


@router.get(
    "/users/{userId}/keys", operation_id="listServiceKeys", summary="List keys", response_model=Page[ServiceKeyRead]
)
def list_service_keys(scope: Seen, query: Annotated[PageQuery, Query()]) -> Response:
    """The public keys of a service account. / Tjänstekontots publika nycklar."""
    keys = [ServiceKey.created_at, ServiceKey.id]
    return answer_page(scope.exchange, ServiceKeyRead, queries.keys_of(scope), query, keys=keys)


@router.post(
    "/users/{userId}/keys",
    operation_id="addServiceKey",
    summary="Register a key",
    status_code=201,
    response_model=ServiceKeyRead,
)
def add_service_key(scope: Managed, body: ServiceKeyCreate) -> Response:
    """A public key, to sign with instead of sending a secret. / En publik nyckel, i stället för en hemlighet."""
    key = actions.register_key(scope, body)
    return answer(scope.exchange, ServiceKeyRead, key, status=201, location=f"{scope.exchange.path}/{key.id}")


@router.delete("/users/{userId}/keys/{keyId}", operation_id="revokeServiceKey", summary="Revoke a key", status_code=204)
def revoke_service_key(scope: Beside, key_id: Annotated[UUID, Path(alias="keyId")]) -> Response:
    """A key, and the account's tokens, are worthless at the next request. / Återkalla en nyckel."""
    actions.revoke_key(scope, key_id)
    return Response(status_code=204)
