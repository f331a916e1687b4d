"""Is every forged or damaged token refused, and never with anything but InvalidToken?"""

import hashlib
import hmac
import json
import random
from itertools import count
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from app.kit.ids import new_id
from app.kit.keys import decode_base64url, encode_base64url
from app.kit.tokens import InvalidToken, KeyRing, TokenIssuer, TokenVerifier
from tests.kit.forgery import (
    AUDIENCE,
    CLAIMS,
    HEADER,
    ISSUER,
    KEY,
    MISSING,
    NOW,
    ORDER,
    OTHER,
    RING,
    change,
    find_reason,
    private_key,
    segment,
    sign,
)
from tests.kit.mutations import mutated


def _hs256(secret: bytes, header: dict[str, str]) -> str:
    signed = f"{segment(header)}.{segment(CLAIMS)}"
    return f"{signed}.{encode_base64url(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def test_the_forger_can_make_a_right_token() -> None:
    """Without this, every refusal below might have a trivial cause."""
    assert find_reason(sign()) is None


_PUBLIC = private_key(KEY).public_key()
_DER = _PUBLIC.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
_PEM = _PUBLIC.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
_POINT = _PUBLIC.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
_SSH = _PUBLIC.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)


@pytest.mark.parametrize("alg", ["HS256", "ES256"])
@pytest.mark.parametrize(
    "secret",
    [_DER, _PEM, _PEM.strip(), _POINT, _SSH, json.dumps(KEY.public_jwk()).encode(), KEY.kid.encode(), b"", b"\0"],
    ids=["der", "pem", "pem-stripped", "point", "ssh", "jwk", "kid", "empty", "nul"],
)
def test_a_public_key_is_no_hmac_secret(alg: str, secret: bytes) -> None:
    assert find_reason(_hs256(secret, {**HEADER, "alg": alg})) is not None


_ALGORITHMS = ["none", "None", "NONE", "nOnE", "", "HS256", "HS384", "HS512", "RS256", "ES384", "ES512", "es256"]


@pytest.mark.parametrize("alg", [*_ALGORITHMS, "ES256 ", "EdDSA", None, 0, True, ["ES256"], {"ES256": 1}, MISSING])
def test_no_other_algorithm(alg: Any) -> None:
    header = change(HEADER, alg=alg)
    unsigned = f"{segment(header)}.{segment(CLAIMS)}"
    assert find_reason(sign(header)) == "header"
    assert find_reason(unsigned + ".") is not None
    assert find_reason(unsigned + "." + encode_base64url(b"\0" * 64)) is not None


@pytest.mark.parametrize(
    "extra",
    [
        {"crit": ["exp"]},
        {"crit": []},
        {"jku": "https://evil.example/jwks.json"},
        {"jwk": OTHER.public_jwk()},
        {"x5u": "https://evil.example/cert.pem"},
        {"x5c": ["MIIB"]},
        {"x5t": "abc"},
        {"b64": False},
        {"zip": "DEF"},
        {"enc": "A256GCM"},
        {"cty": "JWT"},
        {"unknown": 1},
        {"Alg": "none"},
    ],
)
def test_no_other_header(extra: dict[str, Any]) -> None:
    assert find_reason(sign({**HEADER, **extra})) == "header"


@pytest.mark.parametrize("typ", ["JWT", "jwt", "AT+JWT", "application/at+jwt", "refresh+jwt", "", None, 1, MISSING])
def test_no_other_type(typ: Any) -> None:
    assert find_reason(sign(change(HEADER, typ=typ))) == "header"


@pytest.mark.parametrize(
    "kid",
    [
        OTHER.kid,
        "",
        "../../../../dev/null",
        "/dev/null",
        f"../{KEY.kid}",
        f"{KEY.kid}\0",
        f" {KEY.kid}",
        "' OR 1=1 --",
        "x" * 2000,
        None,
        0,
        True,
        [KEY.kid],
        {KEY.kid: 1},
        "\ud800",
    ],
    ids=count(),
)
def test_no_unknown_key(kid: Any) -> None:
    assert find_reason(sign({**HEADER, "kid": kid})) in {"unknown_key", "malformed"}


def test_no_other_keys_signature() -> None:
    assert find_reason(sign(key=OTHER)) == "refused"
    both = KeyRing(KEY, {OTHER.kid: OTHER.public_jwk()})
    assert find_reason(sign(key=OTHER), both) == "refused"
    assert find_reason(sign({**HEADER, "kid": OTHER.kid}, key=OTHER), both) is None


