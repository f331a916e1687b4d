"""Which users, services and their secrets, keys and identities are there?"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func
from sqlmodel import Session, col, select

from app.domain.roles import Role
from app.features.access.scope import Scope
from app.features.access.tables import UserAccount
from app.features.access.visible import visible
from app.features.accounts.tables import ExternalIdentity, ServiceKey, ServiceSecret
from app.features.partners.tables import Partner


def service_account(session: Session, client_id: UUID, secret_hash: str, at: datetime) -> UserAccount | None:
    """The unlocked service account that one of its valid secrets proves."""
    return session.exec(
        select(UserAccount)
        .join(ServiceSecret, col(ServiceSecret.user_id) == UserAccount.id)
        .where(
            UserAccount.id == client_id,
            UserAccount.role == Role.SERVICE,
            col(UserAccount.is_locked).is_(False),
            ServiceSecret.secret_hash == secret_hash,
            col(ServiceSecret.revoked_at).is_(None),
            ServiceSecret.expires_at > at,
        )
    ).first()


def active_secrets(session: Session, user_id: UUID, at: datetime) -> int:
    """How many secrets of a service account are valid now."""
    return session.exec(
        select(func.count())
        .select_from(ServiceSecret)
        .where(ServiceSecret.user_id == user_id, col(ServiceSecret.revoked_at).is_(None), ServiceSecret.expires_at > at)
    ).one()


def users_of(scope: Scope[Partner]) -> Select[Any]:
    """The users of one partner, within reach."""
    return select(UserAccount).where(UserAccount.partner_id == scope.row.id, visible(UserAccount, scope.actor))


def secrets_of(scope: Scope[UserAccount]) -> Select[Any]:
    """The secrets of a service account that have not been revoked."""
    return select(ServiceSecret).where(ServiceSecret.user_id == scope.row.id, col(ServiceSecret.revoked_at).is_(None))


def service_by_id(session: Session, client_id: UUID) -> UserAccount | None:
    """The unlocked service account with this id, proved by nothing yet."""
    is_service = (UserAccount.role == Role.SERVICE, col(UserAccount.is_locked).is_(False))
    return session.exec(select(UserAccount).where(UserAccount.id == client_id, *is_service)).first()


def keys_of(scope: Scope[UserAccount]) -> Select[Any]:
    """The public keys of a service account that are valid."""
    return select(ServiceKey).where(ServiceKey.user_id == scope.row.id, col(ServiceKey.revoked_at).is_(None))


def active_keys(session: Session, user_id: UUID) -> list[ServiceKey]:
    """The valid public keys of a service account."""
    valid = (ServiceKey.user_id == user_id, col(ServiceKey.revoked_at).is_(None))
    return list(session.exec(select(ServiceKey).where(*valid)))


def key_of(session: Session, user_id: UUID, key_id: UUID) -> ServiceKey | None:
    """One valid key of this account."""
    return next((one for one in active_keys(session, user_id) if one.id == key_id), None)


def identities_of(scope: Scope[UserAccount]) -> Select[Any]:
    """The accounts at identity providers that lead to this user."""
    return select(ExternalIdentity).where(ExternalIdentity.user_id == scope.row.id)


def identity(session: Session, digest: str) -> ExternalIdentity | None:
    return session.exec(select(ExternalIdentity).where(ExternalIdentity.identity_digest == digest)).first()


def count_identities(session: Session, user_id: UUID) -> int:
    return session.exec(
        select(func.count()).select_from(ExternalIdentity).where(ExternalIdentity.user_id == user_id)
    ).one()


def drop_identities(session: Session, user_id: UUID) -> None:
    """Forget who somebody is at identity providers."""
    session.execute(delete(ExternalIdentity).where(col(ExternalIdentity.user_id) == user_id))


def secret_of(session: Session, user_id: UUID, secret_id: UUID) -> ServiceSecret | None:
    """One secret of this account that has not been revoked."""
    wanted = (ServiceSecret.id == secret_id, ServiceSecret.user_id == user_id, col(ServiceSecret.revoked_at).is_(None))
    return session.exec(select(ServiceSecret).where(*wanted)).first()
