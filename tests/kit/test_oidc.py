"""Is an ID token believed only from a provider that the settings name, and are its keys fetched as promised?"""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from app.kit.claims import InvalidToken
from app.kit.keys import encode_base64url
from app.kit.oidc import MAX_JWKS, IdentityProviders, Provider, ProviderUnreachable
from tests.kit.fetching import fetched_by
from tests.kit.forgery import AT, KEY, MISSING, NOW, OTHER, change, segment, sign
from tests.kit.mutations import mutated

ISSUER, CLIENT, URL, NONCE = (
    "https://login.example",
    "mentorskap",
    "https://login.example/jwks",
    "en gång bara, och aldrig mer",
)
RSA = rsa.generate_private_key(65537, 2048)
HEADER = {"alg": "RS256", "kid": "rsa", "typ": "JWT"}
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "sub": "248289761001",
    "aud": CLIENT,
    "iat": AT,
    "exp": AT + 300,
    "nonce": NONCE,
    "email": "nagon@example.org",
    "name": "Påhittad",
}


def public(key: rsa.RSAPrivateKey, **over: Any) -> dict[str, Any]:
    numbers = key.public_key().public_numbers()
    n, e = (encode_base64url(one.to_bytes((one.bit_length() + 7) // 8)) for one in (numbers.n, numbers.e))
    return change({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "rsa", "n": n, "e": e}, **over)


def signed(header: Any = HEADER, claims: Any = CLAIMS, key: rsa.RSAPrivateKey = RSA) -> str:
    text = f"{segment(header)}.{segment(claims)}"
    is_pss = isinstance(header, dict) and header.get("alg") == "PS256"
    how = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if is_pss else padding.PKCS1v15()
    return f"{text}.{encode_base64url(key.sign(text.encode(), how, hashes.SHA256()))}"


class Site:
    """What is at the provider's address, and how often it was asked for."""

    def __init__(self, *keys: Any) -> None:
        self.answer: Callable[[], httpx.Response] = lambda: httpx.Response(200, json={"keys": list(keys)})
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        return self.answer()

    def trusted(self, algorithm: str = "RS256", **over: Any) -> IdentityProviders:
        provider = Provider(ISSUER, CLIENT, URL, algorithm, **over)
        return IdentityProviders([provider], fetched_by(httpx.MockTransport(self)))


def reason(providers: IdentityProviders, token: Any, nonce: str = NONCE, now: datetime = NOW) -> str | None:
    try:
        providers.read(token, nonce, now)
    except InvalidToken as refused:
        return refused.reason
    return None


@pytest.fixture(scope="module")
def providers() -> IdentityProviders:
    return Site(public(RSA)).trusted()


def test_a_right_one_is_believed(providers: IdentityProviders) -> None:
    found = providers.read(signed(), NONCE, NOW)
    assert (found.issuer, found.subject, found.methods) == (ISSUER, "248289761001", ("fed",))
    assert found.expires_at == datetime.fromtimestamp(AT + 301, UTC)
    assert providers.knows(ISSUER)
    assert not providers.knows(ISSUER + "/")
    for more in ({"aud": [CLIENT]}, {"azp": CLIENT}, {"nbf": AT}, {"iat": AT + 30}, {"exp": AT + 10**6}):
        assert reason(providers, signed(claims=change(CLAIMS, **more))) is None
    assert reason(providers, signed({**HEADER, "x5t": "abc"})) is None


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256"])
def test_each_algorithm_is_accepted_from_its_provider_alone(algorithm: str) -> None:
    keys = [public(RSA, alg=MISSING), {**KEY.public_jwk(), "kid": "ec"}]
    providers = Site(*keys).trusted(algorithm)
    by_alg = {
        "RS256": signed(),
        "PS256": signed({**HEADER, "alg": "PS256"}),
        "ES256": sign({"alg": "ES256", "kid": "ec", "typ": "JWT"}, CLAIMS),
    }
    assert {name for name, token in by_alg.items() if reason(providers, token) is None} == {algorithm}
    head, _, signature = by_alg[algorithm].split(".")
    assert reason(providers, f"{head}.{segment({**CLAIMS, 'sub': 'annan'})}.{signature}") is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": MISSING},
        {"iss": ISSUER + "/"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"iss": [ISSUER]},
        {"aud": MISSING},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"aud": []},
        {"azp": "another"},
        {"sub": MISSING},
        {"sub": ""},
        {"sub": 248289761001},
        {"sub": "x" * 256},
        {"nonce": MISSING},
        {"nonce": NONCE + " "},
        {"nonce": ""},
        {"nonce": None},
        {"nonce": [NONCE]},
        {"exp": MISSING},
        {"exp": AT},
        {"exp": str(AT + 300)},
        {"exp": float(AT + 300)},
        {"exp": True},
        {"exp": None},
        {"iat": MISSING},
        {"iat": AT + 31},
        {"iat": AT - 3600},
        {"iat": "x"},
        {"nbf": AT + 31},
        {"nbf": "x"},
    ],
    ids=count(),
)
def test_no_other_claims(providers: IdentityProviders, wrong: dict[str, Any]) -> None:
    assert reason(providers, signed(claims=change(CLAIMS, **wrong))) is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "RS512"},
        {"alg": "PS256"},
        {"alg": MISSING},
        {"kid": "unknown"},
        {"kid": 1},
        {"kid": None},
        {"typ": "at+jwt"},
        {"typ": "logout+jwt"},
        {"crit": ["exp"]},
        {"jku": "https://evil.example"},
        {"jwk": KEY.public_jwk()},
        {"x5u": "https://evil.example"},
        {"zip": "DEF"},
    ],
    ids=count(),
)
def test_no_other_header(providers: IdentityProviders, wrong: dict[str, Any]) -> None:
    assert reason(providers, signed(change(HEADER, **wrong))) is not None


