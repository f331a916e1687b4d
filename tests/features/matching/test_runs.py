"""Is a run asked for by those who may, and is what it found explained, proven and repeatable?"""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, col

from app.domain.lifecycles import CohortStatus
from app.domain.roles import Role
from app.features.matching.tables import MatchRun
from tests.features.matching.scene import Scene, nowhere, small
from tests.world import World


@pytest.fixture
def scene(world: World) -> Scene:
    made = Scene(world)
    made.publish_policy()
    return made


def queued_jobs(scene: Scene) -> int:
    with Session(scene.world.engine) as session:
        counted: int = session.execute(text("select count(*) from dbos.workflow_status")).scalar_one()
        return counted


def test_a_run_is_queued_with_its_job(scene: Scene) -> None:
    before = queued_jobs(scene)
    made = scene.proposer.post(scene.runs, {"cohortId": str(scene.cohort)})
    assert made.status_code == 202
    found = scene.proposer.get(made.headers["location"]).json()
    assert found == made.json()
    assert (found["status"], found["progress"], found["policyNumber"]) == ("queued", {"done": 0, "total": 0}, 1)
    assert found["requestedByUserId"] == str(scene.starter.id)
    assert 0 <= found["seed"] < 2**53
    assert queued_jobs(scene) == before + 1
    assert [one["id"] for one in scene.items(scene.runs)] == [found["id"]]
    assert scene.read(f"{scene.runs}?status=completed")["items"] == []
    assert scene.read(f"{scene.runs}?cohortId={nowhere()}")["items"] == []
    assert (
        scene.proposer.get(f"{made.headers['location']}/certificate").json()["code"] == "matching.certificate_missing"
    )


def test_what_cannot_be_run_is_refused_and_leaves_nothing(world: World, scene: Scene) -> None:
    other = Scene(world)
    foreign_policy = other.publish_policy()["id"]
    draft = scene.new_cohort(CohortStatus.DRAFT)
    before = queued_jobs(scene)
    for body, status, code in (
        ({"cohortId": str(other.cohort)}, 422, "matching.cohort_unknown"),
        ({"cohortId": nowhere()}, 422, "matching.cohort_unknown"),
        ({"cohortId": str(draft)}, 409, "matching.cohort_not_open"),
        ({"cohortId": str(scene.cohort), "policyId": foreign_policy}, 422, "matching.policy_unknown"),
        ({"cohortId": str(scene.cohort), "seed": -1}, 422, "request.invalid"),
        ({"cohortId": str(scene.cohort), "seed": 2**53}, 422, "request.invalid"),
    ):
        refused = scene.proposer.post(scene.runs, body)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    without = Scene(world)
    refused = without.proposer.post(without.runs, {"cohortId": str(without.cohort)})
    assert (refused.status_code, refused.json()["code"]) == (409, "matching.no_policy")
    assert scene.items(scene.runs) == []
    assert queued_jobs(scene) == before


def test_twelve_mentors_and_fifteen_mentees(scene: Scene) -> None:
    """S1 in miniature: two may only get one of the three business owners."""
    owners = {str(scene.mentor({"is_business_owner": True}).id) for _ in range(3)}
    for _ in range(9):
        scene.mentor()
    waiting = scene.today - timedelta(days=90)  # longest, so that they are not among the three without a mentor
    founders = {str(scene.mentee(needs_business_owner=True, applied_on=waiting).id) for _ in range(2)}
    for _ in range(13):
        scene.mentee()
    path = scene.run()

    run = scene.read(path)
    assert (run["status"], run["progress"]) == ("completed", {"done": 5, "total": 5})
    assert (run["mentorCount"], run["menteeCount"], run["people"], run["unusedMentorCount"]) == (12, 15, 12, 0)
    assert run["isOptimal"] is True
    assert run["comparison"]["greedy"]["people"] <= 12
    assert run["countedOn"] == scene.today.isoformat()

    pairs = scene.items(f"{path}/pairs")
    assert len({one["mentorEnrolmentId"] for one in pairs}) == 12
    assert all(sum(one["contributions"].values()) == one["score"] for one in pairs)
    assert {one["mentorEnrolmentId"] for one in pairs if one["menteeEnrolmentId"] in founders} <= owners
    assert founders <= {one["menteeEnrolmentId"] for one in pairs}
    assert sum(one["score"] for one in pairs) == run["score"]
    assert all(one["explanation"]["sv"][0].startswith("Poäng") and one["explanation"]["en"] for one in pairs)
    assert all(one["matchId"] is None for one in pairs)
    assert "Påhittad" not in scene.proposer.get(f"{path}/pairs?limit=200").text

    left = scene.items(f"{path}/unmatched")
    assert [one["kind"] for one in left] == ["placesRanOut"] * 3
    assert all(one["priorityLacking"] and one["explanation"]["sv"] for one in left)


