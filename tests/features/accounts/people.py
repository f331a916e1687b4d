"""Somebody with a password, for tests of logging in."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from app.domain.roles import Role
from app.domain.totp import code_of, step_at
from tests.world import Client, World

PASSWORD = "en riktigt lång fras"
WRONG = "en helt annan lång fras"


@dataclass
class Person:
    """A colleague who has chosen a password, and the administrator who invited them."""

    world: World
    partner: UUID
    id: str
    email: str
    administrator: Client
    secret: bytes = b""
    recovery_codes: list[str] = field(default_factory=list)

    @classmethod
    def joins(cls, world: World, role: str = "coordinator") -> "Person":
        partner = world.partner()
        administrator = world.client(Role.PARTNER_ADMINISTRATOR, partner)
        email = f"kollega{world.number()}@example.org"
        body = {"name": "Påhittad Kollega", "email": email, "role": role}
        user = administrator.made(f"/partners/{partner}/users", body)
        chosen = {"invitationToken": user["invitationToken"], "password": PASSWORD}
        assert world.anonymous.post("/auth/passwords", chosen).status_code == 204
        return cls(world, partner, user["id"], email, administrator)

    def tries(self, password: str = PASSWORD, at: Client | None = None, **more: Any) -> httpx.Response:
        body = {"email": self.email, "password": password, **more}
        return (at or self.world.anonymous).post("/auth/sessions", body)

    def comes_in(self, **more: Any) -> dict[str, Any]:
        response = self.tries(**more)
        assert response.status_code == 201, response.text
        tokens: dict[str, Any] = response.json()
        return tokens

    def client(self, **more: Any) -> Client:
        token = self.comes_in(**more)["accessToken"]
        return Client(self.world.portal, self.world.http, lambda: token)

    def code(self, off: int = 0) -> str:
        return code_of(self.secret, step_at(self.world.clock()) + off)

    def next_code(self) -> str:
        """Half a minute later, so that no code is used twice."""
        self.world.clock.advance(timedelta(seconds=30))
        return self.code()

    def reset(self) -> str:
        """The administrator's invitation to choose another password."""
        invited = self.administrator.made(f"/users/{self.id}/invitations")
        token: str = invited["invitationToken"]
        return token


def code_of_problem(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]
