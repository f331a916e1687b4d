"""Where do the signing keys live? In one JSON file that only its owner reads; made at the first start if need be."""

import fcntl
import json
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.kit.keys import PEPPER_BYTES, KeyRing, SigningKey, decode_base64url, encode_base64url, new_pepper
from app.kit.telemetry import log


class KeyFileUnusable(Exception):  # noqa: N818  it is unusable; the message says why and what to do
    """The file of signing keys cannot be read or made. The message is for the operator."""


def load_or_create(path: Path) -> KeyRing:
    """The key ring stored in `path` (the form: app/kit/rotation.py); a new one without a file.

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


def read_document(path: Path) -> Any:
    """What the file says. Raises: KeyFileUnusable."""
    load_or_create(path)
    return _read(path)


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _ring(stored: Any) -> KeyRing:
    """ValueError, KeyError or TypeError when the document is not a key ring."""
    verify = {jwk["kid"]: jwk for jwk in stored["verify"]}
    verify |= {one["key"]["kid"]: one["key"] for one in stored.get("retiring", ())}
    if "next" in stored:
        coming = SigningKey.from_json(json.dumps(stored["next"]["key"]))
        verify[coming.kid] = coming.public_jwk()
    pepper = decode_base64url(stored["pepper"]) if "pepper" in stored else new_pepper()
    if len(pepper) != PEPPER_BYTES:
        raise ValueError("the pepper has another length")
    cursors = decode_base64url(stored["cursors"]) if "cursors" in stored else None
    archive = {jwk["kid"]: jwk for jwk in stored.get("archive", ())}
    return KeyRing(SigningKey.from_json(json.dumps(stored["active"])), verify, pepper, cursors, archive)


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
    """Give the file a pepper. Processes that start at once queue up; the later ones find it done."""
    with _exclusively(path):
        stored = _read(path)
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


def change(path: Path, how: Callable[[Any], None]) -> KeyRing:
    """Rewrite the file by what `how` does to its document; one change at a time, whole or not at all.

    Raises: KeyFileUnusable, and whatever `how` raises (the file is then as it was).
    """
    load_or_create(path)
    try:
        with _exclusively(path):
            stored = _read(path)
            how(stored)
            ring = _ring(stored)
            _write_beside(path, stored).replace(path)
            return ring
    except OSError as error:
        raise KeyFileUnusable(f"The file of signing keys {path} cannot be changed: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise KeyFileUnusable(f"The file of signing keys {path} is damaged.") from error


@contextmanager
def _exclusively(path: Path) -> Iterator[None]:
    """Hold the file that has this name now: it may have been replaced while this process waited."""
    while True:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file.fileno()).st_ino == path.stat().st_ino:
                yield
                return


class KeyFile:
    """The ring of the moment: read anew when the file was changed, so that no process need be restarted.

    Asked at every token: looking whether the file is another takes about a microsecond. A file that cannot be read is
    reported once, and the keys that were read before stay in force until it can.
    """

    def __init__(self, path: Path) -> None:
        """Raises: KeyFileUnusable, as `load_or_create`."""
        self._path = path
        self._lock = threading.Lock()
        self._ring = load_or_create(path)
        self._seen = self._look()

    def __call__(self) -> KeyRing:
        seen = self._look()
        if seen != self._seen:
            with self._lock:
                if seen != self._seen:
                    self._reload(seen)
        return self._ring

    def _look(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _reload(self, seen: tuple[int, int, int] | None) -> None:
        try:
            self._ring = _ring(_read(self._path))
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.error("keys.unreadable", extra={"facts": {"exception": type(error).__name__}})
        self._seen = seen


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
