"""Logins: counted attempts, authenticator apps, identities at providers, keys and networks of services.

Revision: 0020, after 0017
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
JSONB = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())


def text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def needed(name: str, kind: object) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def optional(name: str, kind: object) -> sa.Column:
    return sa.Column(name, kind, nullable=True)


def create(table: str, *parts: sa.Column, unique: str) -> None:
    """A table of what belongs to a user, found by one column."""
    op.create_table(
        table,
        needed("id", sa.Uuid()),
        needed("version", sa.Integer()),
        needed("created_at", INSTANT),
        needed("updated_at", INSTANT),
        needed("user_id", sa.Uuid()),
        *parts,
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f(f"fk_{table}_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(unique, name=op.f(f"uq_{table}_{unique}")),
    )
    op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"], unique=False)


def upgrade() -> None:
    create("recovery_code", needed("code_digest", text(64)), optional("used_at", INSTANT), unique="code_digest")
    create(
        "service_key",
        needed("kid", text(43)),
        needed("x", text(43)),
        needed("y", text(43)),
        optional("revoked_at", INSTANT),
        unique="kid",
    )
    create(
        "external_identity",
        needed("issuer", text(300)),
        needed("identity_digest", text(64)),
        unique="identity_digest",
    )
    op.create_table(
        "login_count",
        needed("key", text(64)),
        needed("began_at", INSTANT),
        needed("attempts", sa.Integer()),
        needed("failures", sa.Integer()),
        needed("last_at", INSTANT),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_count")),
    )
    op.create_index(op.f("ix_login_count_last_at"), "login_count", ["last_at"], unique=False)
    op.create_table(
        "used_token",
        needed("digest", text(64)),
        needed("expires_at", INSTANT),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_token")),
    )
    op.create_index(op.f("ix_used_token_expires_at"), "used_token", ["expires_at"], unique=False)
    op.add_column("user_account", optional("allowed_networks", JSONB))
    op.add_column("user_account", optional("totp_secret", text(200)))
    op.add_column("user_account", optional("totp_since", INSTANT))
    op.add_column("user_account", optional("totp_step", sa.BigInteger()))
    op.add_column("login_session", sa.Column("methods", JSONB, nullable=False, server_default='["pwd"]'))
    op.alter_column("login_session", "methods", server_default=None)
    op.add_column("partner", sa.Column("totp_roles", JSONB, nullable=False, server_default="[]"))
    op.alter_column("partner", "totp_roles", server_default=None)


def downgrade() -> None:
    op.drop_column("partner", "totp_roles")
    op.drop_column("login_session", "methods")
    for column in ("totp_step", "totp_since", "totp_secret", "allowed_networks"):
        op.drop_column("user_account", column)
    for table in ("used_token", "login_count", "external_identity", "service_key", "recovery_code"):
        op.drop_table(table)
