"""Who is in a run, and who may see and decide it, when people are protected, anonymous, or have withdrawn a consent?"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from app.domain.glossary import Concealing
from app.domain.lifecycles import ClearanceStatus, MatchStatus
from app.domain.matching.engine import propose
from app.domain.roles import Permission, Role
from app.features.access.tables import Concealment, UserAccount
from app.features.enrolments.tables import Enrolment
from app.features.matches.tables import Match
from app.features.matching import jobs
from app.features.matching.tables import MatchRun, MatchRunPair
from app.features.protection.tables import Clearance
from tests.features.matching.scene import Scene
from tests.world import Client, World

ANONYMOUS: dict[str, Any] = {
    "is_anonymous": True,
    "birth_year": 1980,
    "given_name": None,
    "family_name": None,
    "born_on": None,
}


@pytest.fixture
def scene(world: World) -> Scene:
    made = Scene(world)
    made.publish_policy()
    return made


def conceal(scene: Scene, enrolment: Enrolment, kind: Concealing) -> None:
    withdrawn_in = scene.program if kind is Concealing.WITHDRAWN_CONSENT else None
    scene.world.add(
        Concealment(
            participant_id=enrolment.participant_id,
            partner_id=enrolment.partner_id,
            kind=kind,
            program_id=withdrawn_in,
        )
    )


def clear(scene: Scene, user: UserAccount, partner: UUID) -> None:
    """A clearance in force for the partner's protected people."""
    scene.world.add(
        Clearance(
            partner_id=partner,
            user_id=user.id,
            status=ClearanceStatus.APPROVED,
            valid_until=scene.today + timedelta(days=30),
            proposed_by_user_id=user.id,
        )
    )


def service(scene: Scene, partner: UUID, *cleared_for: UUID) -> tuple[Client, UserAccount]:
    scopes = [permission.value for permission in Permission]
    user: UserAccount = scene.world.add(
        UserAccount(name="Påhittat system", role=Role.SERVICE, partner_id=partner, scopes=scopes)
    )
    for one in cleared_for:
        clear(scene, user, one)
    return scene.world.client_for(user), user


def needed(scene: Scene, path: str) -> list[UUID]:
    with Session(scene.world.engine) as session:
        return session.get_one(MatchRun, UUID(path.rpartition("/")[2])).clearance_needed


def run_by(scene: Scene, client: Client) -> str:
    made = client.made(scene.runs, {"cohortId": str(scene.cohort)}, status=202)
    scene.carry_out(f"/match-runs/{made['id']}")
    return f"/match-runs/{made['id']}"


def everyone(scene: Scene, client: Client, path: str) -> set[str]:
    """The enrolments that a run tells of, in pairs, reasons or proof."""
    told: set[str | None] = set()
    for part in ("pairs", "unmatched"):
        found = client.get(f"{path}/{part}?limit=200")
        assert found.status_code == 200, found.text
        for one in found.json()["items"]:
            other = one.get("alternative") or {}
            told |= {one.get("mentorEnrolmentId"), one["menteeEnrolmentId"], other.get("mentorEnrolmentId")}
    proof = client.get(f"{path}/certificate").json()
    told |= {one["enrolmentId"] for side in ("mentees", "mentors") for one in proof[side]}
    return {one for one in told if one is not None}


def test_the_protected_are_not_in_the_pool_of_somebody_without_clearance(scene: Scene) -> None:
    mentor, mentee, hidden = scene.mentor(), scene.mentee(), scene.mentee()
    conceal(scene, hidden, Concealing.PROTECTED_IDENTITY)
    path = scene.run()
    assert everyone(scene, scene.proposer, path) == {str(mentor.id), str(mentee.id)}
    assert scene.read(path)["menteeCount"] == 1
    assert needed(scene, path) == []


def test_a_run_with_protected_people_takes_their_holders_clearance_to_see_and_to_approve(scene: Scene) -> None:
    scene.mentor()
    hidden = scene.mentee()
    conceal(scene, hidden, Concealing.PROTECTED_IDENTITY)
    cleared, _ = service(scene, scene.municipality, scene.association)
    path = run_by(scene, cleared)
    assert needed(scene, path) == [scene.association]
    assert str(hidden.id) in everyone(scene, cleared, path)
    uncleared, _ = service(scene, scene.association)
    cleared_elsewhere, _ = service(scene, scene.association, scene.municipality)
    for client in (scene.proposer, scene.approver, uncleared, cleared_elsewhere):
        assert client.get(path).status_code == 404
        assert client.get(f"{path}/pairs").status_code == 404
        assert client.post(f"{path}/approval", {}).status_code == 404
        assert client.get(scene.runs).json()["meta"]["totalCount"] == 0
    approver, _ = service(scene, scene.association, scene.association)
    assert approver.post(f"{path}/approval", {}).json()["status"] == "approved"
    matched = approver.get("/matches").json()["items"]
    assert [one["menteeEnrolmentId"] for one in matched if one["programId"] == str(scene.program)] == [str(hidden.id)]


def test_a_starter_whose_clearance_has_ended_no_longer_sees_the_run(scene: Scene) -> None:
    scene.mentor()
    conceal(scene, scene.mentee(), Concealing.PROTECTED_IDENTITY)
    cleared, user = service(scene, scene.municipality, scene.association)
    path = run_by(scene, cleared)
    with Session(scene.world.engine) as session:
        session.info["is_unrecorded"] = True
        held = session.exec(select(Clearance).where(Clearance.user_id == user.id)).one()
        held.status = ClearanceStatus.REVOKED
        session.commit()
    assert cleared.get(path).status_code == 404


