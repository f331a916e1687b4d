"""Can a volunteer centre install the command alone, and is it taught by its own help?"""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.sync.cli import ABOUT, app

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "app" / "sync"


def project(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


@pytest.mark.slow
def test_pip_installs_the_command_from_its_folder_without_the_rest(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "source", ignore=shutil.ignore_patterns("__pycache__"))
    target = tmp_path / "installed"
    install = [sys.executable, "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*install, "--target", str(target), str(tmp_path / "source")], check=True, timeout=300)  # noqa: S603  our own folder
    assert {one.name for one in target.iterdir()} >= {"mentorskap_sync", "bin"}
    environment = {**os.environ, "PYTHONPATH": str(target), "MENTORSKAP_SYNC_LANGUAGE": "sv"}
    command = [sys.executable, str(target / "bin" / "mentorskap-sync"), "--help"]
    told = subprocess.run(  # noqa: S603  what was just installed
        command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True, timeout=60
    )
    assert "Håll ert eget register" in told.stdout


def test_what_it_needs_is_what_the_server_has_tried() -> None:
    """The lock of the server holds the versions that the command is tested with."""
    whole = {one.partition(">")[0] for one in project(ROOT)["dependencies"]}
    assert {one.partition(">")[0] for one in project(FOLDER)["dependencies"]} - whole == {"rich"}  # typer's own
    assert project(FOLDER)["requires-python"] == project(ROOT)["requires-python"]


def test_the_help_teaches_in_order_and_names_every_exit_code() -> None:
    shown = CliRunner().invoke(app, ["--help"])
    assert shown.exit_code == 0
    for word in ("init", "check", "push", "pull", "--dry-run"):
        assert word in shown.output
    assert [digit for digit in "012345" if f"{digit} " not in ABOUT] == []
    for command in ("init", "check", "push", "pull"):
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0
