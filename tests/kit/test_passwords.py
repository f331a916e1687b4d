"""Are secrets hashed, compared and judged as promised?"""

import hashlib
import threading
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kit import passwords as kit

_GOOD = "tre gula cyklar vid Järla sjö"


def _reason(text: str, *, has_totp: bool = False, own_words: tuple[str, ...] = ()) -> str | None:
    try:
        kit.check_password_rules(text, has_totp=has_totp, own_words=own_words)
    except kit.WeakPassword as weak:
        return weak.reason
    return None


def test_a_hash_verifies_its_own_text_only() -> None:
    phc = kit.hash_password(_GOOD)
    assert kit.verify_password(_GOOD, phc)
    assert not kit.verify_password(_GOOD + " ", phc)
    assert not kit.verify_password("", phc)


def test_the_parameters_are_those_of_asvs() -> None:
    assert kit.hash_password(_GOOD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_every_hash_has_its_own_salt() -> None:
    assert kit.hash_password(_GOOD) != kit.hash_password(_GOOD)


def test_both_spellings_of_a_letter_are_one_password() -> None:
    phc = kit.hash_password(unicodedata.normalize("NFD", _GOOD))
    assert kit.verify_password(unicodedata.normalize("NFC", _GOOD), phc)


@pytest.mark.parametrize("phc", ["", "x", "$argon2id$v=19$m=19456,t=2,p=1$AAAA", "$2b$12$abc", "\ud800", "å"])
def test_a_damaged_hash_fits_no_text(phc: str) -> None:
    assert kit.verify_password(_GOOD, phc) is False


@pytest.mark.parametrize("text", ["\ud800", "\0", "", "x" * 5000])
def test_any_text_a_login_may_send_is_answered(text: str) -> None:
    assert kit.verify_password(text, kit.hash_password(_GOOD)) is False
    assert kit.verify_against_dummy(text) is False


def test_an_unknown_user_costs_the_same_work() -> None:
    assert not kit.needs_rehash(kit._DUMMY)
    assert [len(part) for part in kit._DUMMY.split("$")] == [len(part) for part in kit.hash_password(_GOOD).split("$")]


def test_other_parameters_ask_for_a_new_hash() -> None:
    assert kit.needs_rehash(kit.hash_password(_GOOD).replace("t=2", "t=1"))
    assert not kit.needs_rehash(kit.hash_password(_GOOD))


def test_at_most_four_hashes_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()

    def observe() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1

    class Slow:
        def __init__(self, **parameters: Any) -> None:
            assert parameters["memory_cost"] == 19456

        def derive_phc_encoded(self, text: bytes) -> str:
            observe()
            return text.decode()

        @staticmethod
        def verify_phc_encoded(*_: Any) -> None:
            observe()

    monkeypatch.setattr(kit, "Argon2id", Slow)
    with ThreadPoolExecutor(12) as pool:
        hashed = pool.map(kit.hash_password, [_GOOD] * 12)
        verified = pool.map(kit.verify_against_dummy, [_GOOD] * 12)
        assert len([*hashed, *verified]) == 24
    assert most == 4


@pytest.mark.parametrize(
    ("text", "has_totp", "reason"),
    [
        ("kvastskaft gul", False, "too_short"),
        ("kvastskaft gult", False, None),
        ("kvastsk", True, "too_short"),
        ("kvartsgo", True, None),
        ("", True, "too_short"),
        ("abcdefghij klmnop"[:16] * 8, False, None),
        ("abcdefghij klmnop"[:16] * 8 + "x", False, "too_long"),
        ("kvastskaft\0 gulare", False, "not_text"),
        ("kvastskaft\ud800 gulare", False, "not_text"),
        ("mentorskapmentorskap", False, "too_common"),
        ("Mentorskap2026!!", False, "too_common"),
        ("aaaaaaaaaaaaaaa", False, "too_common"),
        ("abcabcabcabcabc", False, "too_common"),
        ("password12345678", False, "too_common"),
        ("PASSWORDPASSWORD", False, "too_common"),
        ("LÖSENORDlösenord", False, "too_common"),
        ("lo\u0308senordlo\u0308senord1", False, "too_common"),
        ("12345678901234567890", False, "too_common"),
        ("qwertyuiopasdfghjkl", False, "too_common"),
        ("abcdefghijklmnopqrstuvwxyz", False, "too_common"),
        ("sommar26", True, "too_common"),
        ("582039174601923", False, None),
        ("correct horse battery staple", False, None),
        ("ett helt vanligt litet svenskt stycke", False, None),
        ("مرحبا يا صديقي العزيز", False, None),
    ],
)
def test_the_rules(text: str, has_totp: bool, reason: str | None) -> None:  # noqa: FBT001  a column of the table
    assert _reason(text, has_totp=has_totp) == reason


def test_lengths_count_composed_characters() -> None:
    assert _reason(unicodedata.normalize("NFD", "åäöéüñ kvasten")) == "too_short"
    assert _reason(unicodedata.normalize("NFD", "åäöéüñ kvastens")) is None


def test_own_words_do_not_count() -> None:
    assert _reason("Vendela Fjällräv", own_words=()) is None
    assert _reason("Vendela Fjällräv", own_words=("vendela", "Fja\u0308llra\u0308v")) == "too_common"
    assert _reason("tre gula cyklar på rad", own_words=("gul", "", "på")) is None


@given(st.text(min_size=0, max_size=140))
@settings(max_examples=300)
def test_a_judgement_is_one_of_four_reasons_and_says_no_more(text: str) -> None:
    assert _reason(text) in {None, "too_short", "too_long", "not_text", "too_common"}


def test_a_secret_is_shown_once_and_stored_as_its_hash() -> None:
    shown, stored = kit.new_secret("mtk")
    assert shown.startswith("mtk_")
    assert len(shown) == len("mtk_") + 43
    assert stored == kit.hash_secret(shown) == hashlib.sha256(shown.encode()).hexdigest()
    assert kit.is_same_secret(shown, stored)


@pytest.mark.parametrize("wrong", ["", "mtk_", "\ud800", "å"])
def test_another_secret_does_not_fit(wrong: str) -> None:
    shown, stored = kit.new_secret("mtk")
    assert not kit.is_same_secret(wrong, stored)
    assert not kit.is_same_secret(shown + "x", stored)
    assert not kit.is_same_secret(shown, wrong)


def test_secrets_never_repeat() -> None:
    assert len({kit.new_secret("mtk")[0] for _ in range(1000)}) == 1000