def test_a_token_that_names_no_key_takes_the_only_one() -> None:
    nameless = change(HEADER, kid=MISSING)
    assert reason(Site(public(RSA)).trusted(), signed(nameless)) is None
    assert reason(Site(public(RSA, kid=MISSING)).trusted(), signed(nameless)) is None
    assert reason(Site(public(RSA), public(RSA, kid="b")).trusted(), signed(nameless)) == "unknown_key"


def test_keys_that_are_weak_secret_or_for_something_else_are_dropped() -> None:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505  that is the point
    useless = [
        public(weak, kid="weak"),
        public(RSA, kid="enc", use="enc"),
        public(RSA, kid="alg", alg="RS512"),
        public(RSA, kid=7),
        {"kty": "oct", "kid": "oct", "k": "c2VjcmV0"},
        {"kty": "RSA", "kid": "half", "e": "AQAB"},
        {"kty": "EC", "kid": "curve", "crv": "P-384", "x": "AA", "y": "AA"},
    ]
    site = Site(*useless, public(RSA))
    providers = site.trusted()
    assert reason(providers, signed()) is None
    for kid in ("weak", "enc", "alg", "oct", "half", "curve", 7):
        assert reason(providers, signed({**HEADER, "kid": kid}, key=weak if kid == "weak" else RSA)) is not None


def test_keys_are_kept_for_an_hour_and_new_ones_found_within_a_minute() -> None:
    site = Site(public(RSA))
    providers = site.trusted()
    for minutes in range(0, 60, 5):
        assert reason(providers, signed(), now=NOW + timedelta(minutes=minutes / 100)) is None
    assert site.asked == [URL]
    fresh = rsa.generate_private_key(65537, 2048)
    site.answer = lambda: httpx.Response(200, json={"keys": [public(RSA), public(fresh, kid="fresh")]})
    token = signed({**HEADER, "kid": "fresh"}, key=fresh)
    assert reason(providers, token, now=NOW + timedelta(seconds=59)) == "unknown_key"
    assert len(site.asked) == 1, "an unknown name is no way to make us ask often"
    assert reason(providers, token, now=NOW + timedelta(seconds=61)) is None
    assert len(site.asked) == 2
    for second in range(62, 120):
        assert (
            reason(providers, signed({**HEADER, "kid": f"x{second}"}), now=NOW + timedelta(seconds=second)) is not None
        )
    assert len(site.asked) == 2
    later = NOW + timedelta(minutes=70)
    claims = {**CLAIMS, "iat": AT + 4200, "exp": AT + 4500}
    assert reason(providers, signed(claims=claims), now=later) is None
    assert len(site.asked) == 3


