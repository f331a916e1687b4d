"""What has somebody else signed? ID tokens and client assertions: one key, one algorithm, no header but the known ones.

What the claims must say is judged by whoever asked for them (app/kit/assertions.py, app/kit/oidc.py).
"""

from collections.abc import Callable, Mapping
from typing import Any

from app.kit.claims import InvalidToken, require
from app.kit.keys import decode_base64url
from app.kit.tokens import read_json, read_signed

_HEADER = frozenset({"alg", "kid", "typ", "x5t"})  # the last is a name of the key, which some providers add; not read


def read_statement(
    token: str, key_of: Callable[[str | None], Mapping[str, str] | None], algorithm: str, *, most: int
) -> dict[str, Any]:
    """What somebody else has signed (an ID token, a client assertion): its claims, their types not judged yet.

    `key_of` finds the public JWK for a `kid` (None when the token names none); `algorithm` is the one that is accepted. Raises: InvalidToken for
    anything that is wrong with the token; what `key_of` raises besides passes through.
    """
    header = _attempt(lambda: _statement_header(token, algorithm, most))
    jwk = key_of(header.get("kid"))
    require(jwk is not None, "unknown_key")
    return _attempt(lambda: read_signed(token, dict(jwk or {}), algorithm))


def read_unverified(token: str, *, most: int) -> dict[str, Any]:
    """What a token says before anybody has proved it: to find whose key to ask. Raises: InvalidToken."""

    def read() -> dict[str, Any]:
        require(len(token) <= most, "too_long")
        _, payload, _ = token.split(".")
        return read_json(decode_base64url(payload))

    return _attempt(read)


def _attempt(read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return read()
    except InvalidToken:
        raise
    except Exception:  # noqa: BLE001  as in `TokenVerifier.verify`
        raise InvalidToken("malformed") from None


def _statement_header(token: str, algorithm: str, most: int) -> dict[str, Any]:
    require(len(token) <= most, "too_long")
    head, payload, signature = token.encode("ascii").decode("ascii").split(".")
    for part in (payload, signature):
        decode_base64url(part)
    header = read_json(decode_base64url(head))
    require(header.keys() <= _HEADER, "header")
    require(header.get("alg") == algorithm and header.get("typ", "JWT") == "JWT", "header")
    require(type(header.get("kid", "")) is str, "header")
    return header
