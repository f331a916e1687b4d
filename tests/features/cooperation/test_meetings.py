"""How are joint meetings called, changed, answered and cancelled, and what do calendars read of them?"""

from datetime import timedelta
from typing import Any

import icalendar  # noqa: TID251  to read as a calendar does
import pytest

from app.domain.roles import Role
from tests.features.cooperation.scene import PEOPLE, Scene, refused
from tests.world import World

FEED = "/me/calendar-feed"
ICS = {"Accept": "text/calendar"}


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def opened(scene: Scene, key: str) -> str:
    address: str = scene[key].made(FEED, {})["address"]
    return "//root" + address[address.index("/calendar-feeds/") :]


def read(scene: Scene, path: str) -> list[Any]:
    got = scene.world.anonymous.get(path)
    assert got.status_code == 200, got.text
    return icalendar.Calendar.from_ical(got.content).walk("VEVENT")


def answers(meeting: dict[str, Any], scene: Scene) -> dict[str, str | None]:
    keys = {str(partner): key for key, partner in scene.partners.items()}
    return {keys[one["partnerId"]]: one["answer"] for one in meeting["invitations"]}


def test_everybody_in_the_channel_is_invited_unless_somebody_is_named(scene: Scene) -> None:
    responsible = str(scene.partners["holder"])
    agenda = [{"text": "Nästa omgång", "responsiblePartnerId": responsible}, {"text": "Övrigt"}]
    made = scene.plan(agenda=agenda, url="https://mote.example/rum")
    assert answers(made, scene) == {"owner": None, "holder": None, "party": None}
    assert [one["text"] for one in made["agenda"]] == ["Nästa omgång", "Övrigt"]
    few = scene.plan(invitedPartnerIds=[responsible, responsible])
    assert answers(few, scene) == {"holder": None}
    listed = scene["party"].get(scene.meetings).json()["items"]
    assert [one["id"] for one in listed] == [made["id"], few["id"]]


def test_partners_answer_and_may_change_their_mind(scene: Scene) -> None:
    path = f"/joint-meetings/{scene.plan()['id']}"
    scene["holder"].made(f"{path}/answers", {"answer": "coming"}, status=200)
    scene["party"].made(f"{path}/answers", {"answer": "coming"}, status=200)
    told = scene["party"].made(f"{path}/answers", {"answer": "notComing"}, status=200)
    assert answers(told, scene) == {"owner": None, "holder": "coming", "party": "notComing"}
    scene["party"].made(f"{path}/answers", {"answer": "notComing"}, status=200)
    feed = scene["owner"].get("/changes?limit=200").json()["items"]
    assert [one["kind"] for one in feed if one["kind"] == "jointMeeting.answered"] == ["jointMeeting.answered"] * 3


def test_who_is_not_invited_does_not_answer(scene: Scene) -> None:
    path = f"/joint-meetings/{scene.plan(invitedPartnerIds=[])['id']}/answers"
    assert refused(scene["party"].post(path, {"answer": "coming"})) == (409, "joint_meeting.not_invited")
    assert refused(scene["outsider"].post(path, {"answer": "coming"})) == (404, "resource.not_found")
    over = f"/joint-meetings/{scene.plan()['id']}/answers"
    scene.world.clock.advance(timedelta(days=8))
    assert refused(scene["party"].post(over, {"answer": "coming"})) == (409, "joint_meeting.has_ended")


def test_a_change_is_kept_and_another_time_is_asked_anew(scene: Scene) -> None:
    made = scene.plan()
    path = f"/joint-meetings/{made['id']}"
    scene["party"].made(f"{path}/answers", {"answer": "coming"}, status=200)
    place = scene["owner"].patch(path, {"place": "Biblioteket"}).json()
    assert (place["revision"], answers(place, scene)["party"]) == (2, "coming")
    moved = scene["owner"].patch(path, scene.times(days=9)).json()
    assert (moved["revision"], answers(moved, scene)["party"]) == (3, None)
    few = scene["owner"].patch(path, {"invitedPartnerIds": [str(scene.partners["party"])]}).json()
    assert answers(few, scene) == {"party": None}
    same = scene["owner"].patch(path, {"place": "Biblioteket"}).json()
    assert same["revision"] == 4
    told = scene["party"].get(f"{path}/versions").json()["items"]
    assert [(one["number"], one["place"]) for one in told] == [
        (3, "Biblioteket"),
        (2, "Biblioteket"),
        (1, "Stadshuset"),
    ]
    assert len(told[0]["invitedPartnerIds"]) == 3
    assert told[2]["startsAt"] == made["startsAt"]


