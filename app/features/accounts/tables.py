"""Which secrets prove who somebody is? Only hashes are stored. Personal to the user, not to a program."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from app.kit.columns import INSTANT, Row
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {"uq_user_account_email": "user.email_taken"}


class RefreshToken(Row, table=True):
    """A single-use refresh token (SHA-256 of it) in a session's family."""

    __tablename__ = "refresh_token"
    is_recorded: ClassVar[bool] = False

    session_id: UUID = Field(foreign_key="login_session.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    expires_at: datetime = Field(sa_type=INSTANT)
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)
    successor_id: UUID | None = Field(default=None, foreign_key="refresh_token.id")


class Invitation(Row, table=True):
    """A single-use, short-lived right to set a password."""

    __tablename__ = "invitation"
    is_recorded: ClassVar[bool] = False

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    expires_at: datetime = Field(sa_type=INSTANT)
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)


class ServiceSecret(Row, table=True):
    """A secret of a service account; two may be active, for overlap when they are changed."""

    __tablename__ = "service_secret"

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    secret_hash: str = Field(max_length=64, unique=True)
    hint: str = Field(max_length=12, description="The first characters, to tell secrets apart.")
    expires_at: datetime = Field(sa_type=INSTANT)
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)
