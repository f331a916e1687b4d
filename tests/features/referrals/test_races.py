"""What happens when the answer, the consent and the person change at the same moment?"""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Barrier
from typing import Any

import httpx
import pytest
from sqlalchemy import text, update
from sqlmodel import Session, col

from app.domain.glossary import ProtectionLevel
from app.features.consents.tables import Consent
from app.features.participants.tables import Participant
from app.features.referrals.tables import Referral
from tests.features.enrolments.scene import add_cohort
from tests.features.referrals.scene import Scene

WAITING = text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
PATIENCE_SECONDS = 2.5  # below the lock timeout of the application


def at_once(*acts: Callable[[], httpx.Response]) -> Counter[int]:
    start = Barrier(len(acts))

    def run(act: Callable[[], httpx.Response]) -> int:
        start.wait(timeout=30)
        return act().status_code

    with ThreadPoolExecutor(len(acts)) as threads:
        return Counter(threads.map(run, acts))


def behind(scene: Scene, change: Any, act: Callable[[], httpx.Response]) -> httpx.Response:
    """The answer to an act that found somebody else's change under way, and waited for it."""
    engine = scene.world.engine
    with ThreadPoolExecutor(1) as thread, Session(engine) as session, engine.connect() as looking:
        session.exec(change)
        answer = thread.submit(act)
        until = time.monotonic() + PATIENCE_SECONDS
        while looking.scalar(WAITING) == 0 and time.monotonic() < until:
            looking.rollback()
            time.sleep(0.02)
        assert not answer.done()
        session.commit()
        return answer.result()


def records(scene: Scene, person: Participant) -> int:
    """How many records the receiver has of the person."""
    held = (col(Participant.person_id) == person.person_id, col(Participant.partner_id) == scene.receiver_id)
    return scene.count(Participant, *held)


def test_of_several_acceptances_one_wins(scene: Scene) -> None:
    for _ in range(5):
        scene.consent(person := scene.person())
        path = scene.sent(person)
        assert at_once(*[partial(scene.accept, path)] * 4) == Counter({409: 3, 200: 1})
        assert records(scene, person) == 1
        assert scene.kinds(path) == ["referral.sent", "referral.accepted"]


def test_of_an_acceptance_and_a_withdrawal_one_wins_wholly(scene: Scene) -> None:
    for _ in range(8):
        scene.consent(person := scene.person())
        path = scene.sent(person)
        assert at_once(partial(scene.accept, path), partial(scene.withdraw, path)) == Counter({200: 1, 409: 1})
        status = scene.read(path)["status"]
        assert records(scene, person) == (1 if status == "accepted" else 0)
        assert scene.kinds(path) == ["referral.sent", f"referral.{status}"]


def test_two_referrals_of_one_person_make_one_record(scene: Scene) -> None:
    other_cohort = add_cohort(scene.world, scene.program_id, mentee_intake_until=date(2026, 12, 1))
    for _ in range(5):
        scene.consent(person := scene.person())
        paths = [scene.sent(person), scene.sent(person, cohortId=str(other_cohort))]
        assert at_once(*[partial(scene.accept, path) for path in paths]) == Counter({200: 2})
        assert records(scene, person) == 1
        accepted = (col(Referral.participant_id) == person.id, col(Referral.status) == "accepted")
        assert scene.count(Referral, *accepted) == 2


def test_of_twins_one_is_sent(scene: Scene) -> None:
    for _ in range(5):
        scene.consent(person := scene.person())
        assert at_once(*[partial(scene.send, person)] * 3) == Counter({409: 2, 201: 1})


def test_a_consent_that_is_being_withdrawn_covers_nothing_new(scene: Scene) -> None:
    consent = scene.consent(person := scene.person())
    withdrawn = update(Consent).where(col(Consent.id) == consent.id).values(withdrawn_at=scene.world.clock())
    response = behind(scene, withdrawn, lambda: scene.send(person))
    assert (response.status_code, response.json()["code"]) == (409, "referral.consent_missing")


def test_a_consent_that_is_being_withdrawn_covers_no_acceptance(scene: Scene) -> None:
    consent = scene.consent(person := scene.person())
    path = scene.sent(person)
    withdrawn = update(Consent).where(col(Consent.id) == consent.id).values(withdrawn_at=scene.world.clock())
    response = behind(scene, withdrawn, lambda: scene.accept(path))
    assert (response.status_code, response.json()["context"]["current"]) == (409, "withdrawn")
    assert records(scene, person) == 0


@pytest.mark.parametrize(
    "becoming",
    [
        {"protection": ProtectionLevel.CONFIDENTIALITY_MARK},
        {"is_anonymous": True, "birth_year": 1990, "given_name": None, "family_name": None, "email": None,
         "phone": None, "born_on": None},
    ],
)  # fmt: skip
def test_who_is_becoming_protected_or_anonymous_does_not_go_over(scene: Scene, becoming: dict[str, Any]) -> None:
    scene.consent(person := scene.person())
    path = scene.sent(person)
    change = update(Participant).where(col(Participant.id) == person.id).values(**becoming)
    response = behind(scene, change, lambda: scene.accept(path))
    assert (response.status_code, response.json()["context"]["current"]) == (409, "withdrawn")
    assert records(scene, person) == 0
