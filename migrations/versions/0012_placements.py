"""Placements at host workplaces.

Revision: 0012, after 0011
"""

import re

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KINDS = ("workplace.offered", "workplace.updated", "placement.agreed", "placement.ended")
ENDS = ("completed", "startedWork", "startedStudies", "interrupted", "hostCause", "notStarted")
REFERENCES = {
    "program_id": "program",
    "cohort_id": "cohort",
    "workplace_id": "host_workplace",
    "host_partner_id": "partner",
    "enrolment_id": "enrolment",
    "participant_id": "participant",
    "partner_id": "partner",
    "supervisor_enrolment_id": "enrolment",
    "supervisor_participant_id": "participant",
}
POLICIES = {
    "placement": """
(select beyond_reach())
  or participant_id = any ((select reach('placement_read.persons'))::uuid[])
  or supervisor_participant_id = any ((select reach('placement_read.persons'))::uuid[])
  or ((partner_id = any ((select reach('placement_read.partner'))::uuid[])
    or host_partner_id = any ((select reach('placement_read.partner'))::uuid[])
    or (program_id = any ((select reach('placement_read.any'))::uuid[])
    and (participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))
    and (supervisor_participant_id, program_id) not in (select c.participant_id, c.program_id from concealment c where c.kind = 'withdrawnConsent' and c.partner_id <> all ((select reach('partner'))::uuid[]))))
    and participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[]))
    and supervisor_participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])))
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
    table = "host_workplace"
    op.create_table(
        table,
        *row(table),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("municipality_code", sqlmodel.sql.sqltypes.AutoString(length=4), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.CheckConstraint("places between 1 and 500", name=op.f("ck_host_workplace_places")),
        reference(table, "program_id", "program"),
        reference(table, "cohort_id", "cohort"),
        reference(table, "partner_id", "partner"),
    )
    for column in ("program_id", "partner_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    named = ["cohort_id", "partner_id", "name"]
    op.create_index("uq_host_workplace_cohort_id_partner_id_name", table, named, unique=True)
    table = "placement"
    op.create_table(
        table,
        *row(table),
        *(sa.Column(column, sa.Uuid(), nullable=False) for column in REFERENCES),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("agreed_until", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end", choice("placementend", *ENDS), nullable=True),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_placement_days")),
        *(reference(table, column, to) for column, to in REFERENCES.items()),
    )
    for column in REFERENCES:
        if column != "supervisor_enrolment_id":
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    is_held = sa.text("place is not null")
    op.create_index("uq_placement_place", table, ["workplace_id", "place"], unique=True, postgresql_where=is_held)
    op.create_index("uq_placement_enrolment_open", table, ["enrolment_id"], unique=True, postgresql_where=is_held)
    for table, condition in POLICIES.items():
        op.execute(f'alter table "{table}" enable row level security')
        op.execute(f'alter table "{table}" force row level security')
        op.execute(f'create policy within_reach on "{table}" using (\n{condition}\n) with check (true)')
    take_kinds([*kinds_now(), *KINDS])


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(sa.text(f"delete from change where kind in ({listed})"))
    take_kinds([kind for kind in kinds_now() if kind not in KINDS])
    op.drop_table("placement")
    op.drop_table("host_workplace")
