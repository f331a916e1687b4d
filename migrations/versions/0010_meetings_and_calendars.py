"""Planned meetings, corrected meetings, and calendar feeds.

Revision: 0010, after 0009
"""

import re

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = ("meeting.corrected", "meeting.planned", "meeting.cancelled", "calendarFeed.opened", "calendarFeed.closed")
PEOPLE = ("mentor_participant_id", "mentee_participant_id")
MODES = ("inPerson", "video", "phone")
REASONS = ("wrongDay", "wrongLength", "wrongMode", "wrongTopics", "other")
POLICIES = {
    "meeting_revision": """
(select beyond_reach())
  or mentor_participant_id = any ((select reach('meeting_read.persons'))::uuid[])
  or mentee_participant_id = any ((select reach('meeting_read.persons'))::uuid[])
  or ((program_id = any ((select reach('meeting_read.any'))::uuid[])
    and (mentor_participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))
    and (mentee_participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[])))
    and mentor_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[]))
    and mentee_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
""",
    "planned_meeting": """
(select beyond_reach())
  or mentor_participant_id = any ((select reach('meeting_read.persons'))::uuid[])
  or mentee_participant_id = any ((select reach('meeting_read.persons'))::uuid[])
  or ((program_id = any ((select reach('meeting_read.any'))::uuid[])
    and (mentor_participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))
    and (mentee_participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[])))
    and mentor_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[]))
    and mentee_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
""",
}


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def row(table: str) -> list[sa.Column]:
    """What every stored thing of a program has."""
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def pair(table: str) -> list[sa.Column | sa.ForeignKeyConstraint]:
    """The program and the two people, with their references."""
    return [
        sa.Column("program_id", sa.Uuid(), nullable=False),
        reference(table, "program_id", "program"),
        *(sa.Column(person, sa.Uuid(), nullable=False) for person in PEOPLE),
        *(reference(table, person, "participant") for person in PEOPLE),
    ]


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
    op.add_column("meeting", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    op.alter_column("meeting", "revision", server_default=None)
    table = "meeting_revision"
    op.create_table(
        table,
        *row(table),
        *pair(table),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("mode", choice("meetingmode", *MODES), nullable=False),
        sa.Column("topics", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("logged_side", choice("side", "mentor", "mentee"), nullable=True),
        sa.Column("logged_by_user_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_side", choice("confirmed_side", "mentor", "mentee"), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", choice("correctionreason", *REASONS), nullable=False),
        sa.CheckConstraint("minutes between 1 and 1440", name=op.f("ck_meeting_revision_minutes")),
        reference(table, "meeting_id", "meeting"),
        reference(table, "logged_by_user_id", "user_account"),
    )
    op.create_index("uq_meeting_revision_meeting_id_number", table, ["meeting_id", "number"], unique=True)
    table = "planned_meeting"
    op.create_table(
        table,
        *row(table),
        *pair(table),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("mode", choice("meetingmode", *MODES), nullable=False),
        sa.Column("planned_side", choice("side", "mentor", "mentee"), nullable=True),
        sa.Column("planned_by_user_id", sa.Uuid(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("minutes between 1 and 1440", name=op.f("ck_planned_meeting_minutes")),
        reference(table, "match_id", "match"),
        reference(table, "planned_by_user_id", "user_account"),
    )
    op.create_index(op.f("ix_planned_meeting_match_id"), table, ["match_id"], unique=False)
    for table in ("meeting_revision", "planned_meeting"):
        for column in ("program_id", *PEOPLE):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    table = "calendar_feed"
    op.create_table(
        table,
        *row(table),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        reference(table, "user_id", "user_account"),
    )
    op.create_index("uq_calendar_feed_token_hash", table, ["token_hash"], unique=True)
    is_open = sa.text("closed_at is null")
    op.create_index("uq_calendar_feed_open", table, ["user_id"], unique=True, postgresql_where=is_open)
    for table, condition in POLICIES.items():
        op.execute(f'alter table "{table}" enable row level security')
        op.execute(f'alter table "{table}" force row level security')
        op.execute(f'create policy within_reach on "{table}" using (\n{condition}\n) with check (true)')
    take_kinds([*kinds_now(), *KINDS])


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(sa.text(f"delete from change where kind in ({listed})"))
    take_kinds([kind for kind in kinds_now() if kind not in KINDS])
    for table in ("calendar_feed", "planned_meeting", "meeting_revision"):
        op.drop_table(table)
    op.drop_column("meeting", "revision")
