"""Who talks in these tests? A program with an owner, a party with duties, a party without, and somebody outside."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.domain.glossary import Sector
from app.domain.roles import Responsibility, Role
from app.features.access.tables import UserAccount
from app.features.agreements.tables import AgreementParty
from tests.world import Client, World

D = Responsibility
PEOPLE = (Role.PARTNER_ADMINISTRATOR, Role.COORDINATOR, Role.CASE_HANDLER)


@dataclass
class Scene:
    """`owner` owns the program, `holder` answers for follow-ups, `party` has only signed, `outsider` has not."""

    world: World
    partners: dict[str, UUID] = field(default_factory=dict)
    users: dict[str, UserAccount] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    program: UUID = field(init=False)
    agreement: UUID = field(init=False)

    def __post_init__(self) -> None:
        for key in ("owner", "holder", "party", "outsider"):
            self.partners[key] = self.world.partner(key, Sector.MUNICIPALITY if key == "owner" else Sector.BUSINESS)
        self.program = self.world.program(self.partners["owner"], is_published=False)
        duties = {
            self.partners["owner"]: [D.DEFINE_PURPOSE, D.PROPOSE_MATCHES, D.APPROVE_MATCHES],
            self.partners["holder"]: [D.FOLLOW_UP_MATCHES, D.SIGN_MATCH_AGREEMENTS],
        }
        self.agreement = self.world.agree(self.program, duties)
        party = {"agreement_id": self.agreement, "program_id": self.program, "partner_id": self.partners["party"]}
        self.world.add(AgreementParty(**party, signed_at=self.world.clock()))  # type: ignore[arg-type]
        for key in self.partners:
            self.join(key, Role.COORDINATOR)

    def join(self, key: str, role: Role, name: str | None = None, **over: Any) -> Client:
        """Another colleague at a partner; of the coordinators the name is the partner's key."""
        name = name or key
        email = f"{name}{self.world.number()}@example.org"
        given = {"name": f"Påhittade {name}", "email": email, "partner_id": self.partners[key], "role": role, **over}
        self.users[name] = self.world.add(UserAccount(**given))
        self.clients[name] = self.world.client_for(self.users[name])
        return self.clients[name]

    def __getitem__(self, key: str) -> Client:
        return self.clients[key]

    @property
    def channel(self) -> str:
        return f"/programs/{self.program}/channel-posts"

    @property
    def mark(self) -> str:
        return f"/programs/{self.program}/channel-read-mark"

    @property
    def meetings(self) -> str:
        return f"/programs/{self.program}/joint-meetings"

    def say(self, key: str, body: str = "Vi öppnar i mars.", **more: Any) -> dict[str, Any]:
        return self[key].made(self.channel, {"body": body, **more})

    def times(self, days: int = 7, hours: int = 2) -> dict[str, str]:
        begins = self.world.clock() + timedelta(days=days)
        return {"startsAt": begins.isoformat(), "endsAt": (begins + timedelta(hours=hours)).isoformat()}

    def plan(self, key: str = "owner", **more: Any) -> dict[str, Any]:
        given = {"title": "Styrgrupp", "place": "Stadshuset", **self.times(), **more}
        return self[key].made(self.meetings, given)

    def leave(self, key: str) -> None:
        """The partner is not in the next agreement."""
        with self.world.engine.begin() as connection:
            for table in ("agreement_party", "responsibility_assignment"):
                connection.exec_driver_sql(f"delete from {table} where partner_id = %s", (self.partners[key],))  # noqa: S608  two names of ours


def refused(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]
