"""What readers of the feed were told of, and webhooks.

Revision: 0019, after 0017 until 0018 is there
"""

import re

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KINDS = (
    "webhookSubscription.created",
    "webhookSubscription.updated",
    "webhookSubscription.paused",
    "webhookSubscription.resumed",
    "webhookSubscription.disabled",
    "webhookSubscription.ended",
    "webhookResend.requested",
    "webhookTest.requested",
    "webhookSecret.issued",
)
PROBLEMS = (
    "addressRefused",
    "nameUnknown",
    "connectionFailed",
    "tlsFailed",
    "timeout",
    "answerBroken",
    "redirected",
    "refused",
    "receiverFailed",
)
TABLES = (
    "webhook_notice",
    "webhook_delivery",
    "webhook_progress",
    "webhook_secret",
    "webhook_subscription",
    "feed_told",
    "feed_reader",
)
OF_PARTNER = """
(select beyond_reach())
  or partner_id = any ((select reach('webhook_read.partner'))::uuid[])
"""
INSTANT = sa.DateTime(timezone=True)
JSONB = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())


def text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def needed(name: str, kind: object) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def optional(name: str, kind: object) -> sa.Column:
    return sa.Column(name, kind, nullable=True)


def create_feed() -> None:
    op.create_table(
        "feed_reader",
        needed("reader_id", sa.Uuid()),
        needed("last_number", sa.BigInteger()),
        sa.PrimaryKeyConstraint("reader_id", name=op.f("pk_feed_reader")),
    )
    op.create_table(
        "feed_told",
        needed("reader_id", sa.Uuid()),
        needed("subject", text(60)),
        needed("subject_id", sa.Uuid()),
        optional("program_id", sa.Uuid()),
        optional("partner_id", sa.Uuid()),
        needed("is_lost", sa.Boolean()),
        optional("number", sa.BigInteger()),
        optional("turned_at", INSTANT),
        sa.PrimaryKeyConstraint("reader_id", "subject", "subject_id", name=op.f("pk_feed_told")),
    )
    has_turned = sa.text("number is not null")
    op.create_index(
        "uq_feed_told_reader_id_number", "feed_told", ["reader_id", "number"], unique=True, postgresql_where=has_turned
    )


def create(table: str, *parts: object, references: dict[str, str]) -> None:
    """A table with what every stored thing has, and its references."""
    rest = [needed("id", sa.Uuid()), needed("version", sa.Integer()), needed("created_at", INSTANT), needed("updated_at", INSTANT)]
    op.create_table(
        table,
        *rest,
        *parts,
        *keys(table, references),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def keys(table: str, references: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
        for column, to in references.items()
    ]


def index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def create_subscriptions() -> None:
    create(
        "webhook_subscription",
        needed("partner_id", sa.Uuid()),
        needed("service_account_id", sa.Uuid()),
        needed("name", text(120)),
        needed("url", text(2000)),
        needed("kinds", postgresql.ARRAY(sa.String(60))),
        needed("program_ids", postgresql.ARRAY(sa.Uuid())),
        needed("state", choice("webhookstate", "active", "paused", "disabled")),
        optional("disabled_reason", choice("disabledreason", "retriesExhausted", "gone", "authorityEnded")),
        optional("disabled_at", INSTANT),
        sa.CheckConstraint(
            "(state = 'disabled') = (disabled_reason is not null)", name=op.f("ck_webhook_subscription_reason")
        ),
        references={"partner_id": "partner", "service_account_id": "user_account"},
    )
    index("webhook_subscription", "partner_id", "service_account_id")
    create(
        "webhook_secret",
        needed("subscription_id", sa.Uuid()),
        needed("hint", text(12)),
        optional("expires_at", INSTANT),
        references={"subscription_id": "webhook_subscription"},
    )
    index("webhook_secret", "subscription_id")
    create(
        "webhook_notice",
        needed("subscription_id", sa.Uuid()),
        needed("user_id", sa.Uuid()),
        needed("status", choice("letterstatus", "queued", "sending", "sent", "dropped", "failed")),
        needed("attempts", sa.Integer()),
        needed("next_at", INSTANT),
        optional("sent_at", INSTANT),
        references={"subscription_id": "webhook_subscription", "user_id": "user_account"},
    )
    index("webhook_notice", "subscription_id")
    is_unsent = sa.text("status in ('queued', 'sending')")
    op.create_index("ix_webhook_notice_next_at", "webhook_notice", ["next_at"], unique=False, postgresql_where=is_unsent)


def create_deliveries() -> None:
    op.create_table(
        "webhook_progress",
        needed("subscription_id", sa.Uuid()),
        needed("partner_id", sa.Uuid()),
        needed("place", JSONB),
        needed("is_pending", sa.Boolean()),
        needed("next_at", INSTANT),
        needed("failures", sa.Integer()),
        optional("failing_since", INSTANT),
        optional("lease_id", sa.Uuid()),
        optional("lease_until", INSTANT),
        needed("seen_newest", sa.BigInteger()),
        needed("seen_on", sa.Date()),
        optional("test_id", sa.Uuid()),
        *keys("webhook_progress", {"subscription_id": "webhook_subscription", "partner_id": "partner"}),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("pk_webhook_progress")),
    )
    index("webhook_progress", "partner_id", "next_at")
    op.create_table(
        "webhook_delivery",
        needed("id", sa.Uuid()),
        needed("subscription_id", sa.Uuid()),
        needed("event_id", text(60)),
        needed("kind", text(60)),
        needed("attempt", sa.Integer()),
        needed("at", INSTANT),
        needed("milliseconds", sa.Integer()),
        optional("status_class", sa.Integer()),
        optional("problem", choice("deliveryproblem", *PROBLEMS)),
        optional("place", JSONB),
        *keys("webhook_delivery", {"subscription_id": "webhook_subscription"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
    )
    index("webhook_delivery", "at")
    for column in ("at", "event_id"):
        name = f"ix_webhook_delivery_subscription_id_{column}"
        op.create_index(name, "webhook_delivery", ["subscription_id", column], unique=False)


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
    create_feed()
    create_subscriptions()
    create_deliveries()
    op.execute('alter table "webhook_subscription" enable row level security')
    op.execute('alter table "webhook_subscription" force row level security')
    op.execute(f'create policy within_reach on "webhook_subscription" using (\n{OF_PARTNER}\n) with check (true)')
    take_kinds([*kinds_now(), *KINDS])


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(sa.text(f"delete from change where kind in ({listed})"))
    take_kinds([kind for kind in kinds_now() if kind not in KINDS])
    for table in TABLES:
        op.drop_table(table)
