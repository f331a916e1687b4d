"""Who is behind an address, a token, a secret?"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, update
from sqlmodel import Session, col, select

from app.domain.roles import Role
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import LoginSession, UserAccount
from app.features.access.visible import visible
from app.features.accounts.tables import Invitation, RefreshToken, ServiceSecret
from app.features.partners.tables import Partner


def user_by_email(session: Session, email: str) -> UserAccount | None:
    return session.exec(select(UserAccount).where(func.lower(UserAccount.email) == email.lower())).first()


@looks_beyond_reach
def invited(session: Session, *wanted: ColumnElement[bool]) -> UserAccount | None:
    """The account that is so and was invited, where nobody has chosen a password yet."""
    unused = (col(UserAccount.password_hash).is_(None), ~col(UserAccount.is_locked), UserAccount.role != Role.SERVICE)
    return session.exec(select(UserAccount).where(*wanted, *unused)).first()


def end_invitations(session: Session, user_id: UUID, at: datetime) -> None:
    """What was handed out before and not used leads nowhere from now on."""
    unused = update(Invitation).where(col(Invitation.user_id) == user_id, col(Invitation.used_at).is_(None))
    session.execute(unused.values(used_at=at))


def take_refresh_token(session: Session, token_hash: str, at: datetime) -> RefreshToken | None:
    """Mark an unused, unexpired token as used and answer it: of many presenters the database lets one through."""
    taken = (
        update(RefreshToken)
        .where(
            col(RefreshToken.token_hash) == token_hash,
            col(RefreshToken.used_at).is_(None),
            col(RefreshToken.expires_at) > at,
        )
        .values(used_at=at)
        .returning(col(RefreshToken.id))
    )
    token_id = session.execute(taken).scalar()
    return session.get(RefreshToken, token_id) if token_id else None


def refresh_token(session: Session, token_hash: str) -> RefreshToken | None:
    """The token with this hash, whatever its state; locked, so that its family changes one request at a time."""
    return session.exec(select(RefreshToken).where(RefreshToken.token_hash == token_hash).with_for_update()).first()


def take_invitation(session: Session, token_hash: str, at: datetime) -> Invitation | None:
    """Mark an unused, unexpired invitation as used and answer it."""
    taken = (
        update(Invitation)
        .where(
            col(Invitation.token_hash) == token_hash,
            col(Invitation.used_at).is_(None),
            col(Invitation.expires_at) > at,
        )
        .values(used_at=at)
        .returning(col(Invitation.id))
    )
    invitation_id = session.execute(taken).scalar()
    return session.get(Invitation, invitation_id) if invitation_id else None


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


def my_sessions(scope: Scope[None]) -> Select[Any]:
    """The caller's own logins."""
    return select(LoginSession).where(LoginSession.user_id == scope.actor.user_id)


def revoke_session(session: Session, session_id: UUID, user_id: UUID, at: datetime) -> bool:
    """End one of a user's logins; False when there is none such."""
    ended = (
        update(LoginSession)
        .where(col(LoginSession.id) == session_id, col(LoginSession.user_id) == user_id)
        .values(revoked_at=func.coalesce(LoginSession.revoked_at, at), version=LoginSession.version + 1)
        .returning(col(LoginSession.id))
    )
    return session.execute(ended).scalar() is not None
