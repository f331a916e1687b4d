"""How are signing keys changed while tokens of the old one are about? next → active → retiring → removed.

The file of keys is `{"active": JWK, "next": {"key": JWK, "since": …}, "retiring": [{"key": public JWK, "since": …}],
"verify": [public JWK], "archive": [public JWK], "pepper": …, "cursors": …}`; all but `active`, `verify` and `pepper` only when there is
something to say. Every public key that has signed ends in `archive`, where it verifies no token, and still what was sealed with it.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.kit.claims import MAX_LIFETIME
from app.kit.keyfile import change, read_document
from app.kit.keys import SigningKey, encode_base64url

PUBLISHED_FOR = timedelta(hours=24)
"""How long the next key is shown to others before it signs: as long as they may keep our keys."""
RETIRES_FOR = timedelta(seconds=MAX_LIFETIME) + timedelta(minutes=5)
"""How long an old key still verifies: longer than the last token it has signed."""


class KeyChangeRefused(Exception):  # noqa: N818  it is refused; the message is for the operator
    """The change would take valid tokens out of force, or there is nothing to change."""


@dataclass(frozen=True)
class Standing:
    """One key as `mentorskap keys list` shows it."""

    kid: str
    state: str
    since: str


def standings(path: Path) -> list[Standing]:
    """Every key of the file, in the order of its life."""
    stored = read_document(path)
    found = [Standing(stored["next"]["key"]["kid"], "next", stored["next"]["since"])] if "next" in stored else []
    found.append(Standing(stored["active"]["kid"], "active", stored.get("since", "")))
    found += [Standing(one["key"]["kid"], "retiring", one["since"]) for one in stored.get("retiring", ())]
    return found + [Standing(one["kid"], "verifying", "") for one in stored["verify"]]


def make_next(path: Path, now: datetime) -> str:
    """Make the key that comes next, and publish it; answers its id. Raises: KeyChangeRefused when there is one."""
    key = SigningKey.generate()

    def add(stored: Any) -> None:
        if "next" in stored:
            raise KeyChangeRefused("There is a next key already; activate or revoke it first.")
        stored["next"] = {"key": json.loads(key.to_json()), "since": now.isoformat()}

    change(path, add)
    return key.kid


def activate(path: Path, now: datetime, *, is_at_once: bool = False) -> str:
    """Let the next key sign, and the active one retire; answers the id of the key that signs.

    Raises: KeyChangeRefused without a next key, and when it has been published for less than a day (unless
    `is_at_once`: whoever keeps our public keys may then refuse new tokens until they fetch them again).
    """

    def move(stored: Any) -> None:
        if "next" not in stored:
            raise KeyChangeRefused("There is no next key; make one first.")
        ready_at = datetime.fromisoformat(stored["next"]["since"]) + PUBLISHED_FOR
        if now < ready_at and not is_at_once:
            raise KeyChangeRefused(f"The next key may be activated from {ready_at.isoformat(timespec='minutes')}.")
        _step_up(stored, stored["next"]["key"], now)
        retired = SigningKey.from_json(json.dumps(stored["retired"])).public_jwk()
        del stored["retired"]
        stored.setdefault("retiring", []).append({"key": retired, "since": now.isoformat()})

    return change(path, move).active.kid


def revoke(path: Path, kid: str, now: datetime) -> str:
    """Take a key out of force at once: no token of it is believed any more. Answers the id of the key that signs.

    What it has sealed stays provable: the seals of the next key are chained to it, and the anchor holds it. Instead of a revoked active key the next one signs, or a new one. Raises: KeyChangeRefused for an unknown id.
    """

    def drop(stored: Any) -> None:
        if stored["active"]["kid"] == kid:
            coming = stored["next"]["key"] if "next" in stored else json.loads(SigningKey.generate().to_json())
            _step_up(stored, coming, now)
            _archive(stored, SigningKey.from_json(json.dumps(stored.pop("retired"))).public_jwk())
        elif "next" in stored and stored["next"]["key"]["kid"] == kid:
            del stored["next"]
        elif not _forget(stored, kid):
            raise KeyChangeRefused("There is no key with this id.")

    return change(path, drop).active.kid


def prune(path: Path, now: datetime) -> int:
    """Believe no token of the keys that have retired for long enough; answers how many. They verify seals only."""
    gone = []

    def remove(stored: Any) -> None:
        held = stored.get("retiring", [])
        stays = [one for one in held if now < datetime.fromisoformat(one["since"]) + RETIRES_FOR]
        _archive(stored, *(one["key"] for one in held if one not in stays))
        gone.append(len(held) - len(stays))
        stored["retiring"] = stays

    change(path, remove)
    return sum(gone)


def _step_up(stored: Any, key: Any, now: datetime) -> None:
    """Another key becomes active; the one before is left in `retired`. Cursors stay sealed as they were."""
    before = SigningKey.from_json(json.dumps(stored["active"]))
    stored.setdefault("cursors", encode_base64url(before.derive(b"cursors")))
    stored["retired"], stored["active"], stored["since"] = stored["active"], key, now.isoformat()
    stored.pop("next", None)


def _forget(stored: Any, kid: str) -> bool:
    found = [one["key"] for one in stored.get("retiring", []) if one["key"]["kid"] == kid]
    found += [one for one in stored["verify"] if one["kid"] == kid]
    stored["retiring"] = [one for one in stored.get("retiring", []) if one["key"]["kid"] != kid]
    stored["verify"] = [one for one in stored["verify"] if one["kid"] != kid]
    _archive(stored, *found)
    return bool(found)


def _archive(stored: Any, *keys: Any) -> None:
    stored["archive"] = [*stored.get("archive", []), *keys]
