"""S11: jobb- och utbildningsexpert: refers with consent, gets an answer in time, sees the outcome and no more."""

from datetime import timedelta
from typing import Any

import pytest

from tests.journeys import steps
from tests.journeys.steps import Cast
from tests.world import World

SPLIT = {
    "association": [
        "definePurpose", "inform", "recruitMentees", "screenMentees", "screenMentors", "recruitMentors", "trainMentees",
        "trainMentors", "proposeMatches", "approveMatches", "signMatchAgreements", "followUpMatches",
        "handleIncidents", "recordOutcomes", "holdPersonalData",
    ],
    "municipality": ["reportToCommittee"],
}  # fmt: skip


@pytest.fixture(scope="module")
def cast(working_world: World) -> Cast:
    return Cast.of(working_world, "association", SPLIT)


@pytest.fixture(scope="module")
def program(cast: Cast) -> str:
    started = steps.start_program(cast)
    steps.sign_agreement(cast, started)
    return started


@pytest.fixture(scope="module")
def cohort(cast: Cast, program: str) -> str:
    return steps.open_cohort(cast, program)


def held_by_the_expert(cast: Cast) -> dict[str, Any]:
    expert = cast.handlers["municipality"]
    return expert.made(f"/partners/{cast.partners['municipality']}/participants", steps.person(cast.world))


def test_without_consent_nothing_is_sent(cast: Cast, cohort: str) -> None:
    held = held_by_the_expert(cast)
    refused = steps.send_referral(cast, "municipality", "association", held, cohort)
    assert (refused.status_code, refused.json()["code"]) == (409, "referral.consent_missing")
    received = cast.handlers["association"].get(
        f"/partners/{cast.partners['association']}/referrals?direction=received"
    )
    assert received.json()["meta"]["totalCount"] == 0


def test_the_expert_sees_answer_and_outcome_and_no_meetings(cast: Cast, program: str, cohort: str) -> None:
    held = held_by_the_expert(cast)
    expert, receiver = cast.handlers["municipality"], cast.handlers["association"]
    referral = steps.refer(cast, "municipality", "association", held, cohort)
    where = f"/referrals/{referral['id']}"
    snapshot = receiver.get(where).json()["snapshot"]
    assert snapshot["givenName"] == held["givenName"]

    assert receiver.post(f"{where}/acceptance").status_code == 200
    (enrolment,) = [
        one for one in receiver.get(f"/enrolments?programId={program}").json()["items"] if one["status"] == "referred"
    ]
    receiver.made(f"/enrolments/{enrolment['id']}/transitions", {"to": "applied"}, status=200)
    steps.make_ready(cast, program, enrolment)
    answered = expert.get(where).json()
    assert (answered["status"], answered["outcome"]["enrolmentStatus"]) == ("accepted", "ready")

    cast.world.clock.advance(timedelta(days=60))
    exit_body = {"exitedOn": str(cast.today), "reason": "goalReached"}
    assert receiver.post(f"/enrolments/{enrolment['id']}/exit", exit_body).status_code == 200
    work = {"observedOn": str(cast.today), "incomeSource": "wages", "occupation": "work", "extentPercent": 100}
    began = str(cast.today - timedelta(days=10))
    assert receiver.put(f"/enrolments/{enrolment['id']}/outcomes/exit", {**work, "beganOn": began}).status_code == 201
    outcome = expert.get(where).json()["outcome"]
    assert (outcome["enrolmentStatus"], outcome["exitReason"], outcome["occupationAtExit"]) == (
        "exited",
        "goalReached",
        "work",
    )
    for hidden in (f"/enrolments/{enrolment['id']}", f"/participants/{enrolment['participantId']}"):
        assert expert.get(hidden).status_code == 404
    assert expert.get(f"/matches?programId={program}").json()["meta"]["totalCount"] == 0


def test_an_answer_too_late_is_none(cast: Cast, program: str) -> None:
    cohort = steps.open_cohort(cast, program)
    held = held_by_the_expert(cast)
    referral = steps.refer(cast, "municipality", "association", held, cohort)
    cast.world.clock.advance(timedelta(days=61))
    receiver = cast.handlers["association"]
    late = receiver.post(f"/referrals/{referral['id']}/acceptance")
    assert late.status_code == 409
    assert cast.handlers["municipality"].get(f"/referrals/{referral['id']}").json()["status"] == "expired"
    assert receiver.get(f"/referrals/{referral['id']}").json()["snapshot"] is None
