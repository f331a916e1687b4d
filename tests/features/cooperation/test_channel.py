"""Who reads and writes in a program's channel, what may be said there, and what becomes of what was said?"""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session

from app.domain.glossary import Concealing
from app.domain.roles import Role
from app.features.access.tables import Concealment
from tests.features.cooperation.scene import PEOPLE, Scene, refused
from tests.world import World

HTML = "<script>alert(1)</script><img src=x onerror=y> & «åäö»"


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def numbers(scene: Scene, key: str, query: str = "") -> list[int]:
    return [one["number"] for one in scene[key].get(scene.channel + query).json()["items"]]


def test_partners_of_the_program_talk(scene: Scene) -> None:
    made = scene.say("owner", links=[{"title": "Underlag", "url": "https://nacka.example/a?b=1"}])
    assert (made["number"], made["kind"], made["revision"]) == (1, "post", 1)
    assert (made["authorName"], made["partnerName"]) == ("Påhittade owner", scene_name(scene, "owner"))
    scene.say("holder", "Vem utbildar?", kind="question")
    scene.say("party", "Vi utbildar.", kind="decision")
    assert numbers(scene, "party") == [3, 2, 1]
    assert numbers(scene, "owner", "?kind=decision") == [3]
    read = scene["holder"].get(f"/channel-posts/{made['id']}")
    assert read.json()["links"] == [{"title": "Underlag", "url": "https://nacka.example/a?b=1"}]


def scene_name(scene: Scene, key: str) -> str:
    name: str = scene[key].get(f"/partners/{scene.partners[key]}").json()["name"]
    return name


@pytest.mark.parametrize("role", PEOPLE)
def test_colleagues_of_every_role_are_in_it(scene: Scene, role: Role) -> None:
    scene.say("owner")
    client = scene.join("party", role, "kollega")
    assert client.get(scene.channel).json()["meta"]["totalCount"] == 1
    assert client.post(scene.channel, {"body": "Ja."}).status_code == 201


def test_nobody_else_is(scene: Scene) -> None:
    made = scene.say("owner")
    world, owner = scene.world, scene.partners["owner"]
    for path in (scene.channel, f"/channel-posts/{made['id']}", scene.mark, scene.meetings):
        assert refused(scene["outsider"].get(path)) == (404, "resource.not_found"), path
    for role in (Role.SERVICE, Role.EVALUATOR, Role.MENTOR, Role.MENTEE, Role.PRIVACY_OFFICER):
        scopes = ["channel:read", "program:read"] if role is Role.SERVICE else None
        client = world.client(role, owner, scopes)
        assert refused(client.get(scene.channel)) == (403, "access.role_not_permitted"), role
    assert refused(world.client(Role.SYSTEM_ADMINISTRATOR).get(scene.channel))[0] == 403


def test_a_published_program_opens_its_page_and_not_its_channel(world: World) -> None:
    scene = Scene(world)
    with world.engine.begin() as connection:
        connection.exec_driver_sql("update program set is_published = true where id = %s", (scene.program,))
    made = scene.say("owner")
    assert scene["outsider"].get(f"/programs/{scene.program}").status_code == 200
    assert refused(scene["outsider"].get(scene.channel)) == (403, "access.duty_not_held")
    assert refused(scene["outsider"].post(scene.channel, {"body": "Hej"})) == (403, "access.duty_not_held")
    assert refused(scene["outsider"].get(f"/channel-posts/{made['id']}")) == (404, "resource.not_found")


def test_a_partner_that_leaves_loses_the_channel(scene: Scene) -> None:
    said = scene.say("party")
    meeting = scene.plan("party")
    scene.leave("party")
    for path in (scene.channel, f"/channel-posts/{said['id']}", f"/joint-meetings/{meeting['id']}"):
        assert refused(scene["party"].get(path)) == (404, "resource.not_found")
    assert numbers(scene, "owner") == [1], "what it said stays with the others"
    feed = scene["party"].get("/changes?limit=100").json()["items"]
    assert [one for one in feed if one["subjectId"] in {said["id"], meeting["id"]}] == []


