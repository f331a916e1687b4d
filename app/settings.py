"""How is this installation configured? Environment variables `MENTORSKAP_…`, read once, handed down as values."""

import re
import socket
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.kit.mail import FolderMailer, Mailer, SmtpMailer
from app.kit.rates import Quotas
from app.kit.text import clean_email


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
    pool_size: int = Field(10, ge=1, le=100)
    worker: Literal["inside", "apart"] = Field("inside", description="Run jobs inside `serve`, or by `worker`.")
    worker_id: str | None = Field(None, max_length=60, description="Stable name of this worker; work resumes under it.")
    smtp_url: SecretStr | None = Field(None, description="smtp://user:password@host; empty: a mailbox folder.")
    mail_from: str = Field("mentorskap@mentorskap.example", max_length=254, description="The sender of letters.")
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
