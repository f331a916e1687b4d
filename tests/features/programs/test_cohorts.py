"""Are cohorts planned, changed while they may be, and moved through their states only?"""

from uuid import UUID

import pytest

from app.domain.lifecycles import CohortStatus
from app.domain.roles import Responsibility, Role
from app.features.programs.tables import Cohort
from tests.world import Client, World

COHORT = {
    "name": "Våren",
    "startsOn": "2026-04-01",
    "endsOn": "2026-08-31",
    "mentorIntakeFrom": "2026-02-01",
    "mentorIntakeUntil": "2026-03-31",
    "menteeIntakeFrom": "2026-02-15",
    "menteeIntakeUntil": "2026-03-31",
    "mentorPlaces": 12,
}


@pytest.fixture(scope="module")
def owner(world: World) -> UUID:
    return world.partner()


@pytest.fixture(scope="module")
def coordinator(world: World, owner: UUID) -> Client:
    return world.client(Role.COORDINATOR, owner)


@pytest.fixture
def program(world: World, owner: UUID) -> UUID:
    return world.program(owner)


def cohort(world: World, program: UUID, status: CohortStatus) -> str:
    """The path of a cohort in this state; it runs as `COHORT` says."""
    row = Cohort.model_validate(
        {
            "program_id": program,
            "name": f"Omgång {world.number()}",
            "status": status,
            "starts_on": "2026-04-01",
            "ends_on": "2026-08-31",
            "mentor_intake_from": "2026-02-01",
            "mentor_intake_until": "2026-03-31",
            "mentee_intake_from": "2026-02-15",
            "mentee_intake_until": "2026-03-31",
        }
    )
    return f"/cohorts/{world.add(row).id}"


def test_a_cohort_is_planned_and_read(world: World, coordinator: Client, program: UUID) -> None:
    made = coordinator.post(f"/programs/{program}/cohorts", COHORT)
    assert (made.status_code, made.json()["status"]) == (201, "draft")
    assert coordinator.get(made.headers["location"]).json()["mentorPlaces"] == 12
    mentee = world.client(Role.MENTEE)
    [seen] = mentee.get(f"/programs/{program}/cohorts").json()["items"]
    assert seen["id"] == made.json()["id"]
    again = coordinator.post(f"/programs/{program}/cohorts", COHORT)
    assert (again.status_code, again.json()["code"]) == (409, "cohort.name_taken")


def test_cohorts_of_a_draft_program_are_hidden_from_strangers(world: World, owner: UUID) -> None:
    path = cohort(world, world.program(owner, is_published=False), CohortStatus.DRAFT)
    assert world.client(Role.COORDINATOR, world.partner()).get(path).status_code == 404


@pytest.mark.parametrize(
    ("field", "day", "pointer"),
    [
        ("endsOn", "2026-03-31", "/endsOn"),
        ("mentorIntakeUntil", "2026-01-31", "/mentorIntakeUntil"),
        ("menteeIntakeFrom", "2026-04-01", "/menteeIntakeUntil"),
    ],
)
def test_periods_do_not_end_before_they_begin(
    world: World, coordinator: Client, program: UUID, field: str, day: str, pointer: str
) -> None:
    for response in (
        coordinator.post(f"/programs/{program}/cohorts", {**COHORT, field: day}),
        coordinator.patch(cohort(world, program, CohortStatus.DRAFT), {field: day}),
    ):
        assert (response.status_code, response.json()["code"]) == (422, "cohort.period_invalid")
        assert response.json()["errors"][0]["pointer"] == pointer


def test_only_the_partner_with_the_duty_plans_and_moves(world: World, owner: UUID, program: UUID) -> None:
    holder = world.partner("Påhittade kommunen")
    world.agree(program, {holder: [Responsibility.DEFINE_PURPOSE]})
    path = cohort(world, program, CohortStatus.OPEN)
    refused = world.client(Role.COORDINATOR, owner).post(f"{path}/transitions", {"to": "closed"})
    assert refused.status_code == 403
    assert refused.json()["context"]["duties"][0] == {
        "duty": "definePurpose",
        "partnerId": str(holder),
        "partnerName": refused.json()["context"]["duties"][0]["partnerName"],
    }
    assert world.client(Role.COORDINATOR, holder).post(f"{path}/transitions", {"to": "closed"}).status_code == 200
    assert world.client(Role.CASE_HANDLER, holder).post(f"{path}/transitions", {"to": "inProgress"}).status_code == 403


