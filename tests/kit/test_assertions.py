"""Is a client assertion believed only when every claim of it is right?"""

import hashlib
import hmac
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from app.kit.assertions import Assertion, read_assertion, whose
from app.kit.claims import InvalidToken
from app.kit.keys import SigningKey, encode_base64url, public_key
from tests.kit.assertions import CLAIMS, CLIENT, ENDPOINT, HEADER, KEY, assertion, segment
from tests.kit.forgery import AT, MISSING, NOW, OTHER, change
from tests.kit.mutations import mutated

JWKS = {KEY.kid: KEY.public_jwk()}


def read(token: Any, jwks: Mapping[str, Mapping[str, str]] = JWKS) -> Assertion:
    return read_assertion(token, jwks, client=UUID(CLIENT), audience=ENDPOINT, now=NOW)


def reason(token: Any, jwks: Mapping[str, Mapping[str, str]] = JWKS) -> str | None:
    try:
        read(token, jwks)
    except InvalidToken as refused:
        return refused.reason
    return None


def test_a_right_one_is_believed() -> None:
    assert read(assertion()) == Assertion("en gång", datetime.fromtimestamp(AT + 301, UTC))
    assert whose(assertion()) == UUID(CLIENT)
    for more in ({"aud": [ENDPOINT]}, {"iat": MISSING}, {"nbf": AT}, {"iat": AT + 30}, {"exp": AT + 1}):
        assert reason(assertion(claims=change(CLAIMS, **more))) is None
    assert reason(assertion({**HEADER, "typ": "JWT"})) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": MISSING},
        {"iss": OTHER.kid},
        {"sub": MISSING},
        {"sub": "01890a5d-ac96-774b-bcce-b302099a8062"},
        {"sub": CLIENT.upper(), "iss": CLIENT.upper()},
        {"aud": MISSING},
        {"aud": ENDPOINT + "/"},
        {"aud": ENDPOINT.upper()},
        {"aud": [ENDPOINT, "https://other.example"]},
        {"aud": []},
        {"aud": {ENDPOINT: 1}},
        {"aud": None},
        {"exp": MISSING},
        {"exp": AT},
        {"exp": AT - 1},
        {"exp": AT + 301},
        {"exp": float(AT + 60)},
        {"exp": str(AT + 60)},
        {"exp": True},
        {"exp": None},
        {"exp": -1},
        {"exp": 10**30},
        {"jti": MISSING},
        {"jti": ""},
        {"jti": 1},
        {"jti": "x" * 201},
        {"iat": AT + 31},
        {"iat": "now"},
        {"nbf": AT + 31},
        {"nbf": float("inf")},
        {"role": "systemAdministrator"},
        {"scope": "program:read"},
    ],
    ids=count(),
)
def test_no_other_claims(wrong: dict[str, Any]) -> None:
    assert reason(assertion(claims=change(CLAIMS, **wrong))) is not None


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "RS256"},
        {"alg": MISSING},
        {"kid": MISSING},
        {"kid": OTHER.kid},
        {"kid": 1},
        {"kid": None},
        {"typ": "at+jwt"},
        {"typ": None},
        {"crit": ["exp"]},
        {"jku": "https://evil.example"},
        {"jwk": OTHER.public_jwk()},
        {"x5c": []},
        {"b64": False},
    ],
    ids=count(),
)
def test_no_other_header(header: dict[str, Any]) -> None:
    assert reason(assertion(change(HEADER, **header))) is not None


def test_only_the_accounts_own_keys_count() -> None:
    assert reason(assertion(key=OTHER)) == "refused"
    assert reason(assertion({**HEADER, "kid": OTHER.kid}, key=OTHER)) == "unknown_key"
    assert reason(assertion(), {}) == "unknown_key"
    signed = f"{segment({**HEADER, 'alg': 'HS256'})}.{segment(CLAIMS)}"
    secret = str(KEY.public_jwk()).encode()
    assert reason(f"{signed}.{encode_base64url(hmac.digest(secret, signed.encode(), hashlib.sha256))}") == "header"


@pytest.mark.parametrize(
    "token", ["", "..", "a.b.c", assertion() + "A" * 4096, assertion() + "=", None, "[" * 3000, "é.é.é"]
)
def test_nothing_else_is_one(token: Any) -> None:
    assert reason(token) is not None


@pytest.mark.parametrize("sub", [MISSING, 1, None, "", "x", CLIENT.upper(), f"{{{CLIENT}}}", [CLIENT]], ids=count())
def test_whom_it_speaks_for_is_an_id(sub: Any) -> None:
    with pytest.raises(InvalidToken):
        whose(assertion(claims=change(CLAIMS, sub=sub)))


@pytest.mark.parametrize("part", ["", "A" * 42, "A" * 43, "A" * 44, KEY.private_jwk["x"][:-1] + "é"], ids=count())
def test_what_is_no_point_of_the_curve_is_no_key(part: str) -> None:
    right = KEY.public_jwk()
    assert public_key(right["x"], right["y"]) == right
    with pytest.raises(ValueError):  # noqa: PT011  the library's own words
        public_key(part, right["y"])
    with pytest.raises(ValueError):  # noqa: PT011
        public_key(right["x"], SigningKey.generate().private_jwk["y"])


def test_a_thousand_mutated_assertions_are_refused() -> None:
    """A signature has two right spellings (s and n - s); the name in the claims makes each assertion count once."""
    chance = random.Random(20270302)  # noqa: S311  reproducible on purpose
    right, another = assertion(), assertion(claims={**CLAIMS, "jti": "en annan"})
    for token in mutated(chance, right, another, 1000):
        assert reason(token) is not None, token
