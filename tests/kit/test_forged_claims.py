"""Is a rightly signed token refused when a single claim is not as it must be?"""

import json
from typing import Any

import pytest

from tests.kit.forgery import AT, AUDIENCE, CLAIMS, ISSUER, MISSING, change, find_reason, sign

_NO_NUMBERS = [MISSING, None, True, False, "1", str(AT), "Infinity", [], {}, [AT], -1, AT + 0.5, float(AT)]
_NOT_FINITE = [float("inf"), float("-inf"), float("nan")]  # json.dumps writes Infinity, -Infinity and NaN


@pytest.mark.parametrize("claim", ["iat", "nbf", "exp", "ver"])
@pytest.mark.parametrize("value", [*_NO_NUMBERS, *_NOT_FINITE])
def test_numbers_are_whole_numbers(claim: str, value: Any) -> None:
    assert find_reason(sign(claims=change(CLAIMS, **{claim: value}))) is not None


@pytest.mark.parametrize("literal", ["1e999", "-1e999", "1" + "0" * 1500, "0x7fffffff", "01", f"{AT}.0", f"{AT}e0"])
@pytest.mark.parametrize("claim", ["iat", "nbf", "exp"])
def test_numbers_are_written_plainly(claim: str, literal: str) -> None:
    raw = json.dumps({**CLAIMS, claim: "@"}).replace('"@"', literal)
    assert find_reason(sign(claims=raw.encode())) is not None


@pytest.mark.parametrize(
    ("times", "reason"),
    [
        ({"exp": AT}, "claims"),
        ({"exp": AT + 601}, "claims"),
        ({"exp": 2**63}, "claims"),
        ({"iat": AT + 31, "exp": AT + 60}, "not_yet"),
        ({"iat": AT + 31, "nbf": AT + 31, "exp": AT + 60}, "not_yet"),
        ({"iat": AT - 600, "nbf": AT - 600, "exp": AT}, "expired"),
        ({"iat": AT - 9000, "nbf": AT - 9000, "exp": AT - 8400}, "expired"),
        ({"nbf": AT + 1}, "claims"),
        ({"iat": AT - 1}, "claims"),
        ({"iat": AT + 30, "exp": AT + 630}, None),
        ({"exp": AT + 1}, None),
        ({"nbf": 0}, None),
    ],
)
def test_times_at_their_limits(times: dict[str, int], reason: str | None) -> None:
    assert find_reason(sign(claims={**CLAIMS, **times})) == reason


@pytest.mark.parametrize("claim", ["iss", "aud"])
@pytest.mark.parametrize(
    "value", [MISSING, None, "", "other", [ISSUER], [AUDIENCE], [AUDIENCE, "other"], {AUDIENCE: 1}, True, 0]
)
def test_issuer_and_audience_are_equal_strings(claim: str, value: Any) -> None:
    assert find_reason(sign(claims=change(CLAIMS, **{claim: value}))) is not None


@pytest.mark.parametrize("claim", ["sub", "jti", "sid", "partner"])
@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "admin",
        1,
        True,
        [],
        ["01890a5d-ac96-774b-bcce-b302099a8057"],
        "01890a5dac96774bbcceb302099a8057",
        "01890A5D-AC96-774B-BCCE-B302099A8057",
        "{01890a5d-ac96-774b-bcce-b302099a8057}",
        "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057",
        "01890a5d-ac96-774b-bcce-b302099a8057 ",
    ],
)
def test_identifiers_are_plain_uuids(claim: str, value: Any) -> None:
    assert find_reason(sign(claims=change(CLAIMS, **{claim: value}))) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": MISSING},
        {"jti": MISSING},
        {"role": MISSING},
        {"role": None},
        {"role": ""},
        {"role": ["coordinator"]},
        {"role": 1},
        {"amr": MISSING},
        {"amr": None},
        {"amr": "pwd"},
        {"amr": [1]},
        {"amr": [""]},
        {"amr": {"pwd": 1}},
        {"scope": None},
        {"scope": ["match:read"]},
        {"scope": "program:read match:read"},
        {"scope": "match:read  program:read"},
        {"scope": "match:read match:read"},
        {"scope": " match:read"},
        {"scope": 1},
        {"client_id": None},
        {"client_id": ""},
        {"client_id": 1},
        {"name": "Asta Påhittad"},
        {"at_hash": "abc"},
        {"admin": True},
    ],
)
def test_claims_are_exactly_the_known_ones(changes: dict[str, Any]) -> None:
    assert find_reason(sign(claims=change(CLAIMS, **changes))) in {"claims", "refused"}


@pytest.mark.parametrize("claim", ["sid", "partner", "scope", "client_id"])
def test_four_claims_may_be_missing(claim: str) -> None:
    assert find_reason(sign(claims=change(CLAIMS, **{claim: MISSING}))) is None


_DOUBLED = json.dumps(CLAIMS)[:-1] + ', "role": "systemAdministrator"}'


@pytest.mark.parametrize("raw", ["", "[]", "null", "1", "{}", "[" * 2000, '{"iss":' * 300, _DOUBLED, "\0"])
def test_no_odd_claims_document(raw: str) -> None:
    assert find_reason(sign(claims=raw.encode())) is not None