def test_only_the_partner_that_calls_it_changes_it(scene: Scene) -> None:
    path = f"/joint-meetings/{scene.plan()['id']}"
    assert refused(scene["party"].patch(path, {"title": "Annat"})) == (403, "access.duty_not_held")
    assert refused(scene["party"].post(f"{path}/cancellation")) == (403, "access.duty_not_held")
    colleague = scene.join("owner", Role.CASE_HANDLER, "kollega")
    assert colleague.patch(path, {"title": "Annat"}).status_code == 200
    assert refused(colleague.patch(path, {"title": "Tredje"}, headers={"If-Match": '"1"'}))[0] == 412


def test_minutes_come_afterwards_and_decisions_are_posts(scene: Scene) -> None:
    made = scene.plan(agenda=[{"text": "Budget", "responsiblePartnerId": str(scene.partners["party"])}])
    path = f"/joint-meetings/{made['id']}"
    scene.world.clock.advance(timedelta(days=8))
    scene.leave("party")
    noted = scene["owner"].patch(path, {"minutesUrl": "https://nacka.example/protokoll"})
    assert noted.json()["minutesUrl"] == "https://nacka.example/protokoll"
    assert refused(scene["owner"].patch(path, {"minutesUrl": "http://nacka.example"})) == (422, "link.not_https")
    decided = scene.say("owner", "Vi öppnar i mars.", kind="decision", jointMeetingId=made["id"])
    scene.say("owner", "Något annat.")
    found = scene["holder"].get(f"{scene.channel}?jointMeetingId={made['id']}&kind=decision").json()["items"]
    assert [one["id"] for one in found] == [decided["id"]]
    assert scene["holder"].get(f"{scene.meetings}?isUpcoming=true").json()["items"] == []
    assert len(scene["holder"].get(f"{scene.meetings}?isUpcoming=false").json()["items"]) == 1


def test_a_cancelled_meeting_stays_cancelled(scene: Scene) -> None:
    path = f"/joint-meetings/{scene.plan()['id']}"
    gone = scene["owner"].made(f"{path}/cancellation", status=200)
    assert gone["cancelledAt"] is not None
    assert scene["owner"].made(f"{path}/cancellation", status=200)["version"] == gone["version"]
    assert refused(scene["party"].post(f"{path}/answers", {"answer": "coming"})) == (409, "joint_meeting.cancelled")
    assert refused(scene["owner"].patch(path, {"title": "Ändå"})) == (409, "joint_meeting.cancelled")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"startsAt": "2026-01-01T09:00:00Z"}, "joint_meeting.in_past"),
        ({"endsAt": "2026-01-01T09:00:00Z"}, "joint_meeting.ends_before_start"),
        ({"endsAt": "2027-01-01T09:00:00Z"}, "joint_meeting.too_long"),
        ({"place": None}, "joint_meeting.place_needed"),
        ({"url": "http://mote.example"}, "link.not_https"),
        ({"invitedPartnerIds": ["0199c0de-7a11-7c3e-9d53-2f1b8c4e6a90"]}, "joint_meeting.partner_outside"),
        (
            {"agenda": [{"text": "x", "responsiblePartnerId": "0199c0de-7a11-7c3e-9d53-2f1b8c4e6a90"}]},
            "joint_meeting.partner_outside",
        ),
        ({"startsAt": "2026-05-01T09:00:00"}, "request.invalid"),
        ({"title": "x" * 10_000}, "request.invalid"),
        ({"title": "Om 19121212-1212"}, "text.personnummer_refused"),
    ],
)
def test_meetings_that_cannot_be_are_refused(scene: Scene, change: dict[str, Any], code: str) -> None:
    given = {"title": "Styrgrupp", "place": "Stadshuset", **scene.times(), **change}
    assert refused(scene["owner"].post(scene.meetings, given)) == (422, code)
    path = f"/joint-meetings/{scene.plan()['id']}"
    if code != "request.invalid":
        assert refused(scene["owner"].patch(path, change)) == (422, code)
        assert scene["owner"].get(path).json()["revision"] == 1


