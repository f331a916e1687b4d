"""Which person has a calendar feed, and under which secret?"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from app.kit.columns import INSTANT, Row
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {"uq_calendar_feed_open": "resource.changed_meanwhile"}


class CalendarFeed(Row, table=True):
    """A person's own calendar feed; at most one is open. Belongs to the account; of the secret only the hash is kept."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        Index("uq_calendar_feed_open", "user_id", unique=True, postgresql_where=text("closed_at is null")),
        Index("uq_calendar_feed_token_hash", "token_hash", unique=True),
    )

    user_id: UUID = Field(foreign_key="user_account.id")
    token_hash: str = Field(max_length=64)
    language: str = Field(max_length=2)
    closed_at: datetime | None = Field(default=None, sa_type=INSTANT)
