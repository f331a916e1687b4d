"""The access log is complete and sealed: transactions, logins and purposes of accesses, checkpoints, signed reviews.

Revision: 0021, after 0020

Accesses from before get the transaction of this migration: they are sealed by the first checkpoint.
"""

import re

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ROLE = "mentorskap_app"
KINDS = ("accessReview.signed",)
XACT_ID = sa.text("((pg_current_xact_id())::text)::bigint")
INSTANT = sa.DateTime(timezone=True)
PURPOSES = (
    "caseWork", "matching", "followUp", "registerExtract", "correction", "logReview", "incident", "supervision", "emergency",
)


def text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def needed(name: str, kind: object) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


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


def widen_accesses() -> None:
    op.add_column("access_record", sa.Column("xact_id", sa.BigInteger(), server_default=XACT_ID, nullable=False))
    op.add_column("access_record", sa.Column("login_id", sa.Uuid(), nullable=True))
    op.add_column("access_record", sa.Column("purpose", sa.String(40), nullable=True))
    op.add_column("access_record", sa.Column("reference", text(60), nullable=True))
    listed = ", ".join(f"'{purpose}'" for purpose in PURPOSES)
    op.create_check_constraint(op.f("ck_access_record_purpose"), "access_record", sa.text(f"purpose in ({listed})"))
    op.create_index("ix_access_record_xact_id_id", "access_record", ["xact_id", "id"], unique=False)


def create_seals() -> None:
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        needed("at", INSTANT),
        needed("format", sa.Integer()),
        needed("previous_root", text(64)),
        needed("access_xact_id", sa.BigInteger()),
        needed("access_id", sa.BigInteger()),
        needed("access_count", sa.Integer()),
        needed("change_xact_id", sa.BigInteger()),
        needed("change_id", sa.BigInteger()),
        needed("change_count", sa.Integer()),
        needed("tree_root", text(64)),
        needed("root", text(64)),
        needed("kid", text(64)),
        needed("signature", text(100)),
        needed("leaves", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
    )
    op.create_index(op.f("ix_audit_seal_at"), "audit_seal", ["at"], unique=False)


def create_signatures() -> None:
    op.create_table(
        "access_review_signature",
        needed("id", sa.Uuid()),
        needed("version", sa.Integer()),
        needed("created_at", INSTANT),
        needed("updated_at", INSTANT),
        needed("partner_id", sa.Uuid()),
        needed("month", text(7)),
        needed("finding", choice("reviewfinding", "nothingFound", "followedUp", "reported")),
        needed("seal_number", sa.BigInteger()),
        needed("signed_by_user_id", sa.Uuid()),
        needed("signed_at", INSTANT),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_access_review_signature_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_access_review_signature_signed_by_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_review_signature")),
    )
    op.create_index(
        "uq_access_review_signature_partner_id_month", "access_review_signature", ["partner_id", "month"], unique=True
    )


def upgrade() -> None:
    widen_accesses()
    create_seals()
    create_signatures()
    op.execute(f"revoke update, delete on audit_seal, access_review_signature from {ROLE}")
    take_kinds(sorted({*kinds_now(), *KINDS}))


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(f"delete from change where kind in ({listed})")
    take_kinds([kind for kind in kinds_now() if kind not in KINDS])
    op.drop_table("access_review_signature")
    op.drop_table("audit_seal")
    op.drop_index("ix_access_record_xact_id_id", table_name="access_record")
    op.drop_constraint(op.f("ck_access_record_purpose"), "access_record", type_="check")
    for column in ("reference", "purpose", "login_id", "xact_id"):
        op.drop_column("access_record", column)
