"""Who gets which digest, once a day at most, whatever dies in between, and with nothing of what was written in it?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlmodel import Session, select

from app.domain.reminders import LetterStatus
from app.domain.roles import Role
from app.features.access.guards import steward
from app.features.cooperation.actions.digests import claim_digest, write_digests
from app.features.cooperation.jobs import digest
from app.features.cooperation.tables import Digest
from app.kit.mail import Undeliverable
from app.kit.runtime import Runtime
from tests.features.cooperation.scene import Scene, refused
from tests.world import World

SETTING = "/me/digest-setting"
TRACE = "d" * 32


class Box:
    """A mail server that remembers, refuses or breaks."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.raises: Exception | None = None

    def send(self, letter: EmailMessage) -> None:
        if self.raises is not None:
            raise self.raises
        self.letters.append(letter)

    def to(self, scene: Scene, name: str) -> list[EmailMessage]:
        return [one for one in self.letters if one["To"] == scene.users[name].email]


@pytest.fixture
def scene(world: World) -> Scene:
    """It is seven in the morning."""
    now = world.clock()
    tomorrow = datetime(now.year, now.month, now.day, 6, 5, tzinfo=UTC) + timedelta(days=1)
    world.clock.advance(tomorrow - now)
    return Scene(world)


@pytest.fixture
def box() -> Box:
    return Box()


def run(scene: Scene, box: Box) -> None:
    digest(with_box(scene, box), TRACE)


def with_box(scene: Scene, box: Box) -> Runtime:
    return replace(scene.world.runtime, mailer=box)


def next_day(scene: Scene) -> None:
    scene.world.clock.advance(timedelta(days=1))


def rows(scene: Scene, name: str) -> list[Digest]:
    with Session(scene.world.engine) as session:
        wanted = select(Digest).where(Digest.user_id == scene.users[name].id).order_by(Digest.digest_on)  # type: ignore[arg-type]
        return list(session.exec(wanted))


def text_of(letter: EmailMessage) -> str:
    content: Any = letter.get_content()
    return str(content)


def test_whoever_has_not_read_is_told_once_a_day(scene: Scene, box: Box) -> None:
    scene.say("owner", "Det hemliga beslutet.", mentionedPartnerIds=[str(scene.partners["party"])])
    scene.say("owner", "Mer av det hemliga.")
    run(scene, box)
    run(scene, box)
    [letter] = box.to(scene, "party")
    body = text_of(letter)
    assert "2 olästa inlägg, 1 där du eller din organisation nämns" in body
    assert "2 unread posts, 1 that mention you or your organisation" in body
    assert f"/programs/{scene.program}/channel-posts" in body
    assert "hemliga" not in body
    assert "Påhittade owner" not in body, "nor who wrote it"
    assert box.to(scene, "owner") == [], "nobody is told of their own posts"
    assert box.to(scene, "outsider") == []
    next_day(scene)
    run(scene, box)
    assert len(box.to(scene, "party")) == 1, "nothing is new"
    scene.say("holder", "Nytt.")
    run(scene, box)
    assert len(box.to(scene, "party")) == 2
    assert "3 olästa inlägg" in text_of(box.to(scene, "party")[1])


def test_everybody_chooses(scene: Scene, box: Box) -> None:
    assert scene["party"].get(SETTING).json() == {"digest": "daily"}
    assert scene["party"].put(SETTING, {"digest": "onlyMentions"}).json() == {"digest": "onlyMentions"}
    assert scene["party"].put(SETTING, {"digest": "onlyMentions"}).status_code == 200
    assert scene["holder"].put(SETTING, {"digest": "off"}).status_code == 200
    scene.say("owner", "Till alla.", mentionedPartnerIds=[str(scene.partners["holder"])])
    run(scene, box)
    assert box.to(scene, "party") == box.to(scene, "holder") == []
    scene.say("owner", "Till er.", mentionedUserIds=[str(scene.users["party"].id)])
    run(scene, box)
    assert len(box.to(scene, "party")) == 1
    assert scene["party"].get(SETTING).json() == {"digest": "onlyMentions"}
    assert scene["party"].put(SETTING, {"digest": "daily"}).json() == {"digest": "daily"}
    assert refused(scene["party"].put(SETTING, {"digest": "hourly"})) == (422, "request.invalid")
    mentor = scene.world.client(Role.MENTOR, scene.partners["owner"])
    assert refused(mentor.get(SETTING)) == (403, "access.role_not_permitted")


