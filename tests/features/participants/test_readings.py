"""Is a row among many read as it would be alone, however much of it others have said before?"""

from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import RuleViolation
from app.domain.sync import ExternalKey
from app.features.participants.actions.participants import stored
from app.features.participants.actions.readings import Read, Refused, Said, read_rows
from app.features.participants.actions.texts import refuse_personnummer_in
from app.features.participants.schemas import ParticipantSyncItem
from app.kit.problems import row_problem

KEY = {"externalSystem": "crm", "externalId": "v-1"}
WHOLE = {
    **KEY, "givenName": "P\u00e5hittad", "familyName": "Person", "bornOn": "1980-05-17", "gender": "female",
    "email": "V@Example.org", "phone": None, "languages": [{"code": "sv", "level": "B1"}], "goals": [],
    "availability": [{"weekday": 1, "fromHour": 17, "untilHour": 19}], "hasRemote": False, "mentorCapacity": 2,
}  # fmt: skip
FULL_DAYS = [{"weekday": day, "fromHour": hour, "untilHour": hour + 1} for day in (1, 2) for hour in range(12)]
ROWS: list[dict[str, Any]] = [
    WHOLE,
    KEY,
    {**KEY, "availability": FULL_DAYS},
    {**KEY, "hasRemote": 1}, {**KEY, "hasRemote": True}, {**KEY, "hasRemote": "true"}, {**KEY, "hasRemote": 2},
    {**KEY, "mentorCapacity": "1"}, {**KEY, "mentorCapacity": 1.0}, {**KEY, "mentorCapacity": 10**40},
    {**KEY, "given_name": "Med", "languages": [{"code": "so", "level": "native"}]},
    {**KEY, "district": "Boo"}, {**KEY, "district": " Boo"}, {**KEY, "district": None}, {**KEY, "district": ""},
    {**KEY, "familyName": "C:\\\\Person"}, {**KEY, "familyName": "\ud800"}, {**KEY, "skills": ["\ud800"]},
    {**KEY, "gender": "female", "goals": ["nothing"]}, {**KEY, "goals": None}, {**KEY, "shoeSize": 43},
    {**KEY, "phone": "811228-9874"}, {**KEY, "district": "811228-9874"}, {**KEY, "shoeSize": {"811228-9874": 1}},
    {"externalSystem": "crm"}, {**KEY, "externalId": "\u00e5"}, {**KEY, "externalId": "811228-9874"},
]  # fmt: skip


def alone(row: dict[str, Any]) -> Any:
    """What the rows' own model says of it."""
    try:
        refuse_personnummer_in(row)
        return stored(ParticipantSyncItem.model_validate(row))
    except (RuleViolation, ValidationError) as refused:
        return row_problem(refused)


def told(read: Read) -> Any:
    return read.facts if isinstance(read, Said) else read.problem


@pytest.mark.parametrize("times", [1, 2, 60])
def test_together_as_alone(times: int) -> None:
    rows = [row for _ in range(times) for row in ROWS]
    assert [told(one) for one in read_rows(rows)] == [alone(row) for row in rows]


@pytest.mark.parametrize("row", ROWS)
def test_each_by_itself(row: dict[str, Any]) -> None:
    (read,) = read_rows([row])
    assert told(read) == alone(row)
    key = row.get("externalId")
    is_told = isinstance(key, str) and key.isascii() and "811228" not in key
    assert read.key == (ExternalKey("crm", str(key)) if is_told else None)


def test_both_kinds_are_among_the_rows() -> None:
    assert {type(one) for one in read_rows(ROWS)} == {Said, Refused}
