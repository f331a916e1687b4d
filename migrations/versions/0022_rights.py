"""What people ask about their data, exports, the ledger of erasures, and data that is only stored.

Revision: 0022, after 0021
"""

import re

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KINDS = (
    "dataRequest.received",
    "dataRequest.extended",
    "dataRequest.assessed",
    "dataRequest.granted",
    "dataRequest.refused",
    "dataRequest.approved",
    "dataRequest.executed",
    "restriction.set",
    "restriction.lifted",
    "participant.erased",
)
TABLES = ("data_export", "data_request", "erasure")
GROUNDS = (
    "noLongerNeeded",
    "consentWithdrawn",
    "objectionUpheld",
    "unlawful",
    "legalObligation",
    "collectedFromChild",
)
JSONB = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
INSTANT = sa.DateTime(timezone=True)
POLICIES = {
    "data_request": """
(select beyond_reach())
  or participant_id = any ((select reach('data_request_read.persons'))::uuid[])
  or (partner_id = any ((select reach('data_request_read.partner'))::uuid[])
    and participant_id not in (select c.participant_id from concealment c where ((c.kind = 'protectedIdentity' and c.partner_id <> all ((select reach('cleared'))::uuid[])) or (c.kind = 'processingRestricted' and c.partner_id <> all ((select reach('partner'))::uuid[])))))
""",
    "data_export": """
(select beyond_reach())
  or exists (select from participant p where p.id = participant_id)
""",
}
# In every policy that keeps the protected from the uncleared, whose data is only stored is kept from other partners, too.
# The policies are changed as they stand, so that those of any table that came before are.
CLEARED = (
    "((c.kind)::text = 'protectedIdentity'::text) AND (c.partner_id <> ALL (( SELECT reach('cleared'::text) AS reach)::uuid[]))"
)
RESTRICTED = (
    "((c.kind)::text = 'processingRestricted'::text) AND (c.partner_id <> ALL (( SELECT reach('partner'::text) AS reach)::uuid[]))"
)
BOTH = f"(({CLEARED}) OR ({RESTRICTED}))"
LISTED = re.compile(r"\(([a-z_.]+)\)::text = ANY \(\(ARRAY\[(.*?)\]\)::text\[\]\)")
REGARDLESS = ("incident",)
"""Their handling protects people."""
EVERY_POLICY = sa.text("select tablename, qual from pg_policies where policyname = 'within_reach' order by 1")


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


def values_of(constraint: str) -> list[str]:
    """What a CHECK of values takes now: what lies before this migration need not be repeated here."""
    told = op.get_bind().scalar(
        sa.text("select pg_get_constraintdef(oid) from pg_constraint where conname = :name"), {"name": constraint}
    )
    return re.findall(r"'([^']+)'", told)


def take(table: str, constraint: str, values: list[str]) -> None:
    op.drop_constraint(op.f(constraint), table, type_="check")
    listed = ", ".join(f"'{value}'" for value in values)
    op.create_check_constraint(op.f(constraint), table, sa.text(f"kind in ({listed})"))