def test_what_is_read_meanwhile_is_not_told(scene: Scene, box: Box) -> None:
    scene.say("owner")
    with steward(with_box(scene, box), TRACE) as scope:
        assert len(write_digests(scope)) >= 2
    scene["party"].put(scene.mark, {"lastReadNumber": 1})
    run(scene, box)
    assert box.to(scene, "party") == []
    assert [one.status for one in rows(scene, "party")] == [LetterStatus.DROPPED]
    assert len(box.to(scene, "holder")) == 1


@pytest.mark.parametrize("how", ["left", "locked", "off"])
def test_whoever_is_gone_meanwhile_is_not_written_to(scene: Scene, box: Box, how: str) -> None:
    scene.say("owner")
    with steward(with_box(scene, box), TRACE) as scope:
        write_digests(scope)
    if how == "left":
        scene.leave("party")
    elif how == "off":
        scene["party"].put(SETTING, {"digest": "off"})
    else:
        with scene.world.engine.begin() as connection:
            lock = "update user_account set is_locked = true where id = %s"
            connection.exec_driver_sql(lock, (scene.users["party"].id,))
    run(scene, box)
    assert box.to(scene, "party") == []
    assert [one.status for one in rows(scene, "party")] == [LetterStatus.DROPPED]


def test_mornings_only(scene: Scene, box: Box) -> None:
    scene.say("owner")
    scene.world.clock.advance(timedelta(hours=4))
    run(scene, box)
    assert rows(scene, "party") == []
    scene.world.clock.advance(timedelta(hours=20))
    run(scene, box)
    assert len(box.to(scene, "party")) == 1


def test_a_broken_server_is_tried_again_with_the_same_letter(scene: Scene, box: Box) -> None:
    scene.say("owner")
    box.raises = ConnectionError("nej")
    run(scene, box)
    [row] = rows(scene, "party")
    assert (row.status, row.attempts) == (LetterStatus.SENDING, 1)
    box.raises = None
    run(scene, box)
    assert box.to(scene, "party") == [], "its claim has not run out"
    scene.world.clock.advance(timedelta(minutes=6))
    run(scene, box)
    [letter] = box.to(scene, "party")
    assert letter["Message-ID"].startswith(f"<{row.id}@")
    assert [one.status for one in rows(scene, "party")] == [LetterStatus.SENT]


def test_a_worker_that_dies_after_the_claim_leaves_it_to_the_next(scene: Scene, box: Box) -> None:
    scene.say("owner")
    runtime = with_box(scene, box)
    with steward(runtime, TRACE) as scope:
        write_digests(scope)
    with steward(runtime, TRACE) as scope:
        claimed = claim_digest(scope, "avsandare@example.org", "https://x.example")
    assert claimed is not None
    digest_id, first = claimed
    assert first is not None
    scene.world.clock.advance(timedelta(minutes=6))
    run(scene, box)
    sent = [one for one in box.letters if one["Message-ID"].startswith(f"<{digest_id}@")]
    assert len(sent) == 1
    assert sent[0]["To"] == first["To"]


def test_an_address_that_is_refused_is_given_up(scene: Scene, box: Box) -> None:
    scene.say("owner")
    box.raises = Undeliverable()
    run(scene, box)
    assert [one.status for one in rows(scene, "party")] == [LetterStatus.FAILED]


def test_after_enough_tries_it_is_given_up(scene: Scene, box: Box) -> None:
    scene.say("owner")
    box.raises = ConnectionError("nej")
    for _ in range(9):
        run(scene, box)
        scene.world.clock.advance(timedelta(days=1))
    assert rows(scene, "party")[0].status is LetterStatus.FAILED
    [*_, last] = rows(scene, "party")
    assert last.digest_on == rows(scene, "party")[0].digest_on, "one under way keeps its successor waiting"


def test_two_workers_write_one_letter(scene: Scene, box: Box) -> None:
    scene.say("owner")
    runtime = with_box(scene, box)
    with steward(runtime, TRACE) as one, steward(runtime, TRACE) as other:
        assert write_digests(one)
        assert write_digests(other) == []
    run(scene, box)
    assert len(rows(scene, "party")) == 1
