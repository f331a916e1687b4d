"""What readers of the feed were told of, and webhooks.

Revision: 0019, after 0017 until 0018 is there
"""

import re

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def needed(name: str, kind: object) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def optional(name: str, kind: object) -> sa.Column:
    return sa.Column(name, kind, nullable=True)


def create_feed() -> None:
    op.create_table(
        "feed_reader",
        needed("reader_id", sa.Uuid()),
        needed("last_number", sa.BigInteger()),
        sa.PrimaryKeyConstraint("reader_id", name=op.f("pk_feed_reader")),
    )
    op.create_table(
        "feed_told",
        needed("reader_id", sa.Uuid()),
        needed("subject", text(60)),
        needed("subject_id", sa.Uuid()),
        optional("program_id", sa.Uuid()),
        optional("partner_id", sa.Uuid()),
        needed("is_lost", sa.Boolean()),
        optional("number", sa.BigInteger()),
        optional("turned_at", INSTANT),
        sa.PrimaryKeyConstraint("reader_id", "subject", "subject_id", name=op.f("pk_feed_told")),
    )
    has_turned = sa.text("number is not null")
    op.create_index(
        "uq_feed_told_reader_id_number", "feed_told", ["reader_id", "number"], unique=True, postgresql_where=has_turned
    )


def upgrade() -> None:
    create_feed()


def downgrade() -> None:
    for table in ("feed_told", "feed_reader"):
        op.drop_table(table)
