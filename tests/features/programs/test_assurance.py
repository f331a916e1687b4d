"""Is the owner of an old description asked about it, once in three months, and nobody else?"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.domain.roles import Role
from app.features.programs import jobs
from app.features.programs.tables import AssuranceRequest
from app.kit.clock import today
from app.kit.mail import Undeliverable
from app.kit.runtime import Runtime
from tests.world import World

TRACE = "0" * 32


@dataclass
class Post:
    """Takes letters, or fails as it is told to."""

    sent: list[EmailMessage] = field(default_factory=list)
    failing: Exception | None = None

    def send(self, letter: EmailMessage) -> None:
        if self.failing is not None:
            raise self.failing
        self.sent.append(letter)


@dataclass
class Owner:
    """A partner with a coordinator and a fresh, an old, a never assured and an unpublished programme."""

    world: World
    partner: UUID
    post: Post
    runtime: Runtime
    programs: dict[str, UUID]

    def monday(self) -> list[EmailMessage]:
        """The letters of one tick."""
        before = len(self.post.sent)
        jobs.ask(self.runtime, TRACE)
        return self.post.sent[before:]

    def asked(self) -> set[UUID]:
        with Session(self.world.engine) as session:
            return {one.program_id for one in session.exec(select(AssuranceRequest))}


@pytest.fixture
def owner(world: World) -> Iterator[Owner]:
    partner, day = world.partner(), today(world.clock())
    world.client(Role.COORDINATOR, partner)
    world.client(Role.CASE_HANDLER, partner)
    programs = {
        "fresh": world.program(partner, assured_on=day),
        "old": world.program(partner, name=f"Gammal {world.number()}", assured_on=day - timedelta(days=400)),
        "never": world.program(partner, name=f"Aldrig {world.number()}"),
        "draft": world.program(partner, is_published=False),
    }
    post = Post()
    yield Owner(world, partner, post, replace(world.runtime, mailer=post), programs)
    client = world.client(Role.COORDINATOR, partner)
    for one in programs.values():
        client.patch(f"/programs/{one}", {"isPublished": False})


def test_an_owner_is_asked_once_about_all_that_is_old(owner: Owner) -> None:
    (letter,) = owner.monday()
    body = letter.get_content()
    assert "Stämmer beskrivningen fortfarande?" in letter["Subject"]
    assert "Gammal" in body
    assert "Aldrig" in body
    assert "vouched" in body
    assert body.count("- ") == 4  # two programmes, in two languages
    assert owner.asked() >= {owner.programs["old"], owner.programs["never"]}
    assert not owner.asked() & {owner.programs["fresh"], owner.programs["draft"]}
    assert owner.monday() == []
    owner.world.clock.advance(timedelta(days=85))
    assert owner.monday() == []
    owner.world.clock.advance(timedelta(days=10))
    assert len(owner.monday()) == 1


def test_whoever_vouches_is_left_in_peace(owner: Owner) -> None:
    client = owner.world.client(Role.COORDINATOR, owner.partner)
    for one in ("old", "never"):
        assert client.patch(
            f"/programs/{owner.programs[one]}", {"assuredOn": str(today(owner.world.clock()))}
        ).is_success
    # Two coordinators by now; neither hears of it.
    assert owner.monday() == []


def test_a_letter_that_was_not_sent_is_sent_next_time(owner: Owner) -> None:
    owner.post.failing = OSError("the mail server is gone")
    assert owner.monday() == []
    assert not owner.asked() & {owner.programs["old"]}
    owner.post.failing = Undeliverable("never to this address")
    assert owner.monday() == []
    assert owner.programs["old"] in owner.asked()


def test_nobody_is_asked_where_nobody_could_read_it(world: World) -> None:
    lonely, post = world.partner(), Post()
    program = world.program(lonely)
    jobs.ask(replace(world.runtime, mailer=post), TRACE)
    with Session(world.engine) as session:
        assert session.exec(select(AssuranceRequest).where(AssuranceRequest.program_id == program)).first() is None
