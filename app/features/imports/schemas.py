"""How are imports asked for and told of? Counts, lines and codes; never what stood in a cell."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, computed_field

from app.domain.imports import ImportFormat, ImportKind
from app.domain.lifecycles import ImportStatus
from app.domain.sync import BatchMode, SyncOutcome
from app.kit.external import ChangedFields, ExternalId, ExternalSystem
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

MOST_ROWS = 1_000_000
MOST_COLUMNS = 1_000
Count = Annotated[int, Field(ge=0, le=MOST_ROWS)]
Line = Annotated[int, Field(ge=1, le=2**31 - 1, description="Of the file, from 1. / I filen, från 1.")]
Header = Annotated[str, StringConstraints(min_length=1, max_length=80)]
FieldName = Annotated[str, StringConstraints(max_length=40, pattern="^[a-zA-Z]+$")]
Mapping = Annotated[
    dict[Header, FieldName],
    Field(
        max_length=MOST_COLUMNS,
        description="Header → field, where the usual headers do not tell. / Rubrik → fält, där rubrikerna inte räcker.",
        examples=[{"Kundnr": "externalId"}],
    ),
]


class ImportCreate(Schema):
    """Which rows are to come, from which system, and whether one refused row holds back all the others."""

    kind: ImportKind
    format: ImportFormat = ImportFormat.AUTO
    mapping: Mapping = Field(default_factory=dict)
    external_system: ExternalSystem
    is_dry_run: bool = False
    mode: BatchMode = BatchMode.ROW_BY_ROW
    cohort_id: UUID | None = Field(None, description="For enrolments: in which cohort. / För inskrivningar.")


class ImportProgress(Schema):
    """Rows; `total` is null until the file has been looked through."""

    done: Count
    total: Count | None


class ImportColumn(Schema):
    """A column of the file and the field it is read as; null: it is not mapped, and passed over."""

    header: str = Field(max_length=80)
    field: str | None = Field(max_length=40)


class ImportCounts(Schema):
    created: Count
    changed: Count
    unchanged: Count
    refused: Count
    not_applied: Count


class ImportProblem(Schema):
    """Why the file as a whole could not be read or applied."""

    code: str = Field(max_length=80)
    line: Line | None


class ImportRead(Schema):
    """An import and how far it has come. `isApplied`: its rows, as far as none was refused, are stored."""

    id: UUID
    version: int = Field(ge=1)
    partner_id: UUID
    kind: ImportKind
    format: ImportFormat
    mapping: Mapping
    external_system: str = Field(max_length=40)
    is_dry_run: bool
    mode: BatchMode
    cohort_id: UUID | None
    status: ImportStatus
    file_bytes: int | None = Field(ge=0, le=2**40)
    found_format: ImportFormat | None
    encoding: str | None = Field(max_length=20)
    delimiter: str | None = Field(max_length=1)
    columns: list[ImportColumn] = Field(max_length=MOST_COLUMNS)
    progress: ImportProgress
    counts: ImportCounts
    problem: ImportProblem | None
    started_at: Instant | None
    finished_at: Instant | None
    created_at: Instant
    updated_at: Instant

    @computed_field
    def is_applied(self) -> bool:
        is_held_back = self.mode is BatchMode.WHOLE_OR_NOTHING and self.counts.refused > 0
        return self.status is ImportStatus.COMPLETED and not self.is_dry_run and not is_held_back


class ImportRowQuery(PageQuery):
    outcome: SyncOutcome | None = Field(None, description="Only these rows. / Endast dessa rader.")


class ImportRowRead(Schema):
    """What became of one row. `pointer` names the field that a refusal is about, `changedFields` what differs from before."""

    line: Line
    external_id: str | None = Field(max_length=120)
    outcome: SyncOutcome
    participant_id: UUID | None
    problem_code: str | None = Field(max_length=80)
    pointer: str | None = Field(max_length=400)
    message: str | None = Field(max_length=400)
    changed_fields: ChangedFields
    possible_duplicates: int = Field(ge=0, le=MOST_ROWS)


class ImportResult(Schema):
    """What became of every row."""

    import_id: UUID
    items: list[ImportRowRead] = Field(max_length=MOST_ROWS)


class RowKey(Schema):
    """The key of a row of any kind."""

    external_system: ExternalSystem
    external_id: ExternalId
