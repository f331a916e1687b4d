"""Does a programme begun after a good example take over what makes it good, and nothing that is not the caller's to take?"""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from app.domain.glossary import Side
from app.domain.roles import Responsibility, Role
from app.features.training.tables import Course, ProgramCourse
from tests.world import Client, World

EXAMPLE = {
    "purpose": "Fler i arbete.",
    "targetGroup": "Unga som är nya i arbetslivet",
    "languages": ["sv", "so"],
    "districts": ["Boo"],
    "places": 12,
    "contactEmail": "mentor@forening.example",
    "profileId": "youth-16-29",
    "profileOverrides": {"graceDays": 3},
    "eligibility": {"minAge": 16, "maxAge": 29},
}
TAKEN_OVER = ("purpose", "targetGroup", "languages", "profileId", "profileOverrides", "eligibility", "summary", "kind")


@dataclass
class Example:
    """A published programme with a policy and two courses, of which one is shared."""

    owner: UUID
    coordinator: Client
    program: UUID
    shared: UUID

    @property
    def path(self) -> str:
        return f"/programs/{self.program}"


@pytest.fixture
def example(world: World) -> Example:
    owner = world.partner()
    coordinator = world.client(Role.COORDINATOR, owner)
    program = world.program(owner)
    where = f"/programs/{program}"
    assert coordinator.patch(where, EXAMPLE).status_code == 200
    policy = coordinator.get(f"{where}/default-matching-policy").json()["document"]
    coordinator.made(f"{where}/matching-policies", {"document": policy})
    shared, closed = (
        world.add(Course(partner_id=owner, title=f"Kurs {world.number()}", is_shared=one)).id for one in (True, False)
    )
    world.add(*(ProgramCourse(program_id=program, course_id=one, side=Side.MENTOR) for one in (shared, closed)))
    return Example(owner, coordinator, program, shared)


def curriculum(client: Client, program: str) -> list[str]:
    return [one["courseId"] for one in client.get(f"/programs/{program}/curriculum").json()["items"]]


def policies(client: Client, program: str) -> list[str]:
    return [one["digest"] for one in client.get(f"/programs/{program}/matching-policies").json()["items"]]


def test_another_partner_begins_after_an_example_with_all_that_may_be_taken(world: World, example: Example) -> None:
    mine = world.partner("Påhittade kommunen")
    me = world.client(Role.COORDINATOR, mine)
    before = example.coordinator.patch(example.path, {"isExample": True}).json()
    answered = me.post(f"{example.path}/copies", {"name": "Efter gott exempel", "municipalityCode": "0182"})
    assert answered.status_code == 201
    made = answered.json()["program"]
    assert answered.json()["leftOut"] == ["curriculum"]  # one of the two courses is not shared
    assert {name: made[name] for name in TAKEN_OVER} == {name: before[name] for name in TAKEN_OVER}
    assert (made["exampleProgramId"], made["exampleVersion"]) == (before["id"], before["version"])
    assert (made["ownerPartnerId"], made["listing"], made["isPublished"]) == (str(mine), "own", False)
    assert (made["districts"], made["places"], made["contactEmail"], made["isExample"]) == ([], None, None, False)
    assert me.get(answered.headers["location"]).json() == made
    assert curriculum(me, made["id"]) == [str(example.shared)]
    assert policies(me, made["id"]) == policies(example.coordinator, str(example.program))


def test_the_policy_of_what_is_no_example_stays_with_those_who_may_read_it(world: World, example: Example) -> None:
    stranger = world.client(Role.COORDINATOR, world.partner("Påhittade bolaget"))
    taken = stranger.post(f"{example.path}/copies", {"name": "Utan regler", "summary": "En annan."}).json()
    assert taken["leftOut"] == ["curriculum", "matchingPolicy"]
    assert (policies(stranger, taken["program"]["id"]), taken["program"]["summary"]) == ([], "En annan.")
    own = example.coordinator.post(f"{example.path}/copies", {"name": "Med regler"}).json()
    assert (own["leftOut"], len(policies(example.coordinator, own["program"]["id"]))) == ([], 1)


def test_what_one_may_not_see_cannot_be_copied(world: World, example: Example) -> None:
    example.coordinator.patch(example.path, {"isPublished": False})
    stranger = world.client(Role.COORDINATOR, world.partner())
    unseen = stranger.post(f"{example.path}/copies", {"name": "Nej"})
    absent = stranger.post(f"/programs/{uuid4()}/copies", {"name": "Nej"})
    assert (unseen.status_code, unseen.json()["code"]) == (absent.status_code, absent.json()["code"])
    assert unseen.status_code == 404


def test_who_may_copy(world: World, example: Example) -> None:
    handler = world.client(Role.CASE_HANDLER, example.owner).post(f"{example.path}/copies", {"name": "Nej"})
    assert (handler.status_code, handler.json()["code"]) == (403, "access.role_not_permitted")
    nobody = world.client(Role.COORDINATOR).post(f"{example.path}/copies", {"name": "Nej"})
    assert (nobody.status_code, nobody.json()["code"]) == (403, "program.owner_missing")
    assert example.coordinator.post(f"{example.path}/copies", {"name": "En"}).status_code == 201
    again = example.coordinator.post(f"{example.path}/copies", {"name": "En"})
    assert (again.status_code, again.json()["code"]) == (409, "program.name_taken")


def test_an_example_without_courses_and_policy_leaves_nothing_out(world: World) -> None:
    owner = world.partner()
    program = world.program(owner)
    world.agree(program, {owner: [Responsibility.DEFINE_PURPOSE]})
    copied = world.client(Role.COORDINATOR, world.partner()).post(f"/programs/{program}/copies", {"name": "Tom"})
    assert copied.json()["leftOut"] == []
