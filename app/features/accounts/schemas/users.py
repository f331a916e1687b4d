"""Which accounts are there, over the wire: of people, and of partners' own systems?"""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, Field, field_validator

from app.domain.networks import network
from app.domain.roles import Permission, Role
from app.kit import text
from app.kit.wire import Instant, Schema

ScopeName = Annotated[str, Field(max_length=40)]
MOST_SCOPES = len(Permission)
MOST_NETWORKS = 20
Network = Annotated[str, Field(min_length=3, max_length=49, examples=["192.0.2.0/24"]), AfterValidator(network)]
Networks = Annotated[
    list[Network],
    Field(
        min_length=1,
        max_length=MOST_NETWORKS,
        description="From where a service may come (CIDR, IPv4 or IPv6); null: from anywhere.",
    ),
]
Coordinate = Annotated[
    str, Field(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_-]{43}$", description="Base64url, 32 bytes.")
]


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
    """Lock or unlock; a locked user is out at the next request. Of a service also its networks."""

    is_locked: bool | None = None
    allowed_networks: Networks | None = None

    @field_validator("is_locked")
    @classmethod
    def _not_null(cls, value: bool | None) -> bool | None:  # noqa: FBT001  a field's value
        if value is None:
            raise ValueError("must not be null")
        return value


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
    allowed_networks: list[Annotated[str, Field(max_length=49)]] | None = Field(max_length=MOST_NETWORKS)
    totp_since: Instant | None = Field(description="Since when a code of an authenticator app is asked for.")
    created_at: Instant


class ServiceAccountCreate(Schema):
    """A partner's own system; scopes are a ceiling, never more than the partner may itself."""

    name: Annotated[str, text.name(120)]
    scopes: list[Permission] = Field(min_length=1, max_length=MOST_SCOPES, examples=[["participant:read"]])
    allowed_networks: Networks | None = None


class ServiceSecretRead(Schema):
    """Credentials for /oauth/token (client credentials); the secret is shown this once."""

    is_shown_once: ClassVar[bool] = True

    id: UUID
    client_id: UUID
    client_secret: str = Field(max_length=512)
    scopes: list[ScopeName] = Field(max_length=MOST_SCOPES)
    expires_at: Instant


class SecretRead(Schema):
    """A secret of a service account, without the secret."""

    id: UUID
    hint: str = Field(max_length=12)
    created_at: Instant
    expires_at: Instant


class ServiceKeyCreate(Schema):
    """The public part of a P-256 key (a JWK without its private member `d`)."""

    kty: Annotated[str, Field(pattern="^EC$", max_length=2, examples=["EC"])]
    crv: Annotated[str, Field(pattern="^P-256$", max_length=5, examples=["P-256"])]
    x: Coordinate = Field(examples=["f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"])
    y: Coordinate = Field(examples=["x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"])


class ServiceKeyRead(Schema):
    """A registered key. Put `kid` (its RFC 7638 thumbprint) in the header of each assertion."""

    id: UUID
    kid: str = Field(max_length=43)
    created_at: Instant


class IdentityCreate(Schema):
    """Who somebody is at an identity provider: its `iss` and `sub`."""

    issuer: Annotated[str, Field(min_length=8, max_length=300, examples=["https://login.example"])]
    subject: Annotated[str, Field(min_length=1, max_length=255, examples=["248289761001"])]


class IdentityRead(Schema):
    """A linked identity; who it is there is not kept in the clear."""

    id: UUID
    issuer: str = Field(max_length=300)
    created_at: Instant
