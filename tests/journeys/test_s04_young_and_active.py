"""S4: Ung och aktiv: a coordination association's project for people of 16 to 29 with an attested benefit."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.glossary import Sector
from tests.journeys import steps
from tests.journeys.steps import Cast
from tests.world import World

BENEFIT = "aktivitetsersattning"
ADMITTED = {15: False, 16: True, 29: True, 30: False}


@pytest.fixture(scope="module")
def cast(working_world: World) -> Cast:
    return Cast.of(working_world, municipality=Sector.COORDINATION_ASSOCIATION)


@pytest.fixture(scope="module")
def program(cast: Cast) -> str:
    rules = {"minAge": 16, "maxAge": 29, "attestations": [BENEFIT]}
    started = steps.start_program(cast, category="youth", profileId="youth-16-29", eligibility=rules)
    steps.sign_agreement(cast, started)
    return started


@pytest.fixture(scope="module")
def cohort(cast: Cast, program: str) -> str:
    return steps.open_cohort(cast, program)


def exactly(cast: Cast, years: int, days_left: int = 1) -> str:
    """The birthday of one who is so old, and grows older in `days_left` days."""
    turns = cast.today + timedelta(days=days_left)
    return date(turns.year - years - 1, turns.month, turns.day).isoformat()


def person(cast: Cast, years: int, **over: Any) -> dict[str, Any]:
    handler, partner = cast.handlers["municipality"], cast.partners["municipality"]
    given = steps.person(cast.world, bornOn=exactly(cast, years), **over)
    return handler.made(f"/partners/{partner}/participants", given)


def attest(cast: Cast, held: dict[str, Any]) -> None:
    body = {"code": BENEFIT, "isMet": True, "attestedOn": str(cast.today)}
    cast.handlers["municipality"].made(f"/participants/{held['id']}/attestations", body)


@pytest.mark.parametrize(("years", "is_admitted"), ADMITTED.items())
def test_age_counts_on_the_intake_day(cast: Cast, cohort: str, years: int, *, is_admitted: bool) -> None:
    held = person(cast, years)
    attest(cast, held)
    wish = {"participantId": held["id"], "side": "mentee"}
    answer = cast.handlers["municipality"].post(f"/cohorts/{cohort}/enrolments", wish)
    if is_admitted:
        assert answer.status_code == 201, answer.text
        return
    assert (answer.status_code, answer.json()["code"]) == (409, "enrolment.not_eligible")
    (rule,) = answer.json()["context"]["rules"]
    assert rule["rule"] == {15: "minAge", 30: "maxAge"}[years]


def test_without_the_attestation_the_rule_is_named_and_another_program_offered(
    cast: Cast, cohort: str, program: str
) -> None:
    other = steps.start_program(cast, category="youth")
    steps.sign_agreement(cast, other)
    elsewhere = steps.open_cohort(cast, other)
    held = person(cast, 20)
    answer = cast.handlers["municipality"].post(
        f"/cohorts/{cohort}/enrolments", {"participantId": held["id"], "side": "mentee"}
    )
    context = answer.json()["context"]
    assert [one["rule"] for one in context["rules"]] == ["attestations"]
    offered = {one["programId"]: one["cohortId"] for one in context["openPrograms"]}
    assert offered[other] == elsewhere
    assert program not in offered


def test_turning_thirty_changes_nothing(cast: Cast, program: str, cohort: str) -> None:
    held = person(cast, 29)
    attest(cast, held)
    handler = cast.handlers["municipality"]
    enrolment = handler.made(f"/cohorts/{cohort}/enrolments", {"participantId": held["id"], "side": "mentee"})
    cast.world.clock.advance(timedelta(days=3))
    steps.make_ready(cast, program, enrolment)
    assert handler.get(f"/enrolments/{enrolment['id']}").json()["status"] == "ready"


def test_from_nothing_to_a_quarter_of_full_time_is_an_increase(cast: Cast, program: str, cohort: str) -> None:
    held = person(cast, 22)
    attest(cast, held)
    handler = cast.handlers["municipality"]
    enrolment = handler.made(f"/cohorts/{cohort}/enrolments", {"participantId": held["id"], "side": "mentee"})
    steps.make_ready(cast, program, enrolment)
    where = f"/enrolments/{enrolment['id']}"
    before = {"observedOn": str(cast.today), "incomeSource": "activityCompensation", "occupation": "none"}
    assert handler.put(f"{where}/outcomes/entry", before).status_code == 201
    cast.world.clock.advance(timedelta(days=120))
    assert handler.post(f"{where}/exit", {"exitedOn": str(cast.today), "reason": "plannedEnd"}).status_code == 200
    began = str(cast.today - timedelta(days=45))
    after = {"observedOn": str(cast.today), "incomeSource": "wages", "occupation": "work", "extentPercent": 25}
    assert handler.put(f"{where}/outcomes/exit", {**after, "beganOn": began}).status_code == 201
