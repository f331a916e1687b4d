"""Who may make a webhook, to where, and how is it stopped, resumed, sent again, signed anew and ended?"""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import Session, select
from standardwebhooks import WebhookVerificationError  # noqa: TID251  the receiver's own library

from app.domain.roles import Role
from app.features.changes.tables import FeedReader, FeedTold
from app.kit.clock import now
from app.kit.passwords import hash_secret
from tests.features.webhooks.scene import Scene, changes_of, rows_left
from tests.kit.test_outbound import HOSTILE
from tests.world import World


def refused(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def body(scene: Scene, **over: Any) -> dict[str, Any]:
    return {"name": "En till", "url": "https://register.example/x", "serviceAccountId": str(scene.account.id), **over}


def test_a_webhook_is_made_and_read(scene: Scene) -> None:
    made = scene.admin.post(f"/partners/{scene.partner}/webhook-subscriptions", body(scene, kinds=["match.closed"]))
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    location = made.headers["Location"]
    assert location.endswith(f"/webhook-subscriptions/{made.json()['id']}")
    read = scene.admin.get(location)
    assert read.json() == {
        "id": made.json()["id"],
        "version": 1,
        "partnerId": str(scene.partner),
        "serviceAccountId": str(scene.account.id),
        "name": "En till",
        "url": "https://register.example/x",
        "kinds": ["match.closed"],
        "programIds": [],
        "state": "active",
        "disabledReason": None,
        "disabledAt": None,
        "failingSince": None,
        "nextAttemptAt": None,
        "createdAt": read.json()["createdAt"],
        "updatedAt": read.json()["updatedAt"],
    }
    assert made.json()["secret"] not in read.text
    listed = scene.admin.get(f"/partners/{scene.partner}/webhook-subscriptions").json()
    assert [one["name"] for one in listed["items"]] == ["En till", "Register"]
    assert changes_of(scene.world, made.json()["id"]) == ["webhookSubscription.created"]


def test_others_do_not_know_of_it(world: World, scene: Scene) -> None:
    stranger = world.client(Role.PARTNER_ADMINISTRATOR, scene.owner)
    for path in ("", "/secrets", "/deliveries"):
        assert refused(stranger.get(scene.path + path)) == (404, "resource.not_found")
    for path, sent in (
        ("/pause", None),
        ("/resumption", None),
        ("/secrets", {}),
        ("/resend", {}),
        ("/test-events", None),
    ):
        assert refused(stranger.post(scene.path + path, sent)) == (404, "resource.not_found")
    assert refused(stranger.call("DELETE", scene.path, headers={"If-Match": "*"})) == (404, "resource.not_found")
    listed = f"/partners/{scene.partner}/webhook-subscriptions"
    assert refused(stranger.post(listed, body(scene))) == (403, "access.duty_not_held")
    assert stranger.get(listed).status_code == 403 or stranger.get(listed).json()["items"] == []
    for role in (Role.COORDINATOR, Role.CASE_HANDLER, Role.MENTOR, Role.SYSTEM_ADMINISTRATOR):
        colleague = world.client(role, scene.partner)
        assert refused(colleague.post(listed, body(scene))) == (403, "access.role_not_permitted")
    script = world.client_for(scene.account)
    assert refused(script.post(listed, body(scene))) == (403, "access.role_not_permitted"), (
        "it would widen its own reach"
    )


@pytest.mark.parametrize(
    "url",
    [one for one in HOSTILE if "127.0.0.1/" not in one and "localhost/" not in one.lower() and "[::1]/" not in one],
)
def test_no_hostile_address_is_taken(scene: Scene, url: str) -> None:
    """Those of this machine itself are taken here, where the setting allows them: see `test_outbound` for the rest."""
    response = scene.admin.post(f"/partners/{scene.partner}/webhook-subscriptions", body(scene, url=url))
    assert response.status_code == 422
    assert response.json()["code"] in {"webhook_subscription.address_refused", "request.invalid"}
    patched = scene.admin.patch(scene.path, {"url": url})
    assert patched.status_code == 422


def test_the_refusal_says_what_is_wrong(scene: Scene) -> None:
    response = scene.admin.post(
        f"/partners/{scene.partner}/webhook-subscriptions", body(scene, url="http://169.254.169.254")
    )
    assert refused(response) == (422, "webhook_subscription.address_refused")
    assert response.json()["context"] == {"why": "scheme"}
    assert response.json()["errors"][0]["pointer"] == "/url"


@pytest.mark.parametrize(
    "over",
    [
        {"kinds": ["match.exploded"]},
        {"kinds": ["reach.lost"]},
        {"programIds": ["1"]},
        {"name": ""},
        {"name": "a\nb"},
        {"url": None},
        {"serviceAccountId": "me"},
        {"secret": "whsec_mine"},
        {"programIds": [str(UUID(int=number)) for number in range(51)]},
    ],
    ids=lambda over: next(iter(over)),
)
def test_a_body_that_does_not_fit_is_refused(scene: Scene, over: dict[str, Any]) -> None:
    response = scene.admin.post(f"/partners/{scene.partner}/webhook-subscriptions", body(scene, **over))
    assert refused(response) == (422, "request.invalid")


def test_the_account_is_a_service_of_the_partner_that_may_read_the_feed(world: World, scene: Scene) -> None:
    foreign = scene.service_account(scene.owner)
    narrow = scene.service_account(scene.partner, ["participant:read"])
    locked = scene.service_account(scene.partner)
    scene.say("update user_account set is_locked = true where id = :u", u=locked.id)
    for account in (foreign.id, narrow.id, locked.id, uuid4()):
        response = scene.admin.post(
            f"/partners/{scene.partner}/webhook-subscriptions", body(scene, serviceAccountId=str(account))
        )
        assert refused(response) == (422, "webhook_subscription.account_unsuitable")


def test_twenty_are_enough(scene: Scene) -> None:
    for number in range(19):
        scene.subscribe(name=f"Nummer {number}")
    response = scene.admin.post(f"/partners/{scene.partner}/webhook-subscriptions", body(scene))
    assert refused(response) == (409, "webhook_subscription.too_many")
    ended = scene.admin.call("DELETE", scene.path, headers={"If-Match": scene.admin.get(scene.path).headers["ETag"]})
    assert ended.status_code == 204
    assert scene.subscribe()["state"] == "active"


def test_a_change_needs_the_version_and_is_recorded(scene: Scene) -> None:
    assert refused(scene.admin.patch(scene.path, {"name": "Nytt"}, headers={"If-Match": '"9"'})) == (
        412,
        "resource.changed_meanwhile",
    )
    assert refused(scene.admin.patch(scene.path, {"name": "Nytt"}, headers={"X": "y"})) == (
        428,
        "request.if_match_required",
    )
    assert scene.admin.patch(scene.path, {"name": "Nytt"}).json()["name"] == "Nytt"
    assert scene.admin.patch(scene.path, {"name": "Nytt"}).json()["version"] == 2, "nothing changed"
    assert scene.admin.patch(scene.path, {"state": "paused"}).status_code == 422
    assert changes_of(scene.world, scene.made["id"])[-1] == "webhookSubscription.updated"


def test_telling_does_not_change_the_version(scene: Scene) -> None:
    before = scene.admin.get(scene.path).headers["ETag"]
    scene.happen(3)
    scene.deliver()
    assert scene.admin.get(scene.path).headers["ETag"] == before


def test_pause_and_resumption_lose_nothing(scene: Scene) -> None:
    assert scene.admin.post(scene.path + "/pause").json()["state"] == "paused"
    assert refused(scene.admin.post(scene.path + "/pause")) == (409, "webhook_subscription.transition_not_allowed")
    wanted = scene.happen(3)
    scene.deliver(hours=1)
    assert scene.receiver.got == []
    assert scene.admin.post(scene.path + "/resumption").json()["state"] == "active"
    assert refused(scene.admin.post(scene.path + "/resumption")) == (409, "webhook_subscription.transition_not_allowed")
    scene.deliver()
    assert scene.told() == wanted


def test_a_resumption_tries_at_once(scene: Scene) -> None:
    scene.happen()
    scene.receiver.status = 500
    for _ in range(5):
        scene.deliver()
        scene.world.clock.advance(scene.progress().next_at - scene.world.clock())
    scene.deliver()
    scene.receiver.status = 200
    scene.admin.post(scene.path + "/pause")
    scene.admin.post(scene.path + "/resumption")
    before = len(scene.receiver.got)
    scene.deliver()
    assert len(scene.receiver.got) == before + 1
    assert scene.read()["failingSince"] is None


def test_sent_again_from_an_event_in_order_under_the_same_ids(scene: Scene) -> None:
    wanted = scene.happen(5)
    scene.deliver()
    ids = scene.receiver.ids
    response = scene.admin.post(scene.path + "/resend", {"eventId": ids[2]})
    assert response.status_code == 202
    assert response.headers["Location"].endswith("/deliveries")
    scene.deliver(seconds=1)
    assert scene.told() == [*wanted, *wanted[2:]]
    assert scene.receiver.ids[5:] == ids[2:]


def test_sent_again_from_an_instant(scene: Scene) -> None:
    early = scene.happen(2)
    scene.deliver()
    since = now()
    late = scene.happen(2)
    scene.deliver()
    scene.receiver.got.clear()
    assert scene.admin.post(scene.path + "/resend", {"since": since.isoformat()}).status_code == 202
    scene.deliver(seconds=1)
    assert scene.told() == late
    assert early
    scene.receiver.got.clear()
    scene.admin.post(scene.path + "/resend", {"since": (now() + timedelta(days=1)).isoformat()})
    scene.deliver(seconds=1)
    assert scene.told() == [], "from later on: nothing yet"


def test_losses_are_sent_again_too(scene: Scene) -> None:
    seen = scene.enrol()
    scene.deliver()
    before = scene.world.clock()
    scene.say("update responsibility_assignment set ended_at = now() where partner_id = :p", p=scene.partner)
    scene.happen()
    for _ in range(3):
        scene.deliver(seconds=2)
    scene.receiver.got.clear()
    scene.admin.post(scene.path + "/resend", {"since": before.isoformat()})
    scene.deliver(seconds=2)
    assert str(seen.id) in [
        one.event["data"]["subjectId"] for one in scene.receiver.got if one.event["type"] == "reach.lost"
    ]


@pytest.mark.parametrize("point", [{}, {"since": "2026-03-01T00:00:00Z", "eventId": "msg_" + "0" * 32}])
def test_a_resend_needs_one_point(scene: Scene, point: dict[str, str]) -> None:
    assert refused(scene.admin.post(scene.path + "/resend", point)) == (422, "webhook_subscription.point_needed")


def test_an_event_that_was_never_sent_is_no_point(scene: Scene) -> None:
    sent = {"eventId": "msg_" + "0" * 32}
    assert refused(scene.admin.post(scene.path + "/resend", sent)) == (422, "webhook_subscription.event_unknown")
    test = scene.admin.post(scene.path + "/test-events").json()["eventId"]
    scene.deliver()
    assert refused(scene.admin.post(scene.path + "/resend", {"eventId": test})) == (
        422,
        "webhook_subscription.event_unknown",
    )
    assert refused(scene.admin.post(scene.path + "/resend", {"eventId": "1' or 1=1"})) == (422, "request.invalid")


def test_a_resend_takes_over_from_whoever_sends_at_that_moment(scene: Scene) -> None:
    wanted = scene.happen(3)
    scene.deliver()
    first = scene.receiver.ids[0]
    more = scene.happen()

    def ask() -> None:
        scene.receiver.before = None
        assert scene.admin.post(scene.path + "/resend", {"eventId": first}).status_code == 202

    scene.receiver.before = ask
    scene.deliver(seconds=1)
    assert scene.told()[3:] == [*more, *wanted, *more]


def test_a_test_event_is_sent_once_in_any_state(scene: Scene) -> None:
    scene.admin.post(scene.path + "/pause")
    scene.happen()
    scene.receiver.status = 500
    response = scene.admin.post(scene.path + "/test-events")
    assert response.status_code == 202
    scene.deliver()
    scene.deliver(minutes=1)
    (got,) = scene.receiver.got
    assert (got.event["type"], got.event["data"]["subjectId"]) == ("webhook.test", scene.made["id"])
    assert got.headers["webhook-id"] == response.json()["eventId"]
    (one,) = scene.log_of_tries()
    assert (one["kind"], one["problem"], one["attempt"]) == ("webhook.test", "receiverFailed", 1)
    assert scene.read()["failingSince"] is None


def test_while_the_secret_is_changed_both_sign(scene: Scene) -> None:
    scene.world.clock.advance(now() - scene.world.clock())  # a receiver's library looks at the time
    first = scene.made["secret"]
    made = scene.admin.post(scene.path + "/secrets", {"overlapHours": 1})
    second = made.json()["secret"]
    scene.happen()
    scene.deliver()
    assert len(scene.receiver.got[-1].headers["webhook-signature"].split(" ")) == 2
    assert scene.verify(first) == scene.verify(second)
    hints = scene.admin.get(scene.path + "/secrets").json()["items"]
    assert sorted(one["hint"] for one in hints) == sorted([first[:10], second[:10]])
    assert first not in str(hints)
    third = scene.admin.post(scene.path + "/secrets", {"overlapHours": 0}).json()["secret"]
    scene.happen()
    scene.deliver()
    assert scene.verify(third)
    for worthless in (first, second):
        with pytest.raises(WebhookVerificationError):
            scene.verify(worthless)


def test_secrets_end_with_their_overlap_and_two_sign_at_most(scene: Scene) -> None:
    for _ in range(3):
        scene.admin.made(scene.path + "/secrets", {})
    scene.happen()
    scene.deliver()
    assert len(scene.receiver.got[-1].headers["webhook-signature"].split(" ")) == 2
    scene.happen()
    scene.deliver(hours=25)
    assert len(scene.receiver.got[-1].headers["webhook-signature"].split(" ")) == 1
    assert len(scene.admin.get(scene.path + "/secrets").json()["items"]) == 1
    assert refused(scene.admin.post(scene.path + "/secrets", {"overlapHours": 169})) == (422, "request.invalid")


def test_the_database_alone_signs_nothing(scene: Scene) -> None:
    """Neither the secret nor anything that it is made of but the id of its row is stored."""
    secret = scene.made["secret"]
    with scene.world.engine.connect() as connection:
        for table in ("webhook_subscription", "webhook_secret", "webhook_progress", "change", "idempotency_record"):
            stored = str(connection.exec_driver_sql(f"select * from {table}").all())  # noqa: S608  our own names
            assert secret not in stored
            assert secret.removeprefix("whsec_") not in stored
            assert hash_secret(secret) not in stored


def test_a_retry_of_a_creation_is_not_shown_the_secret_again(scene: Scene) -> None:
    headers = {"Idempotency-Key": uuid4().hex}
    path = f"/partners/{scene.partner}/webhook-subscriptions"
    assert scene.admin.post(path, body(scene), headers=headers).status_code == 201
    assert refused(scene.admin.post(path, body(scene), headers=headers)) == (409, "idempotency.answer_not_kept")


def test_what_is_ended_is_gone_with_all_of_it(scene: Scene) -> None:
    scene.enrol()
    scene.deliver()
    assert rows_left(scene.world, scene.made["id"]) > 1
    assert scene.admin.call("DELETE", scene.path, headers={"If-Match": "*"}).status_code == 204
    assert rows_left(scene.world, scene.made["id"]) == 0
    with Session(scene.world.engine) as session:
        reader = UUID(scene.made["id"])
        assert session.exec(select(FeedTold).where(FeedTold.reader_id == reader)).all() == []
        assert session.exec(select(FeedReader).where(FeedReader.reader_id == reader)).all() == []
    assert refused(scene.admin.get(scene.path)) == (404, "resource.not_found")
    assert changes_of(scene.world, scene.made["id"])[-1] == "webhookSubscription.ended"
    scene.happen()
    scene.deliver()


def test_one_that_ends_while_it_is_told_ends(scene: Scene) -> None:
    scene.happen(2)

    def end() -> None:
        scene.receiver.before = None
        assert scene.admin.call("DELETE", scene.path, headers={"If-Match": "*"}).status_code == 204

    scene.receiver.before = end
    scene.deliver()
    assert len(scene.receiver.got) == 1
