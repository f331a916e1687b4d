"""Do keys change under running processes without one valid token refused, and end at once when they must?"""

import json
import os
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.kit.ids import new_id
from app.kit.keyfile import KeyFile, KeyFileUnusable, change
from app.kit.rotation import KeyChangeRefused, activate, make_next, prune, revoke, standings
from app.kit.tokens import InvalidToken, TokenIssuer, TokenVerifier

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY, QUARTER = timedelta(hours=24), timedelta(minutes=15)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    KeyFile(tmp_path / "keys.json")
    return tmp_path / "keys.json"


def issuer(keys: KeyFile) -> TokenIssuer:
    return TokenIssuer(keys, "https://api.example", "mentorskap")


def verifier(keys: KeyFile) -> TokenVerifier:
    return TokenVerifier(keys, "https://api.example", "mentorskap")


def issue(keys: KeyFile) -> str:
    return issuer(keys).issue(sub=new_id(), role="coordinator", ver=1, now=NOW)


def is_believed(keys: KeyFile, token: str) -> bool:
    try:
        verifier(keys).verify(token, NOW)
    except InvalidToken:
        return False
    return True


def states(path: Path) -> list[str]:
    return [one.state for one in standings(path)]


def test_a_key_is_next_then_active_then_retiring_then_gone(path: Path) -> None:
    keys = KeyFile(path)
    first = keys().active.kid
    coming = make_next(path, NOW)
    assert states(path) == ["next", "active"]
    assert {jwk["kid"] for jwk in keys().jwks()["keys"]} == {first, coming}, "published before it signs"
    assert keys().active.kid == first
    token = issue(keys)
    assert activate(path, NOW + DAY) == coming
    assert states(path) == ["active", "retiring"]
    assert keys().active.kid == coming
    assert {jwk["kid"] for jwk in keys().jwks()["keys"]} == {first, coming}
    assert is_believed(keys, token)
    assert is_believed(keys, issue(keys))
    assert prune(path, NOW + DAY + QUARTER - timedelta(seconds=1)) == 0
    assert prune(path, NOW + DAY + QUARTER) == 1
    assert states(path) == ["active"]
    assert not is_believed(keys, token)
    assert keys().find(first) is None
    assert keys().find_archived(first) is not None, "what was sealed with it stays provable"
    assert first not in json.dumps(keys().jwks())


def test_the_next_key_waits_a_day_unless_it_is_urgent(path: Path) -> None:
    with pytest.raises(KeyChangeRefused, match="no next key"):
        activate(path, NOW)
    coming = make_next(path, NOW)
    with pytest.raises(KeyChangeRefused, match="from 2026-03-03T09:00"):
        activate(path, NOW + DAY - timedelta(seconds=1))
    with pytest.raises(KeyChangeRefused, match="already"):
        make_next(path, NOW)
    assert states(path) == ["next", "active"], "refusals change nothing"
    assert activate(path, NOW, is_at_once=True) == coming


def test_private_keys_leave_the_file_with_their_turn(path: Path) -> None:
    make_next(path, NOW)
    activate(path, NOW, is_at_once=True)
    stored = json.loads(path.read_text())
    assert [set(one["key"]) for one in stored["retiring"]] == [{"kty", "crv", "alg", "use", "kid", "x", "y"}]
    assert "retired" not in stored
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("has_next", [True, False])
def test_a_revoked_active_key_ends_in_every_process_at_the_next_token(path: Path, has_next: object) -> None:
    running, other = KeyFile(path), KeyFile(path)
    coming = make_next(path, NOW) if has_next else None
    token, before = issue(running), running().active.kid
    assert is_believed(other, token)
    signs = revoke(path, before, NOW)
    assert signs != before
    assert coming in {None, signs}
    assert not is_believed(other, token)
    assert not is_believed(running, token)
    assert is_believed(other, issue(running))
    assert running().find(before) is None
    assert [one["kid"] for one in json.loads(path.read_text())["archive"]] == [before]
    assert "d" not in running().archive[before], "of a revoked key nothing is left that signs"


