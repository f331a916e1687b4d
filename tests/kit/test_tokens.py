"""Do issued tokens come back as they were, and does belief end when it must?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jose import jwt  # noqa: TID251  to count the calls of the wrapper

from app.kit import tokens as kit
from app.kit.ids import new_id
from app.kit.tokens import Claims, InvalidToken, KeyRing, SigningKey, TokenIssuer, TokenVerifier

_ISSUER, _AUDIENCE = "https://api.example.test", "mentorskap"
_NOW = datetime(2027, 3, 1, 8, 0, 0, 250_000, tzinfo=UTC)
_AT = int(_NOW.timestamp())
_KEY, _NEXT = SigningKey.generate(), SigningKey.generate()
_RING = KeyRing(_KEY)
_PERSON = UUID("01890a5d-ac96-774b-bcce-b302099a8057")

_words = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=20)


class _Stand:
    """A ring that can change under one verifier."""

    def __init__(self, ring: KeyRing = _RING) -> None:
        self.ring = ring
        self.verifier = TokenVerifier(lambda: self.ring, _ISSUER, _AUDIENCE)

    def refuses(self, token: str, now: datetime) -> str:
        with pytest.raises(InvalidToken) as refusal:
            self.verifier.verify(token, now)
        return refusal.value.reason


def _issue(ring: KeyRing = _RING, lifetime: int = 600, **given: Any) -> str:
    chosen = {"sub": _PERSON, "role": "coordinator", "ver": 3, "now": _NOW, **given}
    return TokenIssuer(ring, _ISSUER, _AUDIENCE, lifetime).issue(**chosen)


@given(
    sub=st.uuids(),
    sid=st.none() | st.uuids(),
    partner=st.none() | st.uuids(),
    role=_words,
    ver=st.integers(0, 2**31),
    scope=st.none() | st.frozensets(_words, max_size=5),
    client_id=st.none() | _words,
    amr=st.lists(_words, max_size=3),
)
def test_what_goes_in_comes_out(
    *,
    sub: UUID,
    sid: UUID | None,
    partner: UUID | None,
    role: str,
    ver: int,
    scope: frozenset[str] | None,
    client_id: str | None,
    amr: list[str],
) -> None:
    jti = new_id()
    token = _issue(
        sub=sub, sid=sid, partner=partner, role=role, ver=ver, scope=scope, client_id=client_id, amr=amr, jti=jti
    )
    expected = Claims(sub, sid, jti, role, partner, ver, _AT, _AT + 600, scope, client_id, tuple(amr))
    stand = _Stand()
    assert stand.verifier.verify(token, _NOW) == expected
    assert stand.verifier.verify(token, _NOW) == expected


def test_an_empty_scope_allows_nothing_and_no_scope_sets_no_ceiling() -> None:
    assert _Stand().verifier.verify(_issue(scope=[]), _NOW).scope == frozenset()
    assert _Stand().verifier.verify(_issue(), _NOW).scope is None


def test_every_token_has_its_own_id() -> None:
    verifier = _Stand().verifier
    assert len({verifier.verify(_issue(), _NOW).jti for _ in range(50)}) == 50


@pytest.mark.parametrize("warm", [False, True])
def test_belief_ends_in_the_second_of_expiry(warm: bool) -> None:  # noqa: FBT001  with and without the cache
    stand, token = _Stand(), _issue(lifetime=60)
    end = datetime.fromtimestamp(_AT + 60, UTC)
    if warm:
        stand.verifier.verify(token, _NOW)
    assert stand.verifier.verify(token, end - timedelta(microseconds=1))
    assert stand.refuses(token, end) == "expired"
    assert _Stand().refuses(token, end) == "expired"


@pytest.mark.parametrize("warm", [False, True])
def test_another_nodes_clock_may_be_thirty_seconds_ahead(warm: bool) -> None:  # noqa: FBT001  as above
    stand, token = _Stand(), _issue()
    if warm:
        stand.verifier.verify(token, _NOW)
    assert stand.refuses(token, datetime.fromtimestamp(_AT - 31, UTC)) == "not_yet"
    assert stand.verifier.verify(token, datetime.fromtimestamp(_AT - 30, UTC))


def test_time_is_taken_from_the_argument_only() -> None:
    for year in (1990, 2027, 2120):
        now = datetime(year, 1, 1, tzinfo=UTC)
        assert _Stand().verifier.verify(_issue(now=now), now)


def test_a_believed_token_is_verified_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def count(token: str, *given: Any, **options: Any) -> dict[str, Any]:
        calls.append(token)
        return decode(token, *given, **options)

    decode = jwt.decode
    monkeypatch.setattr(jwt, "decode", count)
    stand, token = _Stand(), _issue()
    for _ in range(5):
        stand.verifier.verify(token, _NOW)
    assert calls == [token]


def test_a_refused_token_is_never_remembered() -> None:
    stand, token = _Stand(), _issue()
    assert stand.refuses(token, _NOW + timedelta(hours=1)) == "expired"
    assert not stand.verifier._believed._proofs


def test_a_key_removed_from_the_ring_ends_belief_at_once() -> None:
    stand, token = _Stand(), _issue()
    stand.verifier.verify(token, _NOW)
    stand.ring = KeyRing(_NEXT)
    assert stand.refuses(token, _NOW) == "unknown_key"
    assert _Stand(stand.ring).refuses(token, _NOW) == "unknown_key"


def test_rotation_refuses_no_right_token() -> None:
    old = _issue()
    stand = _Stand(KeyRing(_KEY, {_NEXT.kid: _NEXT.public_jwk()}))
    assert stand.verifier.verify(old, _NOW)
    stand.ring = KeyRing(_NEXT, {_KEY.kid: _KEY.public_jwk()})
    assert stand.verifier.verify(old, _NOW)
    assert stand.verifier.verify(_issue(stand.ring), _NOW)


def test_the_cache_keeps_the_most_recently_used() -> None:
    cache = kit._Believed(2)
    proof = kit._Proof(_Stand().verifier.verify(_issue(), _NOW), _KEY.public_jwk())
    cache.keep(b"1", proof)
    cache.keep(b"2", proof)
    assert cache.find(b"1") is proof
    cache.keep(b"3", proof)
    assert [cache.find(digest) for digest in (b"1", b"2", b"3")] == [proof, None, proof]


def test_a_verifier_may_be_shared_between_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "_CACHE_SIZE", 5)
    verifier = _Stand().verifier
    tokens = [_issue(ver=ver) for ver in range(20)]
    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(lambda token: verifier.verify(token, _NOW).ver, tokens * 20))
    assert versions == [*range(20)] * 20
    assert len(verifier._believed._proofs) == 5


def test_the_provider_failing_is_not_the_tokens_fault() -> None:
    def fail() -> KeyRing:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        TokenVerifier(fail, _ISSUER, _AUDIENCE).verify(_issue(), _NOW)


@pytest.mark.parametrize("lifetime", [0, -1, 601])
def test_a_lifetime_beyond_ten_minutes_is_refused(lifetime: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 600 seconds"):
        TokenIssuer(_RING, _ISSUER, _AUDIENCE, lifetime)


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": ""},
        {"ver": -1},
        {"ver": True},
        {"ver": 1.0},
        {"client_id": ""},
        {"amr": [""]},
        {"scope": ["a b"]},
        {"scope": [""]},
        {"scope": ["a\u00a0b"]},
        {"scope": [f"program:{number:04}" for number in range(400)]},
    ],
)
def test_what_no_verifier_would_believe_is_not_issued(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^these claims make no valid token$"):
        _issue(**wrong)


def test_an_instant_without_zone_is_refused() -> None:
    naive = datetime(2027, 3, 1, 8)  # noqa: DTZ001  the mistake under test
    with pytest.raises(ValueError, match="time zone"):
        _issue(now=naive)
    with pytest.raises(ValueError, match="time zone"):
        _Stand().verifier.verify(_issue(), naive)
