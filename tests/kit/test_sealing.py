"""Is a sealed secret read only here, and only where it belongs?"""

import pytest

from app.kit.sealing import SealBroken, Sealer

SEALER = Sealer(b"k" * 32)


def test_what_was_sealed_is_read_again() -> None:
    sealed = SEALER.seal("totp:1", b"secret")
    assert SEALER.open("totp:1", sealed) == b"secret"
    assert b"secret".hex() not in sealed
    assert SEALER.seal("totp:1", b"secret") != sealed


@pytest.mark.parametrize(
    ("place", "sealer"), [("totp:2", SEALER), ("totp:1", Sealer(b"x" * 32)), ("", SEALER)], ids=["row", "key", "none"]
)
def test_nowhere_else_and_with_no_other_key(place: str, sealer: Sealer) -> None:
    with pytest.raises(SealBroken):
        sealer.open(place, SEALER.seal("totp:1", b"secret"))


@pytest.mark.parametrize("stored", ["", "AA", "not base64url!", "A" * 100])
def test_nothing_else_is_sealed(stored: str) -> None:
    with pytest.raises(SealBroken):
        SEALER.open("totp:1", stored)


def test_every_changed_character_breaks_the_seal() -> None:
    sealed = SEALER.seal("totp:1", b"secret")
    for place, character in enumerate(sealed):
        changed = sealed[:place] + ("A" if character != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(SealBroken):
            SEALER.open("totp:1", changed)
