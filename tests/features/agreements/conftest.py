"""Two partners, their coordinators, and agreements between them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from app.domain.glossary import Sector
from app.domain.roles import Role
from tests.world import Client, World


@dataclass
class Cooperation:
    """A programme of `owner` and the association it works with; everything over HTTP."""

    world: World
    owner: UUID
    other: UUID
    owners: Client
    others: Client
    program: UUID

    @property
    def path(self) -> str:
        return f"/programs/{self.program}"

    def duty(self, duty: str, partner: UUID, level: str = "accountable") -> dict[str, str]:
        return {"duty": duty, "partnerId": str(partner), "level": level}

    def draft(self, **over: Any) -> dict[str, Any]:
        body = {
            "title": "Påhittat samverkansavtal",
            "validFrom": "2026-03-02",
            "parties": [str(self.other)],
            "duties": [self.duty("definePurpose", self.owner), self.duty("inform", self.other)],
            **over,
        }
        return self.owners.made(f"{self.path}/agreements", body)

    def proposed(self, **over: Any) -> str:
        """The path of an agreement that waits for signatures."""
        path = f"/agreements/{self.draft(**over)['id']}"
        self.owners.made(f"{path}/proposal", status=200)
        return path

    def in_force(self, **over: Any) -> str:
        path = self.proposed(**over)
        self.owners.made(f"{path}/signatures")
        signed = self.others.made(f"{path}/signatures")
        assert signed["status"] == "inForce"
        return path

    def accountable(self, on: str | None = None) -> dict[str, str]:
        """The names of "owner" and "other" by duty, for the duties that somebody is accountable for."""
        found = self.owners.get(f"{self.path}/responsibilities" + (f"?on={on}" if on else "")).json()
        names = {str(self.owner): "owner", str(self.other): "other"}
        return {
            item["duty"]: names.get(item["accountable"]["id"], "third")
            for item in found["items"]
            if item["accountable"] is not None
        }


@pytest.fixture
def cooperate(world: World) -> Callable[[], Cooperation]:
    def make() -> Cooperation:
        owner = world.partner("Påhittade kommunen", Sector.MUNICIPALITY)
        other = world.partner("Påhittade föreningen")
        return Cooperation(
            world,
            owner,
            other,
            world.client(Role.COORDINATOR, owner),
            world.client(Role.COORDINATOR, other),
            world.program(owner, is_published=False),
        )

    return make


@pytest.fixture
def pair(cooperate: Callable[[], Cooperation]) -> Cooperation:
    return cooperate()
