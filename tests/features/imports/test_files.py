"""Is a file read whatever wrote it, are its rows applied once, and is what became of each told without repeating it?"""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, func, select

from app.features.access.tables import AccessRecord
from app.features.changes.tables import Change
from app.features.imports.tables import ImportChunk
from app.features.participants.tables import ContactDigest, Participant
from tests.features.imports.scene import HEADER, Sender, counted, person, table, workbook
from tests.world import World

PEOPLE = [person(number) for number in range(1, 4)]


@pytest.fixture
def sender(world: World) -> Sender:
    return Sender(world)


def test_a_file_twice(sender: Sender) -> None:
    first = sender.send(table(PEOPLE))
    assert (first["status"], counted(first), first["isApplied"]) == ("completed", (3, 0, 0, 0, 0), True)
    assert (first["foundFormat"], first["encoding"], first["delimiter"]) == ("csv", "utf-8", ";")
    assert first["progress"] == {"done": 3, "total": 3}
    told = sender.rows(first)
    assert [(one["line"], one["externalId"], one["outcome"]) for one in told] == [
        (line, f"m-{line - 1}", "created") for line in (2, 3, 4)
    ]
    made = sender.person("m-1").json()
    assert (made["givenName"], made["bornOn"], made["gender"]) == ("Påhittad", "1980-05-17", "female")
    assert made["availability"] == [{"weekday": 1, "fromHour": 17, "untilHour": 20}]
    second = sender.send(table(PEOPLE))
    assert counted(second) == (0, 0, 3, 0, 0)
    assert [one["participantId"] for one in sender.rows(second)] == [one["participantId"] for one in told]
    with Session(sender.world.engine) as session:
        ids = [UUID(one["participantId"]) for one in told]
        changes = session.exec(select(Change.kind, Change.actor_id).where(col(Change.subject_id).in_(ids))).all()
        assert [(str(kind), actor) for kind, actor in changes] == [("participant.created", sender.user.id)] * 3
        assert session.exec(select(func.count()).where(ContactDigest.partner_id == sender.id)).one() == 3
        seen = session.exec(select(AccessRecord).where(AccessRecord.permission == "participant:create")).all()
        assert sum(set(one.people) == set(ids) for one in seen) == 2, "each time their records were looked at"
        assert session.exec(select(func.count()).where(ImportChunk.partner_id == sender.id)).one() == 0, (
            "no file is left"
        )


def test_what_changed_and_who_is_left_out(sender: Sender) -> None:
    sender.send(table(PEOPLE))
    done = sender.send(table([person(2, **{"E-post": "ny@example.org"}), person(3, Tider="")]))
    assert counted(done) == (0, 1, 1, 0, 0)
    assert sender.person("m-1").json()["version"] == 1, "omission neither changes nor ends anything"
    assert sender.person("m-3").json()["availability"], "an empty cell says nothing"
    assert sender.person("m-2").json()["email"] == "ny@example.org"


