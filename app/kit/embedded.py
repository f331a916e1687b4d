"""How does Mentorskap run where nobody has installed a database? With a private PostgreSQL of its own.

It is started, shared and stopped here and not by the package that carries it, whose starter trusts the process ids of
killed processes, breaks on spaces in a path and initialises in place. It listens on a socket in its own folder only.
"""

import contextlib
import fcntl
import hashlib
import os
import shlex
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from app.kit.cluster import OTHERWISE, EmbeddedUnavailable, ensure_cluster, find_programs, open_the_way, run_program

__all__ = ["Embedded", "EmbeddedUnavailable", "start"]

SOCKET_PATH_LIMIT = 89  # the kernel's 104 bytes (macOS; Linux has 108) less "/.s.PGSQL.5432" and its zero


class Embedded:
    """One process's share of a running server; leaving the context stops the server if nobody else uses it."""

    def __init__(self, folder: Path, share: IO[bytes], socket_folder: Path) -> None:
        self._folder = folder
        self._share = share
        self._socket_folder = socket_folder
        self.url = f"postgresql+psycopg://postgres@/postgres?host={quote(str(socket_folder), safe='/')}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Give up this share; stop the server if it was the last one. Safe to call twice."""
        data = self._folder / "data"
        if self._share.closed or not data.exists():  # a server whose data is deleted ends by itself within a minute
            self._share.close()
            return
        with self._share, _alone(self._folder, time.monotonic() + 60):
            if _try_lock(self._share, fcntl.LOCK_EX) and _is_alive(self._folder):
                run_program(
                    find_programs() / "pg_ctl", "stop", "-D", str(data), "-m", "fast", "-w", "-t", "60", owner=data
                )
                if self._socket_folder != data:
                    shutil.rmtree(self._socket_folder, ignore_errors=True)


def start(folder: Path, *, timeout_seconds: float = 60.0) -> Embedded:
    """Start the private server in `folder`, or join the one that runs there already.

    Creates the folder when it is missing. Several processes may share one folder; a process that dies, even by kill -9,
    loses its share by itself. Raises `EmbeddedUnavailable`.
    """
    folder = folder.expanduser().resolve()
    programs = find_programs()
    deadline = time.monotonic() + timeout_seconds
    with _explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder, deadline):
            data = folder / "data"
            ensure_cluster(programs, data)
            socket_folder = _join_or_launch(programs, data, deadline)
            share = (folder / "users.lock").open("wb")
            fcntl.flock(share, fcntl.LOCK_SH)
    return Embedded(folder, share, socket_folder)


@contextlib.contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EmbeddedUnavailable(
            f"The folder {folder} for the embedded database cannot be used: {error.strerror or error}. It must be on a "
            f"writable disk and belong to the user who runs Mentorskap. {OTHERWISE}"
        ) from error


@contextlib.contextmanager
def _alone(folder: Path, deadline: float) -> Iterator[None]:
    """Starting and stopping happen one process at a time."""
    with (folder / "start.lock").open("wb") as turn:
        while not _try_lock(turn, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise EmbeddedUnavailable(
                    f"Another process has been starting or stopping the embedded database in {folder} for too long. "
                    f"End that process and try again."
                )
            time.sleep(0.05)
        yield


def _try_lock(file: IO[bytes], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _join_or_launch(programs: Path, data: Path, deadline: float) -> Path:
    """The folder of the socket that accepts connections: at once, after a start, or after the last run's repair."""
    while time.monotonic() < deadline:
        if not _is_alive(data.parent):
            _launch(programs, data, deadline)
        elif (listening := _listening(data)) is not None:
            return listening
        else:
            time.sleep(0.02)
    raise EmbeddedUnavailable(
        f"The embedded database in {data.parent} did not become ready in time. It may be repairing itself after a crash: "
        f"try again; {data / 'server.log'} says more."
    )


def _is_alive(folder: Path) -> bool:
    """Does any process of the server live? All inherit one shared lock from their start, and the kernel keeps count.

    Process ids would lie: after kill -9 or a reboot, and in containers, another process may have the old one.
    """
    with (folder / "server.lock").open("wb") as lock:
        return not _try_lock(lock, fcntl.LOCK_EX)


def _launch(programs: Path, data: Path, deadline: float) -> None:
    open_the_way(programs, data)
    socket_folder = _choose_socket_folder(data)
    for stale in (data / "postmaster.pid", socket_folder / ".s.PGSQL.5432.lock"):
        stale.unlink(missing_ok=True)  # nobody lives, and the process id inside may be somebody else's today
    settings = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={socket_folder}", "-p", "5432"]
    log = data / "server.log"
    patience = ["-w", "-t", str(max(1, int(deadline - time.monotonic())))]
    command = ["start", "-D", str(data), "-l", str(log), *patience, "-o", shlex.join(settings)]
    with (data.parent / "server.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        run_program(programs / "pg_ctl", *command, owner=data, log=log, inherited=lock.fileno())


def _choose_socket_folder(data: Path) -> Path:
    if len(os.fsencode(data)) <= SOCKET_PATH_LIMIT and not set(str(data)) & set(",\"'\\"):
        return data
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"mentorskap-{digest}"
    owner = data.stat()
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid == os.geteuid():
        os.chown(folder, owner.st_uid, owner.st_gid)
    if folder.is_symlink() or folder.stat().st_uid != owner.st_uid:
        raise EmbeddedUnavailable(f"The folder {folder} for the database's socket belongs to somebody else. Remove it.")
    return folder


def _listening(data: Path) -> Path | None:
    """Where the server accepts connections, if it does."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(f"{lines[4]}/.s.PGSQL.5432")
    except (OSError, IndexError):
        return None
    return Path(lines[4]) if lines[7:] and lines[7].strip() == "ready" else None
