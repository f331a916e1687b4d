"""Where do a partner's systems listen, how far has each been told, and how did each try go?

No event is stored: what is sent is read from the feed at the moment of sending, within the reach that the service account
then has. So nothing waits here that somebody could no longer be told.
"""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, String, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.domain.lifecycles import WebhookState
from app.domain.reminders import LetterStatus
from app.domain.roles import Permission
from app.domain.webhooks import DeliveryProblem, DisabledReason
from app.features.access.tables import Guarded, Reach
from app.kit.columns import INSTANT, JSON, Row, choice
from app.kit.ids import new_id


class WebhookSubscription(Guarded, table=True):
    """An address that a partner wants told, as one of its service accounts would be. Belongs to the partner."""

    __tablename__ = "webhook_subscription"
    __table_args__ = (CheckConstraint("(state = 'disabled') = (disabled_reason is not null)", name="reason"),)
    reach: ClassVar[Reach] = Reach(Permission.WEBHOOK_READ, program=None, holders=("partner_id",))

    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    service_account_id: UUID = Field(foreign_key="user_account.id", index=True)
    name: str = Field(max_length=120)
    url: str = Field(max_length=2000)
    kinds: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(String(60)), nullable=False))
    program_ids: list[UUID] = Field(default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False))
    state: WebhookState = Field(default=WebhookState.ACTIVE, sa_type=choice(WebhookState))
    disabled_reason: DisabledReason | None = Field(default=None, sa_type=choice(DisabledReason))
    disabled_at: datetime | None = Field(default=None, sa_type=INSTANT)


class WebhookSecret(Row, table=True):
    """A secret that signs. Not stored: it is derived from this id and the installation's own secret."""

    __tablename__ = "webhook_secret"

    subscription_id: UUID = Field(foreign_key="webhook_subscription.id", index=True)
    hint: str = Field(max_length=12, description="The first characters, to tell secrets apart.")
    expires_at: datetime | None = Field(default=None, sa_type=INSTANT)


class WebhookProgress(SQLModel, table=True):
    """How far a subscription has been told, and who is telling it now. Changes with every event, so it is a row apart.

    `lease_id` is whose turn it is, until `lease_until`: no transaction is open while a receiver is called. `seen_newest`
    and `seen_on` are what stood in the log, and which day it was, when there was nothing more to tell.
    """

    __tablename__ = "webhook_progress"

    subscription_id: UUID = Field(foreign_key="webhook_subscription.id", primary_key=True)
    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    place: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    is_pending: bool = True
    next_at: datetime = Field(sa_type=INSTANT, index=True)
    failures: int = 0
    failing_since: datetime | None = Field(default=None, sa_type=INSTANT)
    lease_id: UUID | None = None
    lease_until: datetime | None = Field(default=None, sa_type=INSTANT)
    seen_newest: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    seen_on: date
    test_id: UUID | None = None


class WebhookDelivery(SQLModel, table=True):
    """One try: when, of which event, and how it went. Kept for thirty days; never what the receiver said."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("ix_webhook_delivery_subscription_id_at", "subscription_id", "at"),
        Index("ix_webhook_delivery_subscription_id_event_id", "subscription_id", "event_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    subscription_id: UUID = Field(foreign_key="webhook_subscription.id")
    event_id: str = Field(max_length=60)
    kind: str = Field(max_length=60)
    attempt: int
    at: datetime = Field(sa_type=INSTANT, index=True)
    milliseconds: int
    status_class: int | None = None
    problem: DeliveryProblem | None = Field(default=None, sa_type=choice(DeliveryProblem))
    place: list[Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))


class WebhookNotice(Row, table=True):
    """A letter to an administrator about a webhook that was disabled, until the mail server has it. No text, no address."""

    __tablename__ = "webhook_notice"
    __table_args__ = (
        Index("ix_webhook_notice_next_at", "next_at", postgresql_where=text("status in ('queued', 'sending')")),
    )
    is_recorded: ClassVar[bool] = False  # it tells of a disabling; that is recorded

    subscription_id: UUID = Field(foreign_key="webhook_subscription.id", index=True)
    user_id: UUID = Field(foreign_key="user_account.id")
    status: LetterStatus = Field(default=LetterStatus.QUEUED, sa_type=choice(LetterStatus))
    attempts: int = 0
    next_at: datetime = Field(sa_type=INSTANT)
    sent_at: datetime | None = Field(default=None, sa_type=INSTANT)
