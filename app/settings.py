"""How is this installation configured? Environment variables `MENTORSKAP_…`, read once, handed down as values."""

import re
import socket
from datetime import timedelta
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.domain.logins import LoginRules
from app.kit.mail import FolderMailer, Mailer, SmtpMailer
from app.kit.oidc import Provider
from app.kit.rates import Quotas
from app.kit.sheets import SheetLimits
from app.kit.text import clean_email


class OidcProvider(BaseModel):
    """An identity provider: who it is, what we are called there, and where its keys are."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = Field(pattern=r"^https://[^\s?#]+$", max_length=300)
    client_id: str = Field(min_length=1, max_length=200)
    jwks_url: str = Field(pattern=r"^https://[^\s#]+$", max_length=500)
    algorithm: Literal["RS256", "PS256", "ES256"] = "RS256"
    strong_acr: tuple[str, ...] = ()


class Settings(BaseSettings):
    """Every setting has a working default for one machine; production sets the database, the address and the keys."""

    model_config = SettingsConfigDict(env_prefix="MENTORSKAP_", extra="forbid", frozen=True)

    database_url: str | None = Field(None, description="postgresql+psycopg://…; empty: a private PostgreSQL.")
    owner_database_url: str | None = Field(None, description="For `migrate`: the login that owns the tables.")
    data_folder: Path = Field(Path(".data"), description="Where the private PostgreSQL and the keys live.")
    signing_keys_file: Path | None = Field(None, description="JSON file of signing keys; required with a database URL.")
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    public_url: str = Field("https://mentorskap.example", pattern=r"^https://[^/]+$")
    allowed_origins: list[str] = Field(default_factory=list, description="CORS: the origins of frontends.")
    access_token_seconds: int = Field(600, ge=60, le=600)
    max_body_bytes: int = Field(1_048_576, ge=1024)
    user_requests_per_minute: int = Field(300, ge=0, description="What one user may ask; 0: as much as they like.")
    service_requests_per_minute: int = Field(1_200, ge=0)
    visitor_requests_per_minute: int = Field(300, ge=0, description="For each address without a login.")
    writes_per_minute: int = Field(120, ge=0, description="Of a user's requests, those that change something.")
    statistics_per_minute: int = Field(30, ge=0, description="Reports and gap views.")
    max_import_bytes: int = Field(64 * 2**20, ge=1024, description="Of a file of rows.")
    max_import_rows: int = Field(100_000, ge=1, le=1_000_000)
    max_import_columns: int = Field(100, ge=1, le=1000)
    max_import_cell_characters: int = Field(10_000, ge=100, le=100_000)
    max_import_unpacked_bytes: int = Field(256 * 2**20, ge=1024, description="Of a workbook, unpacked.")
    login_attempts_per_minute: int = Field(5, ge=0, description="For one account, and for each device known to it.")
    address_login_attempts_per_minute: int = Field(20, ge=0, description="From one network, by unknown devices.")
    login_failures_in_a_row: int = Field(100, ge=5, le=1000, description="After them only an invitation helps.")
    sessions_per_user: int = Field(10, ge=1, le=100, description="Logins beyond them end, the oldest first.")
    staff_idle_minutes: int = Field(60, ge=1, le=1440, description="How long a login of staff may rest.")
    staff_session_hours: int = Field(12, ge=1, le=168, description="How long it lasts at most.")
    pair_idle_days: int = Field(14, ge=1, le=90, description="The same for mentors and mentees.")
    pair_session_days: int = Field(60, ge=1, le=400)
    oidc_providers: list[OidcProvider] = Field(
        default_factory=list, max_length=20, description="Who may say who it is."
    )
    pool_size: int = Field(10, ge=1, le=100)
    worker: Literal["inside", "apart"] = Field("inside", description="Run jobs inside `serve`, or by `worker`.")
    worker_id: str | None = Field(None, max_length=60, description="Stable name of this worker; work resumes under it.")
    smtp_url: SecretStr | None = Field(None, description="smtp://user:password@host; empty: a mailbox folder.")
    mail_from: str = Field("mentorskap@mentorskap.example", max_length=254, description="The sender of letters.")
    webhook_allow_loopback: bool = Field(
        False,
        description="Webhooks may go to this machine by http. For development only.",
    )
    anchor_file: Path | None = Field(
        None, description="Where each seal over the logs is appended, outside the database."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="after")
    def _keys_are_given_with_a_server(self) -> Self:
        if self.database_url is not None and self.signing_keys_file is None:
            raise ValueError("MENTORSKAP_SIGNING_KEYS_FILE is required with MENTORSKAP_DATABASE_URL")
        for name in ("database_url", "owner_database_url"):
            url = getattr(self, name)
            if url is not None and not url.startswith("postgresql+psycopg://"):
                raise ValueError(f"MENTORSKAP_{name.upper()} must begin with postgresql+psycopg://")
        return self

    @model_validator(mode="after")
    def _letters_have_a_sender(self) -> Self:
        clean_email(self.mail_from)
        if self.smtp_url is not None:
            SmtpMailer.at(self.smtp_url.get_secret_value())
            if "mail_from" not in self.model_fields_set:
                raise ValueError("MENTORSKAP_MAIL_FROM is required with MENTORSKAP_SMTP_URL")
        return self

    @property
    def sheet_limits(self) -> SheetLimits:
        """What is read of a file of rows at most."""
        return SheetLimits(
            rows=self.max_import_rows,
            columns=self.max_import_columns,
            cell_characters=self.max_import_cell_characters,
            unpacked_bytes=self.max_import_unpacked_bytes,
        )

    @property
    def login_rules(self) -> LoginRules:
        """How often a password may be tried, and how long a login lasts."""
        return LoginRules(
            attempts=self.login_attempts_per_minute,
            address_attempts=self.address_login_attempts_per_minute,
            failures_in_a_row=self.login_failures_in_a_row,
            most_sessions=self.sessions_per_user,
            staff_idle=timedelta(minutes=self.staff_idle_minutes),
            staff_life=timedelta(hours=self.staff_session_hours),
            pair_idle=timedelta(days=self.pair_idle_days),
            pair_life=timedelta(days=self.pair_session_days),
        )

    @property
    def identity_providers(self) -> list[Provider]:
        """Whose ID tokens are believed."""
        return [Provider(**one.model_dump()) for one in self.oidc_providers]

    @property
    def mailer(self) -> Mailer:
        """Where letters go: a mail server, or the mailbox folder of this machine."""
        if self.smtp_url is not None:
            return SmtpMailer.at(self.smtp_url.get_secret_value())
        return FolderMailer(self.data_folder / "mailbox")

    def quotas(self, costly: re.Pattern[str]) -> Quotas:
        """How often one caller may ask; `costly` finds the addresses of statistics."""
        return Quotas(
            user=self.user_requests_per_minute,
            service=self.service_requests_per_minute,
            visitor=self.visitor_requests_per_minute,
            writes=self.writes_per_minute,
            statistics=self.statistics_per_minute,
            costly=costly,
        )

    @property
    def unhurried(self) -> Self:
        """These settings without limits of how often: for the demo, which tells years in a minute."""
        return self.model_copy(update={name: 0 for name in type(self).model_fields if name.endswith("_per_minute")})

    @property
    def keys_file(self) -> Path:
        return self.signing_keys_file or self.data_folder / "signing-keys.json"

    @property
    def stable_worker_id(self) -> str:
        """The name under which unfinished jobs are resumed: given, or this machine and port."""
        return self.worker_id or f"{socket.gethostname()}-{self.port}"
