"""Where do the signing keys live? In one JSON file that only its owner reads; made at the first start if need be."""

import json
import os
import tempfile
from pathlib import Path

from app.kit.keys import KeyRing, SigningKey


class KeyFileUnusable(Exception):  # noqa: N818  it is unusable; the message says why and what to do
    """The file of signing keys cannot be read or made. The message is for the operator."""


def load_or_create(path: Path) -> KeyRing:
    """The key ring stored in `path`: `{"active": JWK, "verify": [public JWK, …]}`; a new one if there is no file.

    Raises: KeyFileUnusable. Of several processes that start at once, one makes the file and the others read it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _create(path)
        stored = json.loads(path.read_text(encoding="utf-8"))
        verify = {jwk["kid"]: jwk for jwk in stored["verify"]}
        return KeyRing(SigningKey.from_json(json.dumps(stored["active"])), verify)
    except OSError as error:
        raise KeyFileUnusable(f"The file of signing keys {path} cannot be used: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        message = f"The file of signing keys {path} is damaged; restore it, or remove it to begin with new keys."
        raise KeyFileUnusable(message) from error


def _create(path: Path) -> None:
    """Write beside, then link into place: readers never see half a file, and the first writer wins."""
    document = {"active": json.loads(SigningKey.generate().to_json()), "verify": []}
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # readable by its owner only
    beside = Path(name)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(document, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
