"""Incidents in matches, for few eyes.

Revision: 0011, after 0010
"""

import re

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KINDS = ("incident.reported", "incident.moved", "incident.escalated")
PEOPLE = ("mentor_participant_id", "mentee_participant_id")
SIDES = ("mentor", "mentee")
CATEGORIES = (
    "boundaryCrossed",
    "harassment",
    "threatOrViolence",
    "moneyOrGifts",
    "confidentialityBroken",
    "concernForSomebody",
    "accident",
    "disagreement",
    "other",
)
OUTCOMES = ("resolved", "noActionNeeded", "matchEnded", "personLeft", "handedOver")
POLICIES = {
    "incident": """
(select beyond_reach())
  or reported_by_user_id = any ((select reach('incident_read.author'))::uuid[])
  or ((program_id = any ((select reach('incident_read.any'))::uuid[])
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
    table = "incident"
    op.create_table(
        table,
        *row(table),
        *pair(table),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("reported_by_user_id", sa.Uuid(), nullable=False),
        sa.Column("reported_side", choice("reported_side", *SIDES), nullable=True),
        sa.Column("concerns_side", choice("concerns_side", *SIDES), nullable=True),
        sa.Column("category", choice("incidentcategory", *CATEGORIES), nullable=False),
        sa.Column("severity", choice("severity", "low", "medium", "high", "acute"), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("facts", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("status", choice("incidentstatus", "reported", "assessing", "acting", "closed"), nullable=False),
        sa.Column("escalations", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", choice("incidentoutcome", *OUTCOMES), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        reference(table, "match_id", "match"),
        reference(table, "reported_by_user_id", "user_account"),
    )
    for column in ("program_id", *PEOPLE, "match_id", "reported_by_user_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    for table, condition in POLICIES.items():
        op.execute(f'alter table "{table}" enable row level security')
        op.execute(f'alter table "{table}" force row level security')
        op.execute(f'create policy within_reach on "{table}" using (\n{condition}\n) with check (true)')
    take_kinds([*kinds_now(), *KINDS])


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(sa.text(f"delete from change where kind in ({listed})"))
    take_kinds([kind for kind in kinds_now() if kind not in KINDS])
    op.drop_table("incident")
