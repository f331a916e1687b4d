"""When are webhooks told? Every worker looks once a second, with few hands; letters and old logs go by the clock.

What there is to do is claimed in the database, so any number of workers may look: none tells the same webhook at the same
time. No transaction is open while a receiver is called.
"""

import time
from uuid import UUID

from app.domain.lifecycles import WebhookState
from app.domain.roles import Permission
from app.domain.webhooks import DeliveryProblem, DisabledReason, problem_of
from app.features.access.guards import reading_as, steward
from app.features.changes.queries.feed import newest_change
from app.features.follow_ups.jobs import send_waiting
from app.features.webhooks.actions import deliveries as actions
from app.features.webhooks.actions.deliveries import Message, Outcome
from app.features.webhooks.actions.notices import claim_notice, forget_old_deliveries, note_notice
from app.features.webhooks.queries import dispatch as queries
from app.kit.clock import today
from app.kit.ids import new_id
from app.kit.jobs import scheduled, watching
from app.kit.outbound import CallFailed
from app.kit.runtime import Runtime

DELIVER, NOTICES, FORGET = "webhooks.deliver", "webhooks.notices", "webhooks.forget"
HANDS = 4
MOST_SECONDS = 5
"""So long one webhook is told at a stretch; then those come first that have waited longer."""


@watching(DELIVER, seconds=1.0, hands=HANDS)
def deliver(runtime: Runtime, trace_id: str) -> None:
    """Tell every webhook that has something to be told, one after the other, until none has."""
    while tell_next(runtime, trace_id):
        pass


@scheduled(NOTICES, "*/10 * * * *")
def notices(runtime: Runtime, trace_id: str) -> None:
    """Send the letters about webhooks that were disabled."""
    address = runtime.issuer.issuer
    send_waiting(runtime, trace_id, lambda scope: claim_notice(scope, runtime.mail_from, address), note_notice)


@scheduled(FORGET, "15 3 * * *")
def forget(runtime: Runtime, trace_id: str) -> None:
    """Throw away what is older than it is kept."""
    with steward(runtime, trace_id) as scope:
        forget_old_deliveries(scope)


def tell_next(runtime: Runtime, trace_id: str) -> bool:
    """Take one webhook and tell it what waits; False when none has anything to be told."""
    newest, lease_id, now = newest_change(runtime.database), new_id(), runtime.clock()
    with runtime.database.transaction() as session:
        found = queries.claim(session, lease_id, now, now + actions.LEASE, newest, today(now))
    if found is None:
        return False
    until = time.monotonic() + MOST_SECONDS
    while (message := _read(runtime, found, lease_id, newest, trace_id)) is not None:
        outcome = _send(runtime, message)
        with steward(runtime, trace_id) as scope:
            goes_on = actions.note(scope, found, lease_id, message, outcome)
        if not goes_on:
            break
        if time.monotonic() > until:
            _give_back(runtime, found, lease_id, trace_id)
            break
    return True


def _read(runtime: Runtime, subscription_id: UUID, lease_id: UUID, newest: int, trace_id: str) -> Message | None:
    """What comes next, as the service account may know it at this moment; None: nothing, or not any more."""
    address = runtime.issuer.issuer
    with runtime.database.transaction() as session:
        held = queries.held(session, subscription_id, lease_id)
        if held is None:
            return None
        subscription, progress = held
        account_id = subscription.service_account_id
        scope = reading_as(runtime, session, account_id, Permission.CHANGE_READ, trace_id)
        if scope is not None:
            if progress.test_id is not None:
                return actions.test_message(scope, subscription, progress, address)
            if subscription.state is WebhookState.ACTIVE:
                return actions.next_message(scope, subscription, progress, newest, address)
            actions.release(progress, scope.now)  # paused meanwhile
            return None
    _end_authority(runtime, subscription_id, lease_id, trace_id)
    return None


def _end_authority(runtime: Runtime, subscription_id: UUID, lease_id: UUID, trace_id: str) -> None:
    """The service account is locked, or may not read the feed: nobody is told anything on its behalf."""
    with steward(runtime, trace_id) as scope:
        held = queries.held(scope.session, subscription_id, lease_id)
        if held is not None:
            held[1].test_id = None
            actions.disable(scope, *held, DisabledReason.AUTHORITY_ENDED)


def _send(runtime: Runtime, message: Message) -> Outcome:
    began, status, problem = time.monotonic(), None, None
    headers = {"content-type": "application/json", "user-agent": "mentorskap-webhooks/1", **message.headers}
    try:
        status = runtime.outbound.post(message.url, message.body.encode(), headers)
        problem = problem_of(status)
    except CallFailed as failed:
        problem = DeliveryProblem(failed.failure.value)
    return Outcome(status, problem, round((time.monotonic() - began) * 1000))


def _give_back(runtime: Runtime, subscription_id: UUID, lease_id: UUID, trace_id: str) -> None:
    with steward(runtime, trace_id) as scope:
        held = queries.held(scope.session, subscription_id, lease_id)
        if held is not None:
            actions.release(held[1], scope.now)
