"""Can a stranger install exactly what we tested, from whatever package index they use?"""

import re
import tomllib
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.lock", "requirements-server.lock", "requirements-dev.lock", "requirements-bench.lock"]
LOCKS += ["requirements-clients.lock"]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME: list[str] = PROJECT["project"]["dependencies"]
EMBEDDED: list[str] = PROJECT["project"]["optional-dependencies"]["embedded"]
CLIENTS: list[str] = PROJECT["dependency-groups"]["clients"]
DEVELOPING: list[str] = PROJECT["dependency-groups"]["dev"]


def canonical(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def entries(lock: str) -> dict[str, list[str]]:
    """Locked requirement → its versions. One package may stand twice, for different Pythons."""
    found: dict[str, list[str]] = {}
    for package, version in re.findall(r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==(\S+)", lock, flags=re.MULTILINE):
        found.setdefault(package, []).append(version)
    return found


def read(lock: str) -> str:
    return (ROOT / lock).read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_place(lock: str) -> None:
    assert re.search(r"https?:|file:|@|--(?!hash=sha256:)|^/", read(lock), flags=re.MULTILINE) is None


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_has_a_hash(lock: str) -> None:
    blocks = re.split(r"\n(?=[a-z])", read(lock).strip())
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert len(blocks) == sum(len(versions) for versions in entries(read(lock)).values())


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", RUNTIME + EMBEDDED),
        ("requirements-server.lock", RUNTIME),
        ("requirements-dev.lock", RUNTIME + EMBEDDED + DEVELOPING),
        ("requirements-clients.lock", CLIENTS),
    ],
)
def test_lock_covers_the_project(lock: str, wanted: list[str]) -> None:
    assert {canonical(requirement) for requirement in wanted} <= set(entries(read(lock)))


def test_extras_are_pinned() -> None:
    """Without its extra in the lock, pip looks past a pin as soon as the package has a newer release, and refuses."""
    lock = read("requirements-dev.lock")
    asked = {
        (canonical(found[1]), found[2].lower())
        for one in distributions()
        if canonical(one.name) in entries(lock)
        for line in one.requires or ()
        if "extra ==" not in line and (found := re.match(r"([A-Za-z0-9._-]+)\[([^\]]+)\]", line))
    }
    pinned = set(re.findall(r"^([a-z0-9-]+)\[([a-z0-9,-]+)\]==", lock, flags=re.MULTILINE))
    assert ("coverage", "toml") in asked <= pinned


def test_server_needs_no_embedded_database() -> None:
    assert canonical(EMBEDDED[0]) not in entries(read("requirements-server.lock"))


def test_what_is_tested_is_what_runs() -> None:
    runtime, developing = entries(read("requirements.lock")), entries(read("requirements-dev.lock"))
    assert {package: developing.get(package) for package in runtime} == runtime
