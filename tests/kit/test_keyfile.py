"""Are the signing keys made once, kept to their owner, and never replaced in silence?"""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.kit.keyfile import KeyFileUnusable, load_or_create
from app.kit.keys import SigningKey


def test_the_file_is_made_once_and_read_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "keys.json"
    first = load_or_create(path)
    assert load_or_create(path).active == first.active
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["keys.json"]


def test_of_many_first_starts_one_makes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: load_or_create(path), range(8)))
    assert len({ring.active.kid for ring in rings}) == 1


def test_other_keys_verify_beside_the_active_one(tmp_path: Path) -> None:
    path, other = tmp_path / "keys.json", SigningKey.generate()
    active = SigningKey.generate()
    path.write_text(json.dumps({"active": json.loads(active.to_json()), "verify": [other.public_jwk()]}))
    assert {key["kid"] for key in load_or_create(path).jwks()["keys"]} == {active.kid, other.kid}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"active": {"d": "x"}, "verify": []}', '{"active": 1, "verify": 2}'])
def test_a_damaged_file_is_said_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(KeyFileUnusable, match="damaged"):
        load_or_create(path)
    assert path.read_text() == text


def test_an_unusable_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyFileUnusable, match="cannot be used"):
        load_or_create(tmp_path / "file" / "keys.json")