@pytest.mark.parametrize(
    "raw",
    [
        f'{{"alg":"none","alg":"ES256","kid":"{KEY.kid}","typ":"at+jwt"}}',
        f'{{"alg":"ES256","kid":"x","kid":"{KEY.kid}","typ":"at+jwt"}}',
        f'{{"alg":"ES256","alg":"ES256","kid":"{KEY.kid}","typ":"at+jwt"}}',
        "[]",
        "null",
        '"ES256"',
        "1",
        "{}",
        "{",
        "NaN",
        "\ufeff" + json.dumps(HEADER),
        json.dumps(HEADER) + "x",
        "[" * 2500,
        '{"alg":' + "[" * 2400,
        '{"a":' * 500,
    ],
    ids=count(),
)
def test_no_odd_header_document(raw: str) -> None:
    assert find_reason(sign(raw.encode())) in {"malformed", "header"}


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-32"])
def test_no_other_character_coding(coding: str) -> None:
    assert find_reason(sign(json.dumps(HEADER).encode(coding))) == "malformed"
    assert find_reason(sign(claims=json.dumps({"iss": ISSUER}).encode(coding))) == "malformed"
    assert find_reason(sign(json.dumps(HEADER).encode() + b"\xff")) == "malformed"


def test_the_other_right_signature_is_no_second_spelling() -> None:
    signed, _, signature = sign().rpartition(".")
    raw = decode_base64url(signature)
    high = (ORDER - int.from_bytes(raw[32:])).to_bytes(32)
    assert find_reason(f"{signed}.{encode_base64url(raw[:32] + high)}") == "malformed"


@pytest.mark.parametrize(
    "signature",
    [b"\0" * 64, b"\0" * 63, b"\0" * 65, b"\xff" * 64, b"\0" * 31 + b"\x01" + b"\0" * 31 + b"\x01", KEY.kid.encode()],
    ids=count(),
)
def test_no_made_up_signature(signature: bytes) -> None:
    assert find_reason(f"{segment(HEADER)}.{segment(CLAIMS)}.{encode_base64url(signature)}") is not None


def test_no_der_signature() -> None:
    signed = f"{segment(HEADER)}.{segment(CLAIMS)}"
    der = private_key(KEY).sign(signed.encode(), ec.ECDSA(hashes.SHA256()))
    assert find_reason(f"{signed}.{encode_base64url(der)}") == "malformed"


_RIGHT = sign()
_PARTS = _RIGHT.split(".")


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        "null",
        "mrt_" + "A" * 43,
        "A" * 43,
        _RIGHT + ".",
        "." + _RIGHT,
        _RIGHT + "." + _PARTS[2],
        ".".join(_PARTS[:2]),
        ".".join([*_PARTS[:2], ""]),
        ".".join(["", *_PARTS[1:]]),
        f"{_PARTS[0]}..{_PARTS[2]}",
        f"{_PARTS[1]}.{_PARTS[0]}.{_PARTS[2]}",
        f"{_PARTS[0]}.{segment({**CLAIMS, 'role': 'systemAdministrator'})}.{_PARTS[2]}",
        _RIGHT + "=",
        _RIGHT + "==",
        _RIGHT + "\n",
        " " + _RIGHT,
        "Bearer " + _RIGHT,
        _RIGHT + "\0",
        _RIGHT.replace(".", "\u3002"),
        _RIGHT.replace("a", "а"),
        _RIGHT + "\ud800",
        "A" * 4097,
        _RIGHT + "A" * 4096,
        "." * 4096,
    ],
    ids=count(),
)
def test_no_damaged_token(token: str) -> None:
    assert find_reason(token) is not None


@pytest.mark.parametrize("token", [None, 1, b"", _RIGHT.encode(), [], object()], ids=count())
def test_nothing_but_text_is_a_token(token: Any) -> None:
    assert find_reason(token) == "malformed"


def test_the_longest_token_has_4096_bytes() -> None:
    def with_role(length: int) -> str:
        return sign(claims={**CLAIMS, "role": "x" * length})

    longest = max((with_role(length) for length in range(2400, 2700)), key=lambda t: len(t) if len(t) <= 4096 else 0)
    assert 4094 <= len(longest) <= 4096
    assert find_reason(longest) is None
    assert find_reason(with_role(2700)) == "too_long"


@given(st.text(max_size=200) | st.lists(st.text("AZaz09_-", max_size=60), min_size=3, max_size=3).map(".".join))
def test_any_text_is_refused_in_one_way(token: str) -> None:
    assert find_reason(token) is not None


_ANOTHER_RIGHT = sign(claims={**CLAIMS, "role": "mentor"})


def test_two_thousand_mutated_tokens_are_refused() -> None:
    chance = random.Random(20270301)  # noqa: S311  reproducible on purpose
    verifier = TokenVerifier(lambda: RING, ISSUER, AUDIENCE)
    right = TokenIssuer(RING, ISSUER, AUDIENCE).issue(sub=new_id(), role="coordinator", ver=3, now=NOW)
    accepted = []
    for token in mutated(chance, right, _ANOTHER_RIGHT, 2000):
        try:
            accepted.append(verifier.verify(token, NOW))
        except InvalidToken:
            continue
    assert accepted == []
    assert verifier.verify(right, NOW).role == "coordinator"
