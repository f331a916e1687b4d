"""Whom does an identity provider say that this is? ID tokens (OpenID Connect Core 1.0) of providers that settings name.

Nothing that a token says decides where keys are fetched: only the settings do.
"""

import hmac
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from app.kit.assertions import CLOCK_SKEW, whole
from app.kit.claims import InvalidToken, require
from app.kit.keys import decode_base64url
from app.kit.outbound import CallFailed
from app.kit.statements import read_statement, read_unverified

Fetch = Callable[[str, int], bytes]
MAX_ID_TOKEN = 16_384  # characters: providers put groups and names in them
MAX_JWKS = 262_144  # bytes
MAX_AGE = 3600  # seconds since an ID token was issued
MAX_SUBJECT = 255  # characters; OpenID Connect Core 1.0, 2
FRESH = timedelta(hours=1)
KEPT = timedelta(hours=24)
BETWEEN_FETCHES = timedelta(minutes=1)
MIN_RSA_BYTES = 256  # 2048 bits
_KINDS = MappingProxyType(
    {"ES256": ("EC", ("crv", "x", "y")), "RS256": ("RSA", ("n", "e")), "PS256": ("RSA", ("n", "e"))}
)
_REQUIRED = frozenset({"iss", "sub", "aud", "exp", "iat", "nonce"})
_SECOND_FACTORS = frozenset({"mfa", "otp", "hwk", "swk", "sc", "fpt", "face"})  # RFC 8176


class ProviderUnreachable(Exception):  # noqa: N818  it is unreachable; the caller may try again
    """The provider's keys cannot be fetched and none are kept."""


@dataclass(frozen=True)
class Provider:
    """An identity provider that is trusted to say who somebody is, as the settings describe it."""

    issuer: str
    client_id: str
    jwks_url: str
    algorithm: str = "RS256"
    strong_acr: tuple[str, ...] = ()
    """Values of `acr` that mean more than one factor, at this provider."""


@dataclass(frozen=True)
class Identity:
    """A believed ID token. `methods` are what our access tokens say of it (`amr`)."""

    issuer: str
    subject: str
    methods: tuple[str, ...]
    expires_at: datetime


@dataclass
class _Kept:
    keys: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fetched_at: datetime | None = None
    tried_at: datetime | None = None

    def find(self, kid: str | None) -> Mapping[str, str] | None:
        if kid is None:
            return next(iter(self.keys.values())) if len(self.keys) == 1 else None
        return self.keys.get(kid)


class Keys:
    """One provider's public keys by `kid`: kept for an hour, and for a day when the provider cannot be reached."""

    def __init__(self, provider: Provider, fetch: Fetch) -> None:
        self._provider = provider
        self._fetch_document = fetch
        self._kept = _Kept()
        self._lock = threading.Lock()

    def find(self, kid: str | None, now: datetime) -> Mapping[str, str] | None:
        """The key; fetched anew when the kept ones are old or do not hold it. Raises: ProviderUnreachable.

        A token that names no key is verified with the only one there is (OpenID Connect Core 1.0, 10.1).
        """
        with self._lock:
            kept = self._kept
            is_fresh = kept.fetched_at is not None and now - kept.fetched_at < FRESH
            may_fetch = kept.tried_at is None or not timedelta() <= now - kept.tried_at < BETWEEN_FETCHES
            if may_fetch and not (is_fresh and kept.find(kid)):
                self._fetch(now)
            if kept.fetched_at is None or now - kept.fetched_at >= KEPT:
                raise ProviderUnreachable
            return kept.find(kid)

    def _fetch(self, now: datetime) -> None:
        self._kept.tried_at = now
        try:
            found = json.loads(self._fetch_document(self._provider.jwks_url, MAX_JWKS))
            self._kept.keys = _usable(found, self._provider.algorithm)
        except (CallFailed, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return
        self._kept.fetched_at = now


class IdentityProviders:
    """The providers that are trusted, by issuer. Safe to share between threads."""

    def __init__(self, providers: Iterable[Provider], fetch: Fetch) -> None:
        """`fetch` gets a document of at most so many bytes, and reaches no private network. Raises: CallFailed."""
        self._known = {one.issuer: (one, Keys(one, fetch)) for one in providers}

    def knows(self, issuer: str) -> bool:
        return issuer in self._known

    def read(self, token: str, nonce: str, now: datetime) -> Identity:
        """Whom a provider means. Raises: InvalidToken; ProviderUnreachable."""
        issuer = read_unverified(token, most=MAX_ID_TOKEN).get("iss")
        found = self._known.get(issuer) if isinstance(issuer, str) else None
        if found is None:
            raise InvalidToken("issuer")
        provider, keys = found
        claims = read_statement(token, lambda kid: keys.find(kid, now), provider.algorithm, most=MAX_ID_TOKEN)
        _check(claims, provider, nonce, now)
        expires = datetime.fromtimestamp(min(claims["exp"], claims["iat"] + MAX_AGE), UTC)
        return Identity(provider.issuer, claims["sub"], _methods(claims, provider), expires + timedelta(seconds=1))


def _check(claims: dict[str, Any], provider: Provider, nonce: str, now: datetime) -> None:
    require(claims.keys() >= _REQUIRED, "claims")
    require(claims["iss"] == provider.issuer, "issuer")
    require(claims["aud"] in (provider.client_id, [provider.client_id]), "audience")
    require(claims.get("azp", provider.client_id) == provider.client_id, "audience")
    require(type(claims["sub"]) is str and 0 < len(claims["sub"]) <= MAX_SUBJECT, "claims")
    require(type(claims["nonce"]) is str, "claims")
    require(hmac.compare_digest(claims["nonce"].encode("utf-8", "surrogatepass"), nonce.encode()), "nonce")
    at, issued = now.timestamp(), whole(claims["iat"])
    require(at < whole(claims["exp"]) and at < issued + MAX_AGE, "expired")
    require(issued <= at + CLOCK_SKEW and whole(claims.get("nbf", issued)) <= at + CLOCK_SKEW, "not_yet")


def _methods(claims: dict[str, Any], provider: Provider) -> tuple[str, ...]:
    """`fed` is ours: another has looked; `mfa` when the provider says that it was by more than one factor."""
    said = claims.get("amr")
    methods = {one for one in said if isinstance(one, str)} if isinstance(said, list) else set()
    is_strong = bool(methods & _SECOND_FACTORS) or claims.get("acr") in provider.strong_acr
    return ("fed", "mfa") if is_strong else ("fed",)


def _usable(document: Any, algorithm: str) -> dict[str, dict[str, str]]:
    """The keys that may verify with this algorithm, reduced to what is needed. Others, secret ones too, are dropped."""
    kind, members = _KINDS[algorithm]
    found = {}
    for jwk in document["keys"]:
        is_fitting = (
            jwk.get("kty") == kind and jwk.get("use", "sig") == "sig" and jwk.get("alg", algorithm) == algorithm
        )
        if is_fitting and isinstance(jwk.get("kid", ""), str) and _is_strong(jwk, kind):
            found[jwk.get("kid", "")] = {"kty": kind, "alg": algorithm, **{name: str(jwk[name]) for name in members}}
    return found


def _is_strong(jwk: dict[str, Any], kind: str) -> bool:
    try:
        return jwk["crv"] == "P-256" if kind == "EC" else len(decode_base64url(jwk["n"])) >= MIN_RSA_BYTES
    except (KeyError, ValueError, TypeError):
        return False