def create_requests() -> None:
    people = ("requested_by_user_id", "assessed_by_user_id", "decided_by_user_id", "approved_by_user_id")
    create(
        "data_request",
        needed("partner_id", sa.Uuid()),
        needed("participant_id", sa.Uuid()),
        needed(
            "kind",
            choice(
                "datarequestkind", "access", "portability", "rectification", "restriction", "objection", "erasure"
            ),
        ),
        needed("status", choice("datarequeststatus", "received", "assessed", "granted", "refused", "executed")),
        needed("received_on", sa.Date()),
        needed("due_on", sa.Date()),
        optional("extension_reason", choice("extensionreason", "complex", "manyRequests")),
        needed("requested_by_user_id", sa.Uuid()),
        optional("assessed_by_user_id", sa.Uuid()),
        optional("assessed_at", INSTANT),
        optional("decided_by_user_id", sa.Uuid()),
        optional("decided_at", INSTANT),
        optional("legal_ground", choice("erasureground", *GROUNDS)),
        optional(
            "refusal_ground",
            choice(
                "refusalground",
                "archiveLaw",
                "legalObligation",
                "publicTask",
                "legalClaims",
                "othersRights",
                "identityUnproven",
                "unfounded",
                "correctAsHeld",
            ),
        ),
        optional("decision_reference", text(60)),
        optional("approved_by_user_id", sa.Uuid()),
        optional("approved_at", INSTANT),
        optional("executed_at", INSTANT),
        needed("trace_id", text(32)),
        sa.CheckConstraint("due_on > received_on", name=op.f("ck_data_request_days")),
        references={
            "partner_id": "partner",
            "participant_id": "participant",
            **dict.fromkeys(people, "user_account"),
        },
    )
    index("data_request", "partner_id", "participant_id")
    is_open = sa.text("status in ('received', 'assessed', 'granted')")
    named = ["participant_id", "kind"]
    op.create_index("uq_data_request_open", "data_request", named, unique=True, postgresql_where=is_open)
    create(
        "data_export",
        needed("data_request_id", sa.Uuid()),
        needed("participant_id", sa.Uuid()),
        needed("content", JSONB),
        needed("expires_at", INSTANT),
        sa.UniqueConstraint("data_request_id", name=op.f("uq_data_export_data_request_id")),
        references={"data_request_id": "data_request", "participant_id": "participant"},
    )
    index("data_export", "participant_id", "expires_at")


def create_ledger() -> None:
    create(
        "erasure",
        needed("partner_id", sa.Uuid()),
        needed("person_digest", text(64)),
        needed("legal_ground", choice("erasureground", *GROUNDS)),
        optional("decision_reference", text(60)),
        needed("decided_by_user_id", sa.Uuid()),
        needed("approved_by_user_id", sa.Uuid()),
        needed("erased_at", INSTANT),
        needed("counts", JSONB),
        optional("replayed_at", INSTANT),
        sa.UniqueConstraint("person_digest", name=op.f("uq_erasure_person_digest")),
        references={"partner_id": "partner"},
    )
    index("erasure", "partner_id")


def as_written(condition: str) -> str:
    """PostgreSQL's own wording of a list of texts, read again, would be worded differently once more."""
    return LISTED.sub(lambda found: f"{found[1]} in ({found[2].replace('::character varying', '')})", condition)


def rewrite(was: str, becomes: str) -> int:
    """Say this instead of that in every policy that says it; answers how many."""
    changed = 0
    for table, condition in op.get_bind().execute(EVERY_POLICY).all():
        if was in condition and table not in REGARDLESS:
            changed_to = as_written(condition.replace(was, becomes))
            op.get_bind().exec_driver_sql(f'alter policy within_reach on "{table}" using ({changed_to})')
            changed += 1
    return changed


def upgrade() -> None:
    take("concealment", "ck_concealment_concealing", [*values_of("ck_concealment_concealing"), "processingRestricted"])
    if not rewrite(CLEARED, BOTH):
        raise RuntimeError("no policy speaks of the cleared as this migration knows it")
    create_requests()
    create_ledger()
    for table, condition in POLICIES.items():
        op.execute(f'alter table "{table}" enable row level security')
        op.execute(f'alter table "{table}" force row level security')
        op.execute(f'create policy within_reach on "{table}" using (\n{condition}\n) with check (true)')
    take("change", "ck_change_changekind", [*values_of("ck_change_changekind"), *KINDS])


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(sa.text(f"delete from change where kind in ({listed})"))
    take("change", "ck_change_changekind", [kind for kind in values_of("ck_change_changekind") if kind not in KINDS])
    for table in TABLES:
        op.drop_table(table)
    rewrite(BOTH, CLEARED)
    op.execute("delete from concealment where kind = 'processingRestricted'")
    known = [kind for kind in values_of("ck_concealment_concealing") if kind != "processingRestricted"]
    take("concealment", "ck_concealment_concealing", known)