def test_an_invited_partner_is_in_when_the_agreement_is_in_force(scene: Scene) -> None:
    set_status = "update agreement set status = %s where id = %s"
    with scene.world.engine.begin() as connection:
        connection.exec_driver_sql(set_status, ("partlySigned", scene.agreement))
    assert refused(scene["party"].get(scene.channel))[0] == 403
    with scene.world.engine.begin() as connection:
        connection.exec_driver_sql(set_status, ("inForce", scene.agreement))
    assert scene["party"].get(scene.channel).status_code == 200


def test_replies_go_one_level_deep(scene: Scene) -> None:
    made = scene.say("owner", kind="question")
    path = f"/channel-posts/{made['id']}"
    replied = scene["holder"].made(f"{path}/replies", {"body": "Ja."})
    assert (replied["kind"], replied["replyToId"], replied["number"]) == ("reply", made["id"], 2)
    assert scene["owner"].get(path).json()["replyCount"] == 1
    assert [one["id"] for one in scene["party"].get(f"{path}/replies").json()["items"]] == [replied["id"]]
    deeper = scene["owner"].post(f"/channel-posts/{replied['id']}/replies", {"body": "Nej."})
    assert refused(deeper) == (409, "channel_post.reply_to_reply")


def test_mentions_reach_those_in_the_channel_only(scene: Scene) -> None:
    made = scene.say("owner", mentionedUserIds=[str(scene.users["holder"].id)])
    assert made["mentionsMe"] is False
    assert scene["holder"].get(f"/channel-posts/{made['id']}").json()["mentionsMe"] is True
    scene.say("owner", mentionedPartnerIds=[str(scene.partners["party"])])
    assert numbers(scene, "party", "?mentionsMe=true") == [2]
    assert numbers(scene, "party", "?mentionsMe=false") == [1]
    mentor = scene.world.add(_mentor(scene))
    for outside in (scene.users["outsider"].id, mentor.id, uuid4()):
        response = scene["owner"].post(scene.channel, {"body": "Hej", "mentionedUserIds": [str(outside)]})
        assert refused(response) == (422, "channel_post.mention_outside")
    outside_partner = {"body": "Hej", "mentionedPartnerIds": [str(scene.partners["outsider"])]}
    response = scene["owner"].post(scene.channel, outside_partner, headers={"Accept-Language": "sv"})
    assert refused(response) == (422, "channel_post.mention_outside")
    assert response.json()["title"] == "Någon nämns som inte är med i kanalen."
    assert response.json()["errors"][0]["pointer"] == "/mentionedPartnerIds"


def _mentor(scene: Scene) -> Any:
    scene.join("owner", Role.MENTOR, "mentor")
    return scene.users["mentor"]


def test_members_are_the_colleagues_who_can_be_mentioned(scene: Scene) -> None:
    scene.join("owner", Role.MENTOR, "mentor")
    scene.join("owner", Role.CASE_HANDLER, "skyddad")
    scene.join("owner", Role.CASE_HANDLER, "last", is_locked=True)
    hide(scene, "skyddad")
    items = scene["party"].get(f"/programs/{scene.program}/channel-members").json()["items"]
    assert {one["name"] for one in items} == {"Påhittade owner", "Påhittade holder", "Påhittade party"}
    assert scene["party"].get(f"/programs/{scene.program}/channel-members?limit=1").json()["meta"]["totalCount"] == 3


def hide(scene: Scene, name: str) -> None:
    """The user is a person with a protected identity."""
    from tests.features.matches.pairs import Place  # noqa: PLC0415  a person is made there

    person = Place(scene.world).person(_side(), scene.partners["outsider"])
    kind = Concealing.PROTECTED_IDENTITY
    own = {"participant_id": person.id, "partner_id": scene.partners["outsider"], "user_id": scene.users[name].id}
    scene.world.add(Concealment(**own, kind=kind))


