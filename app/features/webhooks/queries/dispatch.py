"""Whose turn is it to be told, and who is to know when a webhook is disabled? For the dispatcher, beyond anybody's reach."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from app.domain.reminders import LetterStatus
from app.domain.roles import Role
from app.features.access.rows import looks_beyond_reach
from app.features.access.tables import UserAccount
from app.features.webhooks.tables import WebhookNotice, WebhookProgress, WebhookSubscription

MOST_OF_A_PARTNER = 2
"""So many of one partner's webhooks are told at once in all: slow receivers of one do not hold up the others'."""
CLAIM = text("""
update webhook_progress p set lease_id = :lease, lease_until = :until
 where p.subscription_id = (
   select q.subscription_id from webhook_progress q join webhook_subscription s on s.id = q.subscription_id
    where (q.lease_until is null or q.lease_until <= :now)
      and (q.test_id is not null
        or (s.state = 'active' and q.next_at <= :now
            and (q.is_pending or q.seen_newest < :newest or q.seen_on < :today)))
      and (select count(*) from webhook_progress o
            where o.partner_id = q.partner_id and o.lease_until > :now) < :most
    order by q.next_at limit 1 for update of q skip locked)
returning p.subscription_id
""")
UNSENT = (LetterStatus.QUEUED, LetterStatus.SENDING)


@looks_beyond_reach
def claim(session: Session, lease_id: UUID, now: datetime, until: datetime, newest: int, today: date) -> UUID | None:
    """Take the subscription that has waited longest; None when none has anything to be told."""
    given = {"lease": lease_id, "until": until, "now": now, "newest": newest, "today": today}
    found: UUID | None = session.execute(CLAIM, {**given, "most": MOST_OF_A_PARTNER}).scalar()
    return found


@looks_beyond_reach
def held(session: Session, subscription_id: UUID, lease_id: UUID) -> tuple[WebhookSubscription, WebhookProgress] | None:
    """The subscription and its progress, kept from others; None when somebody else has taken it over, or it has ended."""
    wanted = select(WebhookProgress).where(
        WebhookProgress.subscription_id == subscription_id, WebhookProgress.lease_id == lease_id
    )
    progress = session.exec(wanted.with_for_update()).first()
    subscription = session.get(WebhookSubscription, subscription_id)
    return None if progress is None or subscription is None else (subscription, progress)


def administrators(session: Session, partner_id: UUID) -> list[UUID]:
    """Who is told when a webhook of the partner is disabled."""
    account = UserAccount
    wanted = select(account.id).where(
        account.partner_id == partner_id, account.role == Role.PARTNER_ADMINISTRATOR, ~col(account.is_locked)
    )
    return list(session.exec(wanted))


def next_notice(session: Session, now: datetime) -> WebhookNotice | None:
    """A letter whose turn it is, locked; those that another worker holds are passed over."""
    found = select(WebhookNotice).where(col(WebhookNotice.status).in_(UNSENT), WebhookNotice.next_at <= now)
    return session.exec(found.order_by(col(WebhookNotice.next_at)).limit(1).with_for_update(skip_locked=True)).first()


def address_of(session: Session, user_id: UUID) -> str | None:
    """The administrator's address; None: nobody reads there any more."""
    account = UserAccount
    return session.exec(select(account.email).where(account.id == user_id, ~col(account.is_locked))).first()
