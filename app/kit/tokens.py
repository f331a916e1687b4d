"""Whose is this access token, and may it be believed?

The only module that imports python-jose. The library is asked for one thing, an ES256 signature under one known
key; what it lets through besides (tests/kit/test_tokens.py) is decided here, and every doubt is `InvalidToken`.
"""

import hashlib
import json
import math
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256
from jose import JWSError, JWTError, jws, jwt  # noqa: TID251  this is the wrapper

from app.kit.claims import MAX_LIFETIME, Claims, InvalidToken, check_times, read_claims, require
from app.kit.ids import new_id
from app.kit.keys import ALGORITHM, KeyRing, KeySource, SigningKey, decode_base64url, encode_base64url, ring_of

__all__ = ["Claims", "InvalidToken", "KeyRing", "SigningKey", "TokenIssuer", "TokenVerifier"]

TOKEN_TYPE = "at+jwt"  # noqa: S105  a media type (RFC 9068), no secret
MAX_TOKEN_LENGTH = 4096  # bytes
_CACHE_SIZE = 10_000  # tokens
_HALF_SIGNATURE = 32  # bytes: r, then s
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # FIPS 186-5

_HEADER = frozenset({"alg", "kid", "typ"})
PSS = "PS256"
_PSS_PADDING = padding.PSS(padding.MGF1(SHA256()), 32)  # RFC 7518, 3.5: the salt is as long as the digest

# `exp` and `nbf` are left out: requiring them switches on the library's own clock, and they are checked below.
_DEMANDS = {"require_" + claim: True for claim in ("aud", "iat", "iss", "sub", "jti")}
_OPTIONS = {**_DEMANDS, "verify_exp": False, "verify_nbf": False}


class TokenIssuer:
    """Signs access tokens with the ring's active key."""

    def __init__(self, keyring: KeySource, issuer: str, audience: str, lifetime_seconds: int = MAX_LIFETIME) -> None:
        """ValueError when the lifetime, in seconds, is not within 1..600."""
        if not 0 < lifetime_seconds <= MAX_LIFETIME:
            raise ValueError("an access token lives between 1 and 600 seconds")
        self._keyring = keyring
        self._fixed = {"iss": issuer, "aud": audience}
        self.issuer = issuer
        self.lifetime_seconds = lifetime_seconds

    def issue(  # noqa: PLR0913  one argument per claim, all by name
        self,
        *,
        sub: UUID,
        role: str,
        ver: int,
        now: datetime,
        sid: UUID | None = None,
        partner: UUID | None = None,
        scope: Iterable[str] | None = None,
        client_id: str | None = None,
        amr: Iterable[str] = (),
        jti: UUID | None = None,
    ) -> str:
        """A signed token, valid from `now`; ValueError when no verifier would believe it."""
        at = _seconds(now)
        scopes = None if scope is None else frozenset(scope)
        given = {
            **self._fixed,
            "sub": str(sub),
            "jti": str(jti or new_id()),
            "iat": at,
            "nbf": at,
            "exp": at + self.lifetime_seconds,
            "role": role,
            "ver": ver,
            "amr": list(amr),
            "sid": sid and str(sid),
            "partner": partner and str(partner),
            "scope": None if scopes is None else " ".join(sorted(scopes)),
            "client_id": client_id,
        }
        return self._sign({claim: value for claim, value in given.items() if value is not None}, scopes)

    def _sign(self, claims: dict[str, Any], scopes: frozenset[str] | None) -> str:
        key = ring_of(self._keyring).active
        headers = {"kid": key.kid, "typ": TOKEN_TYPE}
        token = _with_low_s(jwt.encode(claims, dict(key.private_jwk), algorithm=ALGORITHM, headers=headers))
        try:
            require(len(token) <= MAX_TOKEN_LENGTH, "too_long")
            require(read_claims(claims).scope == scopes, "claims")  # "a b" would come back as two scopes
        except InvalidToken:
            raise ValueError("these claims make no valid token") from None
        return token


