"""Does readiness come from the records, name what is missing and who has it, and hold the door of every cohort?"""

from dataclasses import dataclass
from uuid import UUID

import pytest

from app.domain.glossary import ProgramKind, Sector, Side
from app.domain.readiness import DUTIES_NEEDED
from app.domain.roles import Responsibility, Role
from app.features.agreements.tables import AgreementParty
from app.features.matching.tables import MatchingPolicy
from app.features.preparation.tables import InformationPack
from tests.world import Client, World

COHORT = {
    "name": "Våren",
    "startsOn": "2026-04-01",
    "endsOn": "2026-08-31",
    "mentorIntakeFrom": "2026-03-01",
    "mentorIntakeUntil": "2026-03-31",
    "menteeIntakeFrom": "2026-03-01",
    "menteeIntakeUntil": "2026-03-31",
}
NEEDED: list[Responsibility] = sorted(DUTIES_NEEDED[ProgramKind.MENTORING])
WITHOUT_INFORM: list[Responsibility] = [duty for duty in NEEDED if duty is not Responsibility.INFORM]
FACTORS = ["purpose", "responsibilities", "matching", "training", "cooperation", "information", "followUp"]


@dataclass
class Candidate:
    """A programme on its way to readiness."""

    world: World
    owner: UUID
    coordinator: Client
    program: UUID
    cohort: str

    def agree(self, duties: list[Responsibility], party: UUID | None = None) -> None:
        agreement = self.world.agree(self.program, {self.owner: duties})
        if party is not None:
            self.world.add(AgreementParty(agreement_id=agreement, program_id=self.program, partner_id=party))

    def give_policy(self) -> None:
        self.world.add(MatchingPolicy(program_id=self.program, number=1, document={}, digest="0" * 64))

    def give_purpose(self) -> None:
        assert self.coordinator.patch(f"/programs/{self.program}", {"purpose": "Fler i arbete."}).status_code == 200

    def give_target(self) -> None:
        body = {"outcome": "startedWork", "number": 20, "dueOn": "2026-12-31"}
        self.coordinator.made(f"/programs/{self.program}/targets", body)

    def inform(self, side: Side) -> None:
        self.world.add(
            InformationPack(
                program_id=self.program, side=side, language="sv", number=1, title="Välkommen", body="Så går det till."
            )
        )

    def missing(self) -> dict[str, list[str]]:
        found = self.coordinator.get(f"/programs/{self.program}/readiness").json()
        assert [item["code"] for item in found["items"]] == FACTORS
        missing = {item["code"]: item["missing"] for item in found["items"] if not item["isMet"]}
        assert found["isReady"] == (not missing)
        return missing


@pytest.fixture
def candidate(world: World) -> Candidate:
    owner = world.partner("Påhittade kommunen", Sector.MUNICIPALITY)
    coordinator = world.client(Role.COORDINATOR, owner)
    program = world.program(owner, is_published=False)
    cohort = coordinator.made(f"/programs/{program}/cohorts", COHORT)
    return Candidate(world, owner, coordinator, program, f"/cohorts/{cohort['id']}")


@pytest.fixture
def ready(world: World, candidate: Candidate) -> Candidate:
    candidate.agree(NEEDED, party=world.partner())
    candidate.give_policy()
    candidate.give_purpose()
    candidate.give_target()
    for side in Side:
        candidate.inform(side)
    return candidate


def test_an_empty_program_lacks_nearly_everything_and_the_refusal_lists_it_all(candidate: Candidate) -> None:
    missing = {
        "purpose": ["purpose", "target"],
        "responsibilities": [duty.value for duty in NEEDED],
        "matching": ["matchingPolicy"],
        "cooperation": ["secondSectorOrReason"],
        "information": ["mentorInformation", "menteeInformation"],
    }
    assert candidate.missing() == missing
    refused = candidate.coordinator.post(f"{candidate.cohort}/opening")
    assert (refused.status_code, refused.json()["code"]) == (409, "cohort.not_ready")
    assert refused.json()["context"]["missing"] == missing
    assert candidate.coordinator.get(candidate.cohort).json()["status"] == "draft"


def test_an_item_names_the_partner_it_waits_for_in_both_languages(candidate: Candidate) -> None:
    candidate.agree([Responsibility.INFORM])
    found = candidate.coordinator.get(f"/programs/{candidate.program}/readiness").json()
    items = {item["code"]: item for item in found["items"]}
    assert (items["information"]["waitsFor"], items["information"]["partner"]["id"]) == ("inform", str(candidate.owner))
    assert (items["matching"]["waitsFor"], items["matching"]["partner"]) == ("proposeMatches", None)
    assert (items["followUp"]["isMet"], items["followUp"]["waitsFor"]) == (True, None)
    assert items["matching"]["text"]["sv"].startswith("Regler för matchningen")


