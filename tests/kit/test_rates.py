"""Is a caller refused in time, told when to come back, and never charged for somebody else?"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request

from app.domain.roles import Role
from app.kit.rates import Account, Quotas, network_of, told
from tests.contracts.test_transport import problem
from tests.world import Client, World

Opener = Callable[..., World]
OPENED = count(1)


@pytest.fixture
def limited(database_url: str) -> Iterator[Opener]:
    """A world whose limits are as a test says."""
    with ExitStack() as opened:

        def open_world(**quotas: Any) -> World:
            world = opened.enter_context(World.open(database_url, **{f"{k}_per_minute": n for k, n in quotas.items()}))
            world.counter = next(OPENED) * 100  # the worlds share a database, where addresses are unique
            return world

        yield open_world


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets seconds pass for everything that counts requests."""
    held = SimpleNamespace(at=1_800_000_000.0)
    for module in ("app.kit.rates", "limits.storage.memory", "limits.strategies"):
        monkeypatch.setattr(f"{module}.time", SimpleNamespace(time=lambda: held.at), raising=True)

    def pass_by(seconds: float) -> None:
        held.at += seconds

    return pass_by


def statuses(client: Client, times: int, path: str = "/me") -> list[int]:
    return [client.get(path).status_code for _ in range(times)]


def test_every_answer_tells_what_is_left_and_the_one_too_many_when_to_come_back(
    limited: Opener, wait: Callable[[float], None]
) -> None:
    user = limited(user_requests=3).client(Role.COORDINATOR)
    first = user.get("/me")
    assert first.headers["ratelimit-policy"] == '"user";q=3;w=60'
    assert first.headers["ratelimit"] == '"user";r=2;t=60'
    wait(20)
    assert statuses(user, 2) == [200, 200]
    refused = user.get("/me")
    told_so = problem(refused, 429, "request.rate_exceeded")
    assert told_so["context"] == {"quota": "user", "perMinute": 3}
    assert refused.headers["retry-after"] == "40"
    assert refused.headers["ratelimit"] == '"user";r=0;t=40'
    wait(39)
    assert user.get("/me").status_code == 429
    wait(1)
    assert user.get("/me").status_code == 200


def test_one_caller_is_not_charged_for_another_and_a_new_token_is_no_new_quota(
    limited: Opener, wait: Callable[[float], None]
) -> None:
    world = limited(user_requests=2, visitor_requests=2)
    one, other = world.client(Role.COORDINATOR), world.client(Role.COORDINATOR)
    assert statuses(one, 3) == [200, 200, 429]  # each with a token of its own
    assert statuses(other, 2) == [200, 200]
    assert statuses(world.anonymous, 3, "/api-info") == [200, 200, 429]


def test_a_token_that_is_not_believed_counts_for_the_address_it_came_from(
    limited: Opener, wait: Callable[[float], None]
) -> None:
    world = limited(user_requests=0, visitor_requests=2)
    user = world.client(Role.COORDINATOR)
    forged = Client(world.portal, world.http, lambda: "x.y.z")
    assert statuses(forged, 3) == [401, 401, 429]
    assert statuses(world.anonymous, 1, "/api-info") == [429]
    assert statuses(user, 3) == [200, 200, 200]
    assert "ratelimit" not in user.get("/me").headers


def test_changes_and_statistics_have_quotas_of_their_own(limited: Opener, wait: Callable[[float], None]) -> None:
    world = limited(writes=1, statistics=1, user_requests=100)
    user = world.client(Role.COORDINATOR, world.partner())
    assert [user.post("/programs", {}).status_code for _ in range(2)] == [422, 429]
    assert user.get("/reports/tertial").status_code == 200
    refused = user.get("/reports/tertial")
    assert problem(refused, 429, "request.rate_exceeded")["context"]["quota"] == "statistics"
    assert '"user";r=96' in refused.headers["ratelimit"]
    assert user.get("/me").status_code == 200


def test_a_service_writes_as_often_as_it_may_ask(limited: Opener, wait: Callable[[float], None]) -> None:
    world = limited(writes=1, service_requests=3)
    service = world.client(Role.SERVICE, world.partner(), scopes=["program:create"])
    assert [service.post("/programs", {}).status_code for _ in range(4)] == [422, 422, 422, 429]


def test_health_and_keys_are_never_refused(limited: Opener, wait: Callable[[float], None]) -> None:
    world = limited(visitor_requests=1)
    assert statuses(world.anonymous, 2, "/api-info") == [200, 429]
    for path in ("//root/healthz", "//root/readyz", "//root/.well-known/jwks.json"):
        assert statuses(world.anonymous, 3, path) == [200, 200, 200]


def test_no_limit_says_nothing() -> None:
    assert list(Quotas(user=0, writes=0).of("user", "POST", "/x")) == []
    assert told([]) == []
    two = [Account("user", 9, 8, 7, is_spent=False), Account("writes", 2, 1, 7, is_spent=False)]
    assert told(two) == [
        (b"ratelimit-policy", b'"user";q=9;w=60, "writes";q=2;w=60'),
        (b"ratelimit", b'"user";r=8;t=7, "writes";r=1;t=7'),
    ]


def test_statistics_are_found_by_their_address() -> None:
    quotas = Quotas(costly=re.compile(r"/reports(/|$)"))
    assert dict(quotas.of("visitor", "GET", "/a/reports/b")) == {"visitor": 300, "statistics": 30}
    assert dict(quotas.of("visitor", "GET", "/a/reporters")) == {"visitor": 300}


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:9:9:9:9", "2001:db8:1:2::/64"),
        (None, "unknown"),
    ],
)
def test_whoever_has_one_address_of_a_network_has_them_all(host: str | None, network: str) -> None:
    client = None if host is None else (host, 1234)
    assert network_of(Request({"type": "http", "client": client, "headers": []})) == network
