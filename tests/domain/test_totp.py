"""Does an authenticator app show what we expect, and does each code count once?"""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.totp import address, code_of, matching_step, spelled, step_at

SECRET = b"12345678901234567890"  # RFC 6238, appendix B
NOW = datetime(2026, 3, 2, 9, 0, 10, tzinfo=UTC)
STEP = step_at(NOW)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_values_of_the_standard(seconds: int, code: str) -> None:
    assert code_of(SECRET, step_at(datetime.fromtimestamp(seconds, UTC))) == code[-6:]


@pytest.mark.parametrize(("off", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(off: int, is_right: object) -> None:
    assert matching_step(SECRET, code_of(SECRET, STEP + off), NOW, None) == (STEP + off if is_right else None)


def test_a_step_counts_once_and_none_before_it() -> None:
    code = code_of(SECRET, STEP)
    assert matching_step(SECRET, code, NOW, STEP - 1) == STEP
    assert matching_step(SECRET, code, NOW, STEP) is None
    assert matching_step(SECRET, code_of(SECRET, STEP - 1), NOW, STEP) is None
    assert matching_step(SECRET, code_of(SECRET, STEP + 1), NOW + timedelta(seconds=30), STEP) == STEP + 1


@pytest.mark.parametrize("code", ["", "000000", "28708", "9428708", "\ud800", "２８７０８２"])
def test_nothing_else_is_a_code(code: str) -> None:
    assert matching_step(SECRET, code, datetime.fromtimestamp(59, UTC), None) is None


def test_the_address_holds_what_every_app_reads() -> None:
    assert spelled(SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert address(SECRET, "anna b@nacka.example", "Mentorskap") == (
        "otpauth://totp/Mentorskap:anna%20b%40nacka.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        "&issuer=Mentorskap&algorithm=SHA1&digits=6&period=30"
    )
