"""What the two of a pair agree on, and who has signed it.

Revision: 0009, after 0008
"""

import re

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KINDS = ("matchText.published", "match.signed")
SIDES = ("mentor", "mentee")


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
    op.create_table(
        "match_agreement_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("preamble", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("points", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_match_agreement_text_program_id_program")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_agreement_text")),
    )
    op.create_index(op.f("ix_match_agreement_text_program_id"), "match_agreement_text", ["program_id"], unique=False)
    op.create_index(
        "uq_match_agreement_text_version", "match_agreement_text", ["program_id", "number", "language"], unique=True
    )
    for side in SIDES:
        signer = sa.Enum("self", "staff", name=f"{side}_signer", native_enum=False, create_constraint=True, length=40)
        op.add_column("match", sa.Column(f"{side}_signed_text_id", sa.Uuid(), nullable=True))
        op.add_column("match", sa.Column(f"{side}_signed_at", sa.DateTime(timezone=True), nullable=True))
        op.add_column("match", sa.Column(f"{side}_signer", signer, nullable=True))
        op.create_foreign_key(
            op.f(f"fk_match_{side}_signed_text_id_match_agreement_text"),
            "match",
            "match_agreement_text",
            [f"{side}_signed_text_id"],
            ["id"],
        )
    take_kinds([*kinds_now(), *KINDS])


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(sa.text(f"delete from change where kind in ({listed})"))
    take_kinds([kind for kind in kinds_now() if kind not in KINDS])
    for side in SIDES:
        for name in ("signer", "signed_at", "signed_text_id"):
            op.drop_column("match", f"{side}_{name}")
    op.drop_table("match_agreement_text")