def test_a_draft_may_change_everything(world: World, coordinator: Client, program: UUID) -> None:
    path = cohort(world, program, CohortStatus.DRAFT)
    changed = coordinator.patch(path, {"mentorIntakeFrom": "2026-01-10", "menteePlaces": 3, "name": "Hösten"})
    assert (changed.status_code, changed.json()["mentorIntakeFrom"]) == (200, "2026-01-10")
    assert coordinator.patch(path, {"name": "Hösten"}).json()["version"] == changed.json()["version"]
    assert coordinator.patch(path, {"endsOn": None}).status_code == 422


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"endsOn": "2026-09-30"}, 200),
        ({"mentorIntakeFrom": "2026-02-02"}, 409),  # it has passed: today is 2 March 2026
        ({"menteeIntakeUntil": "2026-03-01"}, 409),  # into the past
        ({"menteeIntakeUntil": "2026-03-02"}, 200),
        ({"mentorPlaces": 4}, 200),
    ],
)
def test_an_open_cohort_moves_only_days_ahead(
    world: World, coordinator: Client, program: UUID, body: dict[str, object], status: int
) -> None:
    path = cohort(world, program, CohortStatus.OPEN)
    response = coordinator.patch(path, body)
    assert response.status_code == status
    if status == 409:
        assert response.json()["code"] == "cohort.day_passed"
        assert coordinator.get(path).json()["version"] == 1


def test_days_are_fixed_after_the_intake_and_nothing_changes_after_the_end(
    world: World, coordinator: Client, program: UUID
) -> None:
    running = cohort(world, program, CohortStatus.IN_PROGRESS)
    fixed = coordinator.patch(running, {"endsOn": "2026-09-30"})
    assert (fixed.status_code, fixed.json()["code"]) == (409, "cohort.days_fixed")
    assert coordinator.patch(running, {"mentorPlaces": 5}).status_code == 200
    for status in (CohortStatus.COMPLETED, CohortStatus.EVALUATED, CohortStatus.CANCELLED):
        ended = coordinator.patch(cohort(world, program, status), {"mentorPlaces": 5})
        assert (ended.status_code, ended.json()["code"]) == (409, "cohort.ended")


def test_a_cohort_moves_through_its_states(world: World, coordinator: Client, program: UUID) -> None:
    path = cohort(world, program, CohortStatus.OPEN)
    for to in ("closed", "inProgress", "completed", "evaluated"):
        moved = coordinator.post(f"{path}/transitions", {"to": to})
        assert (moved.status_code, moved.json()["status"]) == (200, to)
    back = coordinator.post(f"{path}/transitions", {"to": "closed"})
    assert (back.status_code, back.json()["code"]) == (409, "cohort.transition_not_allowed")
    assert back.json()["context"] == {"current": "evaluated", "allowed": []}


def test_opening_is_an_act_of_its_own_and_cancelling_needs_a_reason(
    world: World, coordinator: Client, program: UUID
) -> None:
    path = cohort(world, program, CohortStatus.DRAFT)
    opened = coordinator.post(f"{path}/transitions", {"to": "open"})
    assert (opened.status_code, opened.json()["code"]) == (409, "cohort.open_by_opening")
    silent = coordinator.post(f"{path}/transitions", {"to": "cancelled"})
    assert (silent.status_code, silent.json()["code"]) == (422, "cohort.reason_missing")
    assert coordinator.get(path).json()["status"] == "draft"
    cancelled = coordinator.post(f"{path}/transitions", {"to": "cancelled", "reason": "För få mentorer."})
    assert (cancelled.status_code, cancelled.json()["statusReason"]) == (200, "För få mentorer.")
