"""Does an export hold everything that is stored about a person, whom it went to and who has seen it, and nobody else's?"""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel

from app.domain.erasure import erasure_rules
from app.domain.roles import Role
from app.domain.self_access import groups, left_out, told_columns
from app.features.rights.jobs import export_data, purge_exports
from app.features.rights.queries.walk import paths
from tests.features.rights.scene import Office, Singer, singer
from tests.flock import Flock, fill, word
from tests.world import World

ABOUT_BOTH = {"follow_up": 1, "follow_up_version": 1, "reminder": 1}
"""What staff said of a pair: it is about two people, and neither is told it by themselves (as in /me/data)."""
PERSONS_DAYS = timedelta(days=7)


@pytest.fixture(scope="module")
def flocks(world: World) -> list[Flock]:
    return fill(world)


@pytest.fixture(scope="module")
def one(world: World, flocks: list[Flock]) -> Singer:
    return singer(world, flocks[0])


@pytest.fixture(scope="module")
def office(world: World, flocks: list[Flock]) -> Office:
    return Office(flocks[0], world)


def untold() -> set[str]:
    """The tables that lead to a person by the walk of foreign keys and are neither in exports nor exempt with a ground."""
    told = {group.table for group in groups()}
    exempt = {name for name, rule in erasure_rules().items() if rule.not_exported} | set(left_out())
    return set(paths()) - told - exempt


def test_every_table_that_leads_to_a_person_is_told_or_exempt_with_a_ground() -> None:
    assert untold() == set()
    both = {group.table for group in groups()} & {name for name, rule in erasure_rules().items() if rule.not_exported}
    assert both == set(), "told, and said to be exempt"


def test_a_forgotten_table_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = groups()[1:]
    monkeypatch.setattr("tests.features.rights.test_exports.groups", lambda: fewer)
    assert untold() == {"participant"}


def test_every_row_about_the_person_is_in_it(world: World, one: Singer, office: Office) -> None:
    """Counted in the database behind the API's back, table by table."""
    told = office.exported(one.person.id)
    counts = {group["kind"]: len(group["items"]) for group in told["groups"]}
    for group in groups():
        kind = camel(group.table)
        about = one.rows(group.table)
        assert counts[kind] == about - ABOUT_BOTH.get(group.table, 0), group.table
        assert group.table in paths()
    assert counts["participant"] == 1
    assert all(group["isComplete"] for group in told["groups"])


def test_every_personal_value_of_the_person_is_in_it(one: Singer, office: Office) -> None:
    told = office.exported(one.person.id)
    by_kind = {group["kind"]: group["items"] for group in told["groups"]}
    for group in groups():
        wanted = {
            name
            for name in told_columns(group)
            if (column := SQLModel.metadata.tables[group.table].c[name]) is not None and one.sings(group.table, column)
        }
        for name in wanted - {"contributions"}:
            values = [json.dumps(item.get(camel(name)), ensure_ascii=False) for item in by_kind[camel(group.table)]]
            assert any(one.canary[-4:] in value for value in values), f"{group.table}.{name}"
    assert told["account"]["email"] == f"{one.canary}@example.org"


def test_nothing_of_anybody_else_is_in_it(flocks: list[Flock], office: Office) -> None:
    others = [word("A", "mentor"), word("A", "third"), word("B", ""), word("C", "")]
    told = json.dumps(office.exported(flocks[0].rows["participant"][1].id), ensure_ascii=False)
    assert [other for other in others if other in told] == []
    assert "handelse" not in told, "an incident was told in confidence"


def test_whom_it_went_to_and_who_has_seen_it(flocks: list[Flock], office: Office) -> None:
    person = flocks[0].rows["participant"][2]
    assert office.handler.get(f"/participants/{person.id}").status_code == 200
    told = office.exported(person.id)
    to = {(line["partnerId"], line["way"]) for line in told["recipients"]}
    assert (str(flocks[1].partner), "referred") in to
    assert str(flocks[0].partner) not in {partner for partner, _ in to}
    assert any(access["permission"] == "participant:read" and access["words"]["sv"] for access in told["accesses"])
    assert "userId" not in json.dumps(told["accesses"])


def test_the_person_asks_and_fetches_it_alone(world: World, flocks: list[Flock], office: Office) -> None:
    me = flocks[0].clients["third"]
    person = flocks[0].rows["participant"][2]
    body = {"participantId": str(person.id), "kind": "portability"}
    asked = me.made("/me/data-requests", body)
    path = f"/data-requests/{asked['id']}"
    assert (asked["status"], asked["dueOn"]) == ("granted", "2026-04-01")
    assert me.post("/me/data-requests", body).json()["code"] == "data_request.already_open"
    waiting = me.get(f"{path}/export")
    assert (waiting.status_code, waiting.json()["code"]) == (409, "export.not_ready")
    for _ in range(2):
        export_data(world.runtime, asked["id"])
    fetched = me.get(f"{path}/export")
    assert fetched.json()["participantId"] == str(person.id)
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert me.get("/me/data-requests").json()["items"][0]["status"] == "executed"
    assert me.get(f"/participants/{person.id}/data-requests?status=received").json()["meta"]["totalCount"] == 0
    refused = {
        "counterpart": flocks[0].clients["mentor"].get(f"{path}/export").status_code,
        "officer": office.officer.get(f"{path}/export").status_code,
        "coordinator": office.coordinator.get(f"{path}/export").status_code,
        "elsewhere": world.client(Role.CASE_HANDLER, flocks[1].partner).get(f"{path}/export").status_code,
    }
    assert refused == {"counterpart": 404, "officer": 403, "coordinator": 403, "elsewhere": 404}
    theirs = {"participantId": str(flocks[0].rows["participant"][0].id), "kind": "access"}
    assert me.post("/me/data-requests", theirs).status_code == 404


def test_after_seven_days_it_is_gone(world: World, one: Singer, office: Office) -> None:
    office.exported(one.person.id)
    before = one.rows("data_export")
    path = office.granted(one.person.id, "access")
    export_data(world.runtime, path.rpartition("/")[2])
    assert one.rows("data_export") == before + 1
    world.clock.advance(PERSONS_DAYS)
    assert office.handler.get(f"{path}/export").json()["code"] == "export.not_ready"
    purge_exports(world.runtime, "t")
    assert one.rows("data_export") == 0


def test_whoever_becomes_protected_has_no_export_lying_about(world: World, flocks: list[Flock]) -> None:
    other = Office(flocks[2], world)
    person = flocks[2].rows["participant"][1]
    other.exported(person.id)
    etag = {"If-Match": other.handler.get(f"/participants/{person.id}").headers["ETag"]}
    level: dict[str, Any] = {"level": "confidentialityMark"}
    assert other.handler.put(f"/participants/{person.id}/protection", level, headers=etag).status_code == 204
    with world.engine.connect() as connection:
        table = SQLModel.metadata.tables["data_export"]
        assert connection.execute(table.select().where(table.c.participant_id == person.id)).all() == []


def camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.title() for part in tail)
