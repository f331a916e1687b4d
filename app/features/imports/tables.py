"""Which files have been sent, what is left of them to do, and what became of each row?

The file lies here only until its rows are done. What is kept of a row is its line, what became of it, and whom it is
about; of a refused one the key that was sent.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field

from app.domain.imports import ImportFormat, ImportKind
from app.domain.lifecycles import UNFINISHED_IMPORTS, ImportStatus
from app.domain.roles import Permission
from app.domain.sync import BatchMode, SyncOutcome
from app.features.access.tables import Guarded, Reach
from app.kit.columns import INSTANT, JSON, choice, in_list
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {"uq_import_unfinished": "import.another_running"}


class Import(Guarded, table=True):
    """A file from another system and how far it has come. Belongs to `partner_id`; ids, counts and headers only."""

    __tablename__ = "import"
    __table_args__ = (
        Index(
            "uq_import_unfinished",
            "partner_id",
            unique=True,
            postgresql_where=text(f"status in {in_list(UNFINISHED_IMPORTS)}"),
        ),
        CheckConstraint("(kind = 'enrolments') = (cohort_id is not null)", name="cohort"),
    )
    reach: ClassVar[Reach] = Reach(Permission.IMPORT_READ, program=None, holders=("partner_id",))

    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    kind: ImportKind = Field(sa_type=choice(ImportKind))
    format: ImportFormat = Field(sa_type=choice(ImportFormat))
    mapping: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    external_system: str = Field(max_length=40)
    is_dry_run: bool = False
    mode: BatchMode = Field(sa_type=choice(BatchMode))
    cohort_id: UUID | None = Field(default=None, foreign_key="cohort.id", index=True)
    requested_by_user_id: UUID = Field(foreign_key="user_account.id")
    trace_id: str = Field(max_length=32)
    status: ImportStatus = Field(default=ImportStatus.AWAITING_FILE, sa_type=choice(ImportStatus))
    file_bytes: int | None = None
    file_digest: str | None = Field(default=None, max_length=64)
    found_format: ImportFormat | None = Field(default=None, sa_type=choice(ImportFormat, "found_format"))
    encoding: str | None = Field(default=None, max_length=20)
    delimiter: str | None = Field(default=None, max_length=1)
    columns: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    progress_done: int = 0
    progress_total: int | None = None
    created_count: int = 0
    changed_count: int = 0
    unchanged_count: int = 0
    refused_count: int = 0
    not_applied_count: int = 0
    problem_code: str | None = Field(default=None, max_length=80)
    problem_line: int | None = None
    started_at: datetime | None = Field(default=None, sa_type=INSTANT)
    finished_at: datetime | None = Field(default=None, sa_type=INSTANT)


class ImportChunk(Guarded, table=True):
    """A part of a file that waits to be read. Personal data as it was sent; deleted when the import ends."""

    __tablename__ = "import_chunk"
    __table_args__ = (Index("uq_import_chunk_import_id_number", "import_id", "number", unique=True),)
    is_recorded: ClassVar[bool] = False  # the import's own changes tell that there was a file
    reach: ClassVar[Reach] = Reach(Permission.IMPORT_READ, program=None, holders=("partner_id",))

    import_id: UUID = Field(foreign_key="import.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    number: int
    data: bytes


class ImportRow(Guarded, table=True):
    """What became of one row. No foreign key to the person: rows are told of before the whole is applied.

    `external_id` is kept of refused rows only; of the others it is the person's own, read within reach.
    """

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_import_id_line", "import_id", "line"),)
    is_recorded: ClassVar[bool] = False  # what happened to the person is recorded
    reach: ClassVar[Reach] = Reach(
        Permission.IMPORT_READ, program=None, holders=("partner_id",), persons=("participant_id",)
    )

    import_id: UUID = Field(foreign_key="import.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    line: int = Field(description="Of the file, from 1; a header is line 1.")
    outcome: SyncOutcome = Field(sa_type=choice(SyncOutcome))
    participant_id: UUID | None = None
    external_id: str | None = Field(default=None, max_length=120)
    problem_code: str | None = Field(default=None, max_length=80)
    pointer: str | None = Field(default=None, max_length=400)
    changed_fields: list[str] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    possible_duplicates: int = 0
