"""Which tables lead to a person, and by which columns? Read from the foreign keys, so that nothing is forgotten."""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import Column, ColumnElement, Table, and_, literal, or_, select
from sqlmodel import SQLModel

PERSON, ACCOUNT = "participant", "user_account"
OWN_ACCOUNT = "user_id"
"""How a table calls the account that a row is about; other names say who did something."""
PAIR = frozenset({"mentor_participant_id", "mentee_participant_id"})


@cache
def paths() -> Mapping[str, tuple[str, ...]]:
    """Table → the columns through which its rows are about a person: their record, their account, or a row of theirs.

    A table that names people itself is asked by these columns only, and not by what else it belongs to.
    """
    found: dict[str, tuple[str, ...]] = {PERSON: ("id",), ACCOUNT: ("id",)}
    for table in SQLModel.metadata.sorted_tables:
        if table.name in found:
            continue
        columns = _naming(table, PERSON) or _own_account(table) or _through(table, found)
        if columns:
            found[table.name] = columns
    return found


def _naming(table: Table, to: str) -> tuple[str, ...]:
    return tuple(one.name for one in table.c if any(key.column.table.name == to for key in one.foreign_keys))


def _own_account(table: Table) -> tuple[str, ...]:
    return tuple(name for name in _naming(table, ACCOUNT) if name == OWN_ACCOUNT)


def _through(table: Table, found: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    owners = set(found) - {PERSON, ACCOUNT}
    return tuple(name for owner in sorted(owners) for name in _naming(table, owner))


def about(name: str, person: object, account: object) -> ColumnElement[bool]:
    """The condition that a row of the table is about this participant, or this account (None: there is none).

    A row of a pair that says whose it is belongs to that one alone.
    """
    table = SQLModel.metadata.tables[name]
    columns = paths()[name]
    if name == PERSON:
        return table.c.id == person
    if name == ACCOUNT:
        return table.c.id == account
    ways = {one: _is(table.c[one], person, account) for one in columns}
    if set(ways) > PAIR:
        shared = or_(*(ways.pop(one) for one in sorted(PAIR)))
        own = or_(*ways.values())
        return or_(own, and_(*(table.c[one].is_(None) for one in ways), shared))
    return or_(*ways.values())


def _is(column: Column[object], person: object, account: object) -> ColumnElement[bool]:
    owner = next(iter(column.foreign_keys)).column.table.name
    if owner == PERSON:
        return column == person
    if owner == ACCOUNT:
        return column == account if account is not None else literal(False)
    there = SQLModel.metadata.tables[owner]
    return column.in_(select(there.c.id).where(about(owner, person, account)))
