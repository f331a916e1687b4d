"""Does the configuration refuse what would be unsafe, and default to what works on one machine?"""

from pathlib import Path

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