def test_a_mentee_whom_nobody_fits_learns_the_smallest_change(scene: Scene) -> None:
    scene.mentor()
    beginner = scene.mentee({"languages": [{"code": "sv", "level": "A1"}]})
    path = scene.run()
    (left,) = scene.items(f"{path}/unmatched")
    assert (left["menteeEnrolmentId"], left["kind"]) == (str(beginner.id), "noFeasibleMentor")
    assert {one["constraint"]: one["soleBlocker"] for one in left["blocking"]}.keys() >= {"menteeLanguage"}
    assert "menteeLanguage" in left["smallestChange"]["constraints"]
    assert scene.read(path)["unusedMentorCount"] == 1


def test_the_certificate_adds_up(scene: Scene) -> None:
    small(scene)
    path = scene.run(seed=7)
    run, answered = scene.read(path), scene.proposer.get(f"{path}/certificate")
    proof = answered.json()
    prices = sum(one["price"] for one in proof["mentees"])
    prices += sum(one["price"] * one["freePlaces"] for one in proof["mentors"])
    assert prices == proof["bound"] == proof["weight"]
    assert proof["weight"] == proof["base"] * run["priority"] + run["score"]
    assert (proof["isOptimal"], proof["seed"], proof["poolDigest"]) == (True, 7, run["poolDigest"])
    assert (len(proof["mentees"]), len(proof["mentors"])) == (3, 2)
    again = scene.proposer.get(f"{path}/certificate", headers={"If-None-Match": answered.headers["ETag"]})
    assert again.status_code == 304


def test_the_same_seed_gives_the_same_pairs_and_digests(scene: Scene) -> None:
    small(scene)
    first, second = scene.run(seed=11), scene.run(seed=11)
    assert scene.pairs(first) == scene.pairs(second)
    one, other = scene.read(first), scene.read(second)
    for name in ("poolDigest", "policyDigest", "engineVersion", "people", "priority", "score", "seed"):
        assert one[name] == other[name] is not None


def test_an_earlier_policy_may_be_chosen(scene: Scene) -> None:
    first = scene.items(scene.policies)[0]
    scene.publish_policy(businessOwner="ignore")
    chosen, latest = scene.run(policyId=first["id"]), scene.run()
    assert (scene.read(chosen)["policyNumber"], scene.read(latest)["policyNumber"]) == (1, 2)
    assert scene.read(chosen)["policyDigest"] == first["digest"] != scene.read(latest)["policyDigest"]


def test_an_empty_cohort_is_a_result_too(scene: Scene) -> None:
    run = scene.read(scene.run())
    assert (run["status"], run["people"], run["isOptimal"]) == ("completed", 0, True)


def test_who_may_ask_read_and_call_off(world: World, scene: Scene) -> None:
    path = scene.request()
    body = {"cohortId": str(scene.cohort)}
    refused = scene.approver.post(scene.runs, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    assert refused.json()["context"]["duties"][0]["partnerId"] == str(scene.municipality)
    assert scene.approver.post(f"{path}/cancellation").status_code == 403
    assert scene.approver.get(path).status_code == 200

    administrator = world.client(Role.PARTNER_ADMINISTRATOR, scene.municipality)
    assert administrator.post(scene.runs, body).json()["code"] == "access.role_not_permitted"
    stranger = world.client(Role.COORDINATOR, world.partner())
    for address in (path, f"{path}/pairs", f"{path}/unmatched", f"{path}/certificate"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{path}/cancellation").status_code == 404
    assert scene.count(MatchRun, col(MatchRun.program_id) == scene.program) == 1
