"""Is a receiver told everything, in order, signed, thin, and as the service account may know it at that moment?"""

import json
import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from standardwebhooks import Webhook, WebhookVerificationError  # noqa: TID251  the receiver's own library

from app.domain.glossary import Concealing
from app.features.access.tables import Concealment
from app.features.webhooks import jobs
from app.features.webhooks.actions import deliveries
from app.kit.clock import now
from tests.features.webhooks.receiver import flood, nonsense, silence
from tests.features.webhooks.scene import TRACE, Scene


def test_an_event_is_thin_signed_and_links_to_the_thing(scene: Scene) -> None:
    scene.world.clock.advance(now() - scene.world.clock())  # a receiver's library looks at the time
    (change,) = scene.happen()
    scene.deliver()
    (got,) = scene.receiver.got
    assert got.event == {
        "type": "partner.updated",
        "timestamp": got.event["timestamp"],
        "data": {
            "id": change,
            "kind": "partner.updated",
            "subject": "partner",
            "subjectId": str(scene.partner),
            "link": f"https://mentorskap.example/mentorskap/v1/partners/{scene.partner}",
        },
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", got.event["timestamp"])
    assert re.fullmatch(r"msg_[0-9a-f]{32}", got.headers["webhook-id"])
    assert got.headers["content-type"] == "application/json"
    assert "authorization" not in got.headers
    assert scene.verify(scene.made["secret"]) == got.event
    with pytest.raises(WebhookVerificationError):
        Webhook(scene.made["secret"]).verify(got.body + b" ", got.headers)
    with pytest.raises(WebhookVerificationError):
        scene.verify("whsec_" + "A" * 43)


def test_events_come_in_the_order_of_the_feed_and_once_when_all_is_well(scene: Scene) -> None:
    wanted = scene.happen(12)
    scene.deliver()
    scene.deliver(seconds=1)
    assert scene.told() == wanted
    assert len(set(scene.receiver.ids)) == 12
    assert [one["attempt"] for one in scene.log_of_tries()] == [1] * 12
    assert {one["statusClass"] for one in scene.log_of_tries()} == {2}


def test_the_next_one_waits_until_the_receiver_has_the_first(scene: Scene) -> None:
    wanted = scene.happen(3)
    scene.receiver.status = 500
    scene.deliver()
    assert scene.told() == wanted[:1]
    scene.deliver(seconds=1)
    assert len(scene.receiver.got) == 1, "the pause is not over"
    scene.deliver(seconds=6)
    assert scene.told() == [wanted[0]] * 2
    scene.receiver.status = 200
    scene.deliver(seconds=40)
    assert scene.told() == [wanted[0], *[wanted[0]], *wanted]
    assert len(set(scene.receiver.ids)) == 3, "a retry has the id of the first try"
    assert [one["attempt"] for one in scene.log_of_tries()][::-1] == [1, 2, 3, 1, 1]


def test_what_happened_before_the_subscription_is_not_told(scene: Scene) -> None:
    scene.happen(2)
    scene.made = scene.subscribe(name="Senare")
    scene.say("update webhook_subscription set state = 'paused' where id <> :i", i=UUID(scene.made["id"]))
    wanted = scene.happen(2)
    scene.deliver()
    assert scene.told() == wanted


def test_a_subscription_reads_as_its_service_account_at_that_moment(scene: Scene) -> None:
    seen, kept = scene.enrol(), scene.enrol()
    conceal(scene, kept.participant_id)
    scene.deliver()
    assert str(seen.id) in scene.receiver.subjects
    assert str(kept.id) not in scene.receiver.subjects


def conceal(scene: Scene, participant_id: UUID) -> None:
    scene.world.add(
        Concealment(participant_id=participant_id, partner_id=scene.owner, kind=Concealing.PROTECTED_IDENTITY)
    )


def test_after_the_flag_nothing_that_waited_is_sent(scene: Scene) -> None:
    """Nothing is queued: an event that has failed for hours is read anew at each try, and is gone with the reach."""
    waiting = scene.enrol()
    scene.receiver.status = 500
    scene.deliver()
    assert scene.receiver.subjects == [str(waiting.id)]
    conceal(scene, waiting.participant_id)
    after = scene.happen()
    scene.receiver.status = 200
    scene.receiver.got.clear()
    scene.deliver(minutes=5)
    scene.deliver(minutes=5)
    told = [(one.event["type"], one.event["data"]["subjectId"]) for one in scene.receiver.got]
    assert ("enrolment.created", str(waiting.id)) not in told
    assert scene.told()[0] == after[0]


def test_lost_and_regained_reach_is_told(scene: Scene) -> None:
    seen = scene.enrol()
    scene.deliver()
    scene.say("update responsibility_assignment set ended_at = now() where partner_id = :p", p=scene.partner)
    scene.happen()
    for _ in range(3):
        scene.deliver(seconds=2)
    tombstones = [one.event for one in scene.receiver.got if one.event["type"] == "reach.lost"]
    assert str(seen.id) in {one["data"]["subjectId"] for one in tombstones}
    scene.receiver.got.clear()
    scene.say("update responsibility_assignment set ended_at = null where partner_id = :p", p=scene.partner)
    scene.happen()
    for _ in range(3):
        scene.deliver(seconds=2)
    assert str(seen.id) in [
        one.event["data"]["subjectId"] for one in scene.receiver.got if one.event["type"] == "reach.gained"
    ]


def test_kinds_and_programs_narrow_what_is_told(scene: Scene) -> None:
    scene.admin.patch(scene.path, {"kinds": ["enrolment.created"], "programIds": [str(scene.program)]})
    scene.happen(2)
    seen = scene.enrol()
    scene.deliver()
    scene.deliver(seconds=1)
    assert scene.receiver.subjects == [str(seen.id)]
    scene.admin.patch(scene.path, {"programIds": [str(scene.owner)]})
    scene.enrol()
    scene.deliver()
    assert scene.receiver.subjects == [str(seen.id)]


def test_pauses_last_three_days_in_all_and_then_it_is_disabled(scene: Scene) -> None:
    scene.happen()
    scene.receiver.status = 503
    began = scene.world.clock()
    tries = 0
    for _ in range(40):
        scene.deliver()
        tries += 1
        if scene.read()["state"] != "active":
            break
        assert scene.read()["failingSince"] is not None
        scene.world.clock.advance(scene.progress().next_at - scene.world.clock())
    assert (scene.read()["state"], scene.read()["disabledReason"]) == ("disabled", "retriesExhausted")
    assert timedelta(days=3) <= scene.world.clock() - began < timedelta(days=3.5)
    assert tries == len(scene.receiver.got) == 13
    assert {one["problem"] for one in scene.log_of_tries()} == {"receiverFailed"}
    scene.deliver(days=1)
    assert len(scene.receiver.got) == 13, "nothing more is sent"


def test_gone_disables_at_once(scene: Scene) -> None:
    scene.happen()
    scene.receiver.status = 410
    scene.deliver()
    assert (scene.read()["state"], scene.read()["disabledReason"]) == ("disabled", "gone")
    assert len(scene.receiver.got) == 1


def test_authority_ends_with_the_account(scene: Scene) -> None:
    scene.happen()
    scene.say("update user_account set is_locked = true where id = :u", u=scene.account.id)
    scene.deliver()
    assert scene.receiver.got == []
    assert (scene.read()["state"], scene.read()["disabledReason"]) == ("disabled", "authorityEnded")
    refused = scene.admin.post(scene.path + "/resumption")
    assert (refused.status_code, refused.json()["code"]) == (422, "webhook_subscription.account_unsuitable")
    scene.say("update user_account set is_locked = false where id = :u", u=scene.account.id)
    assert scene.admin.post(scene.path + "/resumption").json()["state"] == "active"
    scene.deliver()
    assert len(scene.receiver.got) == 1, "and nothing was lost meanwhile"


@pytest.mark.parametrize(
    ("behaviour", "problem", "status_class"),
    [(silence, "timeout", None), (nonsense, "answerBroken", None), (flood, None, 2)],
)
def test_receivers_that_misbehave_are_only_noted(scene: Scene, behaviour: Any, problem: str, status_class: int) -> None:
    scene.receiver.instead = behaviour
    scene.happen()
    scene.deliver()
    (one, *_) = scene.log_of_tries()
    assert (one["problem"], one["statusClass"]) == (problem, status_class)
    assert one["milliseconds"] < 8000


@pytest.mark.parametrize(
    ("status", "problem"), [(302, "redirected"), (404, "refused"), (500, "receiverFailed"), (600, "receiverFailed")]
)
def test_only_a_two_hundred_is_a_yes(scene: Scene, status: int, problem: str) -> None:
    scene.receiver.status, scene.receiver.headers = status, {"Location": "http://169.254.169.254/"}
    scene.happen()
    scene.deliver()
    (one,) = scene.log_of_tries()
    assert (one["problem"], one["statusClass"]) == (problem, status // 100)


def test_a_name_that_turns_inwards_later_is_refused_at_delivery(scene: Scene) -> None:
    scene.say(
        "update webhook_subscription set url = 'https://rebind.example.org/x' where id = :i", i=UUID(scene.made["id"])
    )
    scene.happen()
    with (
        patch("app.features.webhooks.jobs._send", wraps=jobs._send) as send,
        patch("socket.getaddrinfo", return_value=[(2, 1, 6, "", ("169.254.169.254", 443))]) as looked,
    ):
        scene.deliver()
    assert (send.call_count, looked.call_count) == (1, 1)
    assert scene.log_of_tries()[0]["problem"] == "nameUnknown"


def test_a_dispatcher_that_dies_after_the_yes_sends_it_again_under_the_same_id(scene: Scene) -> None:
    wanted = scene.happen(2)
    with patch.object(deliveries, "note", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        scene.deliver()
    assert scene.told() == wanted[:1]
    scene.deliver(seconds=5)
    assert scene.told() == wanted[:1], "the lease of the dead is not over"
    scene.deliver(seconds=30)
    assert scene.told() == [wanted[0], *wanted]
    assert scene.receiver.ids[0] == scene.receiver.ids[1]


def test_a_dispatcher_that_comes_back_too_late_moves_nothing(scene: Scene) -> None:
    """It slept through its lease; another one has told more by then."""
    wanted = scene.happen(2)

    def sleep() -> None:
        scene.receiver.before = None
        scene.deliver(minutes=1)

    scene.receiver.before = sleep
    scene.deliver()
    assert scene.told() == [*wanted, wanted[0]], "the late one's call arrived, its note did not count"
    scene.deliver(minutes=1)
    assert len(scene.receiver.got) == 3
    assert len(scene.log_of_tries()) == 2


def test_of_one_partner_only_some_are_told_at_once(scene: Scene) -> None:
    for number in range(3):
        scene.subscribe(name=f"Till {number}")
    scene.happen()
    seen: list[int] = []

    def look() -> None:
        scene.receiver.before = None
        while jobs.tell_next(scene.runtime, TRACE):
            seen.append(1)

    scene.say(
        "update webhook_progress set lease_until = :u where partner_id = :p and subscription_id <> :i",
        u=scene.world.clock() + timedelta(seconds=30),
        p=scene.partner,
        i=UUID(scene.made["id"]),
    )
    scene.receiver.before = look
    scene.deliver()
    assert seen == [] == scene.receiver.got, "three are in hand already"
    scene.deliver(minutes=1)
    assert len(scene.receiver.got) == 4


def test_a_pause_between_reading_and_sending_holds(scene: Scene) -> None:
    scene.happen(3)

    def pause() -> None:
        assert scene.admin.post(scene.path + "/pause").status_code == 200

    scene.receiver.before = pause
    scene.deliver()
    assert len(scene.receiver.got) == 1, "what was on its way arrives, and nothing after it"
    scene.receiver.before = None
    assert scene.admin.post(scene.path + "/resumption").status_code == 200
    scene.deliver()
    assert len(scene.receiver.got) == 3


def test_a_stretch_ends_so_that_others_have_their_turn(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_SECONDS", 0)
    wanted = scene.happen(3)
    assert jobs.tell_next(scene.runtime, TRACE)
    assert scene.told() == wanted[:1]
    scene.deliver()
    assert scene.told() == wanted


def test_nothing_personal_is_in_an_event_or_in_the_log(scene: Scene) -> None:
    scene.enrol()
    scene.deliver()
    for got in scene.receiver.got:
        assert set(got.event) == {"type", "timestamp", "data"}
        assert set(got.event["data"]) == {"id", "kind", "subject", "subjectId", "link"}
        assert "Påhittad" not in json.dumps(got.event, ensure_ascii=False)


def test_an_idle_subscription_costs_one_statement_a_look(scene: Scene) -> None:
    scene.happen()
    scene.deliver()
    assert not jobs.tell_next(scene.runtime, TRACE)
    assert scene.progress().is_pending is False
    scene.world.clock.advance(timedelta(days=1))
    assert jobs.tell_next(scene.runtime, TRACE), "a new day may have ended a duty"
    assert not jobs.tell_next(scene.runtime, TRACE)
