"""How are two contacts found equal without being compared? By a keyed digest of the installation's own.

Without the secret nobody can try addresses against a digest, so a copy of the database alone tells nothing.
"""

import hmac

from sqlmodel import Session

from app.domain.statistics import Noise

SIGN = 1 << 63


class Digester:
    """HMAC-SHA-256 under one secret. The kind is part of what is digested: a digest of one kind equals none of another."""

    def __init__(self, secret: bytes) -> None:
        self._begun = hmac.new(secret, digestmod="sha256")

    def digest(self, kind: str, value: str) -> str:
        """64 hexadecimal digits for a value that is already in its one form."""
        wanted = self._begun.copy()
        wanted.update(f"{kind}\0{value}".encode())
        return wanted.hexdigest()


def digester(session: Session) -> Digester:
    """The digester of the process that opened this session (see `create_runtime` in app/main.py)."""
    found: Digester = session.info["digests"]
    return found


def noise_of(session: Session) -> Noise:
    """The installation's own keyed hash for statistics, as a number; the key is the pepper beside the signing keys."""
    digests = digester(session)
    return lambda text: int(digests.digest("statistics", text), 16)


def seed_of(session: Session) -> int:
    """A signed 64-bit number that nobody outside can foretell: with it the database makes the keys of people."""
    return noise_of(session)("seed of record keys") % (2 * SIGN) - SIGN
