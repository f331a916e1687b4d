"""After an erasure, is nothing of the person left in any table, and is everybody else where they were?"""

from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, SQLModel

from app.domain.erasure import Fate, erasure_rules
from app.domain.glossary import Sector
from app.features.participants.tables import Participant
from app.features.rights.jobs import erase_person
from app.features.rights.queries.walk import paths
from tests.features.enrolments.scene import PERSON
from tests.features.rights.scene import Office, singer
from tests.flock import Flock, fill
from tests.world import World


@pytest.fixture(scope="module")
def flocks(world: World) -> list[Flock]:
    return fill(world)


def rows_of(world: World, table: str, where: str, **values: Any) -> list[Any]:
    with world.engine.connect() as connection:
        wanted = text(f'select * from "{table}" t where {where} order by 1')  # noqa: S608  names of the code
        return list(connection.execute(wanted, values))


def test_every_table_that_leads_to_a_person_has_a_fate() -> None:
    assert erasure_rules().keys() == paths().keys()
    for table, rule in erasure_rules().items():
        assert rule.values.keys() <= set(SQLModel.metadata.tables[table].c.keys()), table
    assert erasure_rules()["participant"].fate is Fate.EMPTIED


@pytest.mark.parametrize("place", [0, 1, 2])
def test_nothing_of_the_person_is_left_in_any_table(world: World, flocks: list[Flock], place: int) -> None:
    """Each of mentor, mentee and a third, in a flock of their own."""
    flock = flocks[place]
    one = singer(world, flock, place)
    one.keep_answer()
    sung = one.heard()
    assert {
        "participant",
        "guardian",
        "user_account",
        "idempotency_record",
        "expectation_answer",
        "attestation",
    } <= set(sung)
    office = Office(flock, world)
    others = [other for number, other in enumerate(flock.rows["participant"]) if number != place]
    before = [rows_of(world, "participant", "id = :id", id=other.id) for other in others]
    kept = rows_of(world, "guardian", "participant_id <> :id", id=one.person.id)
    one.end_case()
    office.erased(one.person.id)
    assert one.heard() == {}
    assert [rows_of(world, "participant", "id = :id", id=other.id) for other in others] == before
    assert rows_of(world, "guardian", "true") == kept
    with Session(world.engine) as session:
        left = session.get_one(Participant, one.person.id)
        assert (left.is_anonymous, left.birth_year, left.given_name, left.user_id) == (True, 1990, None, None)
    assert rows_of(world, "concealment", "participant_id = :id", id=one.person.id)[0].kind == "anonymous"


def test_the_protocol_says_how_much_and_never_who(world: World, flocks: list[Flock]) -> None:
    flock = flocks[0]
    office = Office(flock, world)
    (protocol,) = office.officer.get(f"/partners/{flock.partner}/erasures").json()["items"]
    assert protocol["legalGround"] == "consentWithdrawn"
    assert protocol["counts"]["guardian"] == 1
    assert protocol["decidedByUserId"] != protocol["approvedByUserId"]
    assert str(flock.rows["participant"][0].id) not in str(protocol)
    assert office.officer.get(f"/partners/{flocks[1].partner}/erasures").status_code == 403


def test_two_people_a_ground_and_an_ended_case_are_needed(world: World, flocks: list[Flock]) -> None:
    flock = flocks[0]
    office, person = Office(flock, world), flock.rows["participant"][1]
    path = office.asked(person.id, "erasure")
    refused = office.coordinator.post(f"{path}/decision", {"isGranted": True})
    assert (refused.status_code, refused.json()["code"]) == (422, "data_request.ground_needed")
    assert office.administrator.post(f"{path}/approval").json()["code"] == "data_request.transition_not_allowed"
    office.coordinator.made(f"{path}/decision", {"isGranted": True, "legalGround": "unlawful"}, 200)
    same = office.coordinator.post(f"{path}/approval")
    assert (same.status_code, same.json()["code"]) == (403, "data_request.same_person")
    assert office.administrator.post(f"{path}/approval").json()["code"] == "data_request.case_open"
    erase_person(world.runtime, path.rpartition("/")[2])
    assert office.handler.get(path).json()["status"] == "granted", "a job that was not asked for does nothing"
    assert office.officer.post(f"{path}/approval").status_code == 403
    office.administrator.made(f"{path}/decision", {"isGranted": False, "refusalGround": "publicTask"}, 200)
    assert rows_of(world, "participant", "id = :id", id=person.id)[0].is_anonymous is False


def test_a_public_body_needs_its_decision_to_destroy(world: World) -> None:
    partner = world.partner("Kommunen", Sector.MUNICIPALITY)
    office = Office(Flock("X", partner, partner, partner), world)
    person = office.handler.made(f"/partners/{partner}/participants", PERSON)
    path = office.asked(person["id"], "erasure")
    refused = office.coordinator.post(f"{path}/decision", {"isGranted": True, "legalGround": "unlawful"})
    assert (refused.status_code, refused.json()["code"]) == (422, "data_request.decision_reference_needed")
    office.coordinator.made(
        f"{path}/decision", {"isGranted": True, "legalGround": "unlawful", "decisionReference": "GB 3/26"}, 200
    )
    office.administrator.made(f"{path}/approval", status=200)
    waiting = office.handler.patch(f"/participants/{person['id']}", {"district": "Boo"})
    assert (waiting.status_code, waiting.json()["code"]) == (409, "participant.processing_restricted")
    etag = {"If-Match": office.handler.get(f"/participants/{person['id']}").headers["ETag"]}
    lifted = office.handler.call("DELETE", f"/participants/{person['id']}/processing-restriction", headers=etag)
    assert lifted.json()["code"] == "data_request.answered"
    for _ in range(2):
        erase_person(world.runtime, path.rpartition("/")[2])
    (protocol,) = office.coordinator.get(f"/partners/{partner}/erasures").json()["items"]
    assert protocol["decisionReference"] == "GB 3/26"
    assert office.handler.get(path).json()["decisionReference"] is None
