"""Do staff rule two people out of each other, does it hold, and does nobody learn why who should not?"""

from typing import Any

import pytest
from sqlmodel import col

from app.domain.glossary import Concealing, RuledOut
from app.domain.roles import Role
from app.features.enrolments.tables import Enrolment
from app.features.matching.tables import PairBlock
from tests.features.matching.scene import Scene, nowhere
from tests.features.matching.test_concealed import conceal
from tests.features.matching.test_pool import read
from tests.world import World


@pytest.fixture
def scene(world: World) -> Scene:
    made = Scene(world)
    made.publish_policy()
    return made


def blocks(scene: Scene) -> str:
    return f"/programs/{scene.program}/pair-blocks"


def block(scene: Scene, mentor: Enrolment, mentee: Enrolment, reason: str = "byStaff") -> dict[str, Any]:
    body = {"mentorEnrolmentId": str(mentor.id), "menteeEnrolmentId": str(mentee.id), "reason": reason}
    return scene.proposer.made(blocks(scene), body)


def test_two_people_are_ruled_out_and_let_in_again(scene: Scene) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    made = block(scene, mentor, mentee)
    assert (made["reason"], made["revokedAt"]) == ("byStaff", None)
    path = scene.run()
    assert scene.pairs(path) == set()
    (left,) = scene.items(f"{path}/unmatched")
    assert [one["constraint"] for one in left["blocking"]] == ["blockedPair"]
    assert [one["id"] for one in scene.items(blocks(scene))] == [made["id"]]
    revoked = scene.proposer.made(f"/pair-blocks/{made['id']}/revocation", status=200)
    assert revoked["revokedByUserId"] == str(scene.starter.id)
    assert scene.pairs(scene.run()) == {(str(mentor.id), str(mentee.id))}
    again = scene.proposer.post(f"/pair-blocks/{made['id']}/revocation")
    assert (again.status_code, again.json()["code"]) == (409, "pair_block.revoked_already")
    assert scene.read(f"{blocks(scene)}?isInForce=true")["items"] == []
    assert [one["id"] for one in scene.read(f"{blocks(scene)}?isInForce=false")["items"]] == [made["id"]]
    block(scene, mentor, mentee)  # and once more


def test_it_holds_whoever_of_the_two_is_the_mentor(scene: Scene) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    block(scene, mentor, mentee, "sameHousehold")
    turned = scene.mentor(participant_id=mentee.participant_id), scene.mentee(participant_id=mentor.participant_id)
    found = read(scene).blocked
    assert found[turned[0].participant_id, turned[1].participant_id] is RuledOut.SAME_HOUSEHOLD
    assert found[mentor.participant_id, mentee.participant_id] is RuledOut.SAME_HOUSEHOLD


@pytest.mark.parametrize(("conflicts", "pairs"), [(["ownCaseWorker"], 0), ([], 1)])
def test_a_conflict_of_interest_is_the_policys_to_mind(scene: Scene, conflicts: list[str], pairs: int) -> None:
    scene.publish_policy(conflicts=conflicts)
    block(scene, scene.mentor(), scene.mentee(), "ownCaseWorker")
    assert len(scene.pairs(scene.run())) == pairs


@pytest.mark.parametrize(("conflicts", "code"), [(["sameHousehold"], 409), ([], 200)])
def test_what_is_ruled_out_after_the_run_is_not_approved(scene: Scene, conflicts: list[str], code: int) -> None:
    scene.publish_policy(conflicts=conflicts)
    mentor, mentee = scene.mentor(), scene.mentee()
    path = scene.run()
    block(scene, mentor, mentee, "sameHousehold")
    answered = scene.approver.post(f"{path}/approval", {})
    assert answered.status_code == code
    if code == 409:
        assert list(answered.json()["context"]["reasons"].values()) == ["pairRuledOut"]


def test_what_cannot_be_ruled_out(scene: Scene) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    block(scene, mentor, mentee)
    both = scene.mentee(participant_id=mentor.participant_id)
    elsewhere = Scene(scene.world).mentee()
    for one, other, status, code in (
        (mentor.id, mentee.id, 409, "pair_block.in_force_already"),
        (mentor.id, both.id, 422, "pair_block.same_person"),
        (mentee.id, mentor.id, 422, "matching.enrolment_unknown"),
        (mentor.id, elsewhere.id, 422, "matching.enrolment_unknown"),
        (nowhere(), mentee.id, 422, "matching.enrolment_unknown"),
    ):
        body = {"mentorEnrolmentId": str(one), "menteeEnrolmentId": str(other), "reason": "byStaff"}
        refused = scene.proposer.post(blocks(scene), body)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    declined = {"mentorEnrolmentId": str(mentor.id), "menteeEnrolmentId": str(mentee.id), "reason": "declined"}
    assert scene.proposer.post(blocks(scene), declined).status_code == 422
    assert scene.count(PairBlock, col(PairBlock.program_id) == scene.program) == 1


def test_whoever_is_kept_from_the_caller_cannot_be_named(scene: Scene) -> None:
    mentor, hidden = scene.mentor(), scene.mentee()
    made = block(scene, mentor, hidden)
    conceal(scene, hidden, Concealing.PROTECTED_IDENTITY)
    body = {"mentorEnrolmentId": str(mentor.id), "menteeEnrolmentId": str(hidden.id), "reason": "byStaff"}
    unknown = scene.proposer.post(blocks(scene), {**body, "menteeEnrolmentId": nowhere()}).json()
    refused = scene.proposer.post(blocks(scene), body).json()
    for one in (unknown, refused):
        one.pop("traceId")
    assert refused == unknown
    assert scene.proposer.get(f"/pair-blocks/{made['id']}").status_code == 404
    assert scene.items(blocks(scene)) == []


def test_who_may_rule_out_and_who_may_read(world: World, scene: Scene) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    body = {"mentorEnrolmentId": str(mentor.id), "menteeEnrolmentId": str(mentee.id), "reason": "byStaff"}
    refused = scene.approver.post(blocks(scene), body)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    path = f"/pair-blocks/{block(scene, mentor, mentee)['id']}"
    assert scene.approver.get(path).status_code == 200
    assert scene.approver.post(f"{path}/revocation").status_code == 403
    holder = world.client(Role.CASE_HANDLER, world.partner())
    assert holder.get(path).status_code == 404
    for role in (Role.MENTOR, Role.MENTEE, Role.PARTNER_ADMINISTRATOR):
        client = world.client(role, scene.municipality)
        assert client.get(path).status_code in {403, 404}
        assert client.get(blocks(scene)).status_code in {403, 404}
