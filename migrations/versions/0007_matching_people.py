"""what matching knows of people, and pairs that staff have ruled out

Revision: 0007, after 0006
"""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = ("pairBlock.recorded", "pairBlock.revoked")
LISTS = ("skills", "interests", "accepts_age_groups")
JSONB = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
POLICY = """
(select beyond_reach())
  or mentor_participant_id = any ((select reach('match_run_read.persons'))::uuid[])
  or mentee_participant_id = any ((select reach('match_run_read.persons'))::uuid[])
  or ((program_id = any ((select reach('match_run_read.any'))::uuid[])
    and (mentor_participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))
    and (mentee_participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[])))
    and mentor_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[]))
    and mentee_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
"""


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
    take_kinds([*kinds_now(), *KINDS])
    for name in LISTS:
        op.add_column("participant", sa.Column(name, JSONB, server_default=sa.text("'[]'"), nullable=False))
        op.alter_column("participant", name, server_default=None)
    op.create_table(
        "pair_block",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_participant_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_participant_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "ownCaseWorker",
                "sameHousehold",
                "byStaff",
                name="blockreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_by_user_id", sa.Uuid(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_user_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("mentor_participant_id <> mentee_participant_id", name=op.f("ck_pair_block_two_people")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_pair_block_{column}_{table}"))
            for column, table in (
                ("program_id", "program"),
                ("mentor_enrolment_id", "enrolment"),
                ("mentee_enrolment_id", "enrolment"),
                ("mentor_participant_id", "participant"),
                ("mentee_participant_id", "participant"),
                ("decided_by_user_id", "user_account"),
                ("revoked_by_user_id", "user_account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_block")),
    )
    op.create_index(op.f("ix_pair_block_program_id"), "pair_block", ["program_id"])
    op.create_index(op.f("ix_pair_block_mentee_participant_id"), "pair_block", ["mentee_participant_id"])
    op.create_index(
        "uq_pair_block_in_force",
        "pair_block",
        ["program_id", "mentor_participant_id", "mentee_participant_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at is null"),
    )
    op.execute("alter table pair_block enable row level security")
    op.execute("alter table pair_block force row level security")
    op.execute(f"create policy within_reach on pair_block using ({POLICY}) with check (true)")


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(sa.text(f"delete from change where kind in ({listed})"))
    take_kinds([kind for kind in kinds_now() if kind not in KINDS])
    op.drop_table("pair_block")
    for name in LISTS:
        op.drop_column("participant", name)
