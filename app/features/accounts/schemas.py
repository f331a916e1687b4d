"""How do people and systems log in, over the wire?"""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.domain.roles import Permission, Role
from app.kit import text
from app.kit.wire import Instant, Schema

Secret = Annotated[str, Field(min_length=1, max_length=512, json_schema_extra={"format": "password"})]
ScopeName = Annotated[str, Field(max_length=40)]
MOST_SCOPES = len(Permission)


class SessionCreate(Schema):
    """Log in with e-mail and password."""

    email: Annotated[str, Field(min_length=3, max_length=254, examples=["samordnare@nacka.example"])]
    password: Secret


class TokenRefresh(Schema):
    """Exchange a refresh token, once, for the next pair."""

    refresh_token: Secret


class TokensRead(Schema):
    """An access token for the Authorization header, and a refresh token for when it has run out."""

    is_shown_once: ClassVar[bool] = True

    access_token: str = Field(max_length=4096)
    token_type: str = Field(max_length=10, examples=["Bearer"])
    expires_in: int = Field(ge=1, le=600, description="Seconds.")
    refresh_token: str = Field(max_length=512)
    session_id: UUID


class PasswordCreate(Schema):
    """Set a password with an invitation."""

    invitation_token: Secret
    password: Secret


class InvitedUserRead(Schema):
    """A user and the one-time invitation: shown once, to be handed over by a safe way."""

    is_shown_once: ClassVar[bool] = True

    id: UUID
    name: str = Field(max_length=120)
    email: str = Field(max_length=254)
    role: Role
    partner_id: UUID | None
    invitation_token: str = Field(max_length=512)
    invitation_expires_at: Instant


STAFF_ROLES = (
    Role.PARTNER_ADMINISTRATOR,
    Role.COORDINATOR,
    Role.CASE_HANDLER,
    Role.EVALUATOR,
    Role.PRIVACY_OFFICER,
)


class AdministratorCreate(Schema):
    """The first administrator of a partner."""

    name: Annotated[str, text.name(120)]
    email: text.Email


class UserCreate(AdministratorCreate):
    """A colleague at the own partner. One account has one role: administrator and case handler never meet in it."""

    role: Role = Field(examples=["coordinator"])


class UserPatch(Schema):
    """Lock or unlock; a locked user is out at the next request."""

    is_locked: bool


class UserRead(Schema):
    """A user as the partner's administrator sees them."""

    id: UUID
    version: int = Field(ge=1)
    name: str = Field(max_length=120)
    email: str | None = Field(max_length=254)
    role: Role
    scopes: list[ScopeName] | None = Field(max_length=MOST_SCOPES)
    partner_id: UUID | None
    is_locked: bool
    created_at: Instant


class ServiceAccountCreate(Schema):
    """A partner's own system; scopes are a ceiling, never more than the partner may itself."""

    name: Annotated[str, text.name(120)]
    scopes: list[Permission] = Field(min_length=1, max_length=MOST_SCOPES, examples=[["participant:read"]])


class ServiceSecretRead(Schema):
    """Credentials for /oauth/token (client credentials); the secret is shown this once."""

    is_shown_once: ClassVar[bool] = True

    id: UUID
    client_id: UUID
    client_secret: str = Field(max_length=512)
    scopes: list[ScopeName] = Field(max_length=MOST_SCOPES)
    expires_at: Instant


class SessionRead(Schema):
    """One of my logins."""

    id: UUID
    created_at: Instant
    expires_at: Instant
    revoked_at: Instant | None
