"""Channels of programs, read marks, digests, and joint meetings.

Revision: 0017, after 0016
"""

import re

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KINDS = (
    "channelPost.published",
    "channelPost.edited",
    "channelPost.withdrawn",
    "digest.set",
    "jointMeeting.planned",
    "jointMeeting.changed",
    "jointMeeting.cancelled",
    "jointMeeting.answered",
)
TABLES = (
    "joint_meeting_invitation",
    "joint_meeting_version",
    "channel_post_version",
    "channel_post",
    "joint_meeting",
    "channel_read_mark",
    "digest_setting",
    "digest",
)
JSONB = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
IDS = postgresql.ARRAY(sa.Uuid())
INSTANT = sa.DateTime(timezone=True)
IN_CHANNEL = """
(select beyond_reach())
  or program_id = any ((select reach('channel_read.any'))::uuid[])
"""
IN_MEETINGS = """
(select beyond_reach())
  or program_id = any ((select reach('joint_meeting_read.any'))::uuid[])
"""
POLICIES = {
    "channel_post": IN_CHANNEL,
    "channel_post_version": IN_CHANNEL,
    "joint_meeting": """
(select beyond_reach())
  or (partner_id = any ((select reach('joint_meeting_read.partner'))::uuid[])
    or program_id = any ((select reach('joint_meeting_read.any'))::uuid[]))
""",
    "joint_meeting_version": IN_MEETINGS,
    "joint_meeting_invitation": IN_MEETINGS,
}


def text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def needed(name: str, kind: object) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def optional(name: str, kind: object) -> sa.Column:
    return sa.Column(name, kind, nullable=True)


