"""After kill -9 in the middle of the post round: is each reminder written once, and each letter delivered?

The mail server is a real one in this process, the job runs in another that is killed while it talks to it. SMTP cannot
promise that a letter comes once: one that was accepted but not noted comes again, with the same Message-ID. A mailbox
folder can, and does.
"""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlmodel import Session, select

from app.domain.reminders import LetterStatus
from app.features.follow_ups.tables import Letter, Reminder
from tests.commands.servers import ROOT, free_port
from tests.features.follow_ups.scene import planned
from tests.features.matches.pairs import Place
from tests.world import World

PEOPLE = 6
ROUND = """
import sys
from datetime import datetime, timedelta
from app.features.follow_ups import jobs
from app.kit.db import connect
from app.kit.tokens import KeyRing, SigningKey
from app.main import create_runtime
from app.settings import Settings
url, smtp, folder, at = sys.argv[1:]
post = {"smtp_url": smtp, "mail_from": "brev@example.org"} if smtp else {"data_folder": folder}
settings = Settings(database_url=url, signing_keys_file="unused", **post)
now = datetime.fromisoformat(at)
runtime = create_runtime(connect(url), KeyRing(SigningKey.generate(), {}), settings, lambda: now)
jobs.remind(runtime, "8" * 32)
"""


@dataclass
class Box:
    """A mail server's mailbox; `at_letter` may do something before the server says yes."""

    ids: list[str] = field(default_factory=list)
    at_letter: Callable[[int], None] = lambda _number: None

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802  aiosmtpd's name
        self.ids.append(str(message_from_bytes(given[-1].content)["Message-ID"]))
        self.at_letter(len(self.ids))
        return "250 OK"


@pytest.fixture
def post_office() -> Iterator[Controller]:
    controller = Controller(Box(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def place(world: World) -> Place:
    """A program where some people are to be reminded today."""
    place = Place(world)
    for _ in range(PEOPLE):
        planned(place.active(), -3)
    return place


def start(world: World, smtp: str, folder: Path, hours: int = 0) -> subprocess.Popen[str]:
    at = (world.clock() + timedelta(hours=hours)).isoformat()
    return subprocess.Popen(  # noqa: S603  our own program with our own arguments
        [sys.executable, "-c", ROUND, world.url, smtp, str(folder), at],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def finished(process: subprocess.Popen[str]) -> None:
    output = process.communicate(timeout=120)[0]
    assert process.returncode == 0, output


def stored(place: Place) -> tuple[list[Letter], list[Reminder]]:
    with Session(place.world.engine) as session:
        letters = session.exec(select(Letter).where(Letter.program_id == place.program)).all()
        return list(letters), list(session.exec(select(Reminder).where(Reminder.program_id == place.program)))


@pytest.mark.slow
def test_every_letter_is_delivered_and_what_comes_twice_is_the_same(
    place: Place, post_office: Controller, tmp_path: Path
) -> None:
    smtp, kills = f"smtp+plain://127.0.0.1:{post_office.port}", 2
    for number in range(kills):
        process = start(place.world, smtp, tmp_path, hours=number)
        # The server has the letter and has not said yes; or it says yes to somebody who is no longer there.
        post_office.handler.at_letter = lambda _number, process=process: process.send_signal(signal.SIGKILL)
        process.communicate(timeout=120)
        assert process.returncode == -signal.SIGKILL
    post_office.handler.at_letter = lambda _number: None
    finished(start(place.world, smtp, tmp_path, hours=kills + 1))

    letters, reminders = stored(place)
    assert {one.status for one in letters} == {LetterStatus.SENT}
    assert (len(letters), len(reminders), len({one.follow_up_id for one in reminders})) == (PEOPLE, PEOPLE, PEOPLE)
    arrived = Counter(post_office.handler.ids)
    assert set(arrived) == {f"<{one.id}@example.org>" for one in letters}
    assert sum(arrived.values()) - len(letters) <= kills


@pytest.mark.slow
def test_in_a_folder_each_letter_is_once(place: Place, tmp_path: Path) -> None:
    process = start(place.world, "", tmp_path)
    while process.poll() is None and not list(tmp_path.glob("mailbox/*.eml")):
        time.sleep(0.001)
    process.kill()
    process.communicate(timeout=60)
    finished(start(place.world, "", tmp_path, hours=1))
    letters, _ = stored(place)
    assert {one.status for one in letters} == {LetterStatus.SENT}
    mine = {f"{one.id}.eml" for one in letters}
    assert mine <= {path.name for path in tmp_path.glob("mailbox/*")}
    assert len(letters) == PEOPLE