class TokenVerifier:
    """Believes or refuses access tokens. Safe to share between threads."""

    def __init__(self, keyring: KeySource, issuer: str, audience: str) -> None:
        """`keyring` is asked at every call, so that a key removed from the ring counts at once."""
        self._keyring = keyring
        self._issuer = issuer
        self._audience = audience
        self._believed = _Believed(_CACHE_SIZE)

    def verify(self, token: str, now: datetime) -> Claims:
        """The claims of a token believed at `now`; InvalidToken for anything that is wrong with it.

        A failing source of keys is not the token's fault: its exception passes through.
        """
        ring, at = ring_of(self._keyring), _seconds(now)
        try:
            return self._verify(token, ring, at)
        except InvalidToken:
            raise
        except Exception:  # noqa: BLE001  the library raises far more than it documents, RecursionError for one
            raise InvalidToken("malformed") from None

    def _verify(self, token: str, ring: KeyRing, at: int) -> Claims:
        require(len(token) <= MAX_TOKEN_LENGTH, "too_long")
        digest = hashlib.sha256(token.encode("ascii")).digest()
        believed = self._believed.find(digest)
        if believed is None:
            believed = self._read(token, ring)
            check_times(believed.claims, at)
            self._believed.keep(digest, believed)
        else:
            require(ring.find(believed.jwk["kid"]) == believed.jwk, "unknown_key")
            check_times(believed.claims, at)
        return believed.claims

    def _read(self, token: str, ring: KeyRing) -> "_Proof":
        header, payload, signature = token.split(".")
        jwk = _find_key(read_json(decode_base64url(header)), ring)
        require(_has_low_s(decode_base64url(signature)), "malformed")
        claims = read_json(decode_base64url(payload))
        try:
            jwt.decode(
                token, jwk, algorithms=[ALGORITHM], options=_OPTIONS, audience=self._audience, issuer=self._issuer
            )
        except JWTError:
            raise InvalidToken("refused") from None
        require(claims.get("iss") == self._issuer and claims.get("aud") == self._audience, "audience")
        return _Proof(read_claims(claims), jwk)


def read_signed(token: str, jwk: dict[str, str], algorithm: str) -> dict[str, Any]:
    """What a token says that one key has signed by one algorithm. Raises: InvalidToken, and whatever the library may."""
    if algorithm == PSS:
        signed, _, signature = token.rpartition(".")
        n, e = (int.from_bytes(decode_base64url(jwk[part])) for part in ("n", "e"))
        key = RSAPublicNumbers(e, n).public_key()
        key.verify(decode_base64url(signature), signed.encode(), _PSS_PADDING, SHA256())  # not known to the library
        return read_json(decode_base64url(signed.partition(".")[2]))
    try:
        return read_json(jws.verify(token, jwk, algorithms=[algorithm]))
    except JWSError:
        raise InvalidToken("refused") from None


@dataclass(frozen=True)
class _Proof:
    claims: Claims
    jwk: dict[str, str]


class _Believed:
    """The most recently used tokens that were believed, by hash: a verified token costs no second verification."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._proofs: OrderedDict[bytes, _Proof] = OrderedDict()

    def find(self, digest: bytes) -> _Proof | None:
        with self._lock:
            if digest not in self._proofs:
                return None
            self._proofs.move_to_end(digest)
            return self._proofs[digest]

    def keep(self, digest: bytes, proof: _Proof) -> None:
        with self._lock:
            self._proofs[digest] = proof
            if len(self._proofs) > self._size:
                self._proofs.popitem(last=False)


def _seconds(at: datetime) -> int:
    if at.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    return math.floor(at.timestamp())


def read_json(raw: bytes) -> dict[str, Any]:
    """The one object in a part of a token. Raises: InvalidToken, ValueError, RecursionError."""
    found = json.loads(raw.decode("utf-8"), object_pairs_hook=_unique)
    if not isinstance(found, dict):
        raise InvalidToken("malformed")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    require(len(found) == len(pairs), "malformed")
    return found


def _has_low_s(signature: bytes) -> bool:
    """Of the two signatures (r, s) and (r, n - s) that are equally right, only the smaller: one token, one spelling."""
    s = int.from_bytes(signature[_HALF_SIGNATURE:])
    return len(signature) == 2 * _HALF_SIGNATURE and s <= _P256_ORDER // 2


def _with_low_s(token: str) -> str:
    signed, _, signature = token.rpartition(".")
    raw = decode_base64url(signature)
    s = int.from_bytes(raw[_HALF_SIGNATURE:])
    low = min(s, _P256_ORDER - s).to_bytes(_HALF_SIGNATURE)
    return f"{signed}.{encode_base64url(raw[:_HALF_SIGNATURE] + low)}"


def _find_key(header: dict[str, Any], ring: KeyRing) -> dict[str, str]:
    require(header.keys() == _HEADER, "header")
    require(header["alg"] == ALGORITHM and header["typ"] == TOKEN_TYPE, "header")
    jwk = ring.find(header["kid"])
    if jwk is None:
        raise InvalidToken("unknown_key")
    return jwk
