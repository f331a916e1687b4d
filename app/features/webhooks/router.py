"""Webhooks over HTTP, for a partner's administrators."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.partners.tables import Partner
from app.features.webhooks.actions import subscriptions as actions
from app.features.webhooks.queries import subscriptions as queries
from app.features.webhooks.schemas import (
    WebhookDeliveryRead,
    WebhookEvent,
    WebhookResendCreate,
    WebhookSecretCreate,
    WebhookSecretCreated,
    WebhookSecretRead,
    WebhookSubscriptionCreate,
    WebhookSubscriptionCreated,
    WebhookSubscriptionPatch,
    WebhookSubscriptionRead,
    WebhookTestCreated,
)
from app.features.webhooks.tables import WebhookDelivery, WebhookSecret, WebhookSubscription
from app.kit.pages import Page, PageQuery, answer_items, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["webhooks"])
events = APIRouter(tags=["webhooks"])
OF_PARTNER = "/partners/{partnerId}/webhook-subscriptions"
ONE = "/webhook-subscriptions/{webhookSubscriptionId}"
Reading = Annotated[Scope[WebhookSubscription], on(WebhookSubscription, Permission.WEBHOOK_READ)]
Writing = Annotated[Scope[WebhookSubscription], on(WebhookSubscription, Permission.WEBHOOK_WRITE)]


@router.post(
    OF_PARTNER,
    operation_id="createWebhookSubscription",
    summary="Create a webhook",
    status_code=201,
    response_model=WebhookSubscriptionCreated,
)
def create_webhook_subscription(
    scope: Annotated[Scope[Partner], on(Partner, Permission.WEBHOOK_WRITE)], body: WebhookSubscriptionCreate
) -> Response:
    """Tells your system what happens from now on, within a service account's reach. Twenty at most.

    Berättar för ert system vad som händer från och med nu, inom ett tjänstekontos räckvidd. Högst tjugo.
    """
    made = actions.create_subscription(scope, body)
    location = f"{scope.exchange.path.partition('/partners/')[0]}/webhook-subscriptions/{made.id}"
    return answer(scope.exchange, WebhookSubscriptionCreated, made, status=201, location=location)


@router.get(
    OF_PARTNER,
    operation_id="listWebhookSubscriptions",
    summary="List webhooks",
    response_model=Page[WebhookSubscriptionRead],
)
def list_webhook_subscriptions(
    scope: Annotated[Scope[Partner], on(Partner, Permission.WEBHOOK_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """The webhooks of your organisation, by name. / Den egna organisationens webhookar, efter namn."""
    seen, total = queries.subscriptions(scope, query)
    return answer_items(scope.exchange, WebhookSubscriptionRead, seen, query, total)


@router.get(
    ONE, operation_id="getWebhookSubscription", summary="Read a webhook", response_model=WebhookSubscriptionRead
)
def get_webhook_subscription(scope: Reading) -> Response:
    """Its state, and whether it fails. / Dess läge, och om leveransen misslyckas."""
    return _told(scope, scope.row)


@router.patch(
    ONE, operation_id="updateWebhookSubscription", summary="Change a webhook", response_model=WebhookSubscriptionRead
)
def update_webhook_subscription(scope: Writing, body: WebhookSubscriptionPatch) -> Response:
    """From the next event on. / Från och med nästa händelse."""
    return _told(scope, actions.update_subscription(scope, body))


@router.delete(ONE, operation_id="endWebhookSubscription", summary="End a webhook", status_code=204)
def end_webhook_subscription(scope: Writing) -> Response:
    """Removes it, its secrets and its log. / Tar bort den, dess hemligheter och dess logg."""
    actions.end_subscription(scope)
    return Response(status_code=204)


@router.post(
    ONE + "/pause",
    operation_id="pauseWebhookSubscription",
    summary="Pause a webhook",
    response_model=WebhookSubscriptionRead,
)
def pause_webhook_subscription(scope: Writing) -> Response:
    """Nothing is sent until it is resumed, and nothing is lost. / Inget skickas förrän den återupptas, inget förloras."""
    return _told(scope, actions.pause_subscription(scope))


@router.post(
    ONE + "/resumption",
    operation_id="resumeWebhookSubscription",
    summary="Resume a webhook",
    response_model=WebhookSubscriptionRead,
)
def resume_webhook_subscription(scope: Writing) -> Response:
    """Goes on where it stopped. / Fortsätter där den slutade."""
    return _told(scope, actions.resume_subscription(scope))


@router.get(
    ONE + "/secrets",
    operation_id="listWebhookSecrets",
    summary="List the secrets that sign",
    response_model=Page[WebhookSecretRead],
)
def list_webhook_secrets(scope: Reading, query: Annotated[PageQuery, Query()]) -> Response:
    """Without the secrets themselves. / Utan hemligheterna själva."""
    keys = [WebhookSecret.created_at, WebhookSecret.id]
    return answer_page(scope.exchange, WebhookSecretRead, queries.secrets_of(scope), query, keys=keys)


@router.post(
    ONE + "/secrets",
    operation_id="createWebhookSecret",
    summary="Change the secret of a webhook",
    status_code=201,
    response_model=WebhookSecretCreated,
)
def create_webhook_secret(scope: Writing, body: WebhookSecretCreate) -> Response:
    """A new one, shown this once; meanwhile both sign. / En ny, som visas en gång; under tiden signerar båda."""
    made = actions.issue_secret(scope, body)
    return answer(scope.exchange, WebhookSecretCreated, made, status=201, location=scope.exchange.path)


@router.post(
    ONE + "/resend",
    operation_id="requestWebhookResend",
    summary="Send again from a point on",
    status_code=202,
    response_model=WebhookSubscriptionRead,
)
def request_webhook_resend(scope: Writing, body: WebhookResendCreate) -> Response:
    """Everything from an instant or an event on, in order, under the same ids.

    Allt från en tidpunkt eller en händelse, i ordning och med samma id:n.
    """
    actions.request_resend(scope, body)
    (read,) = queries.told(scope.session, [scope.row])
    location = scope.exchange.path.removesuffix("/resend") + "/deliveries"
    return answer(scope.exchange, WebhookSubscriptionRead, read, status=202, location=location)


@router.post(
    ONE + "/test-events",
    operation_id="sendWebhookTestEvent",
    summary="Send a test event",
    status_code=202,
    response_model=WebhookTestCreated,
)
def send_webhook_test_event(scope: Writing) -> Response:
    """One signed event, tried once, in any state. / En signerad händelse, ett försök, i vilket läge som helst."""
    made = WebhookTestCreated(event_id=actions.request_test(scope))
    location = scope.exchange.path.removesuffix("/test-events") + "/deliveries"
    return answer(scope.exchange, WebhookTestCreated, made, status=202, location=location)


@router.get(
    ONE + "/deliveries",
    operation_id="listWebhookDeliveries",
    summary="Read the log of deliveries",
    response_model=Page[WebhookDeliveryRead],
)
def list_webhook_deliveries(scope: Reading, query: Annotated[PageQuery, Query()]) -> Response:
    """Every try of the last thirty days, newest first. / Varje försök de senaste trettio dagarna, nyast först."""
    keys: list[Any] = [WebhookDelivery.at.desc(), WebhookDelivery.id.desc()]  # type: ignore[attr-defined]  # columns
    return answer_page(scope.exchange, WebhookDeliveryRead, queries.deliveries(scope), query, keys=keys)


@events.post("event", operation_id="receiveWebhookEvent", summary="Receive an event", status_code=204)
def receive_webhook_event(body: WebhookEvent) -> None:
    """What your receiver gets, with `webhook-id`, `webhook-timestamp` and `webhook-signature` (Standard Webhooks).

    Vad er mottagare får, med `webhook-id`, `webhook-timestamp` och `webhook-signature` (Standard Webhooks).
    """
    raise NotImplementedError


def _told(scope: Scope[WebhookSubscription], subscription: WebhookSubscription) -> Response:
    scope.session.flush()
    (read,) = queries.told(scope.session, [subscription])
    return answer(scope.exchange, WebhookSubscriptionRead, read)
