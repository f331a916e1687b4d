"""What does a file of a hundred thousand people cost, beside bare COPY of the same rows into the same table?

The bare side copies the stored columns of the same people into the empty table of participants, with its keys and indexes,
as a superuser whom row-level security does not bind: no file, no validation, no digests of contacts, no records of changes
and accesses, no result by row. Ours is the upload over HTTP and the whole job, into the empty table too. Memory is that of
the process that does the job, above where it was after a first small file. CPU seconds are those of the job and of the
server, without the upload: on a machine with other work they say more than what a clock shows.
"""

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from app.domain.roles import Role
from app.features.imports.jobs import run_import
from app.kit.db import connect
from app.kit.runtime import Runtime
from app.kit.tokens import KeyRing
from app.main import create_runtime
from app.settings import Settings
from bench.installation import installation
from bench.measuring import at_least, at_most, cpu_of_all, figure, in_child
from tests.world import KEY, World

PEOPLE = 100_000
GOAL, MEGABYTES = 0.25, 30.0
ROUNDS = 3
BLOCK = 1 << 20
SCOPES = [
    "partner:read",
    "import:read",
    "import:create",
    "participant:create",
    "participant:update",
    "participant:read",
]
HEADER = "Externt id;Förnamn;Efternamn;Född;Kön;E-post;Telefon;Kommunkod;Kommundel;Språk;Yrkeskod;Tider;Mål\r\n"


def run() -> Iterable[dict[str, Any]]:
    """Import into a fresh server twice, copy into it once, and say what share of the bare rate the import reached."""
    with installation() as (url, _), World.open(url) as world:
        yield from _measure(world)


class Taken(NamedTuple):
    """What a file or a COPY took: seconds by the clock, and CPU seconds of the program and of the server."""

    seconds: float
    program: float
    server: float

    @property
    def cpu(self) -> float:
        return self.program + self.server


def _measure(world: World) -> Iterable[dict[str, Any]]:
    case = f"{PEOPLE} people, CSV"
    sender = _Sender(world)
    megabytes, first = sender.imported(PEOPLE)
    bare = _copied(world)
    _, second = sender.imported(PEOPLE)
    for name, one in (("first", first), ("the same again", second), ("bare COPY", bare)):
        print(
            f"  {name}: {one.seconds:.2f} s; CPU s: program {one.program:.2f}, server {one.server:.2f}", file=sys.stderr
        )
    for about, one in ((case, first), (f"{case}, again", second)):
        yield at_least("import", about, "share of the rate of bare COPY", bare.seconds / one.seconds, GOAL)
        yield at_least("import", about, "share by CPU seconds", bare.cpu / one.cpu, GOAL)
        yield figure("import", about, "seconds", one.seconds, one.seconds, holds=True)
    yield at_most("import", case, "megabytes above idle", megabytes, MEGABYTES)
    yield figure("import", case, "bare COPY, seconds", bare.seconds, bare.seconds, holds=True)


def _server(world: World) -> int:
    """The process that started every other one of the server."""
    with world.engine.connect() as connection:
        backend = connection.exec_driver_sql("select pg_backend_pid()").scalar_one()
    return int(Path(f"/proc/{backend}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])


class _Sender:
    """A partner's system that sends people in CSV."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.partner = world.partner()
        self.client = world.client(Role.SERVICE, self.partner, SCOPES)

    def imported(self, people: int) -> tuple[float, Taken]:
        """The megabytes above idle, and what it took from the first byte of the file to the last row."""
        sent_in, import_id = self.sent(people)
        other = _Sender(self.world)
        small = other.sent(10)[1]
        runtime: list[Runtime] = []

        def ready() -> None:
            """A process of its own has connections of its own; a small file loads what any file needs."""
            runtime.append(a_runtime(self.world.url))
            run_import(runtime[0], small)

        def work() -> tuple[float, float]:
            began, cpu = time.perf_counter(), time.process_time()
            run_import(runtime[0], import_id)
            return time.perf_counter() - began, time.process_time() - cpu

        server = _server(self.world)
        before = cpu_of_all(server)
        megabytes, (worked, cpu) = in_child(work, ready)
        taken = Taken(sent_in + worked, cpu, cpu_of_all(server) - before)
        told = self.client.get(f"/imports/{import_id}").json()
        assert told["status"] == "completed", told
        assert told["counts"]["created"] + told["counts"]["unchanged"] == people, told
        return megabytes, taken

    def sent(self, people: int) -> tuple[float, str]:
        """The seconds that the upload took, and the import."""
        made = self.client.made(f"/partners/{self.partner}/imports", {"kind": "participants", "externalSystem": "crm"})
        address, headers, content = f"/imports/{made['id']}/file", {"Content-Type": "text/csv"}, a_file(people)
        began = time.perf_counter()
        answered = self.client.call("PUT", address, content=content, headers=headers)
        assert answered.status_code == 202, answered.text
        return time.perf_counter() - began, str(made["id"])


def a_runtime(url: str) -> Runtime:
    settings = Settings(database_url=url, signing_keys_file="unused")
    return create_runtime(connect(url), KeyRing(KEY, {}), settings)


def a_file(people: int) -> bytes:
    """Everything follows from the row's number."""
    rows = (
        f"m-{n};Påhittad;Person {n};{1950 + n % 50}-{1 + n % 12:02}-{1 + n % 28:02};{('kvinna', 'man')[n % 2]};"
        f"m{n}@example.org;+46 70 {1_000_000 + n};0182;Boo;sv:{('B1', 'B2', 'C1')[n % 3]};2512;mån 17-20, ons 9-12;hitta jobb\r\n"
        for n in range(people)
    )
    return (HEADER + "".join(rows)).encode()


def _copied(world: World) -> Taken:
    """What COPY of the same rows into the emptied table takes: the median of three."""
    server = _server(world)
    pooled = world.engine.raw_connection()
    driver: Any = pooled.driver_connection
    with driver.cursor() as cursor, cursor.copy("copy participant to stdout") as out:
        rows = b"".join(bytes(block) for block in out)
    taken = []
    for _ in range(ROUNDS):
        driver.execute("truncate participant cascade")
        driver.commit()
        began, cpu, before = time.perf_counter(), time.process_time(), cpu_of_all(server)
        with driver.cursor() as cursor, cursor.copy("copy participant from stdin") as into:
            for first in range(0, len(rows), BLOCK):
                into.write(rows[first : first + BLOCK])
        driver.commit()
        taken.append(Taken(time.perf_counter() - began, time.process_time() - cpu, cpu_of_all(server) - before))
    pooled.close()
    return sorted(taken, key=lambda one: one.cpu)[ROUNDS // 2]
