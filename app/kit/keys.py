"""Which keys sign, which verify, and which may the world see?"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

ALGORITHM = "ES256"
PEPPER_BYTES = 32
COORDINATE_BYTES = 32
_UNCOMPRESSED = b"\x04"  # SEC 1, 2.3.3
SIGNATURE_BYTES = 64
_CONSTANTS = MappingProxyType({"kty": "EC", "crv": "P-256", "alg": ALGORITHM, "use": "sig"})
_MEMBERS = frozenset({*_CONSTANTS, "kid", "x", "y"})
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


def new_pepper() -> bytes:
    """A new secret of 32 bytes."""
    return secrets.token_bytes(PEPPER_BYTES)


def encode_base64url(raw: bytes) -> str:
    """Base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode_base64url(encoded: str) -> bytes:
    """The bytes of the one canonical spelling; ValueError for padding, other characters and stray last bits.

    The standard library skips foreign characters in silence, which would give one token many spellings.
    """
    if not _BASE64URL.fullmatch(encoded):
        raise ValueError("not base64url")
    raw = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    if encode_base64url(raw) != encoded:
        raise ValueError("not canonical base64url")
    return raw


def public_key(x: str, y: str) -> dict[str, str]:
    """The public ES256 JWK with these coordinates, named by its thumbprint; ValueError for what is no point of P-256."""
    point = [decode_base64url(part) for part in (x, y)]
    if any(len(number) != COORDINATE_BYTES for number in point):
        raise ValueError("a coordinate of P-256 has 32 bytes")
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _UNCOMPRESSED + b"".join(point))
    return {**_CONSTANTS, "kid": _thumbprint(x, y), "x": x, "y": y}


def _thumbprint(x: str, y: str) -> str:
    """RFC 7638."""
    members = json.dumps({"crv": "P-256", "kty": "EC", "x": x, "y": y}, separators=(",", ":"))
    return encode_base64url(hashlib.sha256(members.encode()).digest())


@dataclass(frozen=True)
class SigningKey:
    """A P-256 key pair. Its `kid` is its RFC 7638 thumbprint, so one id can never mean two keys."""

    kid: str
    private_jwk: Mapping[str, str] = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        return cls._of(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_json(cls, stored: str) -> Self:
        """The key that `to_json` wrote; ValueError when it is anything else."""
        try:
            jwk = json.loads(stored)
            key = cls._of(ec.derive_private_key(int.from_bytes(decode_base64url(jwk["d"])), ec.SECP256R1()))
        except Exception:  # noqa: BLE001  whatever is wrong with a stored key, its text must not reach a log
            raise ValueError("not a stored signing key") from None
        if key.private_jwk != jwk:
            raise ValueError("not a stored signing key")
        return key

    @classmethod
    def _of(cls, key: ec.EllipticCurvePrivateKey) -> Self:
        private = key.private_numbers()
        numbers = (private.public_numbers.x, private.public_numbers.y, private.private_value)
        x, y, d = (encode_base64url(number.to_bytes(32)) for number in numbers)
        kid = _thumbprint(x, y)
        return cls(kid, {**_CONSTANTS, "kid": kid, "x": x, "y": y, "d": d})

    def public_jwk(self) -> dict[str, str]:
        return {member: value for member, value in self.private_jwk.items() if member != "d"}

    def derive(self, purpose: bytes) -> bytes:
        """A 32-byte secret for another purpose of the same installation (HMAC-SHA-256 under the private value)."""
        return hmac.digest(self.private_jwk["d"].encode(), purpose, "sha256")

    def sign(self, message: bytes) -> str:
        """An ES256 signature (RFC 7518 §3.4: r and s, 64 bytes) in base64url.

        `message` must not look like the signing input of a token: begin it with words and a newline.
        """
        private = ec.derive_private_key(int.from_bytes(decode_base64url(self.private_jwk["d"])), ec.SECP256R1())
        r, s = decode_dss_signature(private.sign(message, ec.ECDSA(hashes.SHA256())))
        return encode_base64url(r.to_bytes(32) + s.to_bytes(32))

    def to_json(self) -> str:
        """The private JWK, for storage only."""
        return json.dumps(dict(self.private_jwk))


def is_signed_by(jwk: Mapping[str, str], message: bytes, signature: str) -> bool:
    """Did the holder of this public key sign the message? False for anything that is no signature."""
    try:
        raw = decode_base64url(signature)
        x, y = (int.from_bytes(decode_base64url(jwk[name])) for name in "xy")
        public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        halves = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
        public.verify(encode_dss_signature(*halves), message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return len(raw) == SIGNATURE_BYTES


@dataclass(frozen=True)
class KeyRing:
    """The key that signs, and by `kid` the public keys that verify besides it (the next and the retiring ones).

    `archive` holds the public keys that only verify old seals of the logs. `pepper` is the installation's secret for
    digests; it stays when keys are changed. A ring made without one gets a new one. `cursors` is the secret that seals
    cursors; without one it is derived from the active key. ValueError when one of the keys is not exactly a public
    ES256 JWK: nothing else can be used or published.
    """

    active: SigningKey
    verify: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pepper: bytes = field(default_factory=new_pepper, repr=False, compare=False)
    cursors: bytes | None = field(default=None, repr=False, compare=False)
    archive: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kid, jwk in [*self.verify.items(), *self.archive.items()]:
            is_public = frozenset(jwk) == _MEMBERS and _CONSTANTS.items() <= jwk.items()
            if not is_public or jwk["kid"] != kid:
                raise ValueError("a key ring holds public ES256 keys by their kid")

    @property
    def cursor_secret(self) -> bytes:
        """What seals cursors: kept through changes of keys, so that places in the feed stay valid."""
        return self.cursors or self.active.derive(b"cursors")

    def derive(self, purpose: bytes) -> bytes:
        """A 32-byte secret for another purpose, which stays when keys are changed (HMAC-SHA-256 under the pepper)."""
        return hmac.digest(self.pepper, purpose, "sha256")

    def find(self, kid: str) -> dict[str, str] | None:
        if kid == self.active.kid:
            return self.active.public_jwk()
        found = self.verify.get(kid)
        return None if found is None else dict(found)

    def find_archived(self, kid: str) -> dict[str, str] | None:
        """As `find`, also among the keys that are kept to verify what was sealed with them, and no token any more."""
        found = self.find(kid) or self.archive.get(kid)
        return None if found is None else dict(found)

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The document for `/.well-known/jwks.json` (RFC 7517)."""
        others = [dict(jwk) for kid, jwk in self.verify.items() if kid != self.active.kid]
        return {"keys": sorted([self.active.public_jwk(), *others], key=lambda jwk: jwk["kid"])}


KeySource = KeyRing | Callable[[], KeyRing]
"""A ring, or where the ring of the moment is found: the file of keys may change while a process runs."""


def ring_of(source: KeySource) -> KeyRing:
    return source if isinstance(source, KeyRing) else source()
