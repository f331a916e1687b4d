"""runs with pins, runs that move proposals, and what more of the proof is kept

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
POLICY = """
(select beyond_reach())
  or (program_id = any ((select reach('match_run_read.any'))::uuid[])
    and exists (select from match_run w where w.id = run_id and w.clearance_needed <@ (select reach('cleared'))))
"""
NEW = {
    "match_run": ("gap", "score_floor", "contradiction", "includes_proposals", "pin_count"),
    "match_run_pair": ("is_pinned", "is_kept"),
}
TYPES = {"gap": sa.BigInteger(), "score_floor": sa.Integer(), "contradiction": JSONB, "pin_count": sa.Integer()}
NULLABLE = {"gap", "score_floor", "contradiction"}


def upgrade() -> None:
    for table, names in NEW.items():
        for name in names:
            kind = TYPES.get(name, sa.Boolean())
            before = None if name in NULLABLE else sa.text("0") if name in TYPES else sa.false()
            op.add_column(table, sa.Column(name, kind, server_default=before, nullable=name in NULLABLE))
            op.alter_column(table, name, server_default=None)
    op.create_table(
        "match_run_pin",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_enrolment_id", sa.Uuid(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_match_run_pin_{column}_{table}"))
            for column, table in (
                ("program_id", "program"),
                ("run_id", "match_run"),
                ("mentor_enrolment_id", "enrolment"),
                ("mentee_enrolment_id", "enrolment"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_run_pin")),
    )
    op.create_index(op.f("ix_match_run_pin_program_id"), "match_run_pin", ["program_id"])
    op.create_index(
        "uq_match_run_pin_run_id_mentee_enrolment_id", "match_run_pin", ["run_id", "mentee_enrolment_id"], unique=True
    )
    op.execute("alter table match_run_pin enable row level security")
    op.execute("alter table match_run_pin force row level security")
    op.execute(f"create policy within_reach on match_run_pin using ({POLICY}) with check (true)")


def downgrade() -> None:
    op.drop_table("match_run_pin")
    for table, names in NEW.items():
        for name in names:
            op.drop_column(table, name)
