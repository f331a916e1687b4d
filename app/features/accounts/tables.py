"""Which secrets prove who somebody is? Only hashes are stored. Personal to the user, not to a program."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.kit.columns import INSTANT, Row
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {
    "uq_user_account_email": "user.email_taken",
    "uq_external_identity_identity_digest": "user.identity_taken",
    "uq_service_key_kid": "service_key.taken",
}


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


class RecoveryCode(Row, table=True):
    """A single-use substitute for a code of the authenticator app: its keyed digest, which also binds it to the user."""

    __tablename__ = "recovery_code"
    is_recorded: ClassVar[bool] = False

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    code_digest: str = Field(max_length=64, unique=True)
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)


class ServiceSecret(Row, table=True):
    """A secret of a service account; two may be active, for overlap when they are changed."""

    __tablename__ = "service_secret"

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    secret_hash: str = Field(max_length=64, unique=True)
    hint: str = Field(max_length=12, description="The first characters, to tell secrets apart.")
    expires_at: datetime = Field(sa_type=INSTANT)
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)


class ServiceKey(Row, table=True):
    """A public P-256 key with which a service account signs who it is; `kid` is its RFC 7638 thumbprint."""

    __tablename__ = "service_key"
    is_recorded: ClassVar[bool] = False  # recorded as a change of the account

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    kid: str = Field(max_length=43, unique=True)
    x: str = Field(max_length=43)
    y: str = Field(max_length=43)
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)


class ExternalIdentity(Row, table=True):
    """Whom an identity provider means by (issuer, subject): a keyed digest of both, never an e-mail address."""

    __tablename__ = "external_identity"
    is_recorded: ClassVar[bool] = False  # recorded as a change of the account

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    issuer: str = Field(max_length=300)
    identity_digest: str = Field(max_length=64, unique=True)


class LoginCount(SQLModel, table=True):
    """How often was a login tried for an account, from a network, from a known device? Keyed digests and numbers."""

    __tablename__ = "login_count"

    key: str = Field(primary_key=True, max_length=64)
    began_at: datetime = Field(sa_type=INSTANT)
    attempts: int
    failures: int
    last_at: datetime = Field(sa_type=INSTANT, index=True)


class UsedToken(SQLModel, table=True):
    """A signed statement (client assertion, ID token) that was taken once and is not taken again before it expires."""

    __tablename__ = "used_token"

    digest: str = Field(primary_key=True, max_length=64)
    expires_at: datetime = Field(sa_type=INSTANT, index=True)
