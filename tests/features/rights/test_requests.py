"""Do requests go their way step by step, by the right people, within their days?"""

from datetime import timedelta
from uuid import UUID

import pytest

from app.domain.roles import Role
from tests.features.enrolments.scene import PERSON
from tests.features.rights.scene import Office
from tests.flock import Flock
from tests.world import World


@pytest.fixture(scope="module")
def office(world: World) -> Office:
    partner = world.partner()
    return Office(Flock("X", partner, partner, partner), world)


@pytest.fixture
def person(office: Office) -> str:
    return str(office.handler.made(f"/partners/{office.flock.partner}/participants", PERSON)["id"])


def test_the_clock_starts_when_it_came_in_and_is_extended_once(world: World, office: Office, person: UUID) -> None:
    body = {"kind": "rectification", "receivedOn": "2026-02-20"}
    made = office.handler.made(f"/participants/{person}/data-requests", body)
    assert (made["status"], made["dueOn"], made["isOverdue"]) == ("received", "2026-03-22", False)
    path = f"/data-requests/{made['id']}"
    world.clock.advance(timedelta(days=25))
    register = f"/partners/{office.flock.partner}/data-requests"
    assert [one["id"] for one in office.officer.get(f"{register}?overdue=true").json()["items"]] == [made["id"]]
    longer = office.handler.made(f"{path}/extension", {"reason": "complex"}, 200)
    assert (longer["dueOn"], longer["isOverdue"]) == ("2026-05-21", False)
    again = office.handler.post(f"{path}/extension", {"reason": "complex"})
    assert again.json()["code"] == "data_request.already_extended"
    office.handler.made(f"{path}/assessment", status=200)
    office.coordinator.made(f"{path}/decision", {"isGranted": True}, 200)
    late = office.handler.post(f"{path}/extension", {"reason": "complex"})
    assert late.json()["code"] == "data_request.answered"
    assert office.handler.made(f"{path}/execution", status=200)["status"] == "executed"
    assert office.officer.get(f"{register}?status=executed").json()["meta"]["totalCount"] == 1


def test_a_refusal_names_its_ground_and_no_other(office: Office, person: UUID) -> None:
    path = office.asked(person, "objection")
    for body, code in (
        ({"isGranted": False}, "data_request.ground_needed"),
        (
            {"isGranted": False, "refusalGround": "unfounded", "legalGround": "unlawful"},
            "data_request.ground_not_taken",
        ),
        ({"isGranted": True, "refusalGround": "unfounded"}, "data_request.ground_not_taken"),
        ({"isGranted": True, "legalGround": "unlawful"}, "data_request.ground_not_taken"),
    ):
        refused = office.coordinator.post(f"{path}/decision", body)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    told = office.coordinator.made(f"{path}/decision", {"isGranted": False, "refusalGround": "publicTask"}, 200)
    assert (told["status"], told["refusalGround"]) == ("refused", "publicTask")
    again = office.coordinator.post(f"{path}/decision", {"isGranted": True})
    assert again.json()["code"] == "data_request.transition_not_allowed"


def test_each_act_belongs_to_its_kind(office: Office, person: UUID) -> None:
    path = office.granted(person, "access")
    assert office.administrator.post(f"{path}/approval").json()["code"] == "data_request.kind_differs"
    assert office.handler.post(f"{path}/execution").json()["code"] == "data_request.kind_differs"
    changed = office.coordinator.post(f"{path}/decision", {"isGranted": False, "refusalGround": "unfounded"})
    assert changed.json()["code"] == "data_request.answered"


def test_nothing_is_decided_before_it_is_assessed_nor_by_the_officer(office: Office, person: UUID) -> None:
    made = office.handler.made(f"/participants/{person}/data-requests", {"kind": "erasure"})
    path = f"/data-requests/{made['id']}"
    early = office.coordinator.post(f"{path}/decision", {"isGranted": True, "legalGround": "unlawful"})
    assert early.json()["code"] == "data_request.transition_not_allowed"
    for act in ("assessment", "decision", "approval"):
        refused = office.officer.post(f"{path}/{act}", {"isGranted": True} if act == "decision" else None)
        assert (refused.status_code, refused.json()["code"]) == (403, "access.role_not_permitted")


def test_another_organisation_is_told_of_nothing(world: World, office: Office, person: UUID) -> None:
    path = office.asked(person, "access")
    other = world.client(Role.CASE_HANDLER, world.partner())
    assert other.get(path).status_code == 404
    assert other.post(f"{path}/assessment").status_code == 404
    assert other.get(f"/participants/{person}/data-requests").status_code == 404
    assert other.get(f"/partners/{office.flock.partner}/data-requests").status_code == 403


def test_a_day_to_come_is_refused(office: Office, person: UUID) -> None:
    asked = office.handler.post(f"/participants/{person}/data-requests", {"kind": "access", "receivedOn": "2027-01-01"})
    assert (asked.status_code, asked.json()["code"]) == (422, "data_request.received_on_invalid")