def test_next_and_retiring_keys_can_be_revoked_and_unknown_ones_not(path: Path) -> None:
    first = make_next(path, NOW)
    revoke(path, first, NOW)
    assert states(path) == ["active"]
    assert first not in path.read_text(), "it has signed nothing"
    retiring = KeyFile(path)().active.kid
    make_next(path, NOW)
    activate(path, NOW, is_at_once=True)
    revoke(path, retiring, NOW)
    assert states(path) == ["active"]
    assert KeyFile(path)().find_archived(retiring) is not None
    with pytest.raises(KeyChangeRefused, match="no key"):
        revoke(path, retiring, NOW)


def test_pepper_and_cursors_outlive_every_key(path: Path) -> None:
    before = KeyFile(path)()
    for _ in range(3):
        make_next(path, NOW)
        activate(path, NOW, is_at_once=True)
    revoke(path, KeyFile(path)().active.kid, NOW)
    after = KeyFile(path)()
    assert (after.pepper, after.cursor_secret) == (before.pepper, before.cursor_secret)
    assert after.derive(b"x") == before.derive(b"x") != before.derive(b"y")


def test_a_file_that_is_damaged_or_gone_leaves_the_keys_in_force(path: Path) -> None:
    keys = KeyFile(path)
    token, sound = issue(keys), path.read_text()
    path.write_text('{"active":')
    assert is_believed(keys, token)
    assert is_believed(keys, issue(keys))
    with pytest.raises(KeyFileUnusable):
        make_next(path, NOW)
    path.unlink()
    assert is_believed(keys, token)
    path.write_text(sound)
    coming = make_next(path, NOW)
    assert coming in {jwk["kid"] for jwk in keys().jwks()["keys"]}


def test_a_change_that_would_damage_the_file_is_not_made(path: Path) -> None:
    before = path.read_text()
    with pytest.raises(KeyFileUnusable, match="damaged"):
        change(path, lambda stored: stored.update(active={}))
    with pytest.raises(ZeroDivisionError):
        change(path, lambda stored: stored.update(active=1 // 0))
    assert path.read_text() == before


def test_a_folder_that_cannot_be_written_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(KeyFileUnusable, match="cannot be changed: Permission denied"):
        make_next(path, NOW)


def test_changes_at_once_are_made_one_after_the_other(path: Path) -> None:
    def count(stored: dict[str, int]) -> None:
        stored["count"] = stored.get("count", 0) + 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: change(path, count), range(64)))
    assert json.loads(path.read_text())["count"] == 64


@pytest.fixture
def load(path: Path) -> Iterator[list[bool]]:
    """Two processes, as far as keys are concerned: what one signs the other verifies, all the time."""
    one, other = KeyFile(path), KeyFile(path)
    seen: list[bool] = []
    done = threading.Event()

    def work(signs: KeyFile, verifies: KeyFile) -> None:
        while not done.is_set():
            seen.append(is_believed(verifies, issue(signs)))

    threads = [threading.Thread(target=work, args=pair) for pair in ((one, other), (other, one), (one, other))]
    for thread in threads:
        thread.start()
    yield seen
    done.set()
    for thread in threads:
        thread.join()


def test_rotations_under_load_refuse_no_token(path: Path, load: list[bool]) -> None:
    before = KeyFile(path)().active.kid
    for turn in range(20):
        at = NOW + turn * DAY
        make_next(path, at)
        activate(path, at + DAY)
        prune(path, at)
        while len(load) < 10 * (turn + 1):
            pass
    assert KeyFile(path)().active.kid != before
    assert len(load) >= 200
    assert all(load)


def test_an_old_file_is_read_as_it_is(path: Path) -> None:
    stored = json.loads(path.read_text())
    old = KeyFile(path)().active.public_jwk()
    fresh = path.with_name("fresh.json")
    KeyFile(fresh)
    document = {**json.loads(fresh.read_text()), "verify": [old], "pepper": stored["pepper"]}
    fresh.write_text(json.dumps(document))
    os.chmod(fresh, 0o600)  # noqa: PTH101
    assert states(fresh) == ["active", "verifying"]
    revoke(fresh, old["kid"], NOW)
    assert states(fresh) == ["active"]
