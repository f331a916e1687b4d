"""Where is the server, who are we, and where is what was read kept? A small TOML file that a person writes once."""

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from typer import get_app_dir

from .failures import NotConfigured
from .words import say

SECRET = "MENTORSKAP_SYNC_SECRET"  # noqa: S105  the name of an environment variable
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
KEYS = frozenset({"server", "partner", "client_id", "client_secret_file", "system", "state"})
DEFAULT = Path(get_app_dir("mentorskap-sync")) / "config.toml"

EXAMPLE = say(
    """\
# mentorskap-sync: which server, and who you are there. Ask your partner administrator for a service account.
server = "https://mentorskap.example.se"
partner = "00000000-0000-0000-0000-000000000000"     # your organisation's id
client_id = "00000000-0000-0000-0000-000000000000"   # the service account's id
client_secret_file = "secret.txt"                    # beside this file; or the environment variable MENTORSKAP_SYNC_SECRET
system = "register"                                  # the name of your own register: with your own number it finds a person
# state = "state"                                    # where what was read is kept; personal data, so keep it to yourself
""",
    """\
# mentorskap-sync: vilken server, och vem ni är där. Be er organisations administratör om ett servicekonto.
server = "https://mentorskap.example.se"
partner = "00000000-0000-0000-0000-000000000000"     # organisationens id
client_id = "00000000-0000-0000-0000-000000000000"   # servicekontots id
client_secret_file = "hemlighet.txt"                 # bredvid den här filen; eller miljövariabeln MENTORSKAP_SYNC_SECRET
system = "register"                                  # namnet på ert eget register: med ert eget nummer hittas personen
# state = "tillstand"                                # där det lästa sparas; personuppgifter, så skydda mappen
""",
)


@dataclass(frozen=True)
class Settings:
    """What one run needs to know; `secret` is never printed."""

    server: str
    partner: UUID
    client_id: UUID
    secret: str
    system: str
    state: Path

    def __repr__(self) -> str:
        return f"Settings(server={self.server!r}, partner={self.partner}, client_id={self.client_id})"


def read(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in a file. Paths in it are relative to it. Raises: NotConfigured, in words for a person."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise NotConfigured(
            say(
                f"There are no settings at {path}. Make them with: mentorskap-sync init",
                f"Det finns inga inställningar på {path}. Skapa dem med: mentorskap-sync init",
            )
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NotConfigured(say(f"{path} cannot be read: {error}", f"{path} går inte att läsa: {error}")) from None
    return Settings(
        server=_server(_text(given, "server", path)),
        partner=_id(given, "partner", path),
        client_id=_id(given, "client_id", path),
        secret=_secret(given, path, environment),
        system=_text(given, "system", path),
        state=_state(given, path),
    )


def _text(given: Mapping[str, Any], key: str, path: Path) -> str:
    if unknown := sorted(given.keys() - KEYS):
        raise NotConfigured(say(f"{path}: unknown: {', '.join(unknown)}", f"{path}: okänt: {', '.join(unknown)}"))
    found = given.get(key)
    if not isinstance(found, str) or not found.strip():
        raise NotConfigured(say(f"{path}: {key} is missing.", f"{path}: {key} saknas."))
    return found.strip()


def _id(given: Mapping[str, Any], key: str, path: Path) -> UUID:
    try:
        return UUID(_text(given, key, path))
    except ValueError:
        raise NotConfigured(say(f"{path}: {key} is no id.", f"{path}: {key} är inget id.")) from None


def _server(address: str) -> str:
    parts = urlsplit(address)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not is_safe or not parts.netloc or parts.path.strip("/") or parts.query:
        raise NotConfigured(
            say(
                "server must be an address as https://mentorskap.example.se, without a path.",
                "server ska vara en adress som https://mentorskap.example.se, utan sökväg.",
            )
        )
    return f"{parts.scheme}://{parts.netloc}"


def _secret(given: Mapping[str, Any], path: Path, environment: Mapping[str, str]) -> str:
    if said := environment.get(SECRET, "").strip():
        return said
    if "client_secret_file" not in given:
        raise NotConfigured(
            say(
                f"Give the secret in {SECRET} or in a file that client_secret_file names.",
                f"Ange hemligheten i {SECRET} eller i en fil som client_secret_file pekar ut.",
            )
        )
    file = path.parent / Path(_text(given, "client_secret_file", path)).expanduser()
    try:
        found = file.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotConfigured(
            say(f"The secret cannot be read: {error}", f"Hemligheten går inte att läsa: {error}")
        ) from None
    if not found:
        raise NotConfigured(say(f"{file} is empty.", f"{file} är tom."))
    if os.name == "posix" and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise NotConfigured(
            say(
                f"Others may read {file}. Say: chmod 600 {file}",
                f"Andra får läsa {file}. Skriv: chmod 600 {file}",
            )
        )
    return found


def _state(given: Mapping[str, Any], path: Path) -> Path:
    if "state" not in given:
        return path.parent / "state"
    return path.parent / Path(_text(given, "state", path)).expanduser()
