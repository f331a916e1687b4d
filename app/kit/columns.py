"""What do stored rows share? Identity, version, times, enumerations by value, and changes that re-validate."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_json
from sqlalchemy import DateTime, event, select, text
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapper
from sqlmodel import Field, Session, SQLModel

from app.kit.clock import now
from app.kit.ids import new_id, new_id_text

RowT = TypeVar("RowT", bound="Row")


def choice(kind: type[StrEnum], name: str | None = None) -> SqlEnum:
    """A column that stores the values (not the names) of an enumeration as text with a CHECK.

    `name` tells two columns of the same enumeration in one table apart.
    """
    return SqlEnum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=name or kind.__name__.lower(),
        length=40,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


def in_list(values: Iterable[str]) -> str:
    """A list for SQL's IN, of our own constants."""
    return "(" + ", ".join(f"'{value}'" for value in sorted(values)) + ")"


XACT_ID = text("((pg_current_xact_id())::text)::bigint")
"""Default of a log's column for the writing transaction: readers stop before the oldest one that is still open."""
INSTANT = DateTime(timezone=True)
JSON = JSONB(none_as_null=True)


class Row(SQLModel):
    """A stored thing: UUIDv7 id, version for ETag and lost-update protection, creation and change instants (UTC)."""

    is_recorded: ClassVar[bool] = True  # writes must leave a change record (checked by a hook in tests)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = Field(default=1, nullable=False)
    created_at: datetime = Field(default_factory=now, sa_type=INSTANT)
    updated_at: datetime = Field(default_factory=now, sa_type=INSTANT)


@event.listens_for(Mapper, "after_mapper_constructed")
def _count_versions(mapper: Mapper[Any], _kind: type[Any]) -> None:
    if issubclass(mapper.class_, Row):
        mapper.version_id_col = mapper.local_table.c.version
        mapper.version_id_prop = mapper.get_property_by_column(mapper.local_table.c.version)


@event.listens_for(Row, "before_update", propagate=True)
def _touch(_mapper: Mapper[Any], _connection: object, row: Row) -> None:
    row.updated_at = now()


def amend(row: RowT, patch: BaseModel | dict[str, Any], **derived: Any) -> list[str]:
    """Apply the fields that `patch` really holds, re-validating the whole row; answers the names that changed.

    Raises: pydantic's ValidationError when the row would become invalid (the row is then untouched).
    """
    given = patch.model_dump(exclude_unset=True) if isinstance(patch, BaseModel) else dict(patch)
    wanted = {**given, **derived}
    checked = type(row).model_validate({**row.model_dump(), **wanted})
    changed = [name for name in wanted if getattr(checked, name) != getattr(row, name)]
    for name in changed:
        setattr(row, name, getattr(checked, name))
    return changed


ROWS_A_STATEMENT = 5_000


def add_many(
    session: Session, kind: type[Row], rows: Iterable[Mapping[str, Any]], same: Mapping[str, Any] | None = None
) -> None:
    """Store many rows in few statements, for results that the program computed itself: nothing is validated.

    Each row holds the same columns, and `same` what is alike in all of them; id, version and times are filled in. (COPY
    would be faster still, but row-level security refuses it.)
    """
    _insert_many(session, kind, rows, same or {}, "")


def add_unless_taken(
    session: Session, kind: type[Row], rows: Sequence[Mapping[str, Any]], same: Mapping[str, Any], index: str
) -> set[UUID]:
    """The same, but for those whose place in the unique `index` is taken; answers the ids of the rows that were stored.

    The rows bring their ids along.
    """
    ids = {row["id"] for row in rows}
    if _insert_many(session, kind, rows, same, f" on conflict {index} do nothing") < len(ids):
        table = kind.__table__  # type: ignore[attr-defined]  # SQLModel tells of no tables
        ids = set(session.scalars(select(table.c.id).where(table.c.id.in_(ids))))
    return ids


def _insert_many(
    session: Session, kind: type[Row], rows: Iterable[Mapping[str, Any]], same: Mapping[str, Any], then: str
) -> int:
    """How many were stored."""
    table, at, stored = str(kind.__tablename__), now().isoformat(), 0
    alike = {"version": 1, "created_at": at, "updated_at": at, **same}
    filled = [row if "id" in row else {"id": new_id_text(), **row} for row in rows]
    for first in range(0, len(filled), ROWS_A_STATEMENT):
        part = filled[first : first + ROWS_A_STATEMENT]
        names = [*part[0], *(name for name in alike if name not in part[0])]
        into = ", ".join(f'"{name}"' for name in names)
        of = ", ".join(f'{"own" if name in part[0] else "alike"}."{name}"' for name in names)
        statement = text(
            f'insert into "{table}" ({into}) select {of}'  # noqa: S608  names of the code
            f' from json_populate_recordset(null::"{table}", cast(:rows as json)) own,'
            f' json_populate_record(null::"{table}", cast(:alike as json)) alike{then}'
        )
        told = {"rows": to_json(part).decode(), "alike": to_json(alike).decode()}
        stored += session.execute(statement, told).rowcount  # type: ignore[attr-defined]  # an insert counts
    return stored