@pytest.mark.parametrize(
    "answer",
    [
        lambda: httpx.Response(500),
        lambda: httpx.Response(302, headers={"location": "https://evil.example/jwks"}),
        lambda: httpx.Response(200, content=b"x" * (MAX_JWKS + 1)),
        lambda: httpx.Response(200, content=json.dumps({"keys": [], "x": "x" * MAX_JWKS}).encode()),
        lambda: httpx.Response(200, content=b"[" * 100_000),
        lambda: httpx.Response(200, json=[]),
        lambda: httpx.Response(200, json={"keys": 1}),
        lambda: httpx.Response(200, json={"keys": ["x"]}),
        lambda: httpx.Response(200, content=b"\xff"),
    ],
    ids=count(),
)
def test_the_last_good_keys_are_kept_for_a_day(answer: Callable[[], httpx.Response]) -> None:
    broken, site = Site(), Site(public(RSA))
    broken.answer = answer
    with pytest.raises(ProviderUnreachable):
        broken.trusted().read(signed(), NONCE, NOW)
    providers = site.trusted()
    assert reason(providers, signed()) is None
    site.answer = answer
    for hours, is_kept in ((2, True), (23, True), (24, False)):
        at = AT + hours * 3600
        token = signed(claims={**CLAIMS, "iat": at, "exp": at + 300})
        if is_kept:
            assert reason(providers, token, now=NOW + timedelta(hours=hours)) is None
        else:
            with pytest.raises(ProviderUnreachable):
                providers.read(token, NONCE, NOW + timedelta(hours=hours))
    assert set(site.asked) == {URL}, "redirects are not followed"


def test_a_provider_that_cannot_be_reached_is_no_fault_of_ours() -> None:
    def fail() -> httpx.Response:
        raise httpx.ConnectTimeout("slow")

    site = Site()
    site.answer = fail
    with pytest.raises(ProviderUnreachable):
        site.trusted().read(signed(), NONCE, NOW)


@pytest.mark.parametrize(
    ("claims", "is_strong"),
    [
        ({"amr": ["pwd"]}, False),
        ({"amr": ["pwd", "otp"]}, True),
        ({"amr": ["mfa"]}, True),
        ({"amr": "mfa"}, False),
        ({"amr": [1, None]}, False),
        ({"acr": "loa3"}, True),
        ({"acr": "loa2"}, False),
        ({"acr": None}, False),
    ],
)
def test_more_than_one_factor_is_what_the_provider_says_in_words_that_we_know(
    claims: dict[str, Any], is_strong: object
) -> None:
    providers = Site(public(RSA)).trusted(strong_acr=("loa3", "loa4"))
    found = providers.read(signed(claims={**CLAIMS, **claims}), NONCE, NOW)
    assert found.methods == (("fed", "mfa") if is_strong else ("fed",))


@pytest.mark.parametrize("token", ["", "..", "a.b.c", None, b"", "A" * 16385, "é.é.é", "[" * 3000], ids=count())
def test_nothing_else_is_one(providers: IdentityProviders, token: Any) -> None:
    assert reason(providers, token) is not None


def test_our_own_tokens_and_another_keys_are_none(providers: IdentityProviders) -> None:
    stranger = rsa.generate_private_key(65537, 2048)
    assert reason(providers, signed(key=stranger)) == "refused"
    assert reason(providers, sign({"alg": "ES256", "kid": OTHER.kid, "typ": "JWT"}, CLAIMS, OTHER)) == "header"


def test_a_thousand_mutated_tokens_are_refused(providers: IdentityProviders) -> None:
    chance = random.Random(20270303)  # noqa: S311  reproducible on purpose
    right, another = signed(), signed(claims={**CLAIMS, "sub": "annan"})
    for token in mutated(chance, right, another, 1000):
        assert reason(providers, token) is not None, token
