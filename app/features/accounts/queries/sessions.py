"""Where is somebody logged in?"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, update
from sqlmodel import Session, col, select

from app.features.access.scope import Scope
from app.features.access.tables import LoginSession, UserAccount


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


def revoke_sessions(session: Session, user_id: UUID, at: datetime) -> None:
    """End all of a user's logins."""
    alive = update(LoginSession).where(col(LoginSession.user_id) == user_id, col(LoginSession.revoked_at).is_(None))
    session.execute(alive.values(revoked_at=at, version=LoginSession.version + 1))


def end_oldest_sessions(session: Session, user_id: UUID, keep: int, at: datetime) -> None:
    """End a user's oldest logins beyond `keep`. Logins of one user queue up here: together they keep no more."""
    session.execute(select(UserAccount.id).where(UserAccount.id == user_id).with_for_update(key_share=True))
    mine = (col(LoginSession.user_id) == user_id, col(LoginSession.revoked_at).is_(None))
    alive = select(LoginSession.id).where(*mine, LoginSession.expires_at > at)
    oldest = alive.order_by(col(LoginSession.created_at).desc(), col(LoginSession.id).desc()).offset(keep)
    session.execute(
        update(LoginSession)
        .where(col(LoginSession.id).in_(oldest))
        .values(revoked_at=at, version=LoginSession.version + 1)
    )
