"""A partner with a script's account, a webhook to a receiver of its own, and the dispatcher at hand."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select
from standardwebhooks import Webhook  # noqa: TID251  the receiver's own library

from app.domain.changes import ChangeKind
from app.domain.glossary import Side
from app.domain.roles import Responsibility, Role
from app.features.access.tables import UserAccount
from app.features.changes.tables import Change
from app.features.enrolments.tables import Enrolment
from app.features.partners.tables import Partner
from app.features.webhooks import jobs
from app.features.webhooks.tables import WebhookDelivery, WebhookProgress, WebhookSubscription
from app.kit.outbound import Outbound
from app.kit.runtime import Runtime
from tests.features.changes.test_reach import enrolment, log
from tests.features.webhooks.receiver import Receiver, receiving
from tests.world import Client, World

SCOPES = ["change:read", "partner:read", "enrolment:read", "participant:read", "program:read"]
TRACE = "c" * 32


@dataclass
class Scene:
    """`partner` screens the mentees of `program`, which `owner` runs and whose people it holds."""

    world: World
    receiver: Receiver
    partner: UUID = field(init=False)
    owner: UUID = field(init=False)
    program: UUID = field(init=False)
    admin: Client = field(init=False)
    account: UserAccount = field(init=False)
    made: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        self.partner, self.owner = world.partner(), world.partner()
        self.program = world.program(self.owner)
        world.agree(self.program, {self.partner: [Responsibility.SCREEN_MENTEES]})
        self.admin = world.client(Role.PARTNER_ADMINISTRATOR, self.partner)
        self.account = self.service_account(self.partner)
        self.made = self.subscribe()

    @property
    def runtime(self) -> Runtime:
        """The process's, with a way out to this machine."""
        runtime = self.world.runtime
        return replace(runtime, outbound=Outbound(allow_loopback=True, deadline=2.0))

    @property
    def path(self) -> str:
        return f"/webhook-subscriptions/{self.made['id']}"

    def service_account(self, partner: UUID, scopes: list[str] | None = None) -> UserAccount:
        account: UserAccount = self.world.add(
            UserAccount(name="Skript", role=Role.SERVICE, partner_id=partner, scopes=scopes or SCOPES)
        )
        return account

    def subscribe(self, **over: Any) -> dict[str, Any]:
        body = {"name": "Register", "url": self.receiver.url, "serviceAccountId": str(self.account.id), **over}
        return self.admin.made(f"/partners/{self.partner}/webhook-subscriptions", body)

    def read(self) -> dict[str, Any]:
        found: dict[str, Any] = self.admin.get(self.path).json()
        return found

    def happen(self, count: int = 1) -> list[str]:
        """Changes of the own partner; answers the ids of the changes in their order."""
        with Session(self.world.engine) as session:
            row = session.get_one(Partner, self.partner)
        return [log(self.world, ChangeKind.PARTNER_UPDATED, row) for _ in range(count)]

    def enrol(self) -> Enrolment:
        """Somebody whom the partner screens."""
        row = enrolment(self.world, self.program, self.owner, Side.MENTEE)
        log(self.world, ChangeKind.ENROLMENT_CREATED, row, self.program)
        return row

    def deliver(self, **seconds: float) -> None:
        """What the dispatcher does once a second, after so much time."""
        self.world.clock.advance(timedelta(**seconds))
        jobs.deliver(self.runtime, TRACE)

    def told(self) -> list[str]:
        """The ids of the changes that the receiver was told, in order."""
        return [one.event["data"]["id"] for one in self.receiver.got]

    def log_of_tries(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.admin.get(self.path + "/deliveries?limit=200").json()["items"]
        return found

    def progress(self) -> WebhookProgress:
        with Session(self.world.engine) as session:
            wanted = WebhookProgress.subscription_id == UUID(self.made["id"])
            return session.exec(select(WebhookProgress).where(wanted)).one()

    def verify(self, secret: str, number: int = -1) -> Any:
        """The event as a receiver's library reads it; raises when it is not ours."""
        got = self.receiver.got[number]
        return Webhook(secret).verify(got.body, got.headers)

    def say(self, statement: str, **given: Any) -> None:
        with self.world.engine.begin() as connection:
            connection.execute(text(statement), given)


def opened(world: World) -> AbstractContextManager[Receiver]:
    assert isinstance(world.runtime.outbound, Outbound)
    return receiving()


def changes_of(world: World, subscription_id: str) -> list[str]:
    """The kinds of change that are recorded of a webhook."""
    with Session(world.engine) as session:
        wanted = select(Change.kind).where(Change.subject_id == UUID(subscription_id)).order_by(Change.id)  # type: ignore[arg-type]
        return [str(kind) for kind in session.exec(wanted)]


def rows_left(world: World, subscription_id: str) -> int:
    with Session(world.engine) as session:
        one = UUID(subscription_id)
        kept = session.exec(select(WebhookDelivery.id).where(WebhookDelivery.subscription_id == one)).all()
        also = session.exec(select(WebhookSubscription.id).where(WebhookSubscription.id == one)).all()
        return len(kept) + len(also)
