"""What does an access token say, taken strictly?

Unknown claims, missing claims and values of nearly the right type are refused: `true` is no number here.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

MAX_LIFETIME = 600  # seconds
_CLOCK_SKEW = 30  # seconds another node's clock may be ahead

_REQUIRED = frozenset({"iss", "aud", "sub", "jti", "iat", "nbf", "exp", "role", "ver", "amr"})
_OPTIONAL = frozenset({"sid", "partner", "scope", "client_id"})


class InvalidToken(Exception):  # noqa: N818  the token is invalid; nothing went wrong here
    """The token is not believed. `reason` is a fixed word for counting, never for the caller and never personal."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Claims:
    """What a believed token says: a ceiling, never the authority itself. Times are seconds since 1970 UTC.

    `scope` None means no ceiling by scope; an empty set means nothing is allowed.
    """

    sub: UUID
    sid: UUID | None
    jti: UUID
    role: str
    partner: UUID | None
    ver: int
    iat: int
    exp: int
    scope: frozenset[str] | None
    client_id: str | None
    amr: tuple[str, ...]


def require(is_right: bool, reason: str) -> None:  # noqa: FBT001  reads as a sentence at every call
    if not is_right:
        raise InvalidToken(reason)


def check_times(claims: Claims, at: int) -> None:
    """InvalidToken unless the token lives at `at`, in seconds since 1970 UTC."""
    require(claims.iat <= at + _CLOCK_SKEW, "not_yet")
    require(at < claims.exp, "expired")


def read_claims(claims: dict[str, Any]) -> Claims:
    """The claims as values; InvalidToken or ValueError for any claim too many, too few or of another type.

    Who issued the token and for whom is not judged here.
    """
    require(_REQUIRED <= claims.keys() <= _REQUIRED | _OPTIONAL, "claims")
    iat, nbf, exp = (_whole(claims[claim]) for claim in ("iat", "nbf", "exp"))
    # Valid from the start: with nbf ≤ iat the check of iat is a check of nbf as well.
    require(nbf <= iat < exp <= iat + MAX_LIFETIME, "claims")
    return Claims(
        sub=_uuid(claims["sub"]),
        sid=_uuid(claims["sid"]) if "sid" in claims else None,
        jti=_uuid(claims["jti"]),
        role=_word(claims["role"]),
        partner=_uuid(claims["partner"]) if "partner" in claims else None,
        ver=_whole(claims["ver"]),
        iat=iat,
        exp=exp,
        scope=_scopes(claims["scope"]) if "scope" in claims else None,
        client_id=_word(claims["client_id"]) if "client_id" in claims else None,
        amr=_words(claims["amr"]),
    )


def _whole(value: Any) -> int:
    require(type(value) is int and value >= 0, "claims")  # `type`, because True is an int as well
    return int(value)


def _word(value: Any) -> str:
    require(type(value) is str and value != "", "claims")
    return str(value)


def _words(value: Any) -> tuple[str, ...]:
    require(type(value) is list, "claims")
    return tuple(_word(item) for item in value)


def _uuid(value: Any) -> UUID:
    found = UUID(_word(value))
    require(str(found) == value, "claims")  # one spelling only
    return found


def _scopes(value: Any) -> frozenset[str]:
    require(type(value) is str, "claims")
    scopes = value.split()
    require(" ".join(sorted(set(scopes))) == value, "claims")
    return frozenset(scopes)
