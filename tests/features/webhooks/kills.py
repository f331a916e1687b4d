"""Is anything lost when dispatchers are killed in the middle, again and again? Processes of their own, ended by kill -9."""

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from multiprocessing.process import BaseProcess
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from app.domain.webhooks import message_id
from app.features.webhooks import jobs
from app.features.webhooks.actions import deliveries
from app.features.webhooks.tables import WebhookProgress
from app.kit.clock import now
from app.kit.db import connect
from app.kit.outbound import Outbound
from app.kit.tokens import KeyRing, SigningKey
from app.main import create_runtime
from app.settings import Settings
from tests.features.webhooks.receiver import Receiver
from tests.features.webhooks.scene import Scene
from tests.world import World

LEASE_SECONDS = 1.0
"""Shorter than in earnest, so that a campaign of many kills does not mostly wait for leases of the dead."""
DISPATCHERS = 2
INSERT = text("""
insert into change (at, kind, subject, subject_id, partner_id, fields, trace_id)
select clock_timestamp(), 'partner.updated', 'partner', :partner, :partner, '{}', 't' from generate_series(1, :count)
""")
WANTED = text("select id from change where kind = 'partner.updated' order by xact_id, id")


def dispatch(url: str, key: str, pepper: bytes) -> None:
    """A process that does nothing but tell webhooks, until it is killed."""
    deliveries.LEASE = timedelta(seconds=LEASE_SECONDS)
    settings = Settings(database_url=url, signing_keys_file="unused")
    database = connect(url, pool_size=3)
    runtime = create_runtime(database, KeyRing(SigningKey.from_json(key), {}, pepper), settings)
    runtime = replace(runtime, outbound=Outbound(allow_loopback=True))
    while True:
        jobs.deliver(runtime, "k" * 32)
        time.sleep(0.02)


@dataclass
class Campaign:
    """Several webhooks of one partner and of another, each told of what both do, a receiver, and dispatchers that do not live long."""

    world: World
    receiver: Receiver
    seed: int = 2014
    kills: int = 0
    scenes: list[Scene] = field(default_factory=list)
    webhooks: list[tuple[str, Scene]] = field(default_factory=list)
    running: list[BaseProcess] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world.clock.advance(now() - self.world.clock())  # dispatchers go by the machine's own clock
        self.chance = random.Random(self.seed)  # noqa: S311  when to kill, not a secret
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["tests.features.webhooks.kills"])
        for _ in range(2):
            scene = Scene(self.world, self.receiver)
            self.scenes.append(scene)
            self.webhooks.append((scene.made["id"], scene))
            self.webhooks.append((scene.subscribe(name="Den andra")["id"], scene))

    def run(self, events: int, kills: int) -> dict[str, Any]:
        """Let so much happen while dispatchers are killed; then let one finish, and compare."""
        per_scene = events // len(self.webhooks) // len(self.scenes)
        batches = max(1, kills)
        try:
            for number in range(batches):
                done = per_scene * number // batches
                self.happen(per_scene * (number + 1) // batches - done)
                self.kill()
            self.finish(seconds=120 + events / 5)
        finally:
            for process in self.running:
                self.end(process)
        return self.compare()

    def happen(self, count: int) -> None:
        with self.world.engine.begin() as connection:
            for scene in self.scenes:
                connection.execute(INSERT, {"partner": scene.partner, "count": count})

    def start(self) -> None:
        keyring = self.world.runtime.keyring()
        given = (self.world.url, keyring.active.to_json(), keyring.pepper)
        process = self.context.Process(target=dispatch, args=given, daemon=True)
        process.start()
        self.running.append(process)

    def kill(self) -> None:
        """Let them work for a moment, and kill one in the middle of whatever it does."""
        while len(self.running) < DISPATCHERS:
            self.start()
        before = len(self.receiver.got)
        until = time.monotonic() + 10
        while len(self.receiver.got) < before + 1 + self.chance.randrange(40) and time.monotonic() < until:
            time.sleep(0.002)
        self.end(self.running.pop(self.chance.randrange(len(self.running))))
        self.kills += 1

    def end(self, process: BaseProcess) -> None:
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join(10)

    def finish(self, seconds: float) -> None:
        while len(self.running) < DISPATCHERS:
            self.start()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with Session(self.world.engine) as session:
                left = session.exec(select(WebhookProgress)).all()
                newest = session.execute(text("select max(xact_id) from change")).scalar_one()
            if all(not one.is_pending and one.seen_newest >= newest for one in left):
                return
            time.sleep(0.2)

    def compare(self) -> dict[str, Any]:
        """Of each webhook: every event arrived, the first arrivals in order, and how many came more than once."""
        lost = disordered = twice = 0
        with self.world.engine.connect() as connection:
            wanted = [str(one) for one in connection.scalars(WANTED)]
        for webhook_id, _ in self.webhooks:
            mine = {message_id(UUID(webhook_id), one): one for one in wanted}
            came = [mine[one.headers["webhook-id"]] for one in self.receiver.got if one.headers["webhook-id"] in mine]
            lost += len(wanted) - len(set(came))
            disordered += steps_back(came, wanted)
            twice += sum(count - 1 for count in Counter(came).values())
        expected = len(wanted) * len(self.webhooks)
        return {
            "kills": self.kills, "webhooks": len(self.webhooks), "events": expected, "received": len(self.receiver.got),
            "lost": lost, "disordered": disordered, "twice": twice,
        }  # fmt: skip


def steps_back(came: list[str], wanted: list[str]) -> int:
    """How often an arrival is further back than a repetition of the one before: more than once again is disorder."""
    place = {one: number for number, one in enumerate(wanted)}
    numbers = [place[one] for one in came]
    return sum(later < earlier for earlier, later in pairwise(numbers))
