"""How often may one caller ask? Quotas a minute, told in every answer (draft-ietf-httpapi-ratelimit-headers).

Counted in this process: with n processes a caller may ask up to n times as often. What is counted is whose token it is,
whatever token they show, or the address of whoever shows none that is believed.
"""

import math
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.networks import subscriber_of
from app.kit.clock import Clock
from app.kit.problems import problem_response
from app.kit.tokens import InvalidToken, TokenVerifier

SECONDS = 60
READING = frozenset({"GET", "HEAD", "OPTIONS"})
SERVICE = "service"


@dataclass(frozen=True)
class Quotas:
    """Requests a minute, by who asks and what for; 0 is without limit.

    `statistics` holds for addresses that `costly` finds; `writes` does not hold for services, which have batches.
    """

    user: int = 300
    service: int = 1_200
    visitor: int = 300
    writes: int = 120
    statistics: int = 30
    costly: re.Pattern[str] = re.compile(r"(?!)")

    def of(self, kind: str, method: str, path: str) -> Iterator[tuple[str, int]]:
        """The names and sizes of the quotas that a request of a `user`, `service` or `visitor` draws on."""
        found = [(kind, getattr(self, kind))]
        if method not in READING and kind != SERVICE:
            found.append(("writes", self.writes))
        if self.costly.search(path):
            found.append(("statistics", self.statistics))
        return ((name, most) for name, most in found if most)


@dataclass(frozen=True)
class Account:
    """How a quota stands for a caller after this request."""

    name: str
    most: int
    left: int
    seconds: int
    is_spent: bool


class Rates:
    """Raw ASGI middleware: refuses with 429 what is beyond a quota, and says in each answer what is left."""

    def __init__(
        self, app: ASGIApp, quotas: Quotas, verifier: TokenVerifier, clock: Clock, below: tuple[str, ...]
    ) -> None:
        self.app = app
        self.quotas = quotas
        self.verifier = verifier
        self.clock = clock
        self.below = below
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._items: dict[int, RateLimitItem] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self.below):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        kind, caller = self._caller(request)
        accounts = [
            self._draw(name, most, caller) for name, most in self.quotas.of(kind, request.method, scope["path"])
        ]
        headers = told(accounts)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        spent = [account for account in accounts if account.is_spent]
        if spent:
            wait = str(max(account.seconds for account in spent))
            context = {"quota": spent[0].name, "perMinute": spent[0].most}
            refusal = problem_response(request, "request.rate_exceeded", context=context, headers={"Retry-After": wait})
            await refusal(scope, receive, answer)
            return
        await self.app(scope, receive, answer)

    def _caller(self, request: Request) -> tuple[str, str]:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            try:
                claims = self.verifier.verify(token.strip(), self.clock())
            except InvalidToken:
                return "visitor", network_of(request)
            return (SERVICE if claims.role == SERVICE else "user"), str(claims.sub)
        return "visitor", network_of(request)

    def _draw(self, name: str, most: int, caller: str) -> Account:
        item = self._items.setdefault(most, RateLimitItemPerMinute(most))
        is_within = self._limiter.hit(item, name, caller)
        stats = self._limiter.get_window_stats(item, name, caller)
        seconds = min(SECONDS, max(1, math.ceil(stats.reset_time - time.time())))
        return Account(name, most, stats.remaining, seconds, is_spent=not is_within)


def network_of(request: Request) -> str:
    """The address that a request came from; of IPv6 the network that one subscriber has."""
    return subscriber_of(address_of(request))


def address_of(request: Request) -> str:
    """The address that a request came from, as the server knows it."""
    return request.client.host if request.client else "unknown"


def told(accounts: list[Account]) -> list[tuple[bytes, bytes]]:
    """`RateLimit-Policy` and `RateLimit`, one member for each quota; nothing when there is none."""
    if not accounts:
        return []
    policies = ", ".join(f'"{one.name}";q={one.most};w={SECONDS}' for one in accounts)
    standing = ", ".join(f'"{one.name}";r={one.left};t={one.seconds}' for one in accounts)
    return [(b"ratelimit-policy", policies.encode()), (b"ratelimit", standing.encode())]
