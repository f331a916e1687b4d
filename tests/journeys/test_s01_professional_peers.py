"""S1: professionskollegor, egna företagare included: from a signed agreement to the committee's figures, over HTTP."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from app.domain.roles import Permission, Role
from tests.journeys import steps
from tests.journeys.steps import Cast
from tests.world import World

OWNERS = 3
SEEKERS = 2


@pytest.fixture(scope="module")
def cast(working_world: World) -> Cast:
    return Cast.of(working_world)


@pytest.fixture(scope="module")
def program(cast: Cast) -> str:
    started = steps.start_program(cast)
    steps.sign_agreement(cast, started)
    return started


@pytest.fixture(scope="module")
def cohort(cast: Cast, program: str) -> str:
    return steps.open_cohort(cast, program)


@pytest.fixture(scope="module")
def people(cast: Cast, program: str, cohort: str) -> dict[str, list[dict[str, Any]]]:
    """Twelve mentors, three of whom own a business; fifteen mentees, two of whom may only get an owner."""
    mentors = [
        steps.enrol(cast, cohort, "mentor", isBusinessOwner=number < OWNERS, goals=GOALS[number < OWNERS])
        for number in range(12)
    ]
    mentees = [
        steps.enrol(cast, cohort, "mentee", needs_owner=number < SEEKERS, goals=GOALS[number < SEEKERS], **over)
        for number, over in enumerate(UNUSUAL)
    ]
    for enrolment in [*mentors, *mentees]:
        steps.make_ready(cast, program, enrolment)
    return {"mentor": mentors, "mentee": mentees}


@pytest.fixture(scope="module")
def run(cast: Cast, program: str, cohort: str, people: dict[str, Any]) -> dict[str, Any]:
    assert people
    return steps.run_matching(cast, program, cohort, seed=7)


GOALS = {True: ["startBusiness"], False: ["findWork"]}
BEGINNER = [{"code": "so", "level": "native"}]
SUNDAY_NIGHT = [{"weekday": 7, "fromHour": 0, "untilHour": 3}]
UNUSUAL: list[dict[str, Any]] = [*([{}] * 13), {"languages": BEGINNER}, {"availability": SUNDAY_NIGHT}]


def test_twelve_pairs_are_proposed_and_the_seekers_hold_owners(
    cast: Cast, run: dict[str, Any], people: dict[str, list[dict[str, Any]]]
) -> None:
    assert (run["status"], run["people"], run["isOptimal"]) == ("completed", 12, True)
    pairs = cast.coordinators["municipality"].get(f"/match-runs/{run['id']}/pairs?limit=100").json()["items"]
    assert len(pairs) == 12
    assert all(sum(pair["contributions"].values()) == pair["score"] for pair in pairs)
    mentor_of = {pair["menteeEnrolmentId"]: pair["mentorEnrolmentId"] for pair in pairs}
    owners = {one["id"] for one in people["mentor"][:OWNERS]}
    assert all(mentor_of[seeker["id"]] in owners for seeker in people["mentee"][:SEEKERS])
    assert len(set(mentor_of.values())) == 12


def test_three_are_unmatched_each_with_a_reason(
    cast: Cast, run: dict[str, Any], people: dict[str, list[dict[str, Any]]]
) -> None:
    unmatched = cast.coordinators["municipality"].get(f"/match-runs/{run['id']}/unmatched?limit=100").json()["items"]
    by_id = {one["menteeEnrolmentId"]: one for one in unmatched}
    assert len(by_id) == 3
    beginner, night_owl = people["mentee"][13]["id"], people["mentee"][14]["id"]
    assert (by_id[beginner]["kind"], by_id[night_owl]["kind"]) == ("noFeasibleMentor", "noFeasibleMentor")
    assert "anguage" in by_id[beginner]["smallestChange"]["constraints"][0]
    assert by_id[night_owl]["smallestChange"]["constraints"] == ["availability"]
    (third,) = [one for key, one in by_id.items() if key not in {beginner, night_owl}]
    assert third["kind"] == "placesRanOut"
    assert all(one["explanation"]["sv"] and one["explanation"]["en"] for one in unmatched)


def test_the_same_seed_gives_the_same_run(cast: Cast, program: str, cohort: str, run: dict[str, Any]) -> None:
    again = steps.run_matching(cast, program, cohort, seed=7)
    lead = cast.coordinators["municipality"]
    pairs = [lead.get(f"/match-runs/{one['id']}/pairs?limit=100").json()["items"] for one in (run, again)]
    key = [sorted((p["menteeEnrolmentId"], p["mentorEnrolmentId"]) for p in found) for found in pairs]
    assert key[0] == key[1]
    assert (run["poolDigest"], run["policyDigest"]) == (again["poolDigest"], again["policyDigest"])


def test_only_the_accountable_partner_approves(cast: Cast, run: dict[str, Any]) -> None:
    for key in ("business", "association"):
        refused = cast.coordinators[key].post(f"/match-runs/{run['id']}/approval", {})
        assert refused.status_code in {403, 404}
    listing = cast.coordinators["business"].get(f"/programs/{run['programId']}/match-runs")
    assert listing.status_code == 403
    duties = {one["duty"]: one["partnerId"] for one in listing.json()["context"]["duties"]}
    assert duties["approveMatches"] == str(cast.partners["municipality"])


@pytest.fixture(scope="module")
def matches(cast: Cast, cohort: str, run: dict[str, Any]) -> list[dict[str, Any]]:
    approved = cast.coordinators["municipality"].post(f"/match-runs/{run['id']}/approval", {})
    assert approved.status_code in {200, 201}, approved.text
    found: list[dict[str, Any]] = (
        cast.coordinators["municipality"].get(f"/matches?cohortId={cohort}&limit=100").json()["items"]
    )
    return found


def test_approval_makes_matches_once(cast: Cast, run: dict[str, Any], matches: list[dict[str, Any]]) -> None:
    assert {one["status"] for one in matches} == {"proposed"}
    assert len(matches) == 12
    again = cast.coordinators["municipality"].post(f"/match-runs/{run['id']}/approval", {})
    assert again.status_code == 409


def test_two_parallel_accepts_of_the_last_place(working_world: World) -> None:
    """One mentor with one place, proposed in two programmes: of two acceptances at once the database lets one win."""
    others = Cast.of(working_world)
    handler = others.handlers["business"]
    mentor = handler.made(f"/partners/{others.partners['business']}/participants", steps.person(working_world))
    both = [propose_in_a_program_of_its_own(others, mentor["id"]) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: handler.post(f"/matches/{one}/acceptances", {"side": "mentor"}), both))
    assert sorted(answer.status_code // 100 for answer in answers) == [2, 4]
    (lost,) = [answer for answer in answers if answer.status_code >= 400]
    assert (lost.status_code, lost.json()["code"]) == (409, "match.no_place_left")


def propose_in_a_program_of_its_own(cast: Cast, participant: str) -> str:
    """A proposed match of the given mentor in a new programme; answers the match id."""
    program = steps.start_program(cast)
    steps.sign_agreement(cast, program)
    cohort = steps.open_cohort(cast, program)
    wish = {"participantId": participant, "side": "mentor", "needsBusinessOwner": False}
    mentor = cast.handlers["business"].made(f"/cohorts/{cohort}/enrolments", wish)
    for enrolment in (mentor, steps.enrol(cast, cohort, "mentee")):
        steps.make_ready(cast, program, enrolment)
    run = steps.run_matching(cast, program, cohort)
    assert run["people"] == 1
    cast.coordinators["municipality"].post(f"/match-runs/{run['id']}/approval", {})
    found = cast.coordinators["municipality"].get(f"/matches?cohortId={cohort}").json()["items"]
    return str(found[0]["id"])


def test_from_acceptance_to_follow_up_and_figures(
    cast: Cast, program: str, matches: list[dict[str, Any]], people: dict[str, list[dict[str, Any]]]
) -> None:
    """Both accept, the pair starts, meets, is followed up and closed; the committee reads what became of it."""
    match, signer = matches[0], cast.coordinators["association"]
    where = f"/matches/{match['id']}"
    early = signer.post(f"{where}/activation", {"startsOn": str(cast.today)})
    assert (early.status_code, early.json()["code"]) == (409, "match.not_prepared")
    for key, side in (("business", "mentor"), ("municipality", "mentee")):
        accepted = cast.handlers[key].post(f"{where}/acceptances", {"side": side})
        assert accepted.status_code in {200, 201}, accepted.text
    unseen = signer.post(f"{where}/preparation")
    assert unseen.json()["context"]["missing"] == {"mentor": ["expectationReview"], "mentee": ["expectationReview"]}
    for key, side in (("business", "mentor"), ("municipality", "mentee")):
        assert cast.handlers[key].get(f"{where}/expectations").json()["differenceCount"] == 0
        cast.handlers[key].made(f"{where}/expectation-reviews", {"side": side}, status=200)
    assert signer.post(f"{where}/preparation").json()["status"] == "prepared"
    started = signer.post(f"{where}/activation", {"startsOn": str(cast.today)})
    assert started.json()["status"] == "active", started.text

    due = signer.get(f"/follow-ups?matchId={match['id']}&limit=100").json()["items"]
    assert {"checkInMentor", "checkInMentee", "entry"} <= {one["kind"] for one in due}
    cast.world.clock.advance(timedelta(weeks=2))
    meeting = {"heldOn": str(cast.today), "minutes": 60, "mode": "video", "topics": ["goals"]}
    assert signer.made(f"{where}/meetings", meeting)["minutes"] == 60
    answered = [
        submit(cast, one) for one in signer.get(f"/follow-ups?matchId={match['id']}&status=due").json()["items"]
    ]
    assert answered
    assert all(response.status_code in {200, 201} for response in answered), [r.text for r in answered]

    cast.world.clock.advance(timedelta(weeks=18))
    closure = {"closedOn": str(cast.today), "cause": "naturalEnd"}
    assert signer.post(f"{where}/closure", closure).json()["status"] == "closed"
    mentee = next(one for one in people["mentee"] if one["id"] == match["menteeEnrolmentId"])
    record_outcome(cast, mentee)

    assert_figures(cast, program)


def assert_figures(cast: Cast, program: str) -> None:
    """The coordinator reads what is large enough to tell; who may see the records reads all of it, with the rules."""
    path = f"/programs/{program}/reports/tertial?year=2026&tertial=2"
    told = totals(cast.coordinators["municipality"].get(path).json())
    assert (told["inEffort"]["value"], told["inEffort"]["ruleId"]) == (15, "tertial.in_effort")
    assert told["ended"]["value"] in {0, 5}
    assert told["ended"]["isRounded"] is True
    assert told["endedToSelfSufficiency"]["isProtected"] is True

    needed = (Permission.PROGRAM_READ, Permission.REPORT_READ, Permission.ENROLMENT_READ, Permission.OUTCOME_READ)
    scopes = [permission.value for permission in needed]
    service = cast.world.client(Role.SERVICE, cast.partners["municipality"], scopes)
    known = totals(service.get(path).json())
    assert [known[name]["value"] for name in ("inEffort", "ended", "endedToSelfSufficiency")] == [15, 1, 1]
    assert known["koladaShare"]["share"] == 1

    handler = cast.world.client(Role.CASE_HANDLER, cast.partners["municipality"])
    assert totals(handler.get(path).json())["ended"]["value"] == 1
    other = cast.coordinators["business"].get(path)
    assert (other.status_code, other.json()["context"]["duties"][0]["duty"]) == (403, "reportToCommittee")


def totals(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in report["figures"] if one["scope"]["kind"] == "total"}


def submit(cast: Cast, follow_up: dict[str, Any]) -> Any:
    signer = cast.coordinators["association"]
    where = f"/follow-ups/{follow_up['id']}"
    questions = signer.get(f"{where}/questionnaire").json()["questions"]
    answers = {question["code"]: steps.reply(question) for question in questions if question["isRequired"]}
    return signer.post(f"{where}/submission", {"doneOn": str(cast.today), "answers": answers})


def record_outcome(cast: Cast, mentee: dict[str, Any]) -> None:
    handler = cast.handlers["municipality"]
    where = f"/enrolments/{mentee['id']}"
    entry = {"observedOn": mentee["appliedOn"], "incomeSource": "socialAssistance", "occupation": "jobSeeking"}
    assert handler.put(f"{where}/outcomes/entry", entry).status_code == 201
    assert handler.post(f"{where}/exit", {"exitedOn": str(cast.today), "reason": "plannedEnd"}).status_code in {
        200,
        201,
    }
    began = str(cast.today - timedelta(days=40))
    work = {"observedOn": str(cast.today), "incomeSource": "wages", "occupation": "work", "beganOn": began}
    assert handler.put(f"{where}/outcomes/exit", {**work, "extentPercent": 100}).status_code == 201


def test_a_partner_without_the_duty_learns_who_holds_it(cast: Cast, cohort: str) -> None:
    handler = cast.handlers["association"]
    held = handler.made(f"/partners/{cast.partners['association']}/participants", steps.person(cast.world))
    wish = {"participantId": held["id"], "side": "mentee", "needsBusinessOwner": False}
    refused = handler.post(f"/cohorts/{cohort}/enrolments", wish)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    holders = {one["duty"]: one["partnerId"] for one in refused.json()["context"]["duties"]}
    assert holders["recruitMentees"] == str(cast.partners["municipality"])
