"""How does the demo speak to the application? Through the API itself, in this process: every rule holds for it too."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal

from app.kit.clock import FixedClock
from app.kit.runtime import Runtime
from app.main import BASE_PATH, create_app
from app.settings import Settings

PASSWORD = "mentorskap i nacka 2014"  # noqa: S105  a demo password, printed on purpose
TOKEN_AGE = timedelta(minutes=9)


class DemoFailed(Exception):  # noqa: N818  the demo could not be told; the message says where
    """The API refused a step of the demo: a fault in this program, never in the data of an installation."""


@dataclass
class Voice:
    """One demo user, logged in."""

    portal: BlockingPortal
    http: httpx.AsyncClient
    token: str | None = None

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.portal.call(lambda: self.http.request(method, BASE_PATH + path, json=body, headers=headers))

    def get(self, path: str) -> Any:
        return self._checked(self.call("GET", path), path)

    def post(self, path: str, body: Any = None) -> Any:
        return self._checked(self.call("POST", path, body), path)

    def put(self, path: str, body: Any) -> Any:
        return self._checked(self.call("PUT", path, body), path)

    def patch(self, path: str, body: Any) -> Any:
        tag = self.call("GET", path).headers["ETag"]
        return self._checked(self.call("PATCH", path, body, **{"If-Match": tag}), path)

    def _checked(self, response: httpx.Response, path: str) -> Any:
        if response.is_error:
            raise DemoFailed(f"{path}: {response.status_code} {response.text}")
        return response.json() if response.content else None


@dataclass
class Stage:
    """The application on which the demo is told, and the voices that were logged in so far."""

    portal: BlockingPortal
    http: httpx.AsyncClient
    runtime: Runtime
    clock: FixedClock
    voices: dict[str, tuple[Voice, datetime]] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def set(cls, runtime: Runtime, settings: Settings, clock: FixedClock) -> Iterator["Stage"]:
        with start_blocking_portal() as portal:
            transport = httpx.ASGITransport(create_app(runtime, settings.unhurried), raise_app_exceptions=False)
            http = httpx.AsyncClient(transport=transport, base_url="http://demo.invalid")
            yield cls(portal, http, runtime, clock)
            portal.call(http.aclose)

    @property
    def nobody(self) -> Voice:
        return Voice(self.portal, self.http)

    def join(self, email: str, invitation_token: str) -> Voice:
        """Use an invitation, as the invited person would."""
        self.nobody.post("/auth/passwords", {"invitationToken": invitation_token, "password": PASSWORD})
        return self[email]

    def __getitem__(self, email: str) -> Voice:
        """The voice of a demo user; logs in (again) when the demo's clock has outrun the access token."""
        voice, since = self.voices.get(email, (None, None))
        if voice is None or since is None or self.clock() - since > TOKEN_AGE:
            tokens = self.nobody.post("/auth/sessions", {"email": email, "password": PASSWORD})
            voice = Voice(self.portal, self.http, tokens["accessToken"])
            self.voices[email] = (voice, self.clock())
        return voice
