"""Whose data did an answer show? The participants that rows and answers name, for the record of accesses."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from pydantic.alias_generators import to_snake
from sqlmodel import Session

from app.features.access.queries import people_behind
from app.features.access.tables import Guarded

PERSON = ("participant_id", "participant_ids")
AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ENROLMENT = ("enrolment_id", "enrolment_ids")


def people_shown(session: Session, target: object, shown: Iterable[object]) -> set[UUID]:
    """The participants whom the operation's row and everything it answered are about.

    A stored row says it by its reach, anything else by the names of its fields. What names only an enrolment (the pairs
    of a run) is about the person enrolled, and an account is about the person who logs in with it.
    """
    people: set[UUID] = set()
    enrolments: set[UUID] = set()
    accounts: set[UUID] = set()
    for part in _parts([target, *shown]):
        if isinstance(part, Guarded) and part.reach.account:
            accounts.add(getattr(part, part.reach.account))
        elif found := _of_row(part) if isinstance(part, Guarded) else _ids(part, PERSON):
            people |= found
        else:
            enrolments |= _ids(part, ENROLMENT)
    enrolments.discard(getattr(target, "id", None))  # the row itself has said whom it is about
    return people | people_behind(session, enrolments, accounts)


def people_told(session: Session, target: object, body: bytes) -> set[UUID]:
    """The participants whom an answer that was kept names, as its JSON does; of a person's own record it is the `id`."""
    told = json.loads(body) if body else None
    people = people_shown(session, target, [_as_written(told)])
    if isinstance(told, dict) and "givenName" in told:
        people.add(UUID(told["id"]))
    return people


def _as_written(told: Any) -> Any:
    """The names of the fields as the code has them, and ids as ids."""
    if isinstance(told, dict):
        return {to_snake(name): _as_written(value) for name, value in told.items()}
    if isinstance(told, list):
        return [_as_written(one) for one in told]
    return UUID(told) if isinstance(told, str) and AN_ID.fullmatch(told) else told


def _parts(thing: object) -> Iterator[Any]:
    """Every row, and every part of an answer that has named fields."""
    if isinstance(thing, Guarded):
        yield thing
    elif isinstance(thing, Mapping | BaseModel):
        fields = dict(thing)
        yield fields
        yield from _parts(list(fields.values()))
    elif isinstance(thing, list | tuple):
        for part in thing:
            yield from _parts(part)


def _of_row(row: Guarded) -> set[UUID]:
    reach = row.reach
    named = (getattr(row, name) for name in {*reach.persons, *(reach.concealed or ())})
    return {one for one in named if one is not None}


def _ids(part: Any, endings: tuple[str, ...]) -> set[UUID]:
    found: set[UUID] = set()
    for name, value in dict(part).items():
        if str(name).endswith(endings):
            found |= {one for one in (value if isinstance(value, list) else [value]) if isinstance(one, UUID)}
    return found
