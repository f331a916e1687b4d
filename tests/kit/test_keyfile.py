"""Are the signing keys made once, kept to their owner, and never replaced in silence?"""

import json
import stat
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.kit.digests import Digester
from app.kit.keyfile import KeyFileUnusable, _with_pepper, load_or_create
from app.kit.keys import SigningKey, decode_base64url


def test_the_file_is_made_once_and_read_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "keys.json"
    first = load_or_create(path)
    assert load_or_create(path).active == first.active
    assert load_or_create(path).pepper == first.pepper
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["keys.json"]


def test_of_many_first_starts_one_makes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: load_or_create(path), range(8)))
    assert len({(ring.active.kid, ring.pepper) for ring in rings}) == 1


def old_file(folder: Path) -> tuple[Path, dict[str, Any]]:
    """A file from before there was a pepper."""
    path, document = folder / "keys.json", {"active": json.loads(SigningKey.generate().to_json()), "verify": []}
    path.write_text(json.dumps(document))
    return path, document


def test_an_old_file_gets_one_pepper_and_keeps_its_keys(tmp_path: Path) -> None:
    path, document = old_file(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: load_or_create(path), range(8)))
    assert len({ring.pepper for ring in rings}) == 1
    stored = json.loads(path.read_text())
    assert decode_base64url(stored.pop("pepper")) == rings[0].pepper
    assert stored == document
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["keys.json"]


def test_an_old_file_that_cannot_be_written_says_what_to_add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = old_file(tmp_path)

    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    before = path.read_text()
    with pytest.raises(KeyFileUnusable, match='Add a member "pepper" yourself'):
        load_or_create(path)
    assert path.read_text() == before


def test_whoever_waited_while_another_added_the_pepper_takes_that_one(tmp_path: Path) -> None:
    path, _ = old_file(tmp_path)
    assert _with_pepper(path)["pepper"] == _with_pepper(path)["pepper"]


def test_the_pepper_outlives_the_signing_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first = load_or_create(path)
    rotated = {**json.loads(path.read_text()), "active": json.loads(SigningKey.generate().to_json())}
    path.write_text(json.dumps(rotated))
    second = load_or_create(path)
    assert second.active != first.active
    assert Digester(second.pepper).digest("email", "a@example.org") == Digester(first.pepper).digest(
        "email", "a@example.org"
    )


def test_other_keys_verify_beside_the_active_one(tmp_path: Path) -> None:
    path, other = tmp_path / "keys.json", SigningKey.generate()
    active = SigningKey.generate()
    path.write_text(json.dumps({"active": json.loads(active.to_json()), "verify": [other.public_jwk()]}))
    assert {key["kid"] for key in load_or_create(path).jwks()["keys"]} == {active.kid, other.kid}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"active": {"d": "x"}, "verify": []}',
        '{"active": 1, "verify": 2}',
        '{"active": 1, "verify": [], "pepper": 3}',
        '{"active": 1, "verify": [], "pepper": "c2hvcnQ"}',
    ],
)
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
