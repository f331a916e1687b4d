"""How is a webhook made, changed, stopped, resumed, asked to send again, and ended?"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.lifecycles import WEBHOOK, WebhookState
from app.domain.webhooks import MOST_SUBSCRIPTIONS, message_id
from app.features.access.scope import Scope
from app.features.changes.actions import forget_reader, record
from app.features.changes.queries.points import place_at_end, place_since
from app.features.partners.tables import Partner
from app.features.webhooks.queries import subscriptions as queries
from app.features.webhooks.schemas import (
    WebhookResendCreate,
    WebhookSecretCreate,
    WebhookSecretCreated,
    WebhookSubscriptionCreate,
    WebhookSubscriptionCreated,
    WebhookSubscriptionPatch,
)
from app.features.webhooks.tables import (
    WebhookDelivery,
    WebhookNotice,
    WebhookProgress,
    WebhookSecret,
    WebhookSubscription,
)
from app.kit.addresses import AddressRefused
from app.kit.columns import amend
from app.kit.digests import digester
from app.kit.ids import new_id
from app.kit.outbound import outbound_of
from app.kit.signatures import secret_of

HINT = 10
"""So many characters of a secret tell it from others: the prefix and four."""


def create_subscription(scope: Scope[Partner], body: WebhookSubscriptionCreate) -> WebhookSubscriptionCreated:
    """A webhook that is told what happens from now on, and its first secret.

    Raises: `webhook_subscription.too_many`, `.address_refused`, `.account_unsuitable`.
    """
    # The guard holds the partner's row, so two at once do not both find a place left.
    if queries.how_many(scope.session, scope.row.id) >= MOST_SUBSCRIPTIONS:
        raise RuleViolation("webhook_subscription.too_many", most=MOST_SUBSCRIPTIONS)
    _check_url(scope.session, body.url)
    if not queries.is_suitable(scope.session, scope.row.id, body.service_account_id):
        raise RuleViolation("webhook_subscription.account_unsuitable", pointer="/serviceAccountId")
    subscription = WebhookSubscription.model_validate({**body.model_dump(), "partner_id": scope.row.id})
    scope.session.add(subscription)
    scope.session.flush()
    progress = WebhookProgress(
        subscription_id=subscription.id,
        partner_id=scope.row.id,
        place=place_at_end(scope).packed(),
        next_at=scope.now,
        seen_on=scope.today,
    )
    scope.session.add(progress)
    record(scope, ChangeKind.WEBHOOK_SUBSCRIPTION_CREATED, subscription)
    made = _issue(scope, subscription)
    return WebhookSubscriptionCreated(
        id=subscription.id, name=subscription.name, url=subscription.url, state=subscription.state, secret=made.secret
    )


def update_subscription(scope: Scope[WebhookSubscription], body: WebhookSubscriptionPatch) -> WebhookSubscription:
    """Change what it is told, or where; from the next event on. Raises: `webhook_subscription.address_refused`."""
    if body.url is not None:
        _check_url(scope.session, body.url)
    if changed := amend(scope.row, body):
        record(scope, ChangeKind.WEBHOOK_SUBSCRIPTION_UPDATED, scope.row, changed)
        _hurry(scope)
    return scope.row


def pause_subscription(scope: Scope[WebhookSubscription]) -> WebhookSubscription:
    """Send nothing more until it is resumed; what is on its way arrives."""
    WEBHOOK.check(scope.row.state, WebhookState.PAUSED)
    record(scope, ChangeKind.WEBHOOK_SUBSCRIPTION_PAUSED, scope.row, amend(scope.row, {"state": WebhookState.PAUSED}))
    return scope.row


def resume_subscription(scope: Scope[WebhookSubscription]) -> WebhookSubscription:
    """Go on where it stopped. Raises: `webhook_subscription.account_unsuitable` while its account may not read."""
    WEBHOOK.check(scope.row.state, WebhookState.ACTIVE)
    if not queries.is_suitable(scope.session, scope.row.partner_id, scope.row.service_account_id):
        raise RuleViolation("webhook_subscription.account_unsuitable")
    as_new = {"state": WebhookState.ACTIVE, "disabled_reason": None, "disabled_at": None}
    record(scope, ChangeKind.WEBHOOK_SUBSCRIPTION_RESUMED, scope.row, amend(scope.row, as_new))
    _hurry(scope)
    return scope.row


def issue_secret(scope: Scope[WebhookSubscription], body: WebhookSecretCreate) -> WebhookSecretCreated:
    """A new secret. The newest of the others goes on signing for the overlap, the rest not any more."""
    earlier = queries.signing(scope.session, scope.row.id, scope.now)
    for place, secret in enumerate(earlier):
        until = scope.now + timedelta(hours=body.overlap_hours if place == 0 else 0)
        amend(secret, {"expires_at": min(until, secret.expires_at or until)})
    return _issue(scope, scope.row)


def request_resend(scope: Scope[WebhookSubscription], body: WebhookResendCreate) -> WebhookSubscription:
    """Send everything again from a point on. Raises: `webhook_subscription.point_needed`, `.event_unknown`."""
    if (body.since is None) == (body.event_id is None):
        raise RuleViolation("webhook_subscription.point_needed")
    progress = queries.locked_progress(scope.session, scope.row.id)
    progress.place = _point(scope, body)
    # Whoever is sending at this moment must not put its own place over this one.
    progress.lease_id, progress.lease_until = None, None
    _start_over(progress, scope)
    record(scope, ChangeKind.WEBHOOK_RESEND_REQUESTED, scope.row)
    return scope.row


def request_test(scope: Scope[WebhookSubscription]) -> str:
    """Put a test event on its way, whatever the state: one try, before whatever waits. Answers its id."""
    progress = queries.locked_progress(scope.session, scope.row.id)
    progress.test_id = new_id()
    record(scope, ChangeKind.WEBHOOK_TEST_REQUESTED, scope.row)
    return message_id(scope.row.id, str(progress.test_id))


def end_subscription(scope: Scope[WebhookSubscription]) -> None:
    """Remove it with all that belongs to it; the log of changes remembers that it was."""
    record(scope, ChangeKind.WEBHOOK_SUBSCRIPTION_ENDED, scope.row)
    forget_reader(scope, scope.row.id)
    for kind in (WebhookDelivery, WebhookNotice, WebhookSecret, WebhookProgress):
        scope.session.execute(delete(kind).where(col(kind.subscription_id) == scope.row.id))
    scope.session.delete(scope.row)


def _point(scope: Scope[WebhookSubscription], body: WebhookResendCreate) -> list[Any]:
    if body.since is not None:
        return place_since(scope, scope.row.id, body.since).packed()
    place = queries.place_before(scope.session, scope.row.id, body.event_id or "")
    if place is None:
        raise RuleViolation("webhook_subscription.event_unknown", pointer="/eventId")
    return place


def _hurry(scope: Scope[WebhookSubscription]) -> None:
    _start_over(queries.locked_progress(scope.session, scope.row.id), scope)


def _start_over(progress: WebhookProgress, scope: Scope[WebhookSubscription]) -> None:
    """Try at once, and count from the first try again."""
    progress.is_pending, progress.next_at, progress.failures, progress.failing_since = True, scope.now, 0, None


def _issue(scope: Scope[Any], subscription: WebhookSubscription) -> WebhookSecretCreated:
    secret_id: UUID = new_id()
    shown = secret_of(digester(scope.session), secret_id)
    secret = WebhookSecret(id=secret_id, subscription_id=subscription.id, hint=shown[:HINT], created_at=scope.now)
    scope.session.add(secret)
    record(scope, ChangeKind.WEBHOOK_SECRET_ISSUED, secret)
    return WebhookSecretCreated(id=secret_id, subscription_id=subscription.id, secret=shown)


def _check_url(session: Session, url: str) -> None:
    """Raises: `webhook_subscription.address_refused`, with what is wrong about it."""
    try:
        outbound_of(session).check(url)
    except AddressRefused as refused:
        raise RuleViolation("webhook_subscription.address_refused", pointer="/url", why=refused.why.value) from None