def test_whoever_withdrew_is_in_the_pool_of_the_holder_only(scene: Scene) -> None:
    mentor, hidden = scene.mentor(), scene.mentee()
    conceal(scene, hidden, Concealing.WITHDRAWN_CONSENT)
    assert everyone(scene, scene.proposer, scene.run()) == {str(mentor.id)}
    elsewhere = Scene(scene.world)
    elsewhere.publish_policy()
    one = elsewhere.mentee()
    scene.world.add(
        Concealment(
            participant_id=one.participant_id,
            partner_id=one.partner_id,
            kind=Concealing.WITHDRAWN_CONSENT,
            program_id=scene.program,
        )
    )
    assert str(one.id) in everyone(elsewhere, elsewhere.proposer, elsewhere.run()), "withdrawn in another program"


def test_a_consent_withdrawn_after_the_run_hides_the_person_and_stops_the_pair(scene: Scene) -> None:
    """The business holds the mentor; the municipality, which looks, and the association, which decides, do not."""
    holder = scene.business
    mentor, mentee = scene.mentor(partner_id=holder), scene.mentee()
    other, left = scene.mentor(), scene.mentee()
    path = scene.run()
    pairs = scene.items(f"{path}/pairs")
    assert len(pairs) == 2
    conceal(scene, mentor, Concealing.WITHDRAWN_CONSENT)
    told = everyone(scene, scene.proposer, path)
    assert str(mentor.id) not in told
    assert {str(other.id), str(mentee.id), str(left.id)} >= told > {str(other.id)}
    assert len(scene.items(f"{path}/pairs")) == 1
    assert all(len(one["explanation"]["sv"]) == 2 for one in scene.items(f"{path}/pairs")), "no word of the alternative"

    gone = next(one["id"] for one in pairs if one["mentorEnrolmentId"] == str(mentor.id))
    refused = scene.approver.post(f"{path}/approval", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "matching.pair_no_longer_holds")
    assert refused.json()["context"]["reasons"] == {gone: "mentorNotReady"}
    scene.approver.made(f"{path}/approval", {"excludedPairIds": [gone]}, status=200)
    assert scene.count(Match, col(Match.program_id) == scene.program, col(Match.status) == MatchStatus.PROPOSED) == 1
    own, _ = service(scene, holder)
    assert str(mentor.id) in everyone(scene, own, path)


def test_a_mentee_who_withdrew_is_no_longer_told_among_the_unmatched(scene: Scene) -> None:
    mentee = scene.mentee()
    path = scene.run()
    assert [one["menteeEnrolmentId"] for one in scene.items(f"{path}/unmatched")] == [str(mentee.id)]
    conceal(scene, mentee, Concealing.WITHDRAWN_CONSENT)
    assert scene.items(f"{path}/unmatched") == []


def test_the_anonymous_are_paired_within_their_holder_and_told_why_not_elsewhere(scene: Scene) -> None:
    elsewhere = scene.mentor(partner_id=scene.business)
    mentee = scene.mentee(person=ANONYMOUS)
    path = scene.run()
    assert scene.pairs(path) == set()
    (left,) = scene.items(f"{path}/unmatched")
    assert [one["constraint"] for one in left["blocking"]] == ["sameHolder"]
    assert left["smallestChange"] is None
    assert any("anonym" in line for line in left["explanation"]["sv"])
    mentor = scene.mentor()
    assert scene.pairs(scene.run()) == {(str(mentor.id), str(mentee.id))}
    named = scene.mentee()
    assert scene.pairs(scene.run()) == {(str(mentor.id), str(mentee.id)), (str(elsewhere.id), str(named.id))}


def protect(scene: Scene, enrolment: Enrolment) -> None:
    handler = scene.world.client(Role.CASE_HANDLER, enrolment.partner_id)
    path = f"/participants/{enrolment.participant_id}/protection"
    done = handler.put(path, {"level": "confidentialityMark"}, headers={"If-Match": "*"})
    assert done.status_code == 204, done.text


def test_a_run_that_waits_is_carried_out_without_whoever_is_protected_meanwhile(scene: Scene) -> None:
    mentor, mentee, hidden = scene.mentor(), scene.mentee(), scene.mentee()
    path = scene.request()
    protect(scene, hidden)
    scene.carry_out(path)
    assert everyone(scene, scene.proposer, path) == {str(mentor.id), str(mentee.id)}


def test_a_run_under_way_stores_nothing_of_whoever_is_protected_meanwhile(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.mentor()
    hidden = scene.mentee()
    path = scene.request()

    def protected_meanwhile(*given: Any) -> Any:
        protect(scene, hidden)
        return propose(*given)

    monkeypatch.setattr(jobs, "propose", protected_meanwhile)
    scene.carry_out(path)
    assert scene.read(path)["status"] == "cancelled"
    assert scene.count(MatchRunPair, col(MatchRunPair.run_id) == UUID(path.rpartition("/")[2])) == 0


def test_a_run_stored_before_the_protection_cannot_be_approved_any_more(scene: Scene) -> None:
    scene.mentor()
    hidden = scene.mentee()
    path = scene.run()
    protect(scene, hidden)
    for client in (scene.approver, scene.proposer):
        assert client.get(path).status_code == 404
        assert client.post(f"{path}/approval", {}).status_code == 404
    approver, _ = service(scene, scene.association, scene.association)
    refused = approver.post(f"{path}/approval", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "match_run.transition_not_allowed")
