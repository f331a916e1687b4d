"""Does the catalogue's description of a programme say where it comes from, who vouches for it, and what it shows?"""

from datetime import timedelta
from uuid import UUID

import pytest

from app.domain.roles import Responsibility, Role
from app.kit.clock import today
from tests.features.programs.test_router import new
from tests.world import Client, World

LISTED = {"listing": "listed", "source": "kartläggning 2014", "organizer": "Påhittade akademien"}


@pytest.fixture(scope="module")
def owner(world: World) -> UUID:
    return world.partner()


@pytest.fixture(scope="module")
def coordinator(world: World, owner: UUID) -> Client:
    return world.client(Role.COORDINATOR, owner)


def test_a_listed_program_tells_all_that_people_look_for(world: World, owner: UUID, coordinator: Client) -> None:
    told = {
        "targetGroup": "Kvinnor som är nya i Sverige",
        "languages": ["sv", "ti"],
        "districts": ["Fisksätra", "Orminge"],
        "places": 18,
        "contactEmail": "mentor@forening.example",
        "contactPhone": "08-718 80 00",
        "contactUrl": "https://forening.example/mentor",
        "assuredOn": str(today(world.clock())),
        "shownFactors": [{"factor": 3, "evidence": "<b>Intervju</b> med båda", "url": "https://forening.example/3"}],
        "isExample": True,
    }
    made = coordinator.made("/programs", new(world, **LISTED, **told))
    assert {name: made[name] for name in told} == told
    assert made["assuredByPartnerId"] == str(owner)


@pytest.mark.parametrize(
    ("over", "code", "pointer"),
    [
        ({"source": None}, "program.source_missing", "/source"),
        ({"organizer": None}, "program.source_missing", "/organizer"),
        ({"listing": "adopted"}, "program.adopted_by_agreement", "/listing"),
        ({"places": 0}, "field.invalid", "/places"),
        ({"languages": ["sv", "sv"]}, "field.invalid", "/languages"),
        ({"shownFactors": [{"factor": 8, "evidence": "x"}]}, "field.invalid", "/shownFactors/0/factor"),
        ({"shownFactors": [{"factor": 1, "evidence": "x"}] * 2}, "field.invalid", "/shownFactors"),
        ({"contactUrl": "http://forening.example"}, "field.invalid", "/contactUrl"),
    ],
)
def test_what_a_listing_may_not_say(
    world: World, coordinator: Client, over: dict[str, object], code: str, pointer: str
) -> None:
    body = {name: value for name, value in {**new(world), **LISTED, **over}.items() if value is not None}
    refused = coordinator.post("/programs", body).json()
    assert code in {refused["code"], *(one["code"] for one in refused["errors"])}
    assert pointer in {one["pointer"] for one in refused["errors"]}


def test_nobody_vouches_for_a_day_to_come(world: World, coordinator: Client, owner: UUID) -> None:
    tomorrow = {"assuredOn": str(today(world.clock()) + timedelta(days=1))}
    refused = coordinator.post("/programs", new(world, **LISTED, **tomorrow))
    assert (refused.status_code, refused.json()["code"]) == (422, "program.assured_in_future")
    made = coordinator.made("/programs", new(world, **LISTED))
    where = f"/programs/{made['id']}"
    assert made["assuredByPartnerId"] is None
    assert coordinator.patch(where, tomorrow).json()["code"] == "program.assured_in_future"
    assert coordinator.patch(where, {"assuredOn": str(today(world.clock()))}).json()["assuredByPartnerId"] == str(owner)
    assert coordinator.patch(where, {"assuredOn": None}).json()["assuredByPartnerId"] is None
    assert coordinator.patch(where, {"source": None}).json()["code"] == "program.source_missing"


def test_lists_are_replaced_and_emptied(world: World, coordinator: Client) -> None:
    made = coordinator.made("/programs", new(world, languages=["sv"], districts=["Boo"]))
    where = f"/programs/{made['id']}"
    assert coordinator.patch(where, {"languages": ["en", "ar"]}).json()["languages"] == ["en", "ar"]
    assert coordinator.patch(where, {"languages": None}).json()["languages"] == []
    assert coordinator.get(where).json()["districts"] == ["Boo"]


def test_an_agreement_fixes_what_a_program_is(world: World, owner: UUID, coordinator: Client) -> None:
    program = world.program(owner)
    where = f"/programs/{program}"
    assert coordinator.patch(where, {"listing": "listed"}).json()["listing"] == "listed"
    assert coordinator.patch(where, {"listing": "own"}).json()["listing"] == "own"
    world.agree(program, {owner: [Responsibility.DEFINE_PURPOSE]})
    refused = coordinator.patch(where, {"listing": "listed"})
    assert (refused.status_code, refused.json()["code"]) == (409, "program.listing_fixed")


def test_two_programs_may_cooperate_both_ways(world: World, owner: UUID, coordinator: Client) -> None:
    one, other = (world.program(owner) for _ in range(2))
    for this, that in ((one, other), (other, one)):
        assert coordinator.post(f"/programs/{this}/links", {"linkedProgramId": str(that)}).status_code == 201
        assert [found["id"] for found in coordinator.get(f"/programs/{this}/links").json()["items"]] == [str(that)]
