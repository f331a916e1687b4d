"""what a programme says of itself in the catalogue, and the search through it

Revision: 0015, after 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0013"
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


def upgrade() -> None:
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
    op.drop_constraint(op.f("ck_program_listed_source"), "program", type_="check")
    op.drop_constraint(op.f("ck_program_places"), "program", type_="check")
    op.drop_index("ix_program_search", table_name="program")
    for name in ("search", *REFERENCES, *TEXTS, *LISTS, "places", "example_version", "is_example"):
        op.drop_column("program", name)
