"""Can an operator change the signing keys by command, and read what is wrong when they cannot?"""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTORSKAP_DATA_FOLDER", str(tmp_path))


def keys(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["keys", *arguments])


def states() -> list[list[str]]:
    return [line.split() for line in keys("list").output.splitlines()]


def test_the_life_of_a_key_by_command() -> None:
    assert [line[0] for line in states()] == ["active"]
    coming = keys("next").output.split()[0]
    refused = keys("activate")
    assert refused.exit_code == 1
    assert "may be activated from" in refused.stderr
    assert keys("activate", "--at-once").output.startswith(coming)
    assert [line[0] for line in states()] == ["active", "retiring"]
    assert states()[0][-1] == coming
    assert keys("prune").output == "Removed: 0.\n"
    signs = keys("revoke", coming).output.split()[0]
    assert states()[0][-1] == signs != coming
    unknown = keys("revoke", coming)
    assert (unknown.exit_code, unknown.stderr) == (1, "mentorskap: There is no key with this id.\n")


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "signing-keys.json").write_text("{")
    refused = keys("list")
    assert refused.exit_code == 1
    assert "is damaged" in refused.stderr
