"""Do partners' systems get in by their secret or their signature, from where they may, and by nothing else?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any

import httpx
import pytest

from app.domain.roles import Role
from app.kit.assertions import KIND
from app.kit.keys import SigningKey
from tests.features.accounts.people import Person, code_of_problem
from tests.kit.forgery import change, sign
from tests.world import Client, World

NUMBERS = count()
REFUSED = (401, {"error": "invalid_client"})


class System:
    """A partner's service account with a registered key."""

    def __init__(self, world: World, **over: Any) -> None:
        self.world = world
        self.partner = world.partner()
        self.administrator = world.client(Role.PARTNER_ADMINISTRATOR, self.partner)
        body = {"name": "Påhittat system", "scopes": ["me:read", "partner:read"], **over}
        self.account = self.administrator.made(f"/partners/{self.partner}/service-accounts", body)
        self.id = self.account["clientId"]
        self.path = f"/users/{self.id}"
        self.key = SigningKey.generate()
        self.registered = self.register(self.key)

    def register(self, key: SigningKey) -> dict[str, Any]:
        jwk = key.public_jwk()
        return self.administrator.made(f"{self.path}/keys", {name: jwk[name] for name in ("kty", "crv", "x", "y")})

    def assertion(self, key: SigningKey | None = None, **over: Any) -> str:
        at = int(self.world.clock().timestamp())
        claims = {
            "iss": self.id,
            "sub": self.id,
            "aud": "https://mentorskap.example/oauth/token",
            "iat": at,
            "exp": at + 120,
            "jti": f"nr {next(NUMBERS)}",
        }
        signer = key or self.key
        return sign({"alg": "ES256", "kid": signer.kid}, change(claims, **over), signer)

    def asks(self, assertion: str, at: Client | None = None, **over: Any) -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": KIND,
            "client_assertion": assertion,
            **over,
        }
        return (at or self.world.anonymous).call("POST", "//root/oauth/token", data=form)

    def shows(self, at: Client | None = None, **over: Any) -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.id,
            "client_secret": self.account["clientSecret"],
            **over,
        }
        return (at or self.world.anonymous).call("POST", "//root/oauth/token", data=form)


def told(response: httpx.Response) -> tuple[int, Any]:
    return response.status_code, response.json()


def holding(world: World, token: str, address: str = "127.0.0.1") -> Client:
    return Client(world.portal, world.from_address(address).http, lambda: token)


def test_a_signature_is_as_good_as_a_secret(world: World) -> None:
    system = System(world)
    assert system.registered["kid"] == system.key.kid
    ways: list[dict[str, Any]] = [{}, {"client_id": system.id}, {"scope": "me:read"}]
    for over in ways:
        answer = system.asks(system.assertion(), **over)
        assert answer.status_code == 200, answer.text
        client = holding(world, answer.json()["access_token"])
        assert client.get("/me").json()["id"] == system.id
        assert client.get("/partners").status_code == (403 if "scope" in over else 200)


def test_an_assertion_counts_once_for_its_whole_life(world: World) -> None:
    system = System(world)
    used = system.assertion()
    assert system.asks(used).status_code == 200
    assert told(system.asks(used)) == REFUSED
    world.clock.advance(timedelta(seconds=119))
    assert told(system.asks(used)) == REFUSED
    same_name = system.assertion(jti="samma namn")
    assert system.asks(same_name).status_code == 200
    assert told(system.asks(system.assertion(jti="samma namn"))) == REFUSED, "another assertion of the same name"
    other = System(world)
    assert other.asks(other.assertion(jti="samma namn")).status_code == 200, "names belong to one account"
    narrowed = system.assertion()
    assert told(system.asks(narrowed, scope="program:read")) == (400, {"error": "invalid_scope"})
    assert told(system.asks(narrowed)) == REFUSED, "used up by a refusal too"


def test_nothing_else_gets_a_token(world: World) -> None:
    system, other = System(world), System(world)
    person = Person.joins(world)
    for wrong in (
        system.assertion(key=other.key),
        system.assertion(key=SigningKey.generate()),
        system.assertion(aud="https://elsewhere.example/oauth/token"),
        system.assertion(exp=int(world.clock().timestamp()) + 301),
        system.assertion(exp=int(world.clock().timestamp())),
        system.assertion(sub=other.id),
        system.assertion(sub=person.id, iss=person.id),
        system.assertion(sub="01890a5d-ac96-774b-bcce-b302099a8057", iss="01890a5d-ac96-774b-bcce-b302099a8057"),
        "inte en biljett",
        "a.b.c",
    ):
        assert told(system.asks(wrong)) == REFUSED
    assert told(system.asks(system.assertion(), client_id=other.id)) == REFUSED
    assert told(system.asks(system.assertion(), client_assertion_type="urn:other")) == (
        400,
        {"error": "invalid_request"},
    )
    secret = system.account["clientSecret"]
    assert told(system.asks(system.assertion(), client_id=system.id, client_secret=secret)) == (
        400,
        {"error": "invalid_request"},
    )


def test_a_revoked_key_ends_with_its_tokens(world: World) -> None:
    system = System(world)
    second = SigningKey.generate()
    system.register(second)
    listed = system.administrator.get(f"{system.path}/keys").json()["items"]
    assert {one["kid"] for one in listed} == {system.key.kid, second.kid}
    token = system.asks(system.assertion()).json()["access_token"]
    key = f"{system.path}/keys/{system.registered['id']}"
    assert system.administrator.call("DELETE", key).status_code == 204
    assert holding(world, token).get("/me").status_code == 401
    assert told(system.asks(system.assertion())) == REFUSED
    assert system.asks(system.assertion(key=second)).status_code == 200
    assert system.administrator.call("DELETE", key).status_code == 404
    again = system.administrator.post(
        f"{system.path}/keys", {name: system.key.public_jwk()[name] for name in ("kty", "crv", "x", "y")}
    )
    assert code_of_problem(again) == (409, "service_key.taken")


