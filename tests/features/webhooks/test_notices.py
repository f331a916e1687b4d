"""Are a partner's administrators told when a webhook is disabled, and is what is old thrown away?"""

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

from sqlmodel import Session, select

from app.domain.reminders import LetterStatus
from app.domain.roles import Role
from app.features.webhooks.jobs import forget, notices
from app.features.webhooks.tables import WebhookNotice
from app.kit.mail import Undeliverable
from tests.features.webhooks.scene import TRACE, Scene


class Box:
    """A mail server that remembers, or refuses."""

    def __init__(self, raises: Exception | None = None) -> None:
        self.letters: list[EmailMessage] = []
        self.raises = raises

    def send(self, letter: EmailMessage) -> None:
        if self.raises is not None:
            raise self.raises
        self.letters.append(letter)


def disabled(scene: Scene) -> Scene:
    scene.happen()
    scene.receiver.status = 410
    scene.deliver()
    return scene


def send(scene: Scene, box: Box) -> None:
    notices(replace(scene.runtime, mailer=box), TRACE)


def states(scene: Scene) -> set[LetterStatus]:
    with Session(scene.world.engine) as session:
        wanted = WebhookNotice.subscription_id == UUID(scene.made["id"])
        return {one.status for one in session.exec(select(WebhookNotice).where(wanted))}


def test_every_administrator_is_told_once_in_two_languages(scene: Scene) -> None:
    scene.world.client(Role.PARTNER_ADMINISTRATOR, scene.partner)
    scene.world.client(Role.COORDINATOR, scene.partner)
    box = Box()
    disabled(scene)
    send(scene, box)
    send(scene, box)
    assert len(box.letters) == len({letter["To"] for letter in box.letters}) == 2
    text = box.letters[0].get_content()
    assert "Webhooken «Register» är avstängd." in text
    assert "answered that the address is gone (410)" in text
    assert f"/webhook-subscriptions/{scene.made['id']}" in text
    assert scene.receiver.url not in text
    assert states(scene) == {LetterStatus.SENT}


def test_nobody_is_told_of_what_is_mended(scene: Scene) -> None:
    box = Box()
    disabled(scene)
    assert scene.admin.post(scene.path + "/resumption").status_code == 200
    send(scene, box)
    assert (box.letters, states(scene)) == ([], {LetterStatus.DROPPED})


def test_a_letter_is_tried_until_it_is_taken_or_too_often(scene: Scene) -> None:
    disabled(scene)
    send(scene, Box(OSError()))
    assert states(scene) == {LetterStatus.SENDING}
    for _ in range(10):
        scene.world.clock.advance(timedelta(days=1))
        send(scene, Box(OSError()))
    assert states(scene) == {LetterStatus.FAILED}


def test_an_address_that_is_refused_for_good_is_left_alone(scene: Scene) -> None:
    disabled(scene)
    send(scene, Box(Undeliverable()))
    assert states(scene) == {LetterStatus.FAILED}


def test_a_webhook_that_ends_while_its_letter_is_sent_takes_it_along(scene: Scene) -> None:
    disabled(scene)

    class Ending(Box):
        def send(self, letter: EmailMessage) -> None:
            assert scene.admin.call("DELETE", scene.path, headers={"If-Match": "*"}).status_code == 204
            super().send(letter)

    box = Ending()
    send(scene, box)
    assert len(box.letters) == 1
    assert states(scene) == set()


def test_tries_are_kept_for_thirty_days(scene: Scene) -> None:
    scene.happen()
    scene.deliver()
    forget(scene.runtime, TRACE)
    assert len(scene.log_of_tries()) == 1
    scene.world.clock.advance(timedelta(days=31))
    forget(scene.runtime, TRACE)
    assert scene.log_of_tries() == []
