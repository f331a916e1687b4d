"""Are pairs that people have decided on in the result, and proposals that nobody has accepted moved only on approval?"""

from typing import Any

import pytest
from sqlmodel import Session

from app.domain.glossary import Concealing
from app.domain.lifecycles import MatchStatus
from app.features.enrolments.tables import Enrolment
from app.features.matches.tables import Match
from tests.features.matching.scene import Scene, nowhere
from tests.features.matching.test_concealed import conceal
from tests.world import World

MUSICIAN, COOK = {"occupation_code": "2652"}, {"occupation_code": "5120"}


@pytest.fixture
def scene(world: World) -> Scene:
    made = Scene(world)
    made.publish_policy()
    return made


def pin(mentor: Any, mentee: Any) -> dict[str, str]:
    return {"mentorEnrolmentId": str(mentor), "menteeEnrolmentId": str(mentee)}


def two_trades(scene: Scene) -> tuple[Enrolment, Enrolment, Enrolment, Enrolment]:
    """Two mentors and two mentees, whose trades say who belongs together."""
    return scene.mentor(MUSICIAN), scene.mentor(COOK), scene.mentee(MUSICIAN), scene.mentee(COOK)


def status(scene: Scene, match: Match) -> MatchStatus:
    with Session(scene.world.engine) as session:
        return session.get_one(Match, match.id).status


def test_a_pinned_pair_is_in_the_result_whatever_it_costs(scene: Scene) -> None:
    musician, cook, plays, cooks = two_trades(scene)
    assert scene.pairs(scene.run()) == {(str(musician.id), str(plays.id)), (str(cook.id), str(cooks.id))}
    path = scene.run(pins=[pin(musician.id, cooks.id)])
    pairs = {one["menteeEnrolmentId"]: one for one in scene.items(f"{path}/pairs")}
    assert pairs[str(cooks.id)]["mentorEnrolmentId"] == str(musician.id)
    assert [pairs[str(one.id)]["isPinned"] for one in (cooks, plays)] == [True, False]
    run = scene.read(path)
    assert (run["pinCount"], run["isOptimal"], run["gap"], run["people"]) == (1, True, 0, 2)


def test_a_pin_that_breaks_a_condition_is_refused_with_its_name(scene: Scene) -> None:
    mentor = scene.mentor()
    beginner = scene.mentee({"languages": [{"code": "sv", "level": "A1"}]})
    body = {"cohortId": str(scene.cohort), "pins": [pin(mentor.id, beginner.id)]}
    refused = scene.proposer.post(scene.runs, body)
    assert (refused.status_code, refused.json()["code"]) == (409, "matching.pin_breaks_constraint")
    (broken,) = refused.json()["context"]["pairs"]
    assert (broken["mentee"], "menteeLanguage" in broken["constraints"]) == (str(beginner.id), True)
    assert scene.items(scene.runs) == []


def test_pins_must_be_people_of_the_pool(scene: Scene) -> None:
    mentor, other, mentee, busy = scene.mentor(), scene.mentor(), scene.mentee(), scene.mentee()
    hidden = scene.mentee()
    conceal(scene, hidden, Concealing.PROTECTED_IDENTITY)
    scene.match(other, busy, MatchStatus.ACTIVE, mentor_place=1)
    for pins, code, pointer in (
        ([pin(mentor.id, nowhere())], "matching.pin_unknown", "/pins/0"),
        ([pin(mentor.id, hidden.id)], "matching.pin_unknown", "/pins/0"),
        ([pin(mentor.id, mentee.id), pin(mentor.id, busy.id)], "matching.pin_unknown", "/pins/1"),
        ([pin(mentee.id, mentor.id)], "matching.pin_unknown", "/pins/0"),
        ([pin(mentor.id, mentee.id), pin(other.id, mentee.id)], "matching.pin_twice", "/pins"),
    ):
        refused = scene.proposer.post(scene.runs, {"cohortId": str(scene.cohort), "pins": pins})
        assert refused.status_code == 422
        assert [(one["code"], one["pointer"]) for one in refused.json()["errors"]] == [(code, pointer)]


def test_more_pins_than_places_are_refused(scene: Scene) -> None:
    mentor, one, other = scene.mentor(), scene.mentee(), scene.mentee()
    pins = [pin(mentor.id, one.id), pin(mentor.id, other.id)]
    refused = scene.proposer.post(scene.runs, {"cohortId": str(scene.cohort), "pins": pins})
    assert refused.json()["code"] == "matching.pin_breaks_constraint"
    assert all("freePlace" in one["constraints"] for one in refused.json()["context"]["pairs"])


def test_a_pin_that_life_overtakes_fails_the_run(scene: Scene) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    path = scene.request(pins=[pin(mentor.id, mentee.id)])
    scene.match(mentor, mentee, MatchStatus.DECLINED)
    scene.carry_out(path)
    run = scene.read(path)
    assert (run["status"], run["problemCode"]) == ("failed", "matching.pin_breaks_constraint")


def crossed(scene: Scene) -> tuple[list[Enrolment], list[Match]]:
    """Each is proposed to the other's best mentor, and nobody has answered."""
    musician, cook, plays, cooks = two_trades(scene)
    days = {"answer_by": scene.today}
    matches = [
        scene.match(musician, cooks, MatchStatus.PROPOSED, **days),
        scene.match(cook, plays, MatchStatus.PROPOSED, **days),
    ]
    return [musician, cook, plays, cooks], matches


