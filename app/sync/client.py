"""How is the server spoken to? One login, and patience: what may be sent again is sent again until it is answered."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from .failures import NotConfigured, Refused, Unreachable
from .settings import Settings
from .words import LANGUAGE, say

BASE_PATH = "/mentorskap/v1"
PATIENCE = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds before each new try; together a minute. A server that says when to come back is believed."""
LONGEST_WAIT = 120.0
LATER = frozenset({429, 502, 503, 504})
REPEATABLE = frozenset({"GET", "PUT", "DELETE"})
TIMEOUT = httpx.Timeout(60, connect=10)
EARLY = 30
"""Seconds before its end at which a token is renewed."""
UNAUTHORISED, CONFLICT = 401, 409


@dataclass
class Api:
    """The server, as this organisation's service account sees it."""

    http: httpx.Client
    settings: Settings
    pause: Callable[[float], None] = time.sleep
    _token: str = field(default="", init=False, repr=False)
    _until: float = field(default=0, init=False)

    @classmethod
    @contextmanager
    def open(cls, settings: Settings) -> Iterator["Api"]:
        headers = {"Accept-Language": LANGUAGE, "User-Agent": "mentorskap-sync/0.1"}
        with httpx.Client(base_url=settings.server, headers=headers, timeout=TIMEOUT, follow_redirects=False) as http:
            yield cls(http, settings)

    def get(self, path: str, **params: Any) -> Any:
        """What is at an address. Raises: see `send`."""
        return self.send("GET", path, params=params).json()

    def send(self, method: str, path: str, *, key: str | None = None, **request: Any) -> httpx.Response:
        """One request, repeated while the server cannot answer it and it may be repeated.

        `key` makes a POST repeatable (Idempotency-Key). Raises: NotConfigured when the login is refused, Refused for any
        other no, Unreachable when patience ends.
        """
        headers = dict(request.pop("headers", {}))
        if key is not None:
            headers["Idempotency-Key"] = key
        is_repeatable = method in REPEATABLE or key is not None
        response = self._answered(method, path, headers, request, is_repeatable=is_repeatable)
        if response.status_code == UNAUTHORISED:  # revoked or expired early: log in once more
            self._until = 0
            response = self._answered(method, path, headers, request, is_repeatable=is_repeatable)
        if response.is_error:
            raise refusal(response)
        return response

    def _answered(
        self, method: str, path: str, headers: Mapping[str, str], request: Mapping[str, Any], *, is_repeatable: bool
    ) -> httpx.Response:
        def once() -> httpx.Response:
            sent = {**headers, "Authorization": f"Bearer {self._logged_in()}"}
            return self.http.request(method, BASE_PATH + path, headers=sent, **request)

        return self._patiently(once, is_repeatable=is_repeatable)

    def _logged_in(self) -> str:
        if time.monotonic() < self._until:
            return self._token
        form = {
            "grant_type": "client_credentials",
            "client_id": str(self.settings.client_id),
            "client_secret": self.settings.secret,
        }
        response = self._patiently(lambda: self.http.post("/oauth/token", data=form), is_repeatable=True)
        if response.is_error:
            raise NotConfigured(
                say(
                    "The server does not know this service account with this secret.",
                    "Servern känner inte igen servicekontot med den här hemligheten.",
                )
            )
        granted = response.json()
        self._token, self._until = granted["access_token"], time.monotonic() + granted["expires_in"] - EARLY
        return self._token

    def _patiently(self, once: Callable[[], httpx.Response], *, is_repeatable: bool) -> httpx.Response:
        for wait in PATIENCE:
            try:
                response = once()
            except httpx.TransportError:
                if not is_repeatable:
                    raise _gone() from None
            else:
                if not _is_for_later(response):
                    return response
                wait = max(wait, _asked_to_wait(response))  # noqa: PLW2901  the server knows better
            self.pause(min(wait, LONGEST_WAIT))
        try:
            response = once()
        except httpx.TransportError:
            raise _gone() from None
        if _is_for_later(response):
            raise _gone()
        return response


def _is_for_later(response: httpx.Response) -> bool:
    """Is the answer that there is no answer yet? 409 with Retry-After: somebody works on it right now."""
    return response.status_code in LATER or (response.status_code == CONFLICT and "Retry-After" in response.headers)


def _asked_to_wait(response: httpx.Response) -> float:
    said = response.headers.get("Retry-After", "")
    return float(said) if said.isdecimal() else 0.0


def _gone() -> Unreachable:
    return Unreachable(
        say(
            "The server does not answer. Run the same command later; it goes on from here.",
            "Servern svarar inte. Kör samma kommando senare, så fortsätter det härifrån.",
        )
    )


def refusal(response: httpx.Response) -> Refused:
    """The server's problem document as words; anything else only by its status."""
    try:
        problem = response.json()
        title, code = str(problem["title"]), str(problem["code"])
    except (ValueError, KeyError, TypeError):
        title, code = say("The server refused.", "Servern sa nej."), ""
    where = "".join(f"\n  {one['pointer']}: {one['message']}" for one in _errors(response))
    return Refused(f"{title} ({response.status_code} {code}){where}", code, response.status_code)


def _errors(response: httpx.Response) -> list[dict[str, str]]:
    try:
        found = response.json().get("errors", [])
    except (ValueError, AttributeError):
        return []
    return [one for one in found if isinstance(one, dict) and {"pointer", "message"} <= one.keys()]
