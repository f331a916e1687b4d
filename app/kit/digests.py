"""How are two contacts found equal without being compared? By a keyed digest of the installation's own.

Without the secret nobody can try addresses against a digest, so a copy of the database alone tells nothing.
"""

import hmac

from sqlmodel import Session


class Digester:
    """HMAC-SHA-256 under one secret. The kind is part of what is digested: a digest of one kind equals none of another."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def digest(self, kind: str, value: str) -> str:
        """64 hexadecimal digits for a value that is already in its one form."""
        return hmac.digest(self._secret, f"{kind}\0{value}".encode(), "sha256").hex()


def digester(session: Session) -> Digester:
    """The digester of the process that opened this session (see `create_runtime` in app/main.py)."""
    found: Digester = session.info["digests"]
    return found
