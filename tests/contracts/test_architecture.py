"""Do the layers hold, and would each contract notice being broken?"""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LINTER: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS: dict[str, dict[str, Any]] = {contract["id"]: contract for contract in LINTER["contracts"]}

# contract → module that must not hold this line; the second column is the offence
OFFENCES = {
    "house": [("app.kit.clock", "import app.features.access"), ("app.domain.errors", "import app.kit.clock")],
    "slices": [
        ("app.features.access", "import app.features.reports"),
        ("app.features.follow_ups", "import app.features.matches"),
        ("app.features.unlisted", ""),  # a slice that nobody has put in order
    ],
    "pure-domain": [("app.domain.errors", "import fastapi"), ("app.domain.errors", "from sqlmodel import Session")],
    "http-at-edge": [
        ("app.features.programs.actions", "from fastapi import Request"),
        ("app.features.matches.tables", "import starlette.requests"),
    ],
    "reports-read": [("app.features.reports.queries", "import app.features.programs.actions")],
    "sync-apart": [("app.sync.client", "import app.kit.clock"), ("app.sync", "import pydantic")],
    "one-jose-importer": [("app.kit.clock", "from jose import jwt"), ("app.features.access", "import jose.jwe")],
    "one-dbos-importer": [("app.kit.clock", "from dbos import DBOS")],
    "one-icalendar-importer": [
        ("app.kit.clock", "import icalendar"),
        ("app.features.calendars.queries", "from icalendar import Calendar"),
    ],
    "one-way-out": [("app.kit.clock", "import httpx"), ("app.features.access", "import httpcore")],
    "one-standardwebhooks-importer": [("app.kit.clock", "from standardwebhooks import Webhook")],
    "one-typst-importer": [("app.kit.clock", "import typst"), ("app.features.training.queries", "import typst")],
    "one-openpyxl-importer": [("app.kit.clock", "import openpyxl"), ("app.features.imports.jobs", "import openpyxl")],
}
NEEDED = {"app.features.programs.actions", "app.features.matches.tables", "app.features.reports.queries"}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    run = "from importlinter.cli import lint_imports_command as run; run(['--no-cache', '--no-logo'])"
    environment = {**os.environ, "PYTHONPATH": "", "COLUMNS": "300"}
    return subprocess.run(  # noqa: S603  our own linter on our own copy
        [sys.executable, "-c", run], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def add_line(folder: Path, module: str, line: str) -> None:
    """Append to the module; create it, and the packages above it, where it does not exist yet."""
    path = folder.joinpath(*module.split("."))
    if path.is_dir():
        path /= "__init__.py"
    elif not (path := path.with_suffix(".py")).exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
    with path.open("a") as file:
        file.write(f"\n{line}\n")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the package and of the contracts, with the modules that the offences touch."""
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for module in NEEDED:
        add_line(tmp_path, module, "")
    return tmp_path


def test_contracts_are_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_contract_has_offences() -> None:
    assert set(OFFENCES) == set(CONTRACTS)


def test_copy_without_offence_is_kept(house: Path) -> None:
    assert lint(house).returncode == 0


@pytest.mark.parametrize(
    ("contract", "module", "line"),
    [(contract, *offence) for contract, offences in OFFENCES.items() for offence in offences],
)
def test_offence_is_noticed(house: Path, contract: str, module: str, line: str) -> None:
    add_line(house, module, line)
    if module == "app.features.unlisted":  # exhaustiveness looks at packages' own existence, not at imports
        add_line(house, f"{module}.tables", line)
    done = lint(house)
    assert done.returncode != 0
    assert f"{CONTRACTS[contract]['name']} BROKEN" in done.stdout