def test_one_meeting_for_a_calendar(scene: Scene) -> None:
    made = scene.plan(title="<b>Styrgrupp</b>; åäö, ja", url="https://mote.example/rum")
    path = f"/joint-meetings/{made['id']}"
    got = scene["party"].get(path, headers=ICS)
    assert (got.status_code, got.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    event: Any = icalendar.Calendar.from_ical(got.content).walk("VEVENT")[0]
    assert str(event["summary"]) == "<b>Styrgrupp</b>; åäö, ja"
    assert (str(event["location"]), str(event["url"])) == ("Stadshuset", "https://mote.example/rum")
    assert event["dtstart"].dt == scene.world.clock() + timedelta(days=7)
    assert (event["duration"].dt, event["sequence"]) == (timedelta(hours=2), 0)
    assert "status" not in event
    assert scene["party"].get(path).headers["content-type"] == "application/json"


@pytest.mark.parametrize("role", PEOPLE)
def test_a_colleague_subscribes_to_their_joint_meetings(scene: Scene, role: Role) -> None:
    scene.join("party", role, "kollega")
    made = scene.plan()
    scene.plan(title="Andras", invitedPartnerIds=[str(scene.partners["holder"])])
    path = opened(scene, "kollega")
    [event] = read(scene, path)
    assert (str(event["summary"]), event["sequence"]) == ("Styrgrupp", 0)
    scene["owner"].patch(f"/joint-meetings/{made['id']}", scene.times(days=10))
    [moved] = read(scene, path)
    assert (moved["uid"], moved["dtstart"].dt - event["dtstart"].dt) == (event["uid"], timedelta(days=3))
    assert moved["sequence"] > event["sequence"]
    scene["owner"].made(f"/joint-meetings/{made['id']}/cancellation", status=200)
    [cancelled] = read(scene, path)
    assert (str(cancelled["status"]), cancelled["uid"]) == ("CANCELLED", event["uid"])
    assert cancelled["sequence"] > moved["sequence"]
    assert scene["kollega"].call("DELETE", FEED).status_code == 204
    assert scene.world.anonymous.get(path).status_code == 404


def test_the_feed_is_empty_when_the_partner_has_left(scene: Scene) -> None:
    scene.plan()
    path = opened(scene, "party")
    assert len(read(scene, path)) == 1
    scene.leave("party")
    assert read(scene, path) == []


def test_what_is_long_over_is_not_in_it(scene: Scene) -> None:
    scene.plan()
    path = opened(scene, "owner")
    scene.world.clock.advance(timedelta(days=7 + 31))
    assert read(scene, path) == []


def test_staff_do_not_get_the_meetings_of_pairs(world: World) -> None:
    from tests.features.matches.pairs import Place  # noqa: PLC0415  only here
    from tests.features.matches.test_meetings import ahead  # noqa: PLC0415  as above

    place = Place(world)
    pair = place.prepared()
    place.staff().made(f"{pair.path}/activation", {"startsOn": place.today.isoformat()}, status=200)
    pair.mentor.client.made(f"{pair.path}/planned-meetings", ahead(place))
    staff = place.staff()
    address = staff.made(FEED, {})["address"]
    got = world.anonymous.get("//root" + address[address.index("/calendar-feeds/") :])
    assert (got.status_code, icalendar.Calendar.from_ical(got.content).walk("VEVENT")) == (200, [])