def test_a_revoked_secret_ends_with_its_tokens(world: World) -> None:
    system = System(world)
    token = system.shows().json()["access_token"]
    (listed,) = system.administrator.get(f"{system.path}/secrets").json()["items"]
    assert system.account["clientSecret"].startswith(listed["hint"])
    assert "clientSecret" not in listed
    secret = f"{system.path}/secrets/{listed['id']}"
    assert system.administrator.call("DELETE", secret).status_code == 204
    assert holding(world, token).get("/me").status_code == 401
    assert told(system.shows()) == REFUSED
    assert system.administrator.call("DELETE", secret).status_code == 404
    assert system.administrator.get(f"{system.path}/secrets").json()["items"] == []


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"x": "A" * 43}, "service_key.invalid"),
        ({"x": "A" * 42}, "request.invalid"),
        ({"kty": "RSA"}, "request.invalid"),
        ({"crv": "P-384"}, "request.invalid"),
        ({"d": "A" * 43}, "request.invalid"),
        ({"k": "secret"}, "request.invalid"),
    ],
)
def test_only_public_keys_of_the_curve_are_registered(world: World, over: dict[str, str], code: str) -> None:
    system = System(world)
    jwk = SigningKey.generate().public_jwk()
    body = {**{name: jwk[name] for name in ("kty", "crv", "x", "y")}, **over}
    refused = system.administrator.post(f"{system.path}/keys", body)
    assert code_of_problem(refused) == (422, code)
    assert not any(value in refused.text for value in over.values() if len(value) > 10)


def test_at_most_five_keys_and_only_for_services(world: World) -> None:
    system, person = System(world), Person.joins(world)
    for _ in range(4):
        system.register(SigningKey.generate())
    jwk = SigningKey.generate().public_jwk()
    body = {name: jwk[name] for name in ("kty", "crv", "x", "y")}
    assert code_of_problem(system.administrator.post(f"{system.path}/keys", body)) == (409, "service_key.too_many")
    refused = person.administrator.post(f"/users/{person.id}/keys", body)
    assert code_of_problem(refused) == (409, "user.not_a_service")
    networks = person.administrator.patch(f"/users/{person.id}", {"allowedNetworks": ["192.0.2.0/24"]})
    assert code_of_problem(networks) == (409, "user.not_a_service")
    assert code_of_problem(system.administrator.post(f"{system.path}/invitations")) == (409, "user.is_a_service")


@pytest.mark.parametrize(
    ("networks", "inside", "outside"),
    [
        (["192.0.2.0/24"], "192.0.2.7", "192.0.3.7"),
        (["192.0.2.0/24", "2001:db8::/48"], "2001:db8:0:1::7", "2001:db8:1::7"),
        (["192.0.2.0/24"], "::ffff:192.0.2.7", "::ffff:192.0.3.7"),
        (["2001:db8::1"], "2001:db8::1", "2001:db8::2"),
    ],
)
def test_a_service_comes_only_from_its_networks(world: World, networks: list[str], inside: str, outside: str) -> None:
    system = System(world, allowedNetworks=networks)
    home, elsewhere = world.from_address(inside), world.from_address(outside)
    for ask in (system.shows, lambda at: system.asks(system.assertion(), at)):
        token = ask(home).json()["access_token"]
        refused = ask(elsewhere)
        assert told(refused) == (401, {"error": "invalid_client", "error_description": "network_not_allowed"})
        assert holding(world, token, inside).get("/me").status_code == 200
        stolen = holding(world, token, outside).get("/me")
        assert code_of_problem(stolen) == (403, "auth.network_not_allowed")
        assert stolen.json()["context"] == {}
        assert not any(one.partition("/")[0] in stolen.text for one in networks)
    wrong = system.shows(elsewhere, client_secret="mss_fel")
    assert told(wrong) == REFUSED, "who does not know the secret learns nothing of networks"


def test_networks_are_changed_from_the_next_request(world: World) -> None:
    system = System(world)
    token = system.shows().json()["access_token"]
    changed = system.administrator.patch(system.path, {"allowedNetworks": ["192.0.2.0/24"]})
    assert changed.json()["allowedNetworks"] == ["192.0.2.0/24"]
    assert holding(world, token).get("/me").status_code == 401, "its tokens are stale"
    assert told(system.shows())[0] == 401
    cleared = system.administrator.patch(system.path, {"allowedNetworks": None})
    assert cleared.json()["allowedNetworks"] is None
    assert system.shows().status_code == 200
    assert code_of_problem(system.administrator.patch(system.path, {"isLocked": None})) == (422, "request.invalid")
    for wrong in ([], ["192.0.2.7/24"], ["nacka.se"], ["192.0.2.0/24"] * 21):
        refused = system.administrator.patch(system.path, {"allowedNetworks": wrong})
        assert code_of_problem(refused) == (422, "request.invalid")


def test_of_many_presenters_of_one_assertion_one_gets_a_token(world: World) -> None:
    system = System(world)
    for _ in range(5):
        used = system.assertion()
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda token: system.asks(token).status_code, [used] * 8))
        assert sorted(answers) == [200] + [401] * 7
