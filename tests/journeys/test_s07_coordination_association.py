"""S7: Samordningsförbundet Välfärd i Nacka: its administrators see counts and no people; its handlers take out the rows."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.glossary import Sector
from app.domain.roles import Role
from tests.journeys import steps
from tests.journeys.steps import Cast
from tests.world import World


@pytest.fixture(scope="module")
def cast(working_world: World) -> Cast:
    return Cast.of(working_world, municipality=Sector.COORDINATION_ASSOCIATION)


@pytest.fixture(scope="module")
def program(cast: Cast) -> str:
    started = steps.start_program(cast, category="youth", profileId="youth-16-29")
    steps.sign_agreement(cast, started)
    return started


@pytest.fixture(scope="module")
def ended(cast: Cast, program: str) -> dict[str, Any]:
    """A young person from activity compensation to half-time work, and an anonymous one who takes part."""
    cohort = steps.open_cohort(cast, program)
    handler, partner = cast.handlers["municipality"], cast.partners["municipality"]
    enrolment = steps.enrol(cast, cohort, "mentee")
    steps.make_ready(cast, program, enrolment)
    facts = {"gender": "female", "birthYear": 2001, "languages": [{"code": "sv", "level": "B2"}]}
    anonymous = handler.made(
        f"/partners/{partner}/anonymous-participants", {**facts, "availability": steps.WORKDAY, "goals": ["findWork"]}
    )
    other = handler.made(f"/cohorts/{cohort}/enrolments", {"participantId": anonymous["id"], "side": "mentee"})
    steps.make_ready(cast, program, other)
    where = f"/enrolments/{enrolment['id']}"
    before = {"observedOn": str(cast.today), "incomeSource": "activityCompensation", "occupation": "none"}
    assert handler.put(f"{where}/outcomes/entry", {**before, "education": "compulsory"}).status_code == 201
    cast.world.clock.advance(timedelta(weeks=10))
    assert handler.post(f"{where}/exit", {"exitedOn": str(cast.today), "reason": "goalReached"}).status_code == 200
    after = {"observedOn": str(cast.today), "incomeSource": "wages", "occupation": "work", "extentPercent": 50}
    began = {"beganOn": str(cast.today - timedelta(days=35))}
    assert handler.put(f"{where}/outcomes/exit", {**after, **began}).status_code == 201
    return enrolment


def test_the_rows_hold_in_and_out_before_and_after(cast: Cast, program: str, ended: dict[str, Any]) -> None:
    path = f"/programs/{program}/exports/sus?year=2026&tertial=2"
    rows = cast.handlers["municipality"].get(path).json()["items"]
    known = next(row for row in rows if not row["isAnonymous"])
    assert (known["enrolmentId"], known["end"]) == (ended["id"], "planned")
    assert (known["before"]["incomeSource"], known["after"]["incomeSource"]) == ("activityCompensation", "wages")
    assert (known["before"]["education"], known["after"]["extentPercent"]) == ("compulsory", 50)
    assert (known["hasIncreased"], known["publicSupportEnded"]) == (True, True)
    nameless = [{name: told for name, told in row.items() if told is not None} for row in rows if row["isAnonymous"]]
    assert nameless == [{"isAnonymous": True, "gender": "female", "year": 2026}]


@pytest.mark.parametrize("role", [Role.PARTNER_ADMINISTRATOR, Role.COORDINATOR])
def test_administrators_see_counts_and_no_people(cast: Cast, program: str, ended: dict[str, Any], role: Role) -> None:
    client = cast.world.client(role, cast.partners["municipality"])
    report = client.get(f"/programs/{program}/reports/tertial?year=2026&tertial=2")
    assert report.status_code == 200
    assert {one["isProtected"] for one in report.json()["figures"] if one["id"] == "inEffort"} == {True}
    for path in (
        f"/programs/{program}/exports/sus",
        f"/enrolments/{ended['id']}",
        f"/participants/{ended['participantId']}",
    ):
        refused = client.get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "access.role_not_permitted")
