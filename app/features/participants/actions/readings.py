"""What do many rows say of people? What the single operation would understand, told once for all who say the same.

Most of what rows say others have said before: in which municipality, which languages, which hours. Such a value that was
found right is not looked at again. A row with anything wrong is read as a whole, so that its refusal is the usual one.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import from_json, to_json

from app.domain.errors import RuleViolation
from app.domain.sync import ExternalKey, RowProblem
from app.features.participants.actions.participants import stored
from app.features.participants.actions.texts import refuse_personnummer_in
from app.features.participants.schemas import ParticipantSync, ParticipantSyncItem
from app.kit.external import ExternalId, ExternalSystem
from app.kit.problems import row_problem
from app.kit.text import looks_like_personnummer

OWN = {
    to_camel(name): name
    for name in ("external_system", "external_id", "given_name", "family_name", "born_on", "email", "phone")
}
"""The key, and of each person something else; all of them are texts or days, which are stored as they are read."""
SHARED = {to_camel(name): name for name in ParticipantSyncItem.model_fields if name not in OWN.values()}
"""What many have in common, by the name that a row has it under."""
REMEMBERED = 2_048
LONGEST_REMEMBERED = 400  # of a value as JSON, in bytes
LOOKED_AT = 50
"""Rows that are looked through together for a personnummer."""
SYSTEM: TypeAdapter[str] = TypeAdapter(ExternalSystem)
ID: TypeAdapter[str] = TypeAdapter(ExternalId)


class Said(NamedTuple):
    """What one row says: its key, and its facts as they are stored. Lists may be shared with other rows."""

    key: ExternalKey
    facts: dict[str, Any]


class Refused(NamedTuple):
    """Why a row is not read, and its key if that can be one."""

    key: ExternalKey | None
    problem: RowProblem


Read = Said | Refused


def read_rows(rows: Sequence[Mapping[str, Any]]) -> list[Read]:
    """Each row by the rules of `ParticipantSyncItem`, and without a personnummer."""
    return [_read(row, is_clean=is_clean) for row, is_clean in zip(rows, _looked_through(rows), strict=True)]


def sent_key(row: Mapping[str, Any]) -> ExternalKey | None:
    """The key of a row that was refused, when it can be one: it is told, and must not be a personnummer."""
    try:
        key = ExternalKey(SYSTEM.validate_python(row.get("externalSystem")), ID.validate_python(row.get("externalId")))
    except ValidationError:
        return None
    return None if looks_like_personnummer(key.id) or looks_like_personnummer(key.system) else key


def _looked_through(rows: Sequence[Mapping[str, Any]]) -> Iterator[bool]:
    """Of each row whether nothing in it looks like a personnummer; the others must be looked at by themselves."""
    for first in range(0, len(rows), LOOKED_AT):
        some = rows[first : first + LOOKED_AT]
        try:
            whole = to_json(some, fallback=str).decode()
        except ValueError:  # halves of surrogate pairs, or too deep
            whole = "\\"
        is_clean = "\\" not in whole and not looks_like_personnummer(whole)
        for _ in some:
            yield is_clean


def _read(row: Mapping[str, Any], *, is_clean: bool) -> Read:
    try:
        if not is_clean:
            refuse_personnummer_in(row)
        facts = _quickly(row)
        if facts is None:
            facts = stored(ParticipantSyncItem.model_validate(row))
    except (RuleViolation, ValidationError) as refused:
        return Refused(sent_key(row), row_problem(refused))
    return Said(ExternalKey(facts["external_system"], facts["external_id"]), facts)


def _quickly(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The facts of a row with nothing wrong in it; None when it must be read as a whole."""
    facts, own = {}, {}
    try:
        for name, value in row.items():
            if name in OWN:
                own[name] = value
            elif (shared := SHARED.get(name)) is None:
                return None
            else:
                facts[shared] = _shared(name, value)
        read = vars(ParticipantSyncItem.model_validate(own))
    except ValueError:  # also what pydantic refuses
        return None
    for name in own:
        facts[OWN[name]] = read[OWN[name]]
    return facts


def _shared(name: str, value: Any) -> Any:
    told = value if isinstance(value, str) else to_json(value)
    return _remembered(name, told) if len(told) <= LONGEST_REMEMBERED else _understood(name, told)


def _understood(name: str, told: str | bytes) -> Any:
    """How a value is stored, given as text or as JSON. Raises: ValidationError."""
    value = told if isinstance(told, str) else from_json(told)
    return stored(ParticipantSync.model_validate({name: value}))[SHARED[name]]


_remembered = lru_cache(REMEMBERED)(_understood)
