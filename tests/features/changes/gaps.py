"""What does a reader find while many transactions write at once and commit late? Ours, and the two naive ones beside it."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Engine, text

from app.domain.roles import Role
from tests.features.changes.reading import Reading
from tests.world import World

INSERT = text("""
insert into change (at, kind, subject, subject_id, partner_id, fields, trace_id)
values (clock_timestamp(), 'partner.updated', 'partner', :partner, :partner, '{}', 't') returning id
""")
BY_NUMBER = text("select id, at from change where id > :number order by id")
BY_TIME = text("select id, at from change where at > :at order by at")
LATE = 0.05
"""The share of transactions that stay open while many others come and go."""


@dataclass
class Naive:
    """A reader that remembers the highest number, or the latest time, that it has seen."""

    engine: Engine
    by_time: bool
    number: int = 0
    at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    found: list[str] = field(default_factory=list)

    def go_on(self) -> None:
        with self.engine.connect() as connection:
            asked = BY_TIME if self.by_time else BY_NUMBER
            for row in connection.execute(asked, {"at": self.at} if self.by_time else {"number": self.number}):
                self.found.append(str(row.id))
                self.number, self.at = max(self.number, row.id), max(self.at, row.at)


@dataclass
class Ours:
    """The feed over HTTP."""

    reading: Reading
    found: list[str] = field(default_factory=list)

    def go_on(self) -> None:
        self.found += [item["id"] for item in self.reading.go_on(limit=100)]


def write(engine: Engine, partner: UUID, seed: int) -> set[str]:
    """One transaction that writes a little, takes its time, and commits, or not; what it has committed."""
    chance = random.Random(seed)  # noqa: S311  the order of events, not a secret
    with engine.connect() as connection:
        written = set()
        for _ in range(chance.choice([1, 1, 2, 3])):
            written.add(str(connection.execute(INSERT, {"partner": partner}).scalar_one()))
            time.sleep(chance.random() * 0.01)
        time.sleep(chance.random() * (1.0 if chance.random() < LATE else 0.02))
        if chance.random() < 0.1:
            connection.rollback()
            return set()
        connection.commit()
        return written


def repeat(act: Callable[[], None], done: threading.Event) -> None:
    while not done.is_set():
        act()
        time.sleep(0.02)
    act()


def compare(world: World, transactions: int, at_once: int) -> dict[str, int]:
    """So many transactions, so many of them open at once, all three readers beside them; what each lost."""
    partner = world.partner()
    ours = Ours(Reading(world.client(Role.SERVICE, world.partner(), ["change:read", "partner:read"])))
    naive = [Naive(world.engine, by_time=one) for one in (False, True)]
    readers: list[Ours | Naive] = [ours, *naive]
    for one in readers:
        one.go_on()
        one.found.clear()
    done = threading.Event()
    with ThreadPoolExecutor(len(readers)) as reading:
        waiting = [reading.submit(repeat, one.go_on, done) for one in readers]
        try:
            with ThreadPoolExecutor(at_once) as writing:
                works = [writing.submit(write, world.engine, partner, seed) for seed in range(transactions)]
            committed = set().union(*(one.result() for one in works))
        finally:
            done.set()
        for going in waiting:
            going.result()
    twice = sum(count - 1 for count in Counter(ours.found).values())
    return {
        "transactions": transactions,
        "committed": len(committed),
        "found": len(ours.found),
        "gaps": len(committed - set(ours.found)),
        "twice": twice,
        "never_committed": len(set(ours.found) - committed),
        "lost_by_number": len(committed - set(naive[0].found)),
        "lost_by_time": len(committed - set(naive[1].found)),
    }
