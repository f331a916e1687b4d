"""S3: ungdomar: a minor's match waits for the guardian and the register extract; the follow-ups come close at first."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.journeys import steps
from tests.journeys.steps import Cast
from tests.world import World

SEVENTEEN, TWENTY_FOUR = 17, 24


@pytest.fixture(scope="module")
def cast(working_world: World) -> Cast:
    return Cast.of(working_world)


@pytest.fixture(scope="module")
def program(cast: Cast) -> str:
    started = steps.start_program(
        cast, category="youth", profileId="youth-16-29", eligibility={"minAge": 16, "maxAge": 29}
    )
    steps.sign_agreement(cast, started)
    return started


@pytest.fixture(scope="module")
def cohort(cast: Cast, program: str) -> str:
    return steps.open_cohort(cast, program, weeks=60)


def born(cast: Cast, years: int) -> str:
    """Somebody who has been that old for half a year."""
    day = cast.today - timedelta(days=180)
    return date(day.year - years, day.month, min(day.day, 28)).isoformat()


@pytest.fixture(scope="module")
def pairs(cast: Cast, program: str, cohort: str) -> dict[int, dict[str, Any]]:
    """The accepted matches of the two, by age; all has been done but what a minor needs."""
    mentees = {age: steps.enrol(cast, cohort, "mentee", bornOn=born(cast, age)) for age in (SEVENTEEN, TWENTY_FOUR)}
    mentors = [steps.enrol(cast, cohort, "mentor") for _ in mentees]
    for enrolment in (*mentors, *mentees.values()):
        steps.make_ready(cast, program, enrolment)
    run = steps.run_matching(cast, program, cohort, seed=3)
    found = steps.approved_matches(cast, cohort, run)
    made = {age: found[mentee["id"]] for age, mentee in mentees.items()}
    for match in made.values():
        steps.accept_both(cast, match)
    return made


def test_a_minor_waits_for_guardian_and_extract(cast: Cast, pairs: dict[int, dict[str, Any]]) -> None:
    match = pairs[SEVENTEEN]
    signer, handler = cast.coordinators["association"], cast.handlers["municipality"]
    refused = signer.post(f"/matches/{match['id']}/preparation")
    assert (refused.status_code, refused.json()["code"]) == (409, "match.not_prepared")
    missing = refused.json()["context"]["missing"]
    assert (missing["mentee"], missing["mentor"]) == (["guardianConsent"], ["registerExtract"])

    guardian = {"givenName": "Påhittad", "familyName": "Vårdnadshavare", "email": "vardnad@example.org"}
    made = handler.made(f"/participants/{match['menteeParticipantId']}/guardians", guardian)
    handler.made(f"/guardians/{made['id']}/consent", {"consentedOn": str(cast.today)}, status=200)
    still = signer.post(f"/matches/{match['id']}/preparation").json()["context"]["missing"]
    assert (still["mentee"], still["mentor"]) == ([], ["registerExtract"])

    until = str(cast.today + timedelta(days=365))
    extract = {"code": "registerExtract", "isMet": True, "attestedOn": str(cast.today), "validUntil": until}
    cast.handlers["business"].made(f"/participants/{match['mentorParticipantId']}/attestations", extract)
    assert signer.post(f"/matches/{match['id']}/preparation").status_code == 200
    started = signer.post(f"/matches/{match['id']}/activation", {"startsOn": str(cast.today)})
    assert (started.status_code, started.json()["status"]) == (200, "active")


def test_an_adult_needs_neither(cast: Cast, pairs: dict[int, dict[str, Any]]) -> None:
    match = pairs[TWENTY_FOUR]
    signer = cast.coordinators["association"]
    assert signer.post(f"/matches/{match['id']}/preparation").status_code == 200
    assert signer.post(f"/matches/{match['id']}/activation", {"startsOn": str(cast.today)}).status_code == 200


def test_two_contacts_in_the_first_month_then_monthly(cast: Cast, pairs: dict[int, dict[str, Any]]) -> None:
    match = pairs[TWENTY_FOUR]
    found = cast.coordinators["association"].get(f"/follow-ups?matchId={match['id']}&limit=200").json()["items"]
    days = sorted(
        (date.fromisoformat(one["dueOn"]) - cast.today).days for one in found if one["kind"] == "checkInMentee"
    )
    first_month, later = [day for day in days if day < 28], [day for day in days if day >= 28]
    assert len(first_month) == 2
    assert len(later) >= 12
    assert all(27 <= gap <= 31 for gap in (after - before for before, after in pairwise(later)))
