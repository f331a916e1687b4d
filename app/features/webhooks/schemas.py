"""How are webhooks spoken of over the wire, and how are events?"""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from app.domain.changes import ChangeKind, ReachKind
from app.domain.lifecycles import WebhookState
from app.domain.webhooks import MOST_PROGRAMS, DeliveryProblem, DisabledReason
from app.kit import text
from app.kit.addresses import MOST_CHARACTERS
from app.kit.wire import Instant, Schema

Name = Annotated[str, text.name(120), Field(examples=["Vårt volontärregister"])]
Url = Annotated[
    str,
    Field(
        min_length=8,
        max_length=MOST_CHARACTERS,
        pattern="^https?://",
        description="A public https address, port 443 or 8443. / En publik https-adress.",
        examples=["https://register.forening.example/mentorskap"],
    ),
]
Kinds = Annotated[
    list[ChangeKind],
    Field(
        max_length=len(ChangeKind),
        description="Only these changes; empty: all. Lost and regained reach is always told. / Tomt: alla.",
        examples=[["match.activated", "match.closed"]],
    ),
]
Programs = Annotated[list[UUID], Field(max_length=MOST_PROGRAMS, description="Only in these; empty: everywhere.")]


class WebhookSubscriptionCreate(Schema):
    """An address of yours, told what the service account may know; its reach ends with the account's."""

    name: Name
    url: Url
    service_account_id: UUID
    kinds: Kinds = Field(default_factory=list)
    program_ids: Programs = Field(default_factory=list)


class WebhookSubscriptionPatch(Schema):
    """What is otherwise from the next event on."""

    name: Name | None = None
    url: Url | None = None
    kinds: Kinds | None = None
    program_ids: Programs | None = None


class WebhookSubscriptionRead(Schema):
    """A webhook, and how it goes."""

    id: UUID
    version: int = Field(ge=1)
    partner_id: UUID
    service_account_id: UUID
    name: str = Field(max_length=120)
    url: str = Field(max_length=MOST_CHARACTERS)
    kinds: list[ChangeKind] = Field(max_length=len(ChangeKind))
    program_ids: list[UUID] = Field(max_length=MOST_PROGRAMS)
    state: WebhookState
    disabled_reason: DisabledReason | None
    disabled_at: Instant | None
    failing_since: Instant | None = Field(description="The first failed try of the event that waits.")
    next_attempt_at: Instant | None = Field(description="When it is tried again; null when nothing fails.")
    created_at: Instant
    updated_at: Instant


class WebhookSecretCreated(Schema):
    """A secret that signs from now on; shown this once. The one before signs too until it expires."""

    is_shown_once: ClassVar[bool] = True

    id: UUID
    subscription_id: UUID
    secret: str = Field(max_length=100, examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"])


class WebhookSubscriptionCreated(Schema):
    """A webhook and its first secret; the secret is shown this once."""

    is_shown_once: ClassVar[bool] = True

    id: UUID
    name: str = Field(max_length=120)
    url: str = Field(max_length=MOST_CHARACTERS)
    state: WebhookState
    secret: str = Field(max_length=100, examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"])


class WebhookSecretCreate(Schema):
    """A new secret; the one before it goes on signing for a while, those before that not."""

    overlap_hours: int = Field(24, ge=0, le=168, description="0: the earlier ones are worthless at once.")


class WebhookSecretRead(Schema):
    """A secret that signs, without itself."""

    id: UUID
    hint: str = Field(max_length=12)
    created_at: Instant
    expires_at: Instant | None


class WebhookResendCreate(Schema):
    """From which point on everything is sent again, in order: an instant, or an event that was sent."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"eventId": "msg_" + "0a" * 16}]})

    since: Instant | None = None
    event_id: str | None = Field(None, max_length=60, pattern="^msg_[0-9a-f]{32}$")


class WebhookTestCreated(Schema):
    """A test event is on its way; its try will stand among the deliveries."""

    event_id: str = Field(max_length=60)


class WebhookDeliveryRead(Schema):
    """One try to deliver an event."""

    id: UUID
    event_id: str = Field(max_length=60, description="The webhook-id: the same at every try of the same event.")
    kind: str = Field(max_length=60, examples=["match.activated"])
    attempt: int = Field(ge=1, le=1000)
    at: Instant
    milliseconds: int = Field(ge=0, le=600_000)
    status_class: int | None = Field(ge=1, le=9, description="2 for 200 to 299, and so on; null: no answer.")
    problem: DeliveryProblem | None = Field(description="null: the receiver has it.")


EVENT: JsonDict = {
    "type": "match.activated",
    "timestamp": "2026-03-02T09:00:00.000000Z",
    "data": {
        "id": "1017",
        "kind": "match.activated",
        "subject": "match",
        "subjectId": "0199c0de-7a11-7c3e-9d53-2f1b8c4e6a90",
        "link": "https://mentorskap.example/mentorskap/v1/matches/0199c0de-7a11-7c3e-9d53-2f1b8c4e6a90",
    },
}


class WebhookEventData(Schema):
    """Which thing; where to read it, as you are allowed then. Nothing about persons."""

    id: str = Field(max_length=60, description="The id of the change in /changes.")
    kind: ChangeKind | ReachKind | Literal["webhook.test"]
    subject: str = Field(max_length=60, examples=["match"])
    subject_id: UUID
    link: str | None = Field(max_length=300, examples=["https://mentorskap.example/mentorskap/v1/matches/1"])


class WebhookEvent(Schema):
    """What is sent to a webhook: signed (Standard Webhooks), thin, in order, at least once."""

    model_config = ConfigDict(json_schema_extra={"examples": [EVENT]})

    type: ChangeKind | ReachKind | Literal["webhook.test"]
    timestamp: Instant
    data: WebhookEventData
