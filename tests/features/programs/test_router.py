"""Do programmes come to be, change, get targets and links, and are they seen by the right people?"""

from uuid import UUID, uuid4

import pytest

from app.domain.glossary import Category, Listing, ProgramKind
from app.domain.roles import Responsibility, Role
from app.features.programs.queries import profile_of
from app.features.programs.tables import Program
from tests.world import Client, World

NEW = {
    "name": "Påhittade mentorer",
    "summary": "Mentorer för den som söker arbete.",
    "kind": "mentoring",
    "category": "professionalPeers",
}


@pytest.fixture(scope="module")
def owner(world: World) -> UUID:
    return world.partner()


@pytest.fixture(scope="module")
def coordinator(world: World, owner: UUID) -> Client:
    return world.client(Role.COORDINATOR, owner)


def new(world: World, **over: object) -> dict[str, object]:
    return {**NEW, "name": f"Påhittade mentorer {world.number()}", **over}


def test_a_program_belongs_to_the_callers_partner_and_is_a_draft(
    world: World, owner: UUID, coordinator: Client
) -> None:
    body = new(world, eligibility={"minAge": 16, "maxAge": 29, "languageMin": "A2"}, profileOverrides={"graceDays": 3})
    made = coordinator.post("/programs", body)
    assert made.status_code == 201
    found = coordinator.get(made.headers["location"]).json()
    assert (found["ownerPartnerId"], found["isPublished"]) == (str(owner), False)
    assert (found["eligibility"]["maxAge"], found["profileOverrides"]) == (29, {"graceDays": 3})

    again = coordinator.post("/programs", body)
    assert (again.status_code, again.json()["code"]) == (409, "program.name_taken")


def test_who_may_not_start_a_program(world: World, owner: UUID) -> None:
    nobody = world.client(Role.COORDINATOR).post("/programs", NEW)
    assert (nobody.status_code, nobody.json()["code"]) == (403, "program.owner_missing")
    handler = world.client(Role.CASE_HANDLER, owner).post("/programs", NEW)
    assert (handler.status_code, handler.json()["code"]) == (403, "access.role_not_permitted")


@pytest.mark.parametrize(
    ("over", "code", "pointer"),
    [
        ({"profileId": "no-such"}, "benchmark.unknown_profile", "/profileId"),
        ({"profileOverrides": {"colour": 1}}, "benchmark.unknown_setting", "/profileOverrides"),
        ({"profileOverrides": {"graceDays": 999}}, "benchmark.setting_invalid", "/profileOverrides/graceDays"),
        ({"eligibility": {"minAge": 30, "maxAge": 20}}, "eligibility.invalid", "/eligibility/maxAge"),
        ({"initiatorPartnerId": str(uuid4())}, "partner.unknown", "/initiatorPartnerId"),
        ({"summary": ""}, "field.too_short", "/summary"),
        ({"eligibility": {"shoeSize": 40}}, "field.unknown", "/eligibility/shoeSize"),
    ],
)
def test_bad_programs_are_refused_with_a_pointer(
    world: World, coordinator: Client, over: dict[str, object], code: str, pointer: str
) -> None:
    response = coordinator.post("/programs", new(world, **over))
    assert response.status_code == 422
    assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == [(code, pointer)]


def test_a_draft_does_not_exist_for_strangers_until_published(world: World, coordinator: Client) -> None:
    program = coordinator.made("/programs", new(world))
    path = f"/programs/{program['id']}"
    stranger = world.client(Role.COORDINATOR, world.partner())
    missing, random = stranger.get(path), stranger.get(f"/programs/{uuid4()}")
    assert missing.status_code == 404
    assert {**missing.json(), "instance": "", "traceId": ""} == {**random.json(), "instance": "", "traceId": ""}

    assert coordinator.patch(path, {"isPublished": True}).json()["isPublished"] is True
    assert stranger.get(path).status_code == 200
    refused = stranger.patch(path, {"summary": "Annat."})
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    assert refused.json()["context"]["duties"] == [{"duty": "definePurpose", "partnerId": None, "partnerName": None}]


def test_after_an_agreement_only_the_partner_with_the_duty_changes_the_program(world: World, owner: UUID) -> None:
    program, holder = world.program(owner), world.partner("Påhittade kommunen")
    world.agree(program, {holder: [Responsibility.DEFINE_PURPOSE]})
    refused = world.client(Role.COORDINATOR, owner).patch(f"/programs/{program}", {"purpose": "Fler i arbete."})
    assert refused.status_code == 403
    assert refused.json()["context"]["duties"][0]["partnerId"] == str(holder)
    changed = world.client(Role.COORDINATOR, holder).patch(f"/programs/{program}", {"purpose": "Fler i arbete."})
    assert (changed.status_code, changed.json()["purpose"]) == (200, "Fler i arbete.")


