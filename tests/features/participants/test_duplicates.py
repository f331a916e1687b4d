"""Are possible duplicates told only to those who may see both, and is nothing merged until somebody decides?"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.domain.roles import Role
from tests.features.enrolments.scene import PERSON, Scene, set_scene
from tests.features.participants.people import digests, handler_of, refused, stored_person
from tests.world import Client, World

EMAIL, PHONE = {"email": "en.person@example.org"}, {"phone": "08-465 004 12"}


def decide(client: Client, one: dict[str, Any], other: dict[str, Any], *, same: bool) -> Any:
    body = {"otherParticipantId": other["id"], "isSamePerson": same}
    return client.post(f"/participants/{one['id']}/duplicate-decisions", body)


def listed(client: Client, person: dict[str, Any]) -> dict[str, tuple[list[str], bool | None]]:
    items = client.get(f"/participants/{person['id']}/possible-duplicates").json()["items"]
    return {one["otherParticipantId"]: (one["sameContacts"], one["isSamePerson"]) for one in items}


def pairs(client: Client, partner_id: object) -> set[tuple[str, str]]:
    items = client.get(f"/partners/{partner_id}/possible-duplicates").json()["items"]
    return {(one["participantId"], one["otherParticipantId"]) for one in items}


def person_ids(world: World, *people: dict[str, Any]) -> list[object]:
    return [stored_person(world, person).person_id for person in people]


def at_two_partners(world: World) -> tuple[Scene, dict[str, Any], dict[str, Any]]:
    """The screener holds a record of its own of somebody whom the recruiter holds, and may see both."""
    scene = set_scene(world)
    theirs = scene.person(**EMAIL, **PHONE)
    own = scene.screener.made(
        f"/partners/{scene.screener_id}/participants", {**PERSON, "email": "EN.Person@example.org"}
    )
    scene.applied(person=theirs)
    return scene, own, theirs


def test_another_partners_record_is_reported_to_whoever_sees_both(world: World) -> None:
    scene, own, theirs = at_two_partners(world)
    assert listed(scene.screener, own) == {theirs["id"]: (["email"], None)}
    assert listed(scene.screener, theirs) == {own["id"]: (["email"], None)}
    assert pairs(scene.screener, scene.screener_id) == {(own["id"], theirs["id"])}
    item = scene.screener.get(f"/partners/{scene.screener_id}/possible-duplicates").json()["items"][0]
    assert item["otherPartnerId"] == str(scene.recruiter_id)
    assert "example.org" not in str(item)

    assert listed(scene.recruiter, theirs) == {}, "who sees one record learns nothing of the other"
    assert pairs(scene.recruiter, scene.recruiter_id) == set()
    assert refused(scene.recruiter.get(f"/partners/{scene.screener_id}/possible-duplicates")) == (
        403,
        "access.duty_not_held",
    )
    mentee, me = scene.themself()
    assert listed(mentee, me) == {}
    assert refused(decide(mentee, me, theirs, same=True)) == (403, "access.role_not_permitted")
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    assert stranger.get(f"/participants/{own['id']}/possible-duplicates").status_code == 404
    assert decide(stranger, own, theirs, same=True).status_code == 404


def test_what_is_not_in_reach_cannot_be_told_from_what_does_not_exist(world: World) -> None:
    scene, own, theirs = at_two_partners(world)
    nobody = {"id": "0199c0de-0000-7000-8000-000000000000"}
    answers = [decide(scene.recruiter, theirs, other, same=True) for other in (own, nobody, theirs)]
    assert {refused(answer) for answer in answers} == {(422, "participant.unknown")}
    assert len({str(answer.json()["errors"]) for answer in answers}) == 1


def test_pairs_within_a_partner_come_once_and_in_pages(world: World) -> None:
    handler, first = handler_of(world, **EMAIL, **PHONE)
    where = f"/partners/{first['partnerId']}"
    second, third = (handler.made(f"{where}/participants", {**PERSON, **EMAIL, **PHONE}) for _ in range(2))
    handler.made(f"{where}/participants", {**PERSON, "email": "annan@example.org"})
    expected = {(first["id"], second["id"]), (first["id"], third["id"]), (second["id"], third["id"])}
    assert pairs(handler, first["partnerId"]) == expected
    assert listed(handler, first) == {one["id"]: (["email", "phone"], None) for one in (second, third)}
    pages = [handler.get(f"{where}/possible-duplicates?limit=2&page={page}").json() for page in (1, 2, 3)]
    assert [page["meta"]["count"] for page in pages] == [2, 1, 0]
    assert {page["meta"]["totalCount"] for page in pages} == {3}
    seen = [(one["participantId"], one["otherParticipantId"]) for page in pages for one in page["items"]]
    assert (set(seen), len(seen)) == (expected, 3)


def test_a_confirmed_link_counts_one_person_and_merges_nothing(world: World) -> None:
    scene, own, theirs = at_two_partners(world)
    decision = decide(scene.screener, own, theirs, same=True)
    assert decision.status_code == 200, decision.text
    told = decision.json()
    assert (told["isSamePerson"], told["personId"]) == (True, told["otherPersonId"])
    assert len(set(person_ids(world, own, theirs))) == 1
    assert listed(scene.screener, own) == {theirs["id"]: (["email"], True)}
    assert pairs(scene.screener, scene.screener_id) == set()
    after = scene.screener.get(f"/participants/{own['id']}").json()
    assert {**after, "version": 1, "personId": own["personId"], "updatedAt": own["updatedAt"]} == own
    assert scene.kinds(f"/participants/{own['id']}")[-1] == "participant.linked"
    assert scene.kinds(f"/participants/{theirs['id']}")[-1] == "participant.linked"
    assert decide(scene.screener, theirs, own, same=True).status_code == 200, "saying it again changes nothing"


def test_not_the_same_stays_off_the_lists(world: World) -> None:
    scene, own, theirs = at_two_partners(world)
    before = person_ids(world, own, theirs)
    assert decide(scene.screener, theirs, own, same=False).json()["isSamePerson"] is False
    assert person_ids(world, own, theirs) == before
    assert (listed(scene.screener, own), listed(scene.screener, theirs)) == ({}, {})
    assert pairs(scene.screener, scene.screener_id) == set()


def test_a_decision_can_be_changed_both_ways(world: World) -> None:
    scene, own, theirs = at_two_partners(world)
    for same in (True, False, True, False):
        assert decide(scene.screener, own, theirs, same=same).status_code == 200
        assert len(set(person_ids(world, own, theirs))) == (1 if same else 2)


def test_who_leaves_a_group_leaves_all_of_it(world: World) -> None:
    handler, one = handler_of(world, **EMAIL)
    where = f"/partners/{one['partnerId']}/participants"
    two, three = (handler.made(where, {**PERSON, **EMAIL}) for _ in range(2))
    for other in (two, three):
        assert decide(handler, one, other, same=True).status_code == 200
    assert len(set(person_ids(world, one, two, three))) == 1
    assert decide(handler, one, two, same=False).status_code == 200
    ids = person_ids(world, one, two, three)
    assert (ids[0] != ids[1], ids[1] == ids[2]) == (True, True)
    assert listed(handler, one) == {three["id"]: (["email"], None)}, "what was said in the group is open again"

    refusal = decide(handler, three, one, same=True)
    assert refused(refusal) == (409, "participant.decided_otherwise"), "three is two, and one is not two"
    assert person_ids(world, one, two, three) == ids
    assert listed(handler, one) == {three["id"]: (["email"], None)}, "a refused decision leaves no trace"


def test_groups_are_joined_whole(world: World) -> None:
    handler, one = handler_of(world, **EMAIL)
    where = f"/partners/{one['partnerId']}/participants"
    two, three, four = (handler.made(where, {**PERSON, **EMAIL}) for _ in range(3))
    for pair in ((one, two), (three, four), (four, one)):
        assert decide(handler, *pair, same=True).status_code == 200
    assert len(set(person_ids(world, one, two, three, four))) == 1


def test_records_without_a_common_contact_are_not_linked(world: World) -> None:
    handler, one = handler_of(world, **EMAIL)
    other = handler.made(f"/partners/{one['partnerId']}/participants", {**PERSON, "email": "annan@example.org"})
    assert refused(decide(handler, one, other, same=True)) == (409, "participant.not_alike")
    assert handler.patch(f"/participants/{other['id']}", EMAIL).status_code == 200
    assert decide(handler, one, other, same=True).status_code == 200
    assert handler.patch(f"/participants/{other['id']}", {"email": None}).status_code == 200
    assert listed(handler, one) == {}
    assert decide(handler, one, other, same=False).status_code == 200, "what was decided can be decided anew"


def test_a_copy_that_came_by_referral_is_one_person_until_somebody_says_no(world: World) -> None:
    handler, one = handler_of(world, **EMAIL)
    other = handler.made(f"/partners/{one['partnerId']}/participants", {**PERSON, "email": "annan@example.org"})
    copy = stored_person(world, other)
    copy.person_id = stored_person(world, one).person_id
    world.add(copy)
    assert decide(handler, one, other, same=False).status_code == 200
    assert len(set(person_ids(world, one, other))) == 2


def test_digests_follow_the_contacts(world: World) -> None:
    handler, person = handler_of(world, email="A.b@Example.org", phone="+46 (0)8 465 004 12")
    first = digests(world, person)
    assert {kind for kind, _ in first} == {"email", "phone"}
    path = f"/participants/{person['id']}"
    handler.patch(path, {"email": "a.B@example.org", "phone": "0846500412"})
    assert digests(world, person) == first, "other spellings of the same"
    handler.patch(path, {"email": "b@example.org"})
    kept = digests(world, person) & first
    assert ({kind for kind, _ in kept}, len(digests(world, person))) == ({"phone"}, 2)
    handler.patch(path, {"email": None, "phone": None})
    assert digests(world, person) == set()


def test_guardians_of_siblings_make_nobody_one_person(world: World) -> None:
    handler, one = handler_of(world, bornOn="2010-05-17", **EMAIL)
    other = handler.made(f"/partners/{one['partnerId']}/participants", {**PERSON, "bornOn": "2012-05-17"})
    for person in (one, other):
        body = {"givenName": "Vårda", "familyName": "Påhittsson", **EMAIL}
        handler.made(f"/participants/{person['id']}/guardians", body)
    assert listed(handler, one) == listed(handler, other) == {}
    assert pairs(handler, one["partnerId"]) == set()
    assert refused(decide(handler, one, other, same=True)) == (409, "participant.not_alike")


@pytest.mark.parametrize("_round", range(3))
def test_deciders_at_both_ends_leave_one_story(world: World, _round: int) -> None:
    handler, one = handler_of(world, **EMAIL)
    two = handler.made(f"/partners/{one['partnerId']}/participants", {**PERSON, **EMAIL})
    ends = [(one, two), (two, one)] * 2
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda end: decide(handler, *end, same=True), ends))
    codes = {answer.status_code for answer in answers}
    assert 200 in codes
    assert {answer.json()["code"] for answer in answers if answer.status_code != 200} <= {"resource.busy"}
    assert len(set(person_ids(world, one, two))) == 1
    assert listed(handler, one) == {two["id"]: (["email"], True)}
