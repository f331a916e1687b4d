"""How a match ends, goes on, or turns out to be an error.

Revision: 0008, after 0007
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = ("match.withdrawn", "match.closingStarted", "match.reopened", "match.rematchDecided", "match.voided")
DECIDED = ("mentor_may_rematch", "mentee_may_rematch")


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def kinds_now() -> list[str]:
    """The kinds of change that the log takes now: what lies before this migration need not be repeated here."""
    told = op.get_bind().scalar(
        sa.text("select pg_get_constraintdef(oid) from pg_constraint where conname = 'ck_change_changekind'")
    )
    return re.findall(r"'([^']+)'", told)


def take_kinds(kinds: list[str]) -> None:
    op.drop_constraint(op.f("ck_change_changekind"), "change", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("ck_change_changekind"), "change", sa.text(f"kind in ({listed})"))


def upgrade() -> None:
    op.add_column("match", sa.Column("closing_on", sa.Date(), nullable=True))
    reasons = choice("withdrawalreason", "participantLeft", "noLongerSuitable", "preparationNotDone", "programChanged", "other")
    op.add_column("match", sa.Column("withdrawn_reason", reasons, nullable=True))
    for column in DECIDED:
        op.add_column("match", sa.Column(column, sa.Boolean(), nullable=True))
    op.add_column("match", sa.Column("reopened_on", sa.Date(), nullable=True))
    reasons = choice("reopenreason", "closedInError", "bothWantToGoOn", "obstacleGone", "other")
    op.add_column("match", sa.Column("reopened_reason", reasons, nullable=True))
    reasons = choice("voidreason", "wrongPerson", "duplicate", "registeredInError", "test")
    op.add_column("match", sa.Column("void_reason", reasons, nullable=True))
    take_kinds([*kinds_now(), *KINDS])


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(sa.text(f"delete from change where kind in ({listed})"))
    take_kinds([kind for kind in kinds_now() if kind not in KINDS])
    for column in ("void_reason", "reopened_reason", "reopened_on", *DECIDED, "withdrawn_reason", "closing_on"):
        op.drop_column("match", column)