FORMS = {
    "semicolons": (table(PEOPLE), "csv", "utf-8", ";"),
    "commas": (table(PEOPLE, delimiter=","), "csv", "utf-8", ","),
    "tabs": (table(PEOPLE, delimiter="\t"), "csv", "utf-8", "\t"),
    "byte order mark": (table(PEOPLE, encoding="utf-8-sig"), "csv", "utf-8-sig", ";"),
    "UTF-16": (table(PEOPLE, encoding="utf-16"), "csv", "utf-16", ";"),
    "Windows-1252": (table(PEOPLE, encoding="cp1252"), "csv", "cp1252", ";"),
    "NDJSON": (
        b"".join(json.dumps(dict(zip(HEADER, row, strict=True))).encode() + b"\n" for row in PEOPLE),
        "ndjson", "utf-8", None,
    ),
    "JSON": (json.dumps({"rows": [dict(zip(HEADER, row, strict=True)) for row in PEOPLE]}).encode(), "json", "utf-8", None),
    "XLSX": (
        workbook([[*row[:3], when, *row[4:]] for row, when in zip(PEOPLE, (date(1980, 5, 17), datetime(1980, 5, 17), "19800517"), strict=True)]),  # noqa: DTZ001
        "xlsx", None, None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_same_people(sender: Sender, name: str) -> None:
    content, form, encoding, delimiter = FORMS[name]
    done = sender.send(content, form)
    assert (done["status"], counted(done)) == ("completed", (3, 0, 0, 0, 0)), sender.rows(done)
    assert (done["encoding"], done["delimiter"]) == (encoding, delimiter)
    assert {one["field"] for one in done["columns"]} == {
        "externalId", "givenName", "familyName", "bornOn", "gender", "email", "phone", "availability",
    }  # fmt: skip
    for number in (1, 2, 3):
        found = sender.person(f"m-{number}").json()
        assert (found["givenName"], found["bornOn"], found["email"]) == (
            "Påhittad",
            "1980-05-17",
            f"m{number}@example.org",
        )


def test_columns_are_mapped_and_those_that_are_not_are_told(sender: Sender) -> None:
    header = ["Kundnr", "Förnamn", "Efternamn", "Född", "Kön", "Skostorlek", "Id"]
    rows = [["m-9", "Påhittad", "Person", "1980-05-17", "k", "43", "7"]]
    mapping = {"kundnr": "externalId"}
    done = sender.send(table(rows, header=header), mapping=mapping)
    assert counted(done) == (1, 0, 0, 0, 0)
    assert [one["header"] for one in done["columns"] if one["field"] is None] == ["Skostorlek", "Id"]
    assert sender.person("m-9").status_code == 200
    refused = sender.client.post(
        f"/partners/{sender.id}/imports", {"kind": "availability", "externalSystem": "crm", "mapping": {"x": "email"}}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "import.field_unknown")


BAD = [
    person(1),
    person(2, Född="2090-01-01"),
    person(3, **{"E-post": "ingen adress"}),
    person(1),
    person(5, Telefon="811228-9874"),
    person(6, Förnamn=""),
    person(7, Kön="vet ej"),
    [*person(8), "en till"],
    person(9, Förnamn="x" * 10_001),
    person(10, Externt="å ä"),
    person(11),
]
CODES = {
    3: ("participant.born_on_invalid", "/bornOn"),
    4: ("field.invalid", "/email"),
    5: ("sync.external_id_twice", "/externalId"),
    6: ("text.personnummer_refused", "/phone"),
    7: ("field.missing", "/givenName"),
    8: ("field.not_a_choice", "/gender"),
    9: ("import.cells_without_column", None),
    10: ("import.cell_too_long", None),
    11: ("field.invalid", "/externalId"),
}


def test_a_bad_row_is_told_by_its_line_and_the_others_are_applied(sender: Sender) -> None:
    done = sender.send(table(BAD))
    assert (done["status"], counted(done), done["isApplied"]) == ("completed", (2, 0, 0, 9, 0), True)
    refused = sender.rows(done, "refused")
    assert {one["line"]: (one["problemCode"], one["pointer"]) for one in refused} == CODES
    assert all(one["message"] for one in refused if "field." not in one["problemCode"])
    assert not {"ingen adress", "9874", "vet ej"} & set(json.dumps(refused).split('"'))
    assert "9874" not in json.dumps(refused)
    assert (sender.person("m-1").status_code, sender.person("m-11").status_code) == (200, 200)


def test_or_the_whole_is_held_back(sender: Sender) -> None:
    done = sender.send(table(BAD), mode="wholeOrNothing")
    assert (done["status"], counted(done), done["isApplied"]) == ("completed", (0, 0, 0, 9, 2), False)
    assert {one["line"]: (one["problemCode"], one["pointer"]) for one in sender.rows(done, "refused")} == CODES
    assert [(one["line"], one["participantId"]) for one in sender.rows(done, "notApplied")] == [(2, None), (12, None)]
    assert sender.person("m-1").status_code == 404
    whole = sender.send(table([person(1), person(11)]), mode="wholeOrNothing")
    assert (counted(whole), whole["isApplied"]) == ((2, 0, 0, 0, 0), True)
    assert sender.person("m-1").status_code == 200


def test_a_dry_run_tells_what_would_become_of_the_rows(sender: Sender) -> None:
    sender.send(table(PEOPLE[:1]))
    for mode in ("rowByRow", "wholeOrNothing"):
        done = sender.send(table([*PEOPLE, person(4, Kön="x")]), isDryRun=True, mode=mode)
        assert (counted(done), done["isApplied"]) == ((2, 0, 1, 1, 0), False)
    assert sender.person("m-2").status_code == 404


def test_both_ways_store_and_refuse_the_same(sender: Sender, world: World) -> None:
    """What the single operation stores and refuses, field by field, against the same rows in one file."""
    other = Sender(world)
    rows: dict[str, dict[str, Any]] = {
        "plain": {}, "hours": {"availability": [{"weekday": 2, "fromHour": 8, "untilHour": 10}]}, "null": {"email": None},
        "phone": {"phone": "+46 70 174 06 05"}, "lists": {"goals": ["findWork"], "interests": ["music"], "skills": ["DHhX_uVf_y6X"]},
        "age": {"acceptsAgeGroups": ["from55"], "acceptsGender": "male"}, "languages": {"languages": [{"code": "sv", "level": "B2"}]},
        "owner": {"isBusinessOwner": True, "mentorCapacity": 3, "hasRemote": False}, "place": {"municipalityCode": "0182", "district": "Boo"},
        "employer": {"employerPartnerId": str(sender.id)}, "nfc": {"givenName": "A\u030asa"}, "mail": {"email": "A@EXAMPLE.org"},
        "unknown": {"employerPartnerId": "0199c0de-7a11-7c3e-9d53-2f1b8c4e6a90"}, "future": {"bornOn": "2090-01-01"},
        "old": {"bornOn": "1850-01-01"}, "many": {"mentorCapacity": 21}, "nothing": {"gender": None}, "field": {"shoe": 43},
        "control": {"familyName": "a\u0007b"}, "bidi": {"familyName": "a\u202eb"}, "blank": {"familyName": " a"},
        "pnr": {"district": "811228-9874"}, "twice": {"goals": ["findWork", "findWork"]}, "overlap": {"availability": [{"weekday": 2, "fromHour": 8, "untilHour": 10}] * 2},
    }  # fmt: skip
    facts = {"givenName": "Påhittad", "familyName": "Person", "bornOn": "1980-05-17", "gender": "female"}
    whole = {key: {**facts, "email": f"{key}@example.org", **over} for key, over in rows.items()}
    singly = {key: sender.client.put(by_key(sender, key), body) for key, body in whole.items()}
    bodies = [{**body, "externalSystem": "crm", "externalId": key} for key, body in whole.items() if key != "pnr"]
    path = f"/partners/{other.id}/participant-batches"
    told = other.client.made(path, {"items": bodies, "mode": "rowByRow"}, status=200)
    together = {one["externalId"]: one for one in told["items"]}
    assert set(together) == set(whole) - {"pnr"}
    for key, one in together.items():
        response = singly[key]
        assert (one["outcome"] == "created") is (response.status_code == 201), key
        if one["outcome"] == "created":
            assert stored(sender, key) == stored(other, key), key
        else:
            said = response.json()
            first = said["errors"][0]
            assert (one["problem"]["code"], one["problem"]["pointer"]) == (first["code"], first["pointer"]), key
    lines = "\n".join(json.dumps({"externalId": key, **body}) for key, body in whole.items())
    third = Sender(world)
    done = third.send(lines.encode(), "ndjson")
    by_file = {one["externalId"]: one for one in third.rows(done) if one["externalId"]}
    for key, one in together.items():
        if one["outcome"] == "created":
            assert stored(third, key) == stored(other, key), key
        elif key not in {"field", "blank"}:  # unknown columns are passed over in a file, and blanks around a cell
            assert by_file[key]["problemCode"] == one["problem"]["code"], key


def by_key(sender: Sender, key: str) -> str:
    return f"/partners/{sender.id}/participants/by-external-id/crm/{key}"


OWN = {"id", "person_id", "partner_id", "created_at", "updated_at"}


def stored(sender: Sender, key: str) -> dict[str, Any]:
    with Session(sender.world.engine) as session:
        row = session.exec(
            select(Participant).where(Participant.partner_id == sender.id, Participant.external_id == key)
        ).one()
        digests = session.exec(select(ContactDigest.digest).where(ContactDigest.participant_id == row.id)).all()
        changes = session.exec(select(Change.kind, Change.fields).where(Change.subject_id == row.id)).all()
        facts = {name: value for name, value in row.model_dump().items() if name not in OWN}
        return {**facts, "digests": sorted(digests), "changes": [tuple(map(str, one)) for one in changes]}
