"""Who makes a plan with whom in the tests? A municipality owns it; an association and a business take part. All invented."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.domain.glossary import Sector
from app.domain.roles import Role
from app.kit.clock import today
from tests.world import Client, World


@dataclass
class Scene:
    """Partners with a coordinator each, and shortcuts that speak HTTP."""

    world: World
    owner: UUID = field(init=False)
    association: UUID = field(init=False)
    business: UUID = field(init=False)
    lead: Client = field(init=False)
    responsible: Client = field(init=False)
    stranger: Client = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        self.owner = world.partner("Påhittade kommunen", Sector.MUNICIPALITY)
        self.association = world.partner("Påhittade volontärbyrån")
        self.business = world.partner("Påhittade företagarna", Sector.BUSINESS)
        self.lead = world.client(Role.COORDINATOR, self.owner)
        self.responsible = world.client(Role.COORDINATOR, self.association)
        self.stranger = world.client(Role.COORDINATOR, world.partner("Påhittade grannen"))

    @property
    def today(self) -> date:
        return today(self.world.clock())

    def day(self, days: int) -> str:
        return (self.today + timedelta(days=days)).isoformat()

    def body(self, **over: Any) -> dict[str, Any]:
        return {
            "title": f"Påhittad plan {self.world.number()}",
            "purpose": "Befintliga program ska bli lätta att hitta, och nya möjliga.",
            "startsOn": self.day(0),
            "endsOn": self.day(365),
            **over,
        }

    def plan(self, **over: Any) -> dict[str, Any]:
        return self.lead.made("/plans", self.body(**over))

    def goal(self, plan: dict[str, Any], **over: Any) -> dict[str, Any]:
        body = {"text": "Fler platser för kvinnor", "number": 40, "unit": "platser", **over}
        return self.lead.made(f"/plans/{plan['id']}/goals", body)

    def measure_body(self, **over: Any) -> dict[str, Any]:
        return {
            "text": "Starta en grupp i Fisksätra",
            "responsiblePartnerId": str(self.association),
            "startsOn": self.day(1),
            "dueOn": self.day(100),
            **over,
        }

    def measure(self, goal: dict[str, Any], **over: Any) -> dict[str, Any]:
        return self.lead.made(f"/plan-goals/{goal['id']}/measures", self.measure_body(**over))

    def decision(self, kind: str = "adoption", **over: Any) -> dict[str, Any]:
        return {
            "kind": kind,
            "diaryNumber": "AFN 2014/47",
            "decidedOn": self.day(0),
            "decidedBy": "Påhittade arbets- och företagsnämnden",
            **over,
        }

    def decide(self, plan: dict[str, Any], kind: str = "adoption", **over: Any) -> dict[str, Any]:
        return self.lead.made(f"/plans/{plan['id']}/decisions", self.decision(kind, **over), status=200)

    def adopted(self, **over: Any) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """A decided plan with a goal and a measure; answers the three."""
        plan = self.plan(children="Föräldrars kontaktnät ger barn bättre villkor.", **over)
        goal = self.goal(plan)
        measure = self.measure(goal)
        return self.decide(plan), goal, measure

    def read(self, plan: dict[str, Any], client: Client | None = None, tail: str = "") -> dict[str, Any]:
        response = (client or self.lead).get(f"/plans/{plan['id']}{tail}")
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body


def refused(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def pointers(response: Any) -> list[str]:
    return [one["pointer"] for one in response.json()["errors"]]
