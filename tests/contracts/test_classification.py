"""Is every stored column classified, and does nothing that is personal become a filter or a shared base of schemas?"""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic.alias_generators import to_snake
from sqlalchemy import MetaData
from sqlmodel import SQLModel

from app.domain.classification import Sensitivity, classified, personal_columns, tables_with_personal_data
from app.domain.self_access import groups, left_out
from app.domain.visibility import NAMING, TABLE
from app.features.access.tables import Guarded, InProgram
from app.features.privacy.queries import tables_about_people
from app.kit.columns import Row
from app.kit.wire import Schema
from app.main import METADATA
from tests.contracts.document import parameters

WHERE = "app/domain/data/classification.json"
DECIDED = {
    "category": "of a program, open (that of an incident is not)",
    "kind": "of a follow-up: which planned contact, open (the kinds of concealments and of unmatched people are not)",
    "status": "of an enrolment, match, run or referral: where a case stands, open (of clearances and attendances not)",
    "decision": "of the access log",
    "outcome": "of a row of an import: what became of it, open (that of a person, of a target and of a placement are not)",
    "municipality_code": "of a program in the catalogue, or of a part of the gap view, where people are only counted",
    "district": "of a program in the catalogue, or of a part of the gap view, where people are only counted",
}
"""Query parameters that are called as some personal column is, and what they filter on instead."""
FOUNDATIONS = {Row, Guarded, InProgram, SQLModel, BaseModel, object}


def stored(metadata: MetaData) -> set[tuple[str, str]]:
    return {(table.name, column.name) for table in metadata.tables.values() for column in table.columns}


def told() -> set[tuple[str, str]]:
    return {(table, column) for table, columns in classified().items() for column in columns}


def advice(missing: set[tuple[str, str]]) -> str:
    names = ", ".join(f"{table}.{column}" for table, column in sorted(missing))
    classes = ", ".join(Sensitivity)
    return f"Put each of these into one class ({classes}) of its table in {WHERE}: {names}. Unclassified is not shown."


def test_every_column_is_classified_once_and_none_is_stale() -> None:
    missing, stale = stored(METADATA) - told(), told() - stored(METADATA)
    assert not missing, advice(missing)
    assert not stale, f"take these out of {WHERE}: {sorted(stale)}"


def test_a_new_column_would_be_noticed_with_advice() -> None:
    missing = stored(METADATA) | {("participant", "shoe_size")}
    assert "participant.shoe_size" in advice(missing - told())


def names_of_people() -> Iterator[tuple[str, str]]:
    """(table, column) of every foreign key to a participant or an enrolment, referral's and run's own too."""
    for table in METADATA.tables.values():
        for column in table.columns:
            if {key.column.table.name for key in column.foreign_keys} & {"participant", "enrolment"}:
                yield table.name, column.name


def test_tables_that_name_people_have_personal_data() -> None:
    naming = {table for table, _ in names_of_people()} | set(tables_about_people())
    assert naming - tables_with_personal_data() == set()


def test_what_is_stored_about_a_person_is_told_or_has_a_reason() -> None:
    naming = {table for table, _ in names_of_people()} | set(tables_about_people())
    assert naming - {one.table for one in groups()} - left_out().keys() == set(), "see app/domain/data/self_access.json"
    assert left_out().keys() <= naming, "an exception for a table that names nobody"
    assert {one.table for one in groups()} <= tables_about_people().keys(), (
        "a group must say in its reach who it is about"
    )


def test_no_personal_column_is_a_filter_or_an_order() -> None:
    personal = {column for table in classified() for column in personal_columns(table)}
    used = {to_snake(parameter["name"]) for _, parameter in parameters("query")}
    orders = {
        to_snake(str(choice).lstrip("-"))
        for _, parameter in parameters("query")
        if parameter["name"] in {"sort", "order"}
        for choice in parameter["schema"].get("enum", [])
    }
    assert (used | orders) & personal - DECIDED.keys() == set()


def bases(kind: type[Any]) -> set[type[Any]]:
    return set(kind.__mro__) - FOUNDATIONS - {kind}


def personal_tables() -> list[type[SQLModel]]:
    waiting, found = list(SQLModel.__subclasses__()), []
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if hasattr(kind, "__table__") and str(kind.__tablename__) in tables_with_personal_data():
            found.append(kind)
    return found


def test_there_are_personal_tables() -> None:
    assert {str(kind.__tablename__) for kind in personal_tables()} == tables_with_personal_data()


@pytest.mark.parametrize("kind", personal_tables(), ids=lambda kind: str(kind.__tablename__))
def test_personal_tables_share_no_fields_with_schemas(kind: type[SQLModel]) -> None:
    """A shared base is a response contract: a column added to it would be public at once."""
    ours = {base for base in bases(kind) if base.__module__.startswith("app.")}
    assert ours == set(), "list the fields in the table itself"
    assert Schema not in kind.__mro__


def test_what_the_pairs_see_as_naming_is_classified_as_naming() -> None:
    strong = {Sensitivity.IDENTITY, Sensitivity.CONTACT}
    keys = {"person_id"}  # internal: says that two records are of one person, never who
    naming = {field for field, row in TABLE.items() if row[0] in NAMING}
    assert {field for field in naming - keys if classified()["participant"][field] not in strong} == set()