def test_proposals_move_only_when_asked_for_and_only_on_approval(scene: Scene) -> None:
    (musician, cook, plays, cooks), old = crossed(scene)
    assert scene.pairs(scene.run()) == set(), "both mentees have a match under way"
    path = scene.run(includesProposals=True)
    better = {(str(musician.id), str(plays.id)), (str(cook.id), str(cooks.id))}
    assert scene.pairs(path) == better
    assert [status(scene, one) for one in old] == [MatchStatus.PROPOSED] * 2
    scene.approver.made(f"{path}/approval", {}, status=200)
    assert [status(scene, one) for one in old] == [MatchStatus.WITHDRAWN] * 2
    new = [scene.proposer.get(f"/matches/{one['matchId']}").json() for one in scene.items(f"{path}/pairs")]
    assert {(one["mentorEnrolmentId"], one["menteeEnrolmentId"]) for one in new} == better
    assert {one["status"] for one in new} == {"proposed"}


def test_a_proposal_that_stays_is_left_as_it_is(scene: Scene) -> None:
    musician, _, plays, cooks = two_trades(scene)
    kept = scene.match(musician, plays, MatchStatus.PROPOSED, answer_by=scene.today)
    path = scene.run(includesProposals=True)
    told = {one["menteeEnrolmentId"]: one for one in scene.items(f"{path}/pairs")}
    assert [told[str(one.id)]["isKept"] for one in (plays, cooks)] == [True, False]
    scene.approver.made(f"{path}/approval", {}, status=200)
    told = {one["menteeEnrolmentId"]: one for one in scene.items(f"{path}/pairs")}
    assert told[str(plays.id)]["matchId"] == str(kept.id)
    assert status(scene, kept) is MatchStatus.PROPOSED
    assert scene.count(Match, Match.program_id == scene.program) == 2


def test_an_excluded_mentee_keeps_the_old_proposal(scene: Scene) -> None:
    (_, _, plays, cooks), (of_cooks, of_plays) = crossed(scene)
    path = scene.run(includesProposals=True)
    pairs = {one["menteeEnrolmentId"]: one["id"] for one in scene.items(f"{path}/pairs")}
    scene.approver.made(f"{path}/approval", {"excludedPairIds": [pairs[str(cooks.id)]]}, status=200)
    assert (status(scene, of_cooks), status(scene, of_plays)) == (MatchStatus.PROPOSED, MatchStatus.WITHDRAWN)
    assert plays.id != cooks.id


@pytest.mark.parametrize("to", [MatchStatus.ACCEPTED_BY_MENTEE, MatchStatus.ACTIVE])
def test_what_somebody_has_accepted_meanwhile_is_not_moved(scene: Scene, to: MatchStatus) -> None:
    (_, _, plays, cooks), (of_cooks, of_plays) = crossed(scene)
    path = scene.run(includesProposals=True)
    with Session(scene.world.engine) as session:
        session.info["is_unrecorded"] = True
        session.get_one(Match, of_plays.id).status = to
        session.commit()
    refused = scene.approver.post(f"{path}/approval", {})
    assert refused.json()["code"] == "matching.pair_no_longer_holds"
    assert list(refused.json()["context"]["reasons"].values()) == ["menteeHasMatch"]
    assert (status(scene, of_cooks), status(scene, of_plays)) == (MatchStatus.PROPOSED, to)
    assert plays.id != cooks.id


def test_a_proposal_made_after_the_run_is_not_moved_by_it(scene: Scene) -> None:
    mentor, mentee, other = scene.mentor(), scene.mentee(), scene.mentor()
    path = scene.run(includesProposals=True)
    (suggested,) = scene.pairs(path)
    elsewhere = other if suggested[0] == str(mentor.id) else mentor
    later = scene.match(elsewhere, mentee, MatchStatus.PROPOSED, answer_by=scene.today)
    refused = scene.approver.post(f"{path}/approval", {})
    assert list(refused.json()["context"]["reasons"].values()) == ["menteeHasMatch"]
    assert status(scene, later) is MatchStatus.PROPOSED


def test_whoever_loses_the_place_to_another_loses_the_proposal_too(scene: Scene) -> None:
    """The only mentor's place goes to the one who has waited much longer."""
    mentor, recent = scene.mentor(), scene.mentee(applied_on=scene.today)
    old = scene.match(mentor, recent, MatchStatus.PROPOSED, answer_by=scene.today)
    waiting = scene.mentee(applied_on=scene.today.replace(year=scene.today.year - 2))
    path = scene.run(includesProposals=True)
    assert scene.pairs(path) == {(str(mentor.id), str(waiting.id))}
    scene.approver.made(f"{path}/approval", {}, status=200)
    assert status(scene, old) is MatchStatus.WITHDRAWN


def test_the_same_run_again_gives_the_same_pairs(scene: Scene) -> None:
    """Same people, policy, seed and day: the same digests and the same pairs, reasons and proof, twice."""
    for _ in range(6):
        scene.mentor()
        scene.mentee()
    mentor, mentee = scene.mentor(), scene.mentee()
    asked = {"seed": 2014, "pins": [pin(mentor.id, mentee.id)], "includesProposals": True}
    told = []
    for _ in range(2):
        path = scene.run(**asked)
        run, proof = scene.read(path), scene.read(f"{path}/certificate")
        same = ("poolDigest", "policyDigest", "engineVersion", "people", "priority", "score", "gap", "scoreFloor")
        pairs = sorted(
            (one["mentorEnrolmentId"], one["menteeEnrolmentId"], one["score"], str(one["explanation"]))
            for one in scene.items(f"{path}/pairs")
        )
        prices = {
            side: sorted((one["enrolmentId"], one["price"]) for one in proof[side]) for side in ("mentees", "mentors")
        }
        told.append(([run[name] for name in same], pairs, prices, proof["bound"]))
    assert told[0] == told[1]
