"""S3: ungdomar: a minor's match waits for the guardian and the register extract; the follow-ups come close at first."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.domain.days import add_months
from app.features.follow_ups import jobs
from app.kit.mail import FolderMailer
from tests.journeys import steps
from tests.journeys.steps import Cast
from tests.world import Client, World

SEVENTEEN, TWENTY_FOUR = 17, 24
CHECK_IN = {"hasMet": True, "contactWorks": 4, "feelsSafe": True, "needsSupport": False, "wantsToContinue": True}


def contacts(client: Client, match: dict[str, Any]) -> list[dict[str, Any]]:
    """The follow-ups of a match, by day."""
    found: list[dict[str, Any]] = client.get(f"/follow-ups?matchId={match['id']}&limit=200").json()["items"]
    return found


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


def test_somebody_is_reminded_and_answers_and_the_answer_is_corrected(
    cast: Cast, pairs: dict[int, dict[str, Any]], tmp_path: Path
) -> None:
    """The first contact's day passes; the ladder climbs, the accountable partner sees it late, then it is made."""
    match, follower = pairs[TWENTY_FOUR], cast.coordinators["association"]
    clock = cast.world.clock
    first = next(one for one in contacts(follower, match) if one["kind"] == "checkInMentee")
    late_by = date.fromisoformat(first["dueOn"]) - cast.today + timedelta(days=15)
    clock.advance(late_by)
    try:
        jobs.remind(replace(cast.world.runtime, mailer=FolderMailer(tmp_path)), "3" * 32)
        assert list(tmp_path.glob("*.eml")), "the accountable partner has a letter"
        assert match["menteeParticipantId"] not in "".join(one.read_text() for one in tmp_path.glob("*.eml"))

        overdue = follower.get("/overdue-follow-ups?kind=checkInMentee&minDaysLate=15&limit=200").json()["items"]
        mine = next(one for one in overdue if one["id"] == first["id"])
        assert (mine["daysLate"], mine["status"], mine["lastRung"]) == (15, "missed", "accountable")
        assert follower.get(f"/matches/{match['id']}/health").json()["health"] in {"needsCheckIn", "atRisk"}

        path, answers = f"/follow-ups/{first['id']}", dict(CHECK_IN)
        done_on = (date.fromisoformat(first["dueOn"]) + timedelta(days=15)).isoformat()
        said = follower.made(f"{path}/submission", {"doneOn": done_on, "answers": answers}, status=200)
        assert (said["daysLate"], said["dueOn"], said["doneOn"]) == (15, first["dueOn"], done_on)
        twice = follower.post(f"{path}/submission", {"doneOn": done_on, "answers": answers})
        assert (twice.status_code, twice.json()["code"]) == (409, "follow_up.already_answered")

        better = {"doneOn": done_on, "answers": {**answers, "contactWorks": 2}, "corrects": 1, "reasonCode": "mistyped"}
        assert follower.made(f"{path}/corrections", better, status=200)["answerNumber"] == 2
        again = follower.post(f"{path}/corrections", better)
        assert (again.status_code, again.json()["code"]) == (409, "follow_up.version_corrected")
        (before,) = follower.get(f"{path}/versions").json()["items"]
        assert before["answers"]["contactWorks"] == CHECK_IN["contactWorks"]
    finally:
        clock.advance(-late_by)


def test_then_quarterly_and_after_the_exit_one_six_and_twelve_months(
    cast: Cast, pairs: dict[int, dict[str, Any]]
) -> None:
    match, follower = pairs[TWENTY_FOUR], cast.coordinators["association"]
    depth = [one["dueOn"] for one in contacts(follower, match) if one["kind"] == "inDepth"]
    wanted = [add_months(cast.today, months).isoformat() for months in (1, 2, 3, 6, 9, 12)]
    assert depth == wanted

    closing = follower.post(f"/matches/{match['id']}/closure", {"closedOn": str(cast.today), "cause": "goalReached"})
    assert closing.status_code == 200, closing.text
    after = {
        one["kind"]: one["dueOn"] for one in contacts(follower, match) if one["kind"].startswith(("after", "exit"))
    }
    assert after == {
        "exit": cast.today.isoformat(),
        "afterOneMonth": add_months(cast.today, 1).isoformat(),
        "afterSixMonths": add_months(cast.today, 6).isoformat(),
        "afterTwelveMonths": add_months(cast.today, 12).isoformat(),
    }