def _side() -> Any:
    from app.domain.glossary import Side  # noqa: PLC0415  as above

    return Side.MENTOR


def test_the_name_of_a_protected_author_is_not_told(scene: Scene) -> None:
    scene.join("owner", Role.CASE_HANDLER, "skyddad")
    made = scene.say("skyddad")
    assert made["authorName"] == "Påhittade skyddad"
    hide(scene, "skyddad")
    assert scene["party"].get(f"/channel-posts/{made['id']}").json()["authorName"] is None


def test_a_post_is_edited_by_its_author_with_history(scene: Scene) -> None:
    made = scene.say("owner", "Första.")
    path = f"/channel-posts/{made['id']}"
    edited = scene["owner"].patch(path, {"body": "Andra.", "links": [{"title": "A", "url": "https://a.example"}]})
    assert (edited.status_code, edited.json()["revision"], edited.json()["body"]) == (200, 2, "Andra.")
    assert edited.json()["editedAt"] is not None
    same = scene["owner"].patch(path, {"body": "Andra."})
    assert same.json()["revision"] == 2
    scene["owner"].patch(path, {"body": "Tredje."})
    told = scene["party"].get(f"{path}/versions").json()["items"]
    assert [(one["number"], one["body"], len(one["links"])) for one in told] == [(2, "Andra.", 1), (1, "Första.", 0)]
    assert refused(scene["owner"].patch(path, {"body": None})) == (422, "request.invalid")
    colleague = scene.join("owner", Role.CASE_HANDLER, "kollega")
    for other in (colleague, scene["party"]):
        assert refused(other.patch(path, {"body": "Någon annans."})) == (403, "access.duty_not_held")
    assert refused(scene["owner"].patch(path, {"body": "x"}, headers={"If-Match": '"1"'}))[0] == 412
    assert refused(scene["owner"].patch(path, {"body": "x"}, headers={}))[0] == 428


def test_a_withdrawn_post_leaves_its_place(scene: Scene) -> None:
    made = scene.say("owner", "Hemligheten.", mentionedPartnerIds=[str(scene.partners["party"])])
    path = f"/channel-posts/{made['id']}"
    scene["owner"].patch(path, {"body": "Ändrad hemlighet."})
    scene["party"].made(f"{path}/replies", {"body": "Jaså."})
    gone = scene["owner"].made(f"{path}/withdrawal", status=200)
    assert (gone["body"], gone["links"], gone["mentionedPartnerIds"]) == ("", [], [])
    assert scene["owner"].made(f"{path}/withdrawal", status=200)["withdrawnAt"] == gone["withdrawnAt"]
    assert scene["party"].get(f"{path}/versions").json()["items"] == []
    assert numbers(scene, "party") == [2, 1]
    with Session(scene.world.engine) as session:
        left = list(session.scalars(text("select row_to_json(p)::text from channel_post p")))
        left += session.scalars(text("select row_to_json(p)::text from channel_post_version p"))
    assert not any("emlighet" in one for one in left)
    assert refused(scene["holder"].post(f"{path}/replies", {"body": "Va?"})) == (409, "channel_post.withdrawn")
    assert refused(scene["owner"].patch(path, {"body": "Igen."})) == (409, "channel_post.withdrawn")
    assert refused(scene["party"].post(f"{path}/withdrawal")) == (403, "access.duty_not_held")


