"""In which part of the municipality people live; plans with goals, measures, decisions and how they go.

Revision: 0016, after 0015
"""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KINDS = (
    "plan.created", "plan.updated", "plan.decided", "plan.revised", "plan.published", "planGoal.added", "planGoal.updated",
    "planGoal.withdrawn", "planGoal.reported", "planMeasure.added", "planMeasure.updated", "planMeasure.withdrawn",
    "planMeasure.reported", "plan.commented",
)  # fmt: skip
PLAN_STATUS = ("draft", "decided", "followedUp", "closed")
MEASURE_STATUS = ("planned", "ongoing", "done", "cancelled")
DECISIONS = ("commission", "adoption", "followUp", "closing")
TABLES = ("plan_note", "plan_version", "plan_decision", "plan_measure", "plan_goal", "plan")
INSTANT = sa.DateTime(timezone=True)
JSONB = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
IDS = postgresql.ARRAY(sa.Uuid())


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def must(name: str, kind: sa.types.TypeEngine) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def may(name: str, kind: sa.types.TypeEngine) -> sa.Column:
    return sa.Column(name, kind, nullable=True)


def make(table: str, *parts: sa.schema.SchemaItem, **references: str) -> None:
    """A table with what every stored thing has, and its foreign keys; each part of a plan has an index on the plan."""
    keys = [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
        for column, to in {"partner_id": "partner", **references}.items()
    ]
    op.create_table(
        table,
        must("id", sa.Uuid()),
        must("version", sa.Integer()),
        must("created_at", INSTANT),
        must("updated_at", INSTANT),
        must("partner_id", sa.Uuid()),
        *parts,
        *keys,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    if "plan_id" in references:
        op.create_index(op.f(f"ix_{table}_plan_id"), table, ["plan_id"])


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
    op.add_column("participant", sa.Column("district", sa.String(length=60), nullable=True))
    make_plans()
    make_what_happens()
    take_kinds([*kinds_now(), *KINDS])


def make_plans() -> None:
    make(
        "plan",
        must("number", sa.Integer()),
        must("status", choice("planstatus", *PLAN_STATUS)),
        must("title", sa.String(200)),
        must("purpose", sa.String(4000)),
        may("children", sa.String(4000)),
        must("starts_on", sa.Date()),
        must("ends_on", sa.Date()),
        must("is_published", sa.Boolean()),
        must("with_partner_ids", IDS),
        must("named_partner_ids", IDS),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_plan_period")),
    )
    op.create_index("uq_plan_partner_id_title", "plan", ["partner_id", "title"], unique=True)
    make(
        "plan_goal",
        must("plan_id", sa.Uuid()),
        must("text", sa.String(1000)),
        may("number", sa.Integer()),
        may("unit", sa.String(60)),
        may("due_on", sa.Date()),
        may("reached", sa.Integer()),
        may("withdrawn_at", INSTANT),
        sa.CheckConstraint("(number is null) = (unit is null)", name=op.f("ck_plan_goal_unit")),
        plan_id="plan",
    )
    make(
        "plan_measure",
        must("plan_id", sa.Uuid()),
        must("goal_id", sa.Uuid()),
        must("responsible_partner_id", sa.Uuid()),
        must("text", sa.String(1000)),
        must("starts_on", sa.Date()),
        must("due_on", sa.Date()),
        must("status", choice("measurestatus", *MEASURE_STATUS)),
        may("status_reason", sa.String(500)),
        may("gap", JSONB),
        may("baseline", JSONB),
        may("baseline_on", sa.Date()),
        must("program_ids", IDS),
        may("withdrawn_at", INSTANT),
        sa.CheckConstraint("starts_on <= due_on", name=op.f("ck_plan_measure_days")),
        plan_id="plan",
        goal_id="plan_goal",
        responsible_partner_id="partner",
    )
    for column in ("goal_id", "responsible_partner_id"):
        op.create_index(op.f(f"ix_plan_measure_{column}"), "plan_measure", [column])


def make_what_happens() -> None:
    make(
        "plan_decision",
        must("plan_id", sa.Uuid()),
        must("kind", choice("decisionkind", *DECISIONS)),
        must("number", sa.Integer()),
        must("diary_number", sa.String(40)),
        must("decided_on", sa.Date()),
        must("decided_by", sa.String(120)),
        may("text", sa.String(2000)),
        plan_id="plan",
    )
    make(
        "plan_version",
        must("plan_id", sa.Uuid()),
        must("number", sa.Integer()),
        must("decision_id", sa.Uuid()),
        must("content", JSONB),
        plan_id="plan",
        decision_id="plan_decision",
    )
    op.create_index("uq_plan_version_plan_id_number", "plan_version", ["plan_id", "number"], unique=True)
    make(
        "plan_note",
        must("plan_id", sa.Uuid()),
        may("goal_id", sa.Uuid()),
        may("measure_id", sa.Uuid()),
        may("said_by_partner_id", sa.Uuid()),
        must("said_by_user_id", sa.Uuid()),
        must("said_at", INSTANT),
        may("status", choice("measurestatus", *MEASURE_STATUS)),
        may("reason", sa.String(500)),
        may("reached", sa.Integer()),
        may("comment", sa.String(2000)),
        plan_id="plan",
        goal_id="plan_goal",
        measure_id="plan_measure",
        said_by_partner_id="partner",
        said_by_user_id="user_account",
    )


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(sa.text(f"delete from change where kind in ({listed})"))
    take_kinds([kind for kind in kinds_now() if kind not in KINDS])
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("participant", "district")
