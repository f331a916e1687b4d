"""what a programme says of itself in the catalogue, and the search through it

Revision: 0015, after 0014
"""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
TEXTS = {"target_group": 400, "contact_email": 254, "contact_phone": 20, "contact_url": 300}
LISTS = ("languages", "districts", "shown_factors")
SEARCHED = """
setweight(to_tsvector('swedish', name), 'A') || setweight(to_tsvector('simple', name), 'A')
|| setweight(to_tsvector('swedish', summary), 'B') || setweight(to_tsvector('swedish', coalesce(target_group, '')), 'B')
|| setweight(to_tsvector('simple', coalesce(organizer, '')), 'B')
|| setweight(to_tsvector('swedish', coalesce(purpose, '')), 'C') || setweight(to_tsvector('swedish', description), 'D')
"""
REFERENCES = {"assured_by_partner_id": "partner", "example_program_id": "program"}
LISTED = "listing <> 'listed' or (source is not null and organizer is not null)"


KINDS = ("assurance.requested",)


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
    op.create_table(
        "assurance_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_assurance_request_program_id_program")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assurance_request")),
    )
    op.create_index(op.f("ix_assurance_request_program_id"), "assurance_request", ["program_id"])
    for name, length in TEXTS.items():
        op.add_column("program", sa.Column(name, sa.String(length), nullable=True))
    for name in ("places", "example_version"):
        op.add_column("program", sa.Column(name, sa.Integer(), nullable=True))
    for name, table in REFERENCES.items():
        op.add_column("program", sa.Column(name, sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f"fk_program_{name}_{table}"), "program", table, [name], ["id"])
    for name, kind, before in [("is_example", sa.Boolean(), "false"), *((one, JSONB, "'[]'") for one in LISTS)]:
        op.add_column("program", sa.Column(name, kind, server_default=sa.text(before), nullable=False))
        op.alter_column("program", name, server_default=None)
    op.add_column("program", sa.Column("search", postgresql.TSVECTOR(), sa.Computed(SEARCHED, persisted=True)))
    op.create_index("ix_program_search", "program", ["search"], postgresql_using="gin")
    op.create_check_constraint(op.f("ck_program_places"), "program", "places between 1 and 100000")
    # What was listed before this rule says at least that nobody has said it.
    op.execute("update program set source = coalesce(source, 'okänd'), organizer = coalesce(organizer, 'okänd')"
               " where listing = 'listed'")  # fmt: skip
    op.create_check_constraint(op.f("ck_program_listed_source"), "program", LISTED)


def downgrade() -> None:
    take_kinds([kind for kind in kinds_now() if kind not in KINDS])
    op.drop_table("assurance_request")
    op.drop_constraint(op.f("ck_program_listed_source"), "program", type_="check")
    op.drop_constraint(op.f("ck_program_places"), "program", type_="check")
    op.drop_index("ix_program_search", table_name="program")
    for name in ("search", *REFERENCES, *TEXTS, *LISTS, "places", "example_version", "is_example"):
        op.drop_column("program", name)
