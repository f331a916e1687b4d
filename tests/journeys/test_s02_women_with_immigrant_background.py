"""S2: kvinnor med invandrarbakgrund: an association owns, the municipality refers, business brings the mentors."""

from typing import Any

import pytest

from app.domain.roles import Role
from tests.journeys import steps
from tests.journeys.steps import Cast
from tests.world import Client, World

SPLIT = {
    "association": [
        "definePurpose", "inform", "recruitMentees", "screenMentees", "screenMentors", "trainMentees", "trainMentors", "proposeMatches",
        "approveMatches", "signMatchAgreements", "followUpMatches", "handleIncidents", "recordOutcomes",
        "holdPersonalData",
    ],
    "business": ["recruitMentors"],
    "municipality": ["reportToCommittee"],
}  # fmt: skip
SUPPORTING = {"association": ["recruitMentors", "reportToCommittee"]}
BACKGROUND = {"gender", "bornOn", "birthYear", "municipalityCode", "familyName", "email", "phone"}


@pytest.fixture(scope="module")
def cast(working_world: World) -> Cast:
    return Cast.of(working_world, "association", SPLIT)


@pytest.fixture(scope="module")
def program(cast: Cast) -> str:
    started = steps.start_program(cast, category="womenWithImmigrantBackground")
    steps.sign_agreement(cast, started, supporting=SUPPORTING)
    return started


@pytest.fixture(scope="module")
def cohort(cast: Cast, program: str) -> str:
    return steps.open_cohort(cast, program)


@pytest.fixture(scope="module")
def referred(cast: Cast, program: str, cohort: str) -> dict[str, Any]:
    """A woman whom the municipality's expert referred, with her consent, and who then applied."""
    expert, receiver = cast.handlers["municipality"], cast.handlers["association"]
    held = expert.made(f"/partners/{cast.partners['municipality']}/participants", steps.person(cast.world))
    referral = steps.refer(cast, "municipality", "association", held, cohort)
    accepted = receiver.post(f"/referrals/{referral['id']}/acceptance")
    assert accepted.status_code == 200, accepted.text
    enrolment: dict[str, Any] = receiver.get(f"/enrolments?programId={program}").json()["items"][0]
    assert enrolment["status"] == "referred"
    assert enrolment["participantId"] != held["id"]
    receiver.made(f"/enrolments/{enrolment['id']}/transitions", {"to": "applied"}, status=200)
    return enrolment


@pytest.fixture(scope="module")
def anonymous(cast: Cast, cohort: str) -> dict[str, Any]:
    """A woman who refuses consent: only gender and year of birth are kept."""
    handler, partner = cast.handlers["association"], cast.partners["association"]
    facts = {
        "gender": "female",
        "birthYear": 1984,
        "languages": [{"code": "sv", "level": "B2"}],
        "availability": steps.WORKDAY,
        "goals": ["findWork"],
    }
    held = handler.made(f"/partners/{partner}/anonymous-participants", facts)
    assert (held["givenName"], held["bornOn"], held["email"]) == (None, None, None)
    return handler.made(f"/cohorts/{cohort}/enrolments", {"participantId": held["id"], "side": "mentee"})


@pytest.fixture(scope="module")
def mentors(cast: Cast, cohort: str) -> dict[str, dict[str, Any]]:
    """Two mentors from business and one whom the association itself holds."""
    from_business = [steps.enrol(cast, cohort, "mentor", holder="business") for _ in range(2)]
    own = steps.enrol(cast, cohort, "mentor", holder="association")
    return {"first": from_business[0], "second": from_business[1], "own": own}


@pytest.fixture(scope="module")
def matches(
    cast: Cast,
    program: str,
    cohort: str,
    referred: dict[str, Any],
    anonymous: dict[str, Any],
    mentors: dict[str, dict[str, Any]],
) -> dict[str, dict[str, Any]]:
    """The proposals, by mentee enrolment."""
    for enrolment in (referred, anonymous, *mentors.values()):
        steps.make_ready(cast, program, enrolment)
    run = steps.run_matching(cast, program, cohort, seed=2)
    assert (run["status"], run["people"]) == ("completed", 2)
    return steps.approved_matches(cast, cohort, run)


def test_the_anonymous_woman_is_matched_inside_the_partner_that_holds_her(
    matches: dict[str, dict[str, Any]], anonymous: dict[str, Any], mentors: dict[str, dict[str, Any]]
) -> None:
    assert matches[anonymous["id"]]["mentorEnrolmentId"] == mentors["own"]["id"]


def test_business_sees_the_proposal_without_background(
    cast: Cast, matches: dict[str, dict[str, Any]], referred: dict[str, Any]
) -> None:
    proposal = matches[referred["id"]]
    business = cast.handlers["business"]
    assert business.get(f"/matches/{proposal['id']}").status_code == 200
    people = business.get(f"/matches/{proposal['id']}/people").json()["people"]
    (mentee,) = [one for one in people if one["side"] == "mentee"]
    assert BACKGROUND.isdisjoint(mentee["shown"])
    assert all(mentee[name] is None for name in BACKGROUND & mentee.keys())
    assert business.get(f"/participants/{referred['participantId']}").status_code == 404


def test_business_listing_the_participants_is_told_whose_duty_it_is(cast: Cast, program: str) -> None:
    refused = cast.handlers["business"].get(f"/programs/{program}/participants")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    holders = {one["duty"]: one["partnerId"] for one in refused.json()["context"]["duties"]}
    assert holders["screenMentees"] == str(cast.partners["association"])


def test_she_is_counted_and_nobody_else_reads_her_record(
    cast: Cast, program: str, matches: dict[str, dict[str, Any]], anonymous: dict[str, Any]
) -> None:
    assert anonymous["id"] in matches
    handlers: list[Client] = [cast.handlers[key] for key in ("business", "municipality")]
    assert all(one.get(f"/participants/{anonymous['participantId']}").status_code == 404 for one in handlers)
    assert in_effort(cast, program, "association") == 2
    assert in_effort(cast, program, "municipality") is None, "small numbers are told to those who may read the records"


def in_effort(cast: Cast, program: str, reader: str) -> int | None:
    scopes = ["program:read", "report:read", "enrolment:read", "outcome:read"]
    service = cast.world.client(Role.SERVICE, cast.partners[reader], scopes)
    tertial = (cast.today.month - 1) // 4 + 1
    report = service.get(f"/programs/{program}/reports/tertial?year={cast.today.year}&tertial={tertial}").json()
    totals = {one["id"]: one for one in report["figures"] if one["scope"]["kind"] == "total"}
    value: int | None = totals["inEffort"]["value"]
    return value
