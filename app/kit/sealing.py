"""How is a secret stored that must be read again? Encrypted and bound to its place (AES-256-GCM)."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.kit.keys import decode_base64url, encode_base64url

_NONCE = 12  # bytes


class SealBroken(Exception):  # noqa: N818  the seal is broken; nothing went wrong here
    """What is stored was not sealed here for this place: another installation's secret, or another row's."""


class Sealer:
    """Seals with one 32-byte key. `place` names where the secret belongs: moved elsewhere it cannot be read."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, place: str, secret: bytes) -> str:
        """Text for storage; different at each call."""
        nonce = secrets.token_bytes(_NONCE)
        return encode_base64url(nonce + self._cipher.encrypt(nonce, secret, place.encode()))

    def open(self, place: str, stored: str) -> bytes:
        """The secret again. Raises: SealBroken."""
        try:
            raw = decode_base64url(stored)
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], place.encode())
        except (InvalidTag, ValueError):
            raise SealBroken from None