def test_the_tasks_name_the_partner_that_each_waits_for(candidate: Candidate) -> None:
    informer = candidate.world.partner("Påhittade informatörerna")
    candidate.world.agree(candidate.program, {informer: [Responsibility.INFORM]})
    found = candidate.coordinator.get(f"/programs/{candidate.program}/readiness").json()
    tasks = {one["missing"]: one for one in found["toDo"]}
    assert (tasks["mentorInformation"]["partner"]["id"], tasks["mentorInformation"]["isYours"]) == (
        str(informer),
        False,
    )
    assert tasks["purpose"]["waitsFor"] == "definePurpose"
    # Nobody is accountable for the purpose: the owner is whom it waits for.
    assert (tasks["purpose"]["partner"]["id"], tasks["purpose"]["isYours"]) == (str(candidate.owner), True)
    assert [one["factor"] for one in found["toDo"]] == sorted(one["factor"] for one in found["toDo"])
    assert len(found["toDo"]) == sum(len(item["missing"]) for item in found["items"])


def test_a_ready_program_opens_its_cohort_once(ready: Candidate) -> None:
    assert ready.missing() == {}
    assert ready.coordinator.get(f"/programs/{ready.program}/readiness").json()["toDo"] == []
    opened = ready.coordinator.post(f"{ready.cohort}/opening")
    assert (opened.status_code, opened.json()["status"]) == (200, "open")
    again = ready.coordinator.post(f"{ready.cohort}/opening")
    assert (again.status_code, again.json()["code"]) == (409, "cohort.transition_not_allowed")


def test_a_retry_is_answered_as_before_although_the_version_has_moved_on(ready: Candidate) -> None:
    headers = {"If-Match": ready.coordinator.get(ready.cohort).headers["ETag"], "Idempotency-Key": str(ready.cohort)}
    first, second = (ready.coordinator.post(f"{ready.cohort}/opening", headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code, second.json()) == (200, 200, first.json())
    stale = ready.coordinator.post(f"{ready.cohort}/opening", headers={"If-Match": headers["If-Match"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "resource.changed_meanwhile")


def test_a_program_that_is_only_listed_opens_nothing(candidate: Candidate) -> None:
    assert candidate.coordinator.patch(f"/programs/{candidate.program}", {"listing": "listed"}).status_code == 200
    refused = candidate.coordinator.post(f"{candidate.cohort}/opening")
    assert (refused.status_code, refused.json()["code"]) == (409, "cohort.program_only_listed")


@pytest.mark.parametrize("left_out", range(7))
def test_each_record_is_needed(world: World, candidate: Candidate, left_out: int) -> None:
    is_alone, duties = left_out == 0, WITHOUT_INFORM if left_out == 1 else NEEDED
    candidate.agree(duties, party=None if is_alone else world.partner())
    steps = [candidate.give_policy, candidate.give_target, candidate.give_purpose]
    for place, step in enumerate(steps, start=2):
        if place != left_out:
            step()
    for place, side in enumerate(Side, start=5):
        if place != left_out:
            candidate.inform(side)
    expected = [
        {"cooperation": ["secondSectorOrReason"]},
        {"responsibilities": ["inform"]},
        {"matching": ["matchingPolicy"]},
        {"purpose": ["target"]},
        {"purpose": ["purpose"]},
        {"information": ["mentorInformation"]},
        {"information": ["menteeInformation"]},
    ][left_out]
    assert candidate.missing() == expected
    refused = candidate.coordinator.post(f"{candidate.cohort}/opening")
    assert (refused.status_code, refused.json()["context"]["missing"]) == (409, expected)


def test_a_recorded_reason_stands_in_for_a_second_sector(world: World, candidate: Candidate) -> None:
    candidate.agree(NEEDED, party=world.partner("Påhittade grannkommunen", Sector.MUNICIPALITY))
    assert candidate.missing()["cooperation"] == ["secondSectorOrReason"]
    reason = {"singleSectorReason": "Ingen annan har anmält sig."}
    assert candidate.coordinator.patch(f"/programs/{candidate.program}", reason).status_code == 200
    assert "cooperation" not in candidate.missing()


def test_training_is_not_set_by_setting_it_to_zero(ready: Candidate) -> None:
    path = f"/programs/{ready.program}"
    ready.coordinator.patch(path, {"profileOverrides": {"menteeTrainingMinutes": 0}})
    assert ready.missing() == {"training": ["menteeTraining"]}
    ready.coordinator.patch(path, {"profileOverrides": {"menteeTrainingMinutes": 30}})
    assert ready.missing() == {}


def test_only_the_partner_accountable_for_the_purpose_opens(world: World, ready: Candidate) -> None:
    stranger = world.client(Role.COORDINATOR, world.partner())
    assert stranger.post(f"{ready.cohort}/opening").status_code == 404
    assert stranger.get(f"/programs/{ready.program}/readiness").status_code == 404
    ready.coordinator.patch(f"/programs/{ready.program}", {"isPublished": True})
    refused = stranger.post(f"{ready.cohort}/opening")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    [named] = refused.json()["context"]["duties"]
    assert (named["duty"], named["partnerId"]) == ("definePurpose", str(ready.owner))
    assert stranger.get(f"/programs/{ready.program}/readiness").status_code == 403
    handler = world.client(Role.CASE_HANDLER, ready.owner)
    assert handler.post(f"{ready.cohort}/opening").json()["code"] == "access.role_not_permitted"
    assert handler.get(f"/programs/{ready.program}/readiness").status_code == 200