def create(table: str, *parts: object, references: dict[str, str]) -> None:
    """A table with what every stored thing has, and its references."""
    op.create_table(
        table,
        needed("id", sa.Uuid()),
        needed("version", sa.Integer()),
        needed("created_at", INSTANT),
        needed("updated_at", INSTANT),
        *parts,
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
            for column, to in references.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


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


def planned() -> list[sa.Column]:
    return [
        needed("title", text(200)),
        needed("starts_at", INSTANT),
        needed("ends_at", INSTANT),
        optional("place", text(200)),
        optional("url", text(2000)),
        needed("agenda", JSONB),
        optional("minutes_url", text(2000)),
    ]


def create_meetings() -> None:
    create(
        "joint_meeting",
        needed("program_id", sa.Uuid()),
        needed("partner_id", sa.Uuid()),
        needed("planned_by_user_id", sa.Uuid()),
        *planned(),
        needed("revision", sa.Integer()),
        optional("cancelled_at", INSTANT),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_joint_meeting_times")),
        references={"program_id": "program", "partner_id": "partner", "planned_by_user_id": "user_account"},
    )
    index("joint_meeting", "program_id", "partner_id", "starts_at")
    create(
        "joint_meeting_version",
        needed("program_id", sa.Uuid()),
        needed("joint_meeting_id", sa.Uuid()),
        needed("number", sa.Integer()),
        *planned(),
        needed("invited_partner_ids", IDS),
        needed("replaced_at", INSTANT),
        needed("replaced_by_user_id", sa.Uuid()),
        references={
            "program_id": "program",
            "joint_meeting_id": "joint_meeting",
            "replaced_by_user_id": "user_account",
        },
    )
    index("joint_meeting_version", "program_id")
    named = ["joint_meeting_id", "number"]
    op.create_index("uq_joint_meeting_version_meeting_id_number", "joint_meeting_version", named, unique=True)
    create(
        "joint_meeting_invitation",
        needed("program_id", sa.Uuid()),
        needed("joint_meeting_id", sa.Uuid()),
        needed("partner_id", sa.Uuid()),
        optional("answer", choice("meetinganswer", "coming", "notComing")),
        optional("answered_at", INSTANT),
        optional("answered_by_user_id", sa.Uuid()),
        references={
            "program_id": "program",
            "joint_meeting_id": "joint_meeting",
            "partner_id": "partner",
            "answered_by_user_id": "user_account",
        },
    )
    index("joint_meeting_invitation", "program_id", "partner_id")
    named = ["joint_meeting_id", "partner_id"]
    op.create_index("uq_joint_meeting_invitation_meeting_id_partner_id", "joint_meeting_invitation", named, unique=True)


def create_channels() -> None:
    create(
        "channel_post",
        needed("program_id", sa.Uuid()),
        needed("number", sa.Integer()),
        needed("kind", choice("postkind", "post", "question", "decision", "reply")),
        optional("reply_to_id", sa.Uuid()),
        optional("joint_meeting_id", sa.Uuid()),
        needed("partner_id", sa.Uuid()),
        needed("author_user_id", sa.Uuid()),
        needed("body", text(4000)),
        needed("links", JSONB),
        needed("mentioned_user_ids", IDS),
        needed("mentioned_partner_ids", IDS),
        needed("revision", sa.Integer()),
        optional("edited_at", INSTANT),
        optional("withdrawn_at", INSTANT),
        sa.CheckConstraint("(kind = 'reply') = (reply_to_id is not null)", name=op.f("ck_channel_post_reply")),
        references={
            "program_id": "program",
            "reply_to_id": "channel_post",
            "joint_meeting_id": "joint_meeting",
            "partner_id": "partner",
            "author_user_id": "user_account",
        },
    )
    index("channel_post", "program_id", "reply_to_id", "joint_meeting_id", "author_user_id")
    op.create_index("uq_channel_post_program_id_number", "channel_post", ["program_id", "number"], unique=True)
    create(
        "channel_post_version",
        needed("program_id", sa.Uuid()),
        needed("post_id", sa.Uuid()),
        needed("number", sa.Integer()),
        needed("body", text(4000)),
        needed("links", JSONB),
        needed("replaced_at", INSTANT),
        references={"program_id": "program", "post_id": "channel_post"},
    )
    index("channel_post_version", "program_id")
    op.create_index(
        "uq_channel_post_version_post_id_number", "channel_post_version", ["post_id", "number"], unique=True
    )
    create(
        "channel_read_mark",
        needed("user_id", sa.Uuid()),
        needed("program_id", sa.Uuid()),
        needed("last_number", sa.Integer()),
        references={"user_id": "user_account", "program_id": "program"},
    )
    index("channel_read_mark", "program_id")
    named = ["user_id", "program_id"]
    op.create_index("uq_channel_read_mark_user_id_program_id", "channel_read_mark", named, unique=True)


def create_digests() -> None:
    create(
        "digest_setting",
        needed("user_id", sa.Uuid()),
        needed("digest", choice("digestchoice", "daily", "onlyMentions", "off")),
        references={"user_id": "user_account"},
    )
    op.create_index("uq_digest_setting_user_id", "digest_setting", ["user_id"], unique=True)
    create(
        "digest",
        needed("user_id", sa.Uuid()),
        needed("digest_on", sa.Date()),
        needed("told", JSONB),
        needed("status", choice("letterstatus", "queued", "sending", "sent", "dropped", "failed")),
        needed("attempts", sa.Integer()),
        needed("next_at", INSTANT),
        optional("sent_at", INSTANT),
        references={"user_id": "user_account"},
    )
    op.create_index("uq_digest_user_id_digest_on", "digest", ["user_id", "digest_on"], unique=True)
    is_unsent = sa.text("status in ('queued', 'sending')")
    op.create_index("ix_digest_next_at", "digest", ["next_at"], unique=False, postgresql_where=is_unsent)


def upgrade() -> None:
    create_meetings()
    create_channels()
    create_digests()
    for table, condition in POLICIES.items():
        op.execute(f'alter table "{table}" enable row level security')
        op.execute(f'alter table "{table}" force row level security')
        op.execute(f'create policy within_reach on "{table}" using (\n{condition}\n) with check (true)')
    take_kinds([*kinds_now(), *KINDS])


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(sa.text(f"delete from change where kind in ({listed})"))
    take_kinds([kind for kind in kinds_now() if kind not in KINDS])
    for table in TABLES:
        op.drop_table(table)
