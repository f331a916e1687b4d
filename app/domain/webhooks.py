"""What is a webhook sent, how often is it tried, and when is it given up?"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid5

from app.domain.reminders import Letter

MOST_SUBSCRIPTIONS = 20
MOST_PROGRAMS = 50
KEPT_DAYS = 30
"""How long the log of deliveries is kept, and so how long an event can be named to be sent again from."""
TEST = "webhook.test"
PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=12),
    timedelta(hours=14),
    timedelta(hours=14),
    timedelta(hours=15),
)
"""After the first failed try, the second, …; three days and some in all."""
JITTER = 0.1
"""A pause is up to so much longer, so that receivers which fell together are not all tried at once."""
GONE = 410
SUCCESS = range(200, 300)


class DisabledReason(StrEnum):
    """Why the system sends no more."""

    RETRIES_EXHAUSTED = "retriesExhausted"
    GONE = "gone"
    AUTHORITY_ENDED = "authorityEnded"


class DeliveryProblem(StrEnum):
    """Why a try was none; never what the receiver said."""

    ADDRESS_REFUSED = "addressRefused"
    NAME_UNKNOWN = "nameUnknown"
    CONNECTION_FAILED = "connectionFailed"
    TLS_FAILED = "tlsFailed"
    TIMEOUT = "timeout"
    ANSWER_BROKEN = "answerBroken"
    REDIRECTED = "redirected"
    REFUSED = "refused"  # 4xx
    RECEIVER_FAILED = "receiverFailed"  # 5xx, or a status that means nothing here


def problem_of(status: int) -> DeliveryProblem | None:
    """What a receiver's status means; None: it has the event."""
    if status in SUCCESS:
        return None
    by_class = {3: DeliveryProblem.REDIRECTED, 4: DeliveryProblem.REFUSED}
    return by_class.get(status // 100, DeliveryProblem.RECEIVER_FAILED)


def pause_after(failures: int, chance: float) -> timedelta | None:
    """How long to wait after so many failed tries of one event (1, 2, …); None: give up. `chance` is within 0..1."""
    if failures > len(PAUSES):
        return None
    return PAUSES[failures - 1] * (1 + JITTER * chance)


def message_id(subscription_id: UUID, event_id: str) -> str:
    """The same event to the same webhook has the same id, however often it is sent; two webhooks share none."""
    return f"msg_{uuid5(subscription_id, event_id).hex}"


def payload(kind: str, at: datetime, data: Mapping[str, str | None]) -> str:
    """The body of an event: what happened to which thing, and where to read it. Nothing else ever stands in it."""
    told = {"type": kind, "timestamp": at.isoformat().replace("+00:00", "Z"), "data": dict(data)}
    return json.dumps(told, separators=(",", ":"))


def link_to(subject: str, subject_id: UUID) -> str | None:
    """The path below the API's own where a thing can be read; None: it is a part of something, and has none."""
    path = _links().get(subject)
    return None if path is None else path.format(id=subject_id)


def write_notice(name: str, reason: DisabledReason, address: str) -> Letter:
    """The letter to a partner's administrators about a webhook that was disabled, in Swedish and English."""
    parts = []
    for words in (_texts()["sv"], _texts()["en"]):
        end = [line.format(address=address) for line in words["end"]]
        parts.append("\n".join([words["greeting"].format(name=name), "", words[reason.value], "", *end]))
    return Letter(_texts()["sv"]["subject"].format(name=name), "\n\n***\n\n".join(parts) + "\n")


@cache
def _links() -> Mapping[str, str]:
    return _read("links.json")


@cache
def _texts() -> Mapping[str, Any]:
    return _read("webhooks.json")


def _read(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(files("app.domain.data").joinpath(name).read_text(encoding="utf-8"))
    return found
