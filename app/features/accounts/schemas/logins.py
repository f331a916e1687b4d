"""How do people log in, stay logged in, and look after their logins, over the wire?"""

from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.kit.wire import Instant, Schema

Secret = Annotated[str, Field(min_length=1, max_length=512, json_schema_extra={"format": "password"})]
TotpCode = Annotated[str, Field(pattern=r"^[0-9]{6}$", min_length=6, max_length=6, examples=["287082"])]
RecoveryCode = Annotated[str, Field(min_length=16, max_length=40, examples=["k7dq-2m4x-wz3a-p6hn"])]
DeviceToken = Annotated[
    str | None,
    Field(
        max_length=512,
        description=(
            "What an earlier login on this device answered: others cannot use up its attempts then. Or the invitation"
            " with which the password was just chosen."
        ),
    ),
]
METHODS = 6


class SessionCreate(Schema):
    """Log in with e-mail and password, and a code where one is asked for."""

    email: Annotated[str, Field(min_length=3, max_length=254, examples=["samordnare@nacka.example"])]
    password: Secret
    totp_code: TotpCode | None = Field(None, description="Six digits of the authenticator app.")
    recovery_code: RecoveryCode | None = Field(None, description="Instead of the app, once.")
    device_token: DeviceToken = None


class OidcSessionCreate(Schema):
    """Log in with an ID token of an identity provider that this installation trusts."""

    id_token: Annotated[str, Field(min_length=1, max_length=16384, json_schema_extra={"format": "password"})]
    nonce: Annotated[str, Field(min_length=16, max_length=200, description="What the ID token was asked for with.")]
    invitation_token: Secret | None = Field(None, description="Links who you are there to the account, the first time.")
    totp_code: TotpCode | None = Field(
        None, description="Where the account has an app and the provider asked for none."
    )
    recovery_code: RecoveryCode | None = None


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


class LoginRead(TokensRead):
    """Tokens, and what tells this device from unknown ones at its next login."""

    is_shown_once: ClassVar[bool] = True

    device_token: str = Field(max_length=512)


class PasswordCreate(Schema):
    """Set a password with an invitation."""

    invitation_token: Secret
    password: Secret


class SessionRead(Schema):
    """One of my logins."""

    id: UUID
    created_at: Instant
    expires_at: Instant
    revoked_at: Instant | None
    methods: list[Annotated[str, Field(max_length=10)]] = Field(
        max_length=METHODS, description="How: `pwd`, `otp`, `fed` (identity provider), `mfa`."
    )


class TotpRead(Schema):
    """Whether I have an authenticator app here."""

    enabled_at: Instant | None
    recovery_codes_left: int = Field(ge=0, le=100)


class TotpCreate(Schema):
    """Ask for a secret for an app; the password once more."""

    password: Secret


class TotpSecretRead(Schema):
    """What the app needs, shown this once."""

    is_shown_once: ClassVar[bool] = True

    secret: str = Field(max_length=64, description="To type in: base32.")
    address: str = Field(max_length=1000, description="To show as a QR code.", examples=["otpauth://totp/Mentorskap"])


class TotpConfirm(Schema):
    """The app works: what it shows now."""

    code: TotpCode


class RecoveryCodesRead(Schema):
    """Each works once instead of the app. Shown this once: keep them on paper."""

    is_shown_once: ClassVar[bool] = True

    recovery_codes: list[Annotated[str, Field(max_length=40)]] = Field(max_length=20)


class TotpRemove(Schema):
    """Take the app away: the password, and a code of the app or a recovery code."""

    password: Secret
    code: TotpCode | None = None
    recovery_code: RecoveryCode | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.code is None) == (self.recovery_code is None):
            raise ValueError("send either code or recoveryCode")
        return self
