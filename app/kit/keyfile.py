"""Where do the signing keys live? In one JSON file that only its owner reads; made at the first start if need be."""

import fcntl
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from app.kit.keys import PEPPER_BYTES, KeyRing, SigningKey, decode_base64url, encode_base64url, new_pepper


class KeyFileUnusable(Exception):  # noqa: N818  it is unusable; the message says why and what to do
    """The file of signing keys cannot be read or made. The message is for the operator."""


def load_or_create(path: Path) -> KeyRing:
    """The key ring stored in `path`: `{"active": JWK, "verify": [public JWK, …], "pepper": …}`; a new one without a file.

    A member `"archive": [public JWK, …]` may hold the keys that verified once: what was sealed with them stays provable.

    A file from before there was a pepper gets one. Whoever rotates the keys keeps the pepper: what was digested with it
    (contacts of people) could never be found equal again.
    Raises: KeyFileUnusable. Of several processes that start at once, one makes the file and the others read it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _create(path)
        stored = _read(path)
        ring = _ring(stored)
        return ring if "pepper" in stored else _ring(_with_pepper(path))
    except OSError as error:
        raise KeyFileUnusable(f"The file of signing keys {path} cannot be used: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        message = f"The file of signing keys {path} is damaged; restore it, or remove it to begin with new keys."
        raise KeyFileUnusable(message) from error


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _ring(stored: Any) -> KeyRing:
    """ValueError, KeyError or TypeError when the document is not a key ring."""
    verify = {jwk["kid"]: jwk for jwk in stored["verify"]}
    pepper = decode_base64url(stored["pepper"]) if "pepper" in stored else new_pepper()
    if len(pepper) != PEPPER_BYTES:
        raise ValueError("the pepper has another length")
    archive = {jwk["kid"]: jwk for jwk in stored.get("archive", ())}
    return KeyRing(SigningKey.from_json(json.dumps(stored["active"])), verify, pepper, archive)


def _create(path: Path) -> None:
    """Write beside, then link into place: readers never see half a file, and the first writer wins."""
    document = {"active": json.loads(SigningKey.generate().to_json()), "verify": [], "pepper": _new_pepper()}
    beside = _write_beside(path, document)
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _with_pepper(path: Path) -> Any:
    """Give the file a pepper. Processes that start at once queue up at the old file; the later ones find it done."""
    with path.open("rb") as old:
        fcntl.flock(old, fcntl.LOCK_EX)
        stored = _read(path)  # by its name: the file may have been replaced while this process waited
        if "pepper" not in stored:
            stored["pepper"] = _new_pepper()
            try:
                _write_beside(path, stored).replace(path)
            except OSError as error:
                hint = 'Add a member "pepper" yourself: 32 random bytes in base64url.'
                message = (
                    f"The file of signing keys {path} has no pepper and cannot be written: {error.strerror}. {hint}"
                )
                raise KeyFileUnusable(message) from error
        return stored


def _new_pepper() -> str:
    return encode_base64url(new_pepper())


def _write_beside(path: Path, document: Any) -> Path:
    """A complete new file in the same folder, readable by its owner only."""
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(document, file)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)
