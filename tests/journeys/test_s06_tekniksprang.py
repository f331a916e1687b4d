"""S6: an internship that is listed, then adopted: four places of four months at a municipality that hosts."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.days import add_months
from tests.journeys import steps
from tests.journeys.steps import Cast
from tests.world import World

SPLIT = {
    **steps.SPLIT,
    "municipality": [*steps.SPLIT["municipality"], "recruitMentors", "screenMentors", "provideHostPlace"],
    "business": ["fund"],
}
PLACES = 4


@pytest.fixture(scope="module")
def cast(working_world: World) -> Cast:
    return Cast.of(working_world, split=SPLIT)


@pytest.fixture(scope="module")
def program(cast: Cast) -> str:
    """First only described, as somebody else runs it."""
    return steps.start_program(
        cast,
        kind="internship",
        category="youth",
        name="Påhittade Tekniksprånget",
        listing="listed",
        organizer="Påhittade akademien",
        source="kartläggning 2014",
        profileId="internship-4m",
    )


@pytest.fixture(scope="module")
def cohort(cast: Cast, program: str) -> str:
    lead = cast.coordinators["municipality"]
    assert lead.get(f"/programs/{program}").json()["listing"] == "listed"
    early = lead.patch(f"/programs/{program}", {"listing": "adopted"})
    assert (early.status_code, early.json()["code"]) == (409, "program.adopted_by_agreement")
    steps.sign_agreement(cast, program)
    assert lead.get(f"/programs/{program}").json()["listing"] == "adopted"
    return steps.open_cohort(cast, program)


@pytest.fixture(scope="module")
def workplace(cast: Cast, program: str, cohort: str) -> str:
    offer = {"cohortId": cohort, "name": "Påhittade kommunens tekniska kontor", "places": PLACES}
    made = cast.coordinators["municipality"].made(f"/programs/{program}/host-workplaces", offer)
    return f"/host-workplaces/{made['id']}"


def ready(cast: Cast, program: str, cohort: str, side: str) -> str:
    """Somebody who has finished upper-secondary school, or a supervisor at the municipality."""
    enrolment = steps.enrol(cast, cohort, side, bornOn="1995-03-01" if side == "mentee" else "1975-03-01")
    steps.make_ready(cast, program, enrolment)
    return str(enrolment["id"])


@pytest.fixture(scope="module")
def supervisor(cast: Cast, program: str, cohort: str) -> str:
    return ready(cast, program, cohort, "mentor")


def test_four_are_placed_for_four_months_and_the_fifth_is_refused(
    cast: Cast, program: str, cohort: str, workplace: str, supervisor: str
) -> None:
    handler = cast.handlers["municipality"]
    starts = cast.today + timedelta(days=7)
    people = [ready(cast, program, cohort, "mentee") for _ in range(PLACES + 1)]
    wanted: list[dict[str, Any]] = [
        {"enrolmentId": one, "supervisorEnrolmentId": supervisor, "startsOn": starts.isoformat()} for one in people
    ]
    wanted[3]["endsOn"] = (starts + timedelta(weeks=14)).isoformat()
    made = [handler.made(f"{workplace}/placements", body) for body in wanted[:PLACES]]
    fifth = handler.post(f"{workplace}/placements", wanted[PLACES])
    assert (fifth.status_code, fifth.json()["code"]) == (409, "placement.no_place_left")
    assert {date.fromisoformat(one["endsOn"]) for one in made[:3]} == {add_months(starts, 4)}
    assert [one["isShorterThanAgreed"] for one in made] == [False, False, False, True]
    short = handler.get(f"/placements?programId={program}&isShorterThanAgreed=true").json()["items"]
    assert [one["id"] for one in short] == [made[3]["id"]]


def test_who_only_funds_places_nobody(cast: Cast, workplace: str, supervisor: str) -> None:
    body = {"enrolmentId": supervisor, "supervisorEnrolmentId": supervisor, "startsOn": cast.today.isoformat()}
    refused = cast.handlers["business"].post(f"{workplace}/placements", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    assert str(cast.partners["municipality"]) in refused.text
