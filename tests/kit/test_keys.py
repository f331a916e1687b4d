"""Do keys survive storage, and can nothing but public ES256 keys enter a ring?"""

import base64
import hashlib
import json
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.keys import KeyRing, SigningKey, decode_base64url, encode_base64url

_KEY = SigningKey.generate()
_OTHER = SigningKey.generate()


def test_a_key_survives_storage() -> None:
    assert SigningKey.from_json(_KEY.to_json()) == _KEY


def test_every_generated_key_is_its_own() -> None:
    assert len({SigningKey.generate().kid for _ in range(20)}) == 20


def test_the_kid_is_the_rfc_7638_thumbprint() -> None:
    jwk = _KEY.public_jwk()
    canonical = f'{{"crv":"P-256","kty":"EC","x":"{jwk["x"]}","y":"{jwk["y"]}"}}'
    assert base64.urlsafe_b64decode(_KEY.kid + "=") == hashlib.sha256(canonical.encode()).digest()


def test_nothing_shown_or_published_holds_the_private_part() -> None:
    secret = _KEY.private_jwk["d"]
    assert secret not in repr(_KEY)
    assert secret not in repr(KeyRing(_KEY))
    assert secret not in json.dumps(_KEY.public_jwk())
    assert secret not in json.dumps(KeyRing(_KEY).jwks())


@pytest.mark.parametrize(
    "change",
    [
        {"d": _OTHER.private_jwk["d"]},
        {"x": _OTHER.private_jwk["x"]},
        {"kid": "mine"},
        {"d": ""},
        {"d": encode_base64url(b"\0" * 32)},
        {"d": 5},
        {"kty": "oct"},
        {"alg": "HS256"},
        {"extra": "1"},
    ],
)
def test_a_tampered_stored_key_is_refused_without_its_text(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^not a stored signing key$"):
        SigningKey.from_json(json.dumps({**_KEY.private_jwk, **change}))


@pytest.mark.parametrize("stored", ["", "null", "[]", "{}", "[" * 5000, json.dumps(_KEY.public_jwk())], ids=count())
def test_anything_else_is_no_stored_key(stored: str) -> None:
    with pytest.raises(ValueError, match=r"^not a stored signing key$"):
        SigningKey.from_json(stored)


def test_a_ring_finds_its_active_and_its_other_keys_only() -> None:
    ring = KeyRing(_KEY, {_OTHER.kid: _OTHER.public_jwk()})
    assert ring.find(_KEY.kid) == _KEY.public_jwk()
    assert ring.find(_OTHER.kid) == _OTHER.public_jwk()
    assert ring.find("../../" + _KEY.kid) is None


def test_the_published_document_lists_each_key_once() -> None:
    ring = KeyRing(_KEY, {_OTHER.kid: _OTHER.public_jwk(), _KEY.kid: _KEY.public_jwk()})
    listed = ring.jwks()["keys"]
    assert sorted(jwk["kid"] for jwk in listed) == sorted([_KEY.kid, _OTHER.kid])
    assert all(set(jwk) == {"kty", "crv", "alg", "use", "kid", "x", "y"} for jwk in listed)


@pytest.mark.parametrize(
    ("kid", "jwk"),
    [
        (_OTHER.kid, dict(_OTHER.private_jwk)),
        ("another", _OTHER.public_jwk()),
        (_OTHER.kid, {**_OTHER.public_jwk(), "alg": "HS256"}),
        (_OTHER.kid, {**_OTHER.public_jwk(), "crv": "P-384"}),
        (_OTHER.kid, {**_OTHER.public_jwk(), "use": "enc"}),
        (_OTHER.kid, {"kty": "oct", "k": "", "kid": _OTHER.kid}),
        (_OTHER.kid, {**_OTHER.public_jwk(), "keys": "[]"}),
        (_OTHER.kid, {}),
    ],
    ids=count(),
)
def test_a_ring_refuses_all_but_public_es256_keys(kid: str, jwk: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="public ES256 keys"):
        KeyRing(_KEY, {kid: jwk})


@given(st.binary(min_size=1, max_size=80))
def test_base64url_returns_what_went_in(raw: bytes) -> None:
    assert decode_base64url(encode_base64url(raw)) == raw


@pytest.mark.parametrize("encoded", ["", "=", "QQ==", "QR", "Q", "Q Q", "QQ\n", "Q+8", "Q/8", "ÅÅ", "QQ\0"])
def test_base64url_has_one_spelling(encoded: str) -> None:
    with pytest.raises(ValueError, match=r"base64|characters"):
        decode_base64url(encoded)


def test_a_derived_secret_belongs_to_one_key_and_one_purpose() -> None:
    made = _KEY.derive(b"cursors")
    assert len(made) == 32
    assert made == SigningKey.from_json(_KEY.to_json()).derive(b"cursors")
    assert len({made, _KEY.derive(b"other"), _OTHER.derive(b"cursors")}) == 3
