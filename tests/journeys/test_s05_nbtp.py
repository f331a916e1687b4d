"""S5: NBTP: one person as a trainee and as a mentee at once; linked programs keep their own duties."""

from typing import Any

import pytest

from app.domain.glossary import Sector
from app.domain.roles import Role
from tests.journeys import steps
from tests.journeys.steps import Cast
from tests.world import World

TRAINEE_SPLIT = {**steps.SPLIT, "municipality": [*steps.SPLIT["municipality"], "provideHostPlace"]}


@pytest.fixture(scope="module")
def cast(working_world: World) -> Cast:
    return Cast.of(working_world, split=TRAINEE_SPLIT, municipality=Sector.COORDINATION_ASSOCIATION)


@pytest.fixture(scope="module")
def other(working_world: World) -> Cast:
    """Another set of partners, who run the mentoring programmes that NBTP cooperates with."""
    return Cast.of(working_world)


@pytest.fixture(scope="module")
def mentoring(other: Cast) -> list[str]:
    programs = [steps.start_program(other) for _ in range(2)]
    for program in programs:
        steps.sign_agreement(other, program)
    return programs


@pytest.fixture(scope="module")
def trainee_program(cast: Cast, mentoring: list[str]) -> str:
    initiator = cast.partners["business"]
    started = steps.start_program(
        cast, kind="trainee", category="other", name="Påhittat NBTP", initiatorPartnerId=str(initiator)
    )
    lead = cast.coordinators["municipality"]
    for linked in mentoring:
        lead.made(f"/programs/{started}/links", {"linkedProgramId": linked})
    steps.sign_agreement(cast, started)
    return started


def test_it_is_linked_to_two_programmes(cast: Cast, trainee_program: str, mentoring: list[str]) -> None:
    linked = cast.coordinators["municipality"].get(f"/programs/{trainee_program}/links").json()["items"]
    assert {one["id"] for one in linked} == set(mentoring)
    program = cast.coordinators["municipality"].get(f"/programs/{trainee_program}").json()
    assert program["initiatorPartnerId"] == str(cast.partners["business"])


def test_one_person_in_two_programmes_is_one_person_in_the_figure(cast: Cast, trainee_program: str) -> None:
    mentor_program = steps.start_program(cast)
    steps.sign_agreement(cast, mentor_program)
    handler = cast.handlers["municipality"]
    held = handler.made(f"/partners/{cast.partners['municipality']}/participants", steps.person(cast.world))
    enrolments = []
    for program in (trainee_program, mentor_program):
        cohort = steps.open_cohort(cast, program)
        made = handler.made(f"/cohorts/{cohort}/enrolments", {"participantId": held["id"], "side": "mentee"})
        steps.make_ready(cast, program, made)
        enrolments.append(made)
    assert len({one["id"] for one in enrolments}) == 2
    assert {handler.get(f"/enrolments/{one['id']}").json()["status"] for one in enrolments} == {"ready"}
    totals = report(cast)
    assert totals["inEffort"]["value"] == 1


def report(cast: Cast) -> dict[str, dict[str, Any]]:
    scopes = ["program:read", "report:read", "enrolment:read", "outcome:read"]
    service = cast.world.client(Role.SERVICE, cast.partners["municipality"], scopes)
    tertial = (cast.today.month - 1) // 4 + 1
    found = service.get(f"/reports/tertial?year={cast.today.year}&tertial={tertial}").json()
    return {one["id"]: one for one in found["figures"] if one["scope"]["kind"] == "total"}


def test_recruiting_mentors_in_a_linked_programme_is_its_partners_duty(
    cast: Cast, other: Cast, mentoring: list[str]
) -> None:
    cohort = steps.open_cohort(other, mentoring[0])
    handler = cast.handlers["business"]
    held = handler.made(f"/partners/{cast.partners['business']}/participants", steps.person(cast.world))
    refused = handler.post(f"/cohorts/{cohort}/enrolments", {"participantId": held["id"], "side": "mentor"})
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    holders = {one["duty"]: one["partnerId"] for one in refused.json()["context"]["duties"]}
    assert holders["recruitMentors"] == str(other.partners["business"])
