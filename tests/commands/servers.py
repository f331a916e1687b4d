"""How does a test run the real command in a process of its own, and end it the hard way?"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
READY_SECONDS = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(folder: Path, port: int, more: Mapping[str, str] | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MENTORSKAP_", "NUMBA_"))}
    return kept | {
        "MENTORSKAP_DATA_FOLDER": str(folder),
        "MENTORSKAP_PORT": str(port),
        "MENTORSKAP_WORKER_ID": "trial",
        **(more or {}),
    }


def command(
    name: str, folder: Path, port: int, *arguments: str, more: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """`mentorskap NAME …` in a session of its own, so that a signal to it reaches nobody else."""
    return subprocess.Popen(  # noqa: S603  our own command with our own arguments
        [sys.executable, "-m", "app.cli", name, *arguments],
        cwd=ROOT,
        env=environment(folder, port, more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@contextmanager
def running(
    name: str, folder: Path, port: int, more: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A server that answers; ended by Ctrl-C's signal if the test has not ended it, and by force if that fails."""
    process = command(name, folder, port, more=more)
    try:
        wait_until_ready(process, port)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise


def wait_until_ready(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"the server ended: {process.communicate()[0]}")
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not get ready")
