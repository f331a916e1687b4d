"""Imports of files, and meetings under keys of other systems.

Revision: 0018, after 0017
"""

import re

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KINDS = ("import.requested", "import.queued", "import.completed", "import.failed", "import.cancelled")
FORMATS = ("auto", "csv", "ndjson", "xlsx")
STATUS = ("awaitingFile", "queued", "running", "completed", "failed", "cancelled")
OUTCOMES = ("created", "changed", "unchanged", "refused", "notApplied")
INSTANT = sa.DateTime(timezone=True)
JSONB = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
POLICIES = {
    "import_chunk": """
(select beyond_reach())
  or partner_id = any ((select reach('import_read.partner'))::uuid[])
""",
    "import_row": """
(select beyond_reach())
  or participant_id = any ((select reach('import_read.persons'))::uuid[])
  or (partner_id = any ((select reach('import_read.partner'))::uuid[])
    and (participant_id is null or participant_id not in (select c.participant_id from concealment c where c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[]))))
""",
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


def create_imports() -> None:
    create(
        "import",
        needed("partner_id", sa.Uuid()),
        needed("kind", choice("importkind", "participants", "availability", "enrolments")),
        needed("format", choice("importformat", *FORMATS)),
        needed("mapping", JSONB),
        needed("external_system", text(40)),
        needed("is_dry_run", sa.Boolean()),
        needed("mode", choice("batchmode", "wholeOrNothing", "rowByRow")),
        optional("cohort_id", sa.Uuid()),
        needed("requested_by_user_id", sa.Uuid()),
        needed("trace_id", text(32)),
        needed("status", choice("importstatus", *STATUS)),
        optional("file_bytes", sa.Integer()),
        optional("file_digest", text(64)),
        optional("found_format", choice("found_format", *FORMATS)),
        optional("encoding", text(20)),
        optional("delimiter", text(1)),
        needed("columns", JSONB),
        needed("progress_done", sa.Integer()),
        optional("progress_total", sa.Integer()),
        needed("created_count", sa.Integer()),
        needed("changed_count", sa.Integer()),
        needed("unchanged_count", sa.Integer()),
        needed("refused_count", sa.Integer()),
        needed("not_applied_count", sa.Integer()),
        optional("problem_code", text(80)),
        optional("problem_line", sa.Integer()),
        optional("started_at", INSTANT),
        optional("finished_at", INSTANT),
        sa.CheckConstraint("(kind = 'enrolments') = (cohort_id is not null)", name=op.f("ck_import_cohort")),
        references={"partner_id": "partner", "cohort_id": "cohort", "requested_by_user_id": "user_account"},
    )
    op.create_index(op.f("ix_import_partner_id"), "import", ["partner_id"], unique=False)
    op.create_index(op.f("ix_import_cohort_id"), "import", ["cohort_id"], unique=False)
    is_unfinished = sa.text("status in ('queued', 'running')")
    op.create_index("uq_import_unfinished", "import", ["partner_id"], unique=True, postgresql_where=is_unfinished)


def create_parts() -> None:
    own = {"import_id": "import", "partner_id": "partner"}
    create(
        "import_chunk",
        needed("import_id", sa.Uuid()),
        needed("partner_id", sa.Uuid()),
        needed("number", sa.Integer()),
        needed("data", sa.LargeBinary()),
        references=own,
    )
    op.create_index("uq_import_chunk_import_id_number", "import_chunk", ["import_id", "number"], unique=True)
    create(
        "import_row",
        needed("import_id", sa.Uuid()),
        needed("partner_id", sa.Uuid()),
        needed("line", sa.Integer()),
        needed("outcome", choice("syncoutcome", *OUTCOMES)),
        optional("participant_id", sa.Uuid()),
        optional("external_id", text(120)),
        optional("problem_code", text(80)),
        optional("pointer", text(400)),
        optional("changed_fields", JSONB),
        needed("possible_duplicates", sa.Integer()),
        references=own,
    )
    op.create_index("ix_import_row_import_id_line", "import_row", ["import_id", "line"], unique=False)


def upgrade() -> None:
    op.add_column("meeting", optional("external_system", text(40)))
    op.add_column("meeting", optional("external_id", text(120)))
    pair = sa.text("(external_system is null) = (external_id is null)")
    op.create_check_constraint(op.f("ck_meeting_external_pair"), "meeting", pair)
    named, is_given = ["match_id", "external_system", "external_id"], sa.text("external_id is not null")
    op.create_index("uq_meeting_external_id", "meeting", named, unique=True, postgresql_where=is_given)
    create_imports()
    create_parts()
    for table, condition in POLICIES.items():
        op.execute(f'alter table "{table}" enable row level security')
        op.execute(f'alter table "{table}" force row level security')
        op.execute(f'create policy within_reach on "{table}" using (\n{condition}\n) with check (true)')
    take_kinds([*kinds_now(), *KINDS])


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(sa.text(f"delete from change where kind in ({listed})"))
    take_kinds([kind for kind in kinds_now() if kind not in KINDS])
    for table in ("import_row", "import_chunk", "import"):
        op.drop_table(table)
    op.drop_index("uq_meeting_external_id", "meeting")
    op.drop_constraint(op.f("ck_meeting_external_pair"), "meeting", type_="check")
    op.drop_column("meeting", "external_id")
    op.drop_column("meeting", "external_system")