def test_patch_merges_documents_and_a_bad_patch_changes_nothing(world: World, coordinator: Client) -> None:
    body = new(world, eligibility={"minAge": 16, "maxAge": 29}, profileOverrides={"graceDays": 3, "leadDays": 2})
    path = f"/programs/{coordinator.made('/programs', body)['id']}"
    patch = {
        "eligibility": {"maxAge": None, "minAge": 18},
        "profileOverrides": {"leadDays": None, "meetingMinutes": 45},
    }
    changed = coordinator.patch(path, patch).json()
    assert (changed["eligibility"]["minAge"], changed["eligibility"]["maxAge"]) == (18, None)
    assert changed["profileOverrides"] == {"graceDays": 3, "meetingMinutes": 45}

    assert coordinator.patch(path, {"profileId": "sv-adult-labour"}).json()["version"] == changed["version"]

    refused = coordinator.patch(path, {"name": "Nytt namn", "profileId": "no-such"})
    assert refused.status_code == 422
    assert coordinator.patch(path, {"name": None}).json()["code"] == "request.invalid"
    after = coordinator.get(path).json()
    assert (after["name"], after["version"]) == (body["name"], changed["version"])
    assert coordinator.patch(path, {"profileOverrides": None}).json()["profileOverrides"] == {}


def test_the_profile_is_the_picked_one_with_the_programs_own_settings() -> None:
    program = Program(
        name="A",
        summary="B",
        kind=ProgramKind.MENTORING,
        category=Category.YOUTH,
        owner_partner_id=uuid4(),
        profile_id="youth-16-29",
        profile_overrides={"graceDays": 3},
    )
    found = profile_of(program)
    assert (found.id, found.number("graceDays"), found.number("minimumWeeks")) == ("youth-16-29", 3, 26)


def test_programs_are_filtered(world: World, coordinator: Client, owner: UUID) -> None:
    wanted = world.program(
        owner, kind=ProgramKind.TRAINEE, category=Category.YOUTH, listing=Listing.LISTED, is_published=False
    )
    world.program(owner, kind=ProgramKind.TRAINEE)
    found = coordinator.get("/programs?kind=trainee&category=youth&listing=listed").json()
    assert [item["id"] for item in found["items"]] == [str(wanted)]
    stranger = world.client(Role.EVALUATOR)
    assert stranger.get("/programs?kind=trainee&category=youth&listing=listed").json()["meta"]["totalCount"] == 0
    assert coordinator.get("/programs").json()["meta"]["totalCount"] > 1
    assert coordinator.get("/programs?colour=blue").status_code == 422


def test_targets_are_added_and_read(world: World, coordinator: Client, owner: UUID) -> None:
    path = f"/programs/{world.program(owner)}/targets"
    made = coordinator.post(path, {"outcome": "startedWork", "number": 20, "dueOn": "2026-12-31"})
    assert made.status_code == 201
    [seen] = world.client(Role.MENTEE).get(made.headers["location"]).json()["items"]
    assert (seen["outcome"], seen["number"], seen["dueOn"]) == ("startedWork", 20, "2026-12-31")
    assert coordinator.post(path, {"outcome": "startedWork", "number": 0, "dueOn": "2026-12-31"}).status_code == 422
    stranger = world.client(Role.COORDINATOR, world.partner())
    assert stranger.post(path, {"outcome": "startedWork", "number": 1, "dueOn": "2026-12-31"}).status_code == 403


def test_only_visible_programs_can_be_linked(world: World, coordinator: Client, owner: UUID) -> None:
    program, other = world.program(owner), world.program(world.partner())
    path = f"/programs/{program}/links"
    made = coordinator.post(path, {"linkedProgramId": str(other)})
    assert (made.status_code, made.json()["id"]) == (201, str(other))
    assert coordinator.get(made.headers["location"]).json()["id"] == str(other)
    assert [item["id"] for item in coordinator.get(path).json()["items"]] == [str(other)]

    hidden = world.program(world.partner(), is_published=False)
    answers = {coordinator.post(path, {"linkedProgramId": str(wanted)}).json()["code"] for wanted in (hidden, uuid4())}
    assert answers == {"program.unknown"}
    again = coordinator.post(path, {"linkedProgramId": str(other)})
    assert (again.status_code, again.json()["code"]) == (409, "program.already_linked")
    itself = coordinator.post(path, {"linkedProgramId": str(program)})
    assert (itself.status_code, itself.json()["code"]) == (422, "program.linked_to_itself")


def test_a_linked_draft_stays_hidden(world: World, coordinator: Client, owner: UUID) -> None:
    program, draft = world.program(owner), world.program(owner, is_published=False)
    coordinator.made(f"/programs/{program}/links", {"linkedProgramId": str(draft)})
    assert world.client(Role.EVALUATOR).get(f"/programs/{program}/links").json()["items"] == []
