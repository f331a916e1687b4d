"""How does a partner's administrator learn that a webhook was disabled, and what is thrown away when it is old?

Letters are claimed, given to the server outside any transaction, and noted, as letters of reminders are (docs/adr/0019).
"""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col

from app.domain.reminders import LetterStatus
from app.domain.webhooks import KEPT_DAYS, write_notice
from app.features.access.scope import Scope
from app.features.follow_ups.actions.reminders import FIRST_PAUSE, MOST_ATTEMPTS
from app.features.webhooks.queries import dispatch as queries
from app.features.webhooks.tables import WebhookDelivery, WebhookNotice, WebhookSubscription
from app.kit.columns import amend
from app.kit.mail import compose


def claim_notice(scope: Scope[Any], sender: str, address: str) -> tuple[UUID, EmailMessage | None] | None:
    """Take the next letter and write it as things stand now; None when none waits.

    Without text when there is nothing to tell any more: resumed meanwhile, or the reader has left.
    """
    notice = queries.next_notice(scope.session, scope.now)
    if notice is None:
        return None
    if notice.attempts >= MOST_ATTEMPTS:
        amend(notice, {"status": LetterStatus.FAILED})
        return notice.id, None
    letter = _text(scope, notice, sender, address)
    if letter is None:
        amend(notice, {"status": LetterStatus.DROPPED})
        return notice.id, None
    pause = FIRST_PAUSE * 2**notice.attempts
    amend(notice, {"status": LetterStatus.SENDING, "attempts": notice.attempts + 1, "next_at": scope.now + pause})
    return notice.id, letter


def _text(scope: Scope[Any], notice: WebhookNotice, sender: str, address: str) -> EmailMessage | None:
    subscription = scope.session.get_one(WebhookSubscription, notice.subscription_id)
    to = queries.address_of(scope.session, notice.user_id)
    if to is None or subscription.disabled_reason is None:
        return None
    where = f"{address}/webhook-subscriptions/{subscription.id}"
    told = write_notice(subscription.name, subscription.disabled_reason, where)
    return compose(sender=sender, to=to, subject=told.subject, body=told.body, key=str(notice.id), at=scope.now)


def note_notice(scope: Scope[Any], notice_id: UUID, status: LetterStatus) -> None:
    """Write down what became of a letter that was given to the mail server; nothing when its webhook has ended."""
    notice = scope.session.get(WebhookNotice, notice_id, with_for_update=True)
    if notice is not None:
        amend(notice, {"status": status, "sent_at": scope.now if status is LetterStatus.SENT else None})


def forget_old_deliveries(scope: Scope[Any]) -> None:
    """Throw away the log of tries that is older than it is kept."""
    old = col(WebhookDelivery.at) < scope.now - timedelta(days=KEPT_DAYS)
    scope.session.execute(delete(WebhookDelivery).where(old))
