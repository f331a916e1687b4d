"""Does the configuration refuse what would be unsafe, and default to what works on one machine?"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.settings import Settings


def test_the_defaults_keep_everything_in_one_folder() -> None:
    settings = Settings()
    assert settings.keys_file == Path(".data/signing-keys.json")
    assert settings.stable_worker_id.endswith("-8000")


def test_a_server_needs_its_own_keys() -> None:
    with pytest.raises(ValidationError, match="MENTORSKAP_SIGNING_KEYS_FILE is required"):
        Settings(database_url="postgresql+psycopg://host/db")


def test_only_postgresql_by_psycopg() -> None:
    with pytest.raises(ValidationError, match="must begin with"):
        Settings(database_url="sqlite://", signing_keys_file=Path("k"))
    with pytest.raises(ValidationError, match="MENTORSKAP_OWNER_DATABASE_URL must begin with"):
        Settings(owner_database_url="sqlite://")


@pytest.mark.parametrize("url", ["http://a.example", "https://a.example/path", "a.example"])
def test_the_public_address_is_https_without_a_path(url: str) -> None:
    with pytest.raises(ValidationError):
        Settings(public_url=url)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTORSKAP_PORT", "9000")
    monkeypatch.setenv("MENTORSKAP_WORKER_ID", "one")
    monkeypatch.setenv("MENTORSKAP_ALLOWED_ORIGINS", '["https://ui.example"]')
    settings = Settings()
    assert (settings.port, settings.stable_worker_id, settings.allowed_origins) == (9000, "one", ["https://ui.example"])


def test_how_long_logins_last_is_settings() -> None:
    rules = Settings(staff_idle_minutes=5, pair_session_days=7, login_failures_in_a_row=50).login_rules
    assert rules.staff_idle == timedelta(minutes=5)
    assert rules.pair_life == timedelta(days=7)
    assert rules.failures_in_a_row == 50
    assert Settings().identity_providers == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://login.example"},
        {"issuer": "https://login.example?x"},
        {"jwks_url": "http://login.example/jwks"},
        {"jwks_url": "file:///etc/passwd"},
        {"client_id": ""},
        {"algorithm": "HS256"},
        {"algorithm": "none"},
        {"client_secret": "x"},
    ],
)
def test_identity_providers_speak_https_and_no_secret_algorithm(wrong: dict[str, Any]) -> None:
    right = {"issuer": "https://login.example", "client_id": "m", "jwks_url": "https://login.example/jwks"}
    (provider,) = Settings(oidc_providers=[right]).identity_providers
    assert (provider.issuer, provider.algorithm) == ("https://login.example", "RS256")
    with pytest.raises(ValidationError):
        Settings(oidc_providers=[{**right, **wrong}])
