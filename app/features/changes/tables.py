"""What happened, in which order? The append-only log; ids and field names, never values."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel, String

from app.domain.changes import ChangeKind
from app.kit.clock import now
from app.kit.columns import INSTANT, XACT_ID, choice


class Change(SQLModel, table=True):
    """One change. Has no foreign keys, so that history outlives what it tells of.

    `xact_id` is the writing transaction: readers stop before the oldest one still open, because sequence numbers are
    not commit-ordered.
    """

    __tablename__ = "change"
    __table_args__ = (Index("ix_change_xact_id_id", "xact_id", "id"),)
    is_recorded: ClassVar[bool] = False

    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    xact_id: int | None = Field(default=None, sa_column=Column(BigInteger, server_default=XACT_ID, nullable=False))
    at: datetime = Field(default_factory=now, sa_type=INSTANT)
    kind: ChangeKind = Field(sa_type=choice(ChangeKind))
    subject: str = Field(max_length=60)
    subject_id: UUID = Field(index=True)
    program_id: UUID | None = Field(default=None, index=True)
    partner_id: UUID | None = Field(default=None, index=True)
    actor_id: UUID | None = None
    fields: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(String(60)), nullable=False))
    trace_id: str = Field(max_length=32)
