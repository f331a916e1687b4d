"""How is a webhook told the next event, exactly in its order, and never less than once?

Three steps: what comes next is read in one transaction, the receiver is called outside any, and how it went is noted in
another, which moves the place on only when the receiver has the event. Whoever dies in between leaves a lease that runs
out; the next one sends the same event again, under the same id.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.domain.changes import ChangeKind
from app.domain.lifecycles import WebhookState
from app.domain.webhooks import GONE, TEST, DeliveryProblem, DisabledReason, link_to, message_id, pause_after, payload
from app.features.access.scope import Scope
from app.features.changes.actions import record, tell
from app.features.changes.queries.feed import Place, Wanted
from app.features.changes.schemas import ChangeRead
from app.features.webhooks.queries import dispatch as queries
from app.features.webhooks.queries.subscriptions import signing
from app.features.webhooks.tables import WebhookDelivery, WebhookNotice, WebhookProgress, WebhookSubscription
from app.kit.columns import amend
from app.kit.digests import digester
from app.kit.signatures import secret_of, signed

LEASE = timedelta(seconds=20)
"""Longer than a call may take; a dispatcher that dies holds a webhook up for so long."""


@dataclass(frozen=True)
class Message:
    """What is to be sent, where the subscription stands before it, and where behind it (None: a test moves nothing)."""

    id: str
    kind: str
    url: str
    body: str
    headers: dict[str, str]
    before: list[Any]
    behind: list[Any] | None
    attempt: int


@dataclass(frozen=True)
class Outcome:
    """How the receiver took it."""

    status: int | None
    problem: DeliveryProblem | None
    milliseconds: int


def next_message(
    scope: Scope[Any], subscription: WebhookSubscription, progress: WebhookProgress, newest: int, address: str
) -> Message | None:
    """What comes next within the reach that the service account has now; None: nothing, and the lease is given back.

    `newest` is what stood in the log when the subscription was taken.
    """
    wanted = Wanted(programs=frozenset(subscription.program_ids) or None, kinds=frozenset(subscription.kinds) or None)
    found = tell(scope, subscription.id, Place.unpacked(progress.place), wanted, 1)
    if not found.items:
        progress.place, progress.is_pending = found.end.packed(), found.has_more
        progress.seen_newest, progress.seen_on = newest, scope.today
        release(progress, scope.now)
        return None
    (item,) = found.items
    return _message(scope, subscription, progress, item, found.end.packed(), address)


def test_message(
    scope: Scope[Any], subscription: WebhookSubscription, progress: WebhookProgress, address: str
) -> Message:
    """The test event that was asked for."""
    data = {
        "id": str(progress.test_id),
        "kind": TEST,
        "subject": str(subscription.__tablename__),
        "subjectId": str(subscription.id),
        "link": _address(address, str(subscription.__tablename__), subscription.id),
    }
    body = payload(TEST, scope.now, data)
    one = message_id(subscription.id, str(progress.test_id))
    headers = _signed(scope.session, subscription.id, one, scope.now, body)
    return Message(one, TEST, subscription.url, body, headers, progress.place, None, 1)


def note(scope: Scope[Any], subscription_id: UUID, lease_id: UUID, message: Message, outcome: Outcome) -> bool:
    """Write down how it went. True: the same lease may send the next one.

    A lease that somebody else has by now, or nobody, moves nothing: what was sent is sent again by whoever holds it.
    """
    held = queries.held(scope.session, subscription_id, lease_id)
    if held is None:
        return False
    subscription, progress = held
    scope.session.add(_delivery(subscription_id, message, outcome, scope.now))
    if message.behind is None:
        progress.test_id = None
        release(progress, scope.now, progress.next_at)
        return False
    if outcome.problem is None:
        progress.place, progress.failures, progress.failing_since = message.behind, 0, None
        progress.is_pending, progress.lease_until = True, scope.now + LEASE
        return True
    _fail(scope, subscription, progress, outcome)
    return False


def disable(
    scope: Scope[Any], subscription: WebhookSubscription, progress: WebhookProgress, why: DisabledReason
) -> None:
    """Send no more, and let the partner's administrators know by letter."""
    release(progress, scope.now)
    if subscription.state is not WebhookState.ACTIVE:
        return  # paused meanwhile: whoever resumes it will see
    gone = {"state": WebhookState.DISABLED, "disabled_reason": why, "disabled_at": scope.now}
    record(scope, ChangeKind.WEBHOOK_SUBSCRIPTION_DISABLED, subscription, amend(subscription, gone))
    for user_id in queries.administrators(scope.session, subscription.partner_id):
        scope.session.add(WebhookNotice(subscription_id=subscription.id, user_id=user_id, next_at=scope.now))


def release(progress: WebhookProgress, now: datetime, next_at: datetime | None = None) -> None:
    """Let others have it; those that have waited longer come first."""
    progress.lease_id, progress.lease_until, progress.next_at = None, None, next_at or now


def _fail(scope: Scope[Any], subscription: WebhookSubscription, progress: WebhookProgress, outcome: Outcome) -> None:
    progress.failures += 1
    progress.failing_since = progress.failing_since or scope.now
    progress.is_pending = True
    if outcome.status == GONE:
        disable(scope, subscription, progress, DisabledReason.GONE)
        return
    pause = pause_after(progress.failures, random.random())  # noqa: S311  spreads tries, keeps no secret
    if pause is None:
        disable(scope, subscription, progress, DisabledReason.RETRIES_EXHAUSTED)
    else:
        release(progress, scope.now, scope.now + pause)


def _message(
    scope: Scope[Any],
    subscription: WebhookSubscription,
    progress: WebhookProgress,
    item: ChangeRead,
    behind: list[Any],
    address: str,
) -> Message:
    data = {
        "id": item.id,
        "kind": item.kind.value,
        "subject": item.subject,
        "subjectId": str(item.subject_id),
        "link": _address(address, item.subject, item.subject_id),
    }
    body = payload(item.kind.value, item.at, data)
    one = message_id(subscription.id, item.id)
    headers = _signed(scope.session, subscription.id, one, scope.now, body)
    return Message(one, item.kind.value, subscription.url, body, headers, progress.place, behind, progress.failures + 1)


def _signed(session: Session, subscription_id: UUID, message: str, now: datetime, body: str) -> dict[str, str]:
    secrets = [secret_of(digester(session), one.id) for one in signing(session, subscription_id, now)]
    return signed(secrets, message, now, body)


def _address(address: str, subject: str, subject_id: UUID) -> str | None:
    path = link_to(subject, subject_id)
    return None if path is None else address + path


def _delivery(subscription_id: UUID, message: Message, outcome: Outcome, now: datetime) -> WebhookDelivery:
    return WebhookDelivery(
        subscription_id=subscription_id,
        event_id=message.id,
        kind=message.kind,
        attempt=message.attempt,
        at=now,
        milliseconds=outcome.milliseconds,
        status_class=None if outcome.status is None else outcome.status // 100,
        problem=outcome.problem,
        place=None if message.behind is None else message.before,
    )
