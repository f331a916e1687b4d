"""Which webhooks does a partner have, with which secrets, and how did the tries go?"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_
from sqlmodel import Session, col, select

from app.domain.roles import Permission, Role
from app.features.access.scope import Scope
from app.features.access.tables import UserAccount
from app.features.access.visible import visible
from app.features.partners.tables import Partner
from app.features.webhooks.schemas import WebhookSubscriptionRead
from app.features.webhooks.tables import WebhookDelivery, WebhookProgress, WebhookSecret, WebhookSubscription
from app.kit.pages import PageQuery


def subscriptions(scope: Scope[Partner], query: PageQuery) -> tuple[list[WebhookSubscriptionRead], int]:
    """A page of the partner's webhooks by name, and how many there are."""
    subscription = WebhookSubscription
    within = (visible(subscription, scope.actor), subscription.partner_id == scope.row.id)
    total = scope.session.scalar(select(func.count()).select_from(subscription).where(*within)) or 0
    ordered = select(subscription).where(*within).order_by(col(subscription.name), col(subscription.id))
    rows = scope.session.exec(ordered.limit(query.limit).offset((query.page - 1) * query.limit)).all()
    return told(scope.session, rows), total


def told(session: Session, rows: Sequence[WebhookSubscription]) -> list[WebhookSubscriptionRead]:
    """These webhooks, each with how it goes."""
    wanted = select(WebhookProgress).where(col(WebhookProgress.subscription_id).in_([row.id for row in rows]))
    progress = {one.subscription_id: one for one in session.exec(wanted.execution_options(populate_existing=True))}
    found = []
    for row in rows:
        since = progress[row.id].failing_since
        more = {"failing_since": since, "next_attempt_at": progress[row.id].next_at if since else None}
        found.append(WebhookSubscriptionRead.model_validate({**row.model_dump(), **more}))
    return found


def how_many(session: Session, partner_id: UUID) -> int:
    wanted = select(func.count()).select_from(WebhookSubscription)
    return session.exec(wanted.where(WebhookSubscription.partner_id == partner_id)).one()


def is_suitable(session: Session, partner_id: UUID, account_id: UUID) -> bool:
    """Is this an unlocked service account of the partner that may read the feed?"""
    account = UserAccount
    wanted = select(account.scopes).where(
        account.id == account_id,
        account.partner_id == partner_id,
        account.role == Role.SERVICE,
        ~col(account.is_locked),
    )
    return Permission.CHANGE_READ.value in (session.exec(wanted).first() or ())


def signing(session: Session, subscription_id: UUID, now: datetime) -> list[WebhookSecret]:
    """The secrets that sign now, the newest first."""
    wanted = select(WebhookSecret).where(
        WebhookSecret.subscription_id == subscription_id,
        or_(col(WebhookSecret.expires_at).is_(None), col(WebhookSecret.expires_at) > now),
    )
    return list(session.exec(wanted.order_by(col(WebhookSecret.created_at).desc(), col(WebhookSecret.id).desc())))


def secrets_of(scope: Scope[WebhookSubscription]) -> Select[Any]:
    return select(WebhookSecret).where(
        WebhookSecret.subscription_id == scope.row.id,
        or_(col(WebhookSecret.expires_at).is_(None), col(WebhookSecret.expires_at) > scope.now),
    )


def deliveries(scope: Scope[WebhookSubscription]) -> Select[Any]:
    return select(WebhookDelivery).where(WebhookDelivery.subscription_id == scope.row.id)


def place_before(session: Session, subscription_id: UUID, event_id: str) -> list[Any] | None:
    """Where the subscription stood before it was first sent this event; None: it never was, as far as is kept."""
    delivery = WebhookDelivery
    wanted = select(delivery.place).where(delivery.subscription_id == subscription_id, delivery.event_id == event_id)
    found = session.exec(wanted.where(col(delivery.place).is_not(None)).order_by(col(delivery.at)).limit(1)).first()
    return None if found is None else list(found)


def locked_progress(session: Session, subscription_id: UUID) -> WebhookProgress:
    """How far it has been told, kept from everybody else until the transaction ends."""
    wanted = select(WebhookProgress).where(WebhookProgress.subscription_id == subscription_id)
    return session.exec(wanted.with_for_update().execution_options(populate_existing=True)).one()
