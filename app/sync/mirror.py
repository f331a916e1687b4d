"""What was read already, and how far? One SQLite file, so that the place in the feed and the rows move together."""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from .failures import Busy
from .settings import Settings
from .words import say

Key = tuple[str, str]
"""A kind of thing (`participant`) and its id."""
TABLES = """
create table if not exists thing (kind text not null, id text not null, body text not null, primary key (kind, id));
create table if not exists note (name text primary key, value text not null);
"""
OTHERS_OUT = 0o077
ONLY_OURS = 0o700


class Mirror:
    """What this organisation may see, as it was last read."""

    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file
        self._file.executescript(TABLES)

    @classmethod
    @contextmanager
    def open(cls, settings: Settings) -> Iterator["Mirror"]:
        """The mirror of one server and login; one run at a time. Raises: Busy while another run has it."""
        settings.state.mkdir(mode=ONLY_OURS, parents=True, exist_ok=True)
        before = os.umask(OTHERS_OUT)
        try:
            with _alone(settings.state), closing(sqlite3.connect(settings.state / _name(settings))) as file:
                yield cls(file)
        finally:
            os.umask(before)

    def note(self, name: str) -> str | None:
        """What was noted under a name: the place in the feed, an import that is not done."""
        row = self._file.execute("select value from note where name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def keep(
        self, notes: Mapping[str, str | None], things: Iterable[tuple[Key, Mapping[str, Any] | None]] = ()
    ) -> tuple[int, int]:
        """Store things (None: it is gone) and notes (None: forget) together, or nothing.

        Answers how many things are new or different now, and how many were taken out.
        """
        stored = removed = 0
        with self._file:
            for key, body in things:
                if body is None:
                    removed += self._remove(*key)
                else:
                    stored += self._store(*key, body)
            for name, value in notes.items():
                if value is None:
                    self._file.execute("delete from note where name = ?", (name,))
                else:
                    self._file.execute("insert or replace into note values (?, ?)", (name, value))
        return stored, removed

    def _remove(self, kind: str, identity: str) -> int:
        return self._file.execute("delete from thing where kind = ? and id = ?", (kind, identity)).rowcount

    def _store(self, kind: str, identity: str, body: Mapping[str, Any]) -> int:
        text = json.dumps(body, ensure_ascii=False, sort_keys=True)
        found = self._file.execute("select body from thing where kind = ? and id = ?", (kind, identity)).fetchone()
        if found is not None and found[0] == text:
            return 0
        self._file.execute("insert or replace into thing values (?, ?, ?)", (kind, identity, text))
        return 1

    def forget(self) -> None:
        """Empty it, so that the next pull begins at the beginning."""
        with self._file:
            self._file.execute("delete from thing")
            self._file.execute("delete from note where name = 'cursor'")

    def bodies(self, kind: str) -> Iterator[dict[str, Any]]:
        """Everything of a kind, oldest first (ids are in the order of time)."""
        for row in self._file.execute("select body from thing where kind = ? order by id", (kind,)):
            yield json.loads(row[0])


def _name(settings: Settings) -> str:
    return f"{settings.client_id}.sqlite"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """SQLite's own lock, on a file of its own: it ends with the process, however that ends, on every system."""
    with closing(sqlite3.connect(folder / "running.sqlite", timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("begin exclusive")
        except sqlite3.OperationalError:
            raise Busy(
                say(
                    "Another run of mentorskap-sync is not done yet.",
                    "En annan körning av mentorskap-sync är inte klar än.",
                )
            ) from None
        yield
