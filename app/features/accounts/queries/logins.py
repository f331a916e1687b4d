"""Who is behind an address, a refresh token, an invitation?"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, update
from sqlmodel import Session, col, select

from app.domain.roles import Role
from app.features.access.rows import looks_beyond_reach
from app.features.access.tables import UserAccount
from app.features.accounts.tables import Invitation, RefreshToken


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
    session.execute(unused.values(used_at=at, expires_at=at))


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


def was_invited(session: Session, token_hash: str, email: str, since: datetime) -> bool:
    """Did whoever has this address set a password with this invitation, not long ago?"""
    used = (
        select(Invitation.id)
        .join(UserAccount, col(UserAccount.id) == Invitation.user_id)
        .where(
            Invitation.token_hash == token_hash,
            col(Invitation.used_at) > since,
            col(Invitation.used_at) < col(Invitation.expires_at),  # not one that another has replaced
            func.lower(UserAccount.email) == email.lower(),
        )
    )
    return session.exec(used).first() is not None