def test_text_is_text(scene: Scene) -> None:
    assert scene.say("owner", HTML)["body"] == HTML
    answer = scene["party"].get(scene.channel)
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["items"][0]["body"] == HTML


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"body": "x" * 4001}, "request.invalid"),
        ({"body": "x" * 10_000}, "request.invalid"),
        ({"body": ""}, "request.invalid"),
        ({"body": "Ring 19121212-1212"}, "text.personnummer_refused"),
        ({"body": "x", "kind": "reply"}, "request.invalid"),
        ({"body": "x", "jointMeetingId": str(uuid4())}, "channel_post.meeting_unknown"),
        ({"body": "x", "links": [{"title": "A", "url": "http://a.example"}]}, "link.not_https"),
        ({"body": "x", "links": [{"title": "A", "url": "javascript:alert(1)"}]}, "link.not_https"),
        ({"body": "x", "links": [{"title": "A", "url": "https://u:p@a.example"}]}, "link.not_https"),
        ({"body": "x", "links": [{"title": "A", "url": "https://a.example"}] * 11}, "request.invalid"),
        ({"body": "x", "files": []}, "request.invalid"),
    ],
)
def test_what_does_not_belong_is_refused(scene: Scene, body: dict[str, Any], code: str) -> None:
    assert refused(scene["owner"].post(scene.channel, body)) == (422, code)
    assert numbers(scene, "owner") == []


def test_the_same_key_posts_once(scene: Scene) -> None:
    key = {"Idempotency-Key": "en-gang"}
    one = scene["owner"].post(scene.channel, {"body": "En."}, headers=key)
    two = scene["owner"].post(scene.channel, {"body": "En."}, headers=key)
    assert (one.status_code, one.content) == (two.status_code, two.content)
    assert two.headers["Idempotency-Replayed"] == "true"
    assert numbers(scene, "owner") == [1]


def test_the_feed_tells_it_without_words(scene: Scene) -> None:
    made = scene.say("owner", "Orden.")
    scene["owner"].patch(f"/channel-posts/{made['id']}", {"body": "Andra ord."})
    scene["owner"].made(f"/channel-posts/{made['id']}/withdrawal", status=200)
    feed = scene["party"].get("/changes?limit=200")
    kinds = [one["kind"] for one in feed.json()["items"] if one["subjectId"] == made["id"]]
    assert kinds == ["channelPost.published", "channelPost.edited", "channelPost.withdrawn"]
    assert "ord." not in feed.text


def test_reading_is_remembered_and_never_undone(scene: Scene) -> None:
    for body in ("Ett.", "Två.", "Tre."):
        scene.say("owner", body)
    made = scene.say("party", "Fyra.", mentionedUserIds=[str(scene.users["holder"].id)])
    state = scene["holder"].get(scene.mark).json()
    assert state == {"lastReadNumber": 0, "newestNumber": 4, "unreadCount": 4, "unreadMentionCount": 1}
    assert scene["holder"].put(scene.mark, {"lastReadNumber": 2}).json()["unreadCount"] == 2
    assert numbers(scene, "holder", "?isUnread=true") == [4, 3]
    assert numbers(scene, "holder", "?isUnread=false") == [2, 1]
    back = scene["holder"].put(scene.mark, {"lastReadNumber": 1})
    assert (back.status_code, back.json()["lastReadNumber"]) == (200, 2)
    assert scene["holder"].put(scene.mark, {"lastReadNumber": 999}).json()["lastReadNumber"] == 4
    assert scene["holder"].put(scene.mark, {"lastReadNumber": 999}).json()["unreadCount"] == 0
    assert scene["owner"].get(scene.mark).json()["unreadCount"] == 1, "nobody's own posts are unread"
    scene["party"].made(f"/channel-posts/{made['id']}/withdrawal", status=200)
    assert scene["owner"].get(scene.mark).json()["unreadCount"] == 0
    assert refused(scene["outsider"].put(scene.mark, {"lastReadNumber": 1}))[0] == 404


def test_the_database_keeps_a_channel_to_its_partners(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second wall: with the filters gone, outsiders still see nothing, and partners what they saw."""
    made, meeting = scene.say("owner"), scene.plan()
    from tests.canaries import unfiltered  # noqa: PLC0415  patches the whole application

    with unfiltered():
        assert scene["outsider"].get(f"/channel-posts/{made['id']}").status_code == 404
        assert scene["outsider"].get(f"/joint-meetings/{meeting['id']}").status_code == 404
        assert scene["party"].get(f"/channel-posts/{made['id']}").status_code == 200
        assert scene["party"].get(f"/joint-meetings/{meeting['id']}").status_code == 200
