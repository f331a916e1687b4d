"""Has a partner's system signed that it is who it says? Client assertions (RFC 7523), read as strictly as our own tokens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.kit.claims import InvalidToken, require
from app.kit.keys import ALGORITHM
from app.kit.statements import read_statement, read_unverified
from app.kit.tokens import MAX_TOKEN_LENGTH

KIND = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MAX_AHEAD = 300  # seconds until an assertion must have expired
CLOCK_SKEW = 30  # seconds a client's clock may be ahead
MAX_JTI = 200  # characters
_REQUIRED = frozenset({"iss", "sub", "aud", "exp", "jti"})
_OPTIONAL = frozenset({"iat", "nbf"})


@dataclass(frozen=True)
class Assertion:
    """A believed assertion: under which name, and until when, it must not be taken again."""

    jti: str
    expires_at: datetime


def whose(assertion: str) -> UUID:
    """Which client does it speak for? Proved by nothing yet. Raises: InvalidToken."""
    claimed = read_unverified(assertion, most=MAX_TOKEN_LENGTH).get("sub")
    try:
        found = UUID(claimed)
    except (TypeError, ValueError, AttributeError):
        raise InvalidToken("claims") from None
    require(str(found) == claimed, "claims")
    return found


def read_assertion(
    assertion: str, jwks: Mapping[str, Mapping[str, str]], *, client: UUID, audience: str, now: datetime
) -> Assertion:
    """The assertion of `client` for `audience`, signed with one of its keys by `kid`. Raises: InvalidToken."""
    claims = read_statement(assertion, lambda kid: jwks.get(kid or ""), ALGORITHM, most=MAX_TOKEN_LENGTH)
    require(_REQUIRED <= claims.keys() <= _REQUIRED | _OPTIONAL, "claims")
    require(claims["iss"] == claims["sub"] == str(client), "claims")
    require(claims["aud"] in (audience, [audience]), "audience")
    require(type(claims["jti"]) is str and 0 < len(claims["jti"]) <= MAX_JTI, "claims")
    at = now.timestamp()
    expires = whole(claims["exp"])
    require(expires > at, "expired")
    require(expires <= at + MAX_AHEAD, "claims")
    for begins in _OPTIONAL & claims.keys():
        require(whole(claims[begins]) <= at + CLOCK_SKEW, "not_yet")
    return Assertion(claims["jti"], datetime.fromtimestamp(expires, UTC) + timedelta(seconds=1))


def whole(value: Any) -> int:
    """A whole number of seconds; neither `true` nor `1.0` is one. Raises: InvalidToken."""
    require(type(value) is int and value >= 0, "claims")
    return int(value)
