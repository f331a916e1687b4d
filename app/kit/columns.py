"""What do stored rows share? Identity, version, times, enumerations by value, and changes that re-validate."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import DateTime, event
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapper
from sqlmodel import Field, SQLModel

from app.kit.clock import now
from app.kit.ids import new_id

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
