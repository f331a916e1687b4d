"""Was a code, a recovery code, a signed statement used before? Of many presenters the database lets one through."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from app.features.access.tables import UserAccount
from app.features.accounts.tables import RecoveryCode, UsedToken

MOST_FORGOTTEN = 100  # statements at a time


def take_step(session: Session, user_id: UUID, step: int) -> bool:
    """Use a step of somebody's authenticator app; False when it, or a later one, was used before.

    Not a change of the account that anybody needs to know of: neither its version nor the log tell of it.
    """
    last = col(UserAccount.totp_step)
    unused = update(UserAccount).where(col(UserAccount.id) == user_id, or_(last.is_(None), last < step))
    return session.execute(unused.values(totp_step=step).returning(col(UserAccount.id))).scalar() is not None


def take_recovery_code(session: Session, user_id: UUID, digest: str, at: datetime) -> bool:
    """Use up a recovery code; False when there is none such."""
    unused = update(RecoveryCode).where(
        col(RecoveryCode.user_id) == user_id,
        col(RecoveryCode.code_digest) == digest,
        col(RecoveryCode.used_at).is_(None),
    )
    return session.execute(unused.values(used_at=at).returning(col(RecoveryCode.id))).scalar() is not None


def recovery_codes_left(session: Session, user_id: UUID) -> int:
    """How many recovery codes somebody has not used."""
    unused = (RecoveryCode.user_id == user_id, col(RecoveryCode.used_at).is_(None))
    return session.exec(select(func.count()).select_from(RecoveryCode).where(*unused)).one()


def drop_recovery_codes(session: Session, user_id: UUID) -> None:
    """Forget all of somebody's recovery codes."""
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))


def is_first_use(session: Session, digest: str, expires_at: datetime, now: datetime) -> bool:
    """Note that a signed statement was used; False when it was before. Expired ones are forgotten on the way."""
    old = select(UsedToken.digest).where(UsedToken.expires_at < now).limit(MOST_FORGOTTEN)
    session.execute(delete(UsedToken).where(col(UsedToken.digest).in_(old.with_for_update(skip_locked=True))))
    noted = insert(UsedToken).values(digest=digest, expires_at=expires_at).on_conflict_do_nothing()
    return session.execute(noted.returning(col(UsedToken.digest))).scalar() is not None
