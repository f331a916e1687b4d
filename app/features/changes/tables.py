"""What happened, in which order, and who was told of what? The append-only log; ids and field names, never values."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, text
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


class FeedReader(SQLModel, table=True):
    """Somebody who reads the feed: an account, or a webhook subscription. Counts what it is told of gained and lost reach.

    Whoever takes the next numbers holds the row until the transaction ends, so numbers follow commits.
    """

    __tablename__ = "feed_reader"

    reader_id: UUID = Field(primary_key=True)
    last_number: int = Field(sa_column=Column(BigInteger, nullable=False))


class FeedTold(SQLModel, table=True):
    """A thing that a reader was told of, and whether it is known to be out of reach by now. Ids only, no foreign keys.

    `number` is when that last turned, in the reader's own count; none: never. The program and the partner are those of
    the change that told of it.
    """

    __tablename__ = "feed_told"
    __table_args__ = (
        Index(
            "uq_feed_told_reader_id_number",
            "reader_id",
            "number",
            unique=True,
            postgresql_where=text("number is not null"),
        ),
    )

    reader_id: UUID = Field(primary_key=True)
    subject: str = Field(primary_key=True, max_length=60)
    subject_id: UUID = Field(primary_key=True)
    program_id: UUID | None = None
    partner_id: UUID | None = None
    is_lost: bool = False
    number: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    turned_at: datetime | None = Field(default=None, sa_type=INSTANT)
