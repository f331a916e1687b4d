"""Do people come in through a real identity provider, as who they are there and as nobody else?"""

import base64
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import text

from app.kit.keys import decode_base64url, encode_base64url
from tests.contracts.document import ROOT
from tests.features.accounts.people import PASSWORD, Person, code_of_problem
from tests.kit import test_oidc
from tests.kit.fetching import fetched_by
from tests.kit.forgery import KEY, NOW, ORDER, sign
from tests.world import Client, World

ISSUER, CLIENT_ID = "https://login.example", "mentorskap"
REDIRECT = "https://app.example/callback"
NUMBERS = count()
REFUSED = (401, "auth.provider_refused")


class Loopback(httpx.BaseTransport):
    """Reaches the provider's public address on this machine, as its TLS proxy would."""

    def __init__(self, port: int) -> None:
        self._inner = httpx.HTTPTransport()
        self._port = port
        self.asked: list[str] = []
        self.is_away = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https"
        assert request.url.host == "login.example"
        if self.is_away:
            raise httpx.ConnectError("away", request=request)
        self.asked.append(request.url.path)
        url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return self._inner.handle_request(
            httpx.Request(request.method, url, headers=request.headers, stream=request.stream)
        )

    def close(self) -> None:
        """Clients come and go; the way to the provider stays."""


@dataclass
class Provider:
    """The provider as a frontend sees it: a person logs in there, and an ID token comes back."""

    transport: Loopback

    def id_token(self, subject: str, nonce: str, client_id: str = CLIENT_ID) -> str:
        with httpx.Client(transport=self.transport, base_url=ISSUER) as browser:
            found = browser.get("/.well-known/openid-configuration").json()
            assert found["issuer"] == ISSUER
            asked = {
                "client_id": client_id,
                "redirect_uri": REDIRECT,
                "response_type": "code",
                "scope": "openid",
                "nonce": nonce,
                "state": "s",
            }
            allowed = browser.post(found["authorization_endpoint"], params=asked, data={"sub": subject})
            (code,) = parse_qs(urlsplit(allowed.headers["location"]).query)["code"]
            form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
            tokens = browser.post(found["token_endpoint"], data=form, auth=(client_id, "hemligt")).json()
        token: str = tokens["id_token"]
        return token


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.features.accounts.provider"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:  # noqa: S603  our own words
        assert running.stdout is not None
        yield Provider(Loopback(int(running.stdout.readline())))
        running.terminate()


@pytest.fixture(scope="module")
def world(database_url: str, provider: Provider) -> Iterator[World]:
    with World.open(database_url, fetch=fetched_by(provider.transport), oidc_providers=world_settings()) as opened:
        opened.clock.advance(datetime.now(UTC) - opened.clock())  # noqa: TID251  the provider's clock is the real one
        yield opened


def nonce() -> str:
    return f"en gång och aldrig mer {next(NUMBERS)}"


def comes(world: World, token: str, said: str, **more: Any) -> httpx.Response:
    return world.anonymous.post("/auth/oidc-sessions", {"idToken": token, "nonce": said, **more})


def link(person: Person, subject: str) -> httpx.Response:
    return person.administrator.post(f"/users/{person.id}/identities", {"issuer": ISSUER, "subject": subject})


def test_an_administrator_links_and_the_person_comes_in(world: World, provider: Provider) -> None:
    person, said = Person.joins(world), nonce()
    assert code_of_problem(comes(world, provider.id_token("anna", said), said)) == REFUSED
    linked = link(person, "anna")
    assert linked.status_code == 201
    assert linked.json().keys() == {"id", "issuer", "createdAt"}
    token = provider.id_token("anna", said)
    answer = comes(world, token, said)
    assert answer.status_code == 201, answer.text
    claims = world.runtime.verifier.verify(answer.json()["accessToken"], world.clock())
    assert (str(claims.sub), claims.amr) == (person.id, ("fed",))
    me = Client(world.portal, world.http, lambda: answer.json()["accessToken"])
    assert me.get("/me").json()["id"] == person.id
    assert code_of_problem(comes(world, token, said)) == REFUSED, "each ID token counts once"


def test_the_same_address_at_the_provider_opens_nothing(world: World, provider: Provider) -> None:
    """The provider says `email` of whoever logs in: nobody is found by it."""
    person, said = Person.joins(world), nonce()
    assert code_of_problem(comes(world, provider.id_token(person.email, said), said)) == REFUSED


def test_an_invitation_links_once(world: World, provider: Provider) -> None:
    person, said = Person.joins(world), nonce()
    invitation = person.reset()
    wrong = comes(world, provider.id_token("bo", said), said, invitationToken="miv__okänd")
    assert code_of_problem(wrong) == (422, "auth.invitation_invalid")
    answer = comes(world, provider.id_token("bo", said), said, invitationToken=invitation)
    assert answer.status_code == 201
    assert comes(world, provider.id_token("bo", said), said).status_code == 201
    again = comes(world, provider.id_token("cia", said), said, invitationToken=invitation)
    assert code_of_problem(again) == (422, "auth.invitation_invalid")
    assert person.tries().status_code == 201, "the password holds as before"
    other = Person.joins(world)
    taken = comes(world, provider.id_token("bo", said), said, invitationToken=other.reset())
    assert code_of_problem(taken) == (409, "user.identity_taken")


def test_another_nonce_or_another_client_opens_nothing(world: World, provider: Provider) -> None:
    person, said = Person.joins(world), nonce()
    link(person, "dan")
    assert code_of_problem(comes(world, provider.id_token("dan", said), nonce())) == REFUSED
    elsewhere = provider.id_token("dan", said, client_id="en annan app")
    assert code_of_problem(comes(world, elsewhere, said)) == REFUSED
    token = provider.id_token("dan", said)
    head, payload, signature = token.split(".")
    damaged = f"{head}.{payload}.{signature[:-4]}AAAA"
    for wrong in (damaged, f"{head}.{payload}.", "a.b.c", person.comes_in()["accessToken"]):
        assert code_of_problem(comes(world, wrong, said)) == REFUSED
    assert comes(world, token, said).status_code == 201


def test_whoever_is_locked_or_unlinked_stays_out(world: World, provider: Provider) -> None:
    person, said = Person.joins(world), nonce()
    identity = link(person, "eva").json()["id"]
    tokens = comes(world, provider.id_token("eva", said), said).json()
    person.administrator.patch(f"/users/{person.id}", {"isLocked": True})
    assert code_of_problem(comes(world, provider.id_token("eva", said), said)) == REFUSED
    person.administrator.patch(f"/users/{person.id}", {"isLocked": False})
    tokens = comes(world, provider.id_token("eva", said), said).json()
    path = f"/users/{person.id}/identities"
    (listed,) = person.administrator.get(path).json()["items"]
    assert (listed["id"], listed["issuer"]) == (identity, ISSUER)
    stranger = Person.joins(world)
    assert stranger.administrator.call("DELETE", f"{path}/{identity}").status_code == 404
    elsewhere = f"/users/{stranger.id}/identities/{identity}"
    assert stranger.administrator.call("DELETE", elsewhere).status_code == 404
    assert person.administrator.call("DELETE", f"{path}/{identity}").status_code == 204
    assert Client(world.portal, world.http, lambda: tokens["accessToken"]).get("/me").status_code == 401
    assert code_of_problem(comes(world, provider.id_token("eva", said), said)) == REFUSED


def test_an_app_here_is_asked_for_when_the_provider_asked_for_none(world: World, provider: Provider) -> None:
    person, said = Person.joins(world), nonce()
    link(person, "fia")
    me = person.client()
    person.secret = base64.b32decode(me.made("/me/totp", {"password": PASSWORD})["secret"])
    me.made("/me/totp/confirmation", {"code": person.code()})
    token = provider.id_token("fia", said)
    assert code_of_problem(comes(world, token, said)) == (401, "auth.totp_required")
    assert code_of_problem(comes(world, token, said, totpCode=person.code())) == (401, "auth.totp_invalid")
    answer = comes(world, token, said, totpCode=person.next_code())
    assert world.runtime.verifier.verify(answer.json()["accessToken"], world.clock()).amr == ("fed", "otp")


def test_the_second_spelling_of_a_signature_is_no_second_token(database_url: str) -> None:
    """Of an ECDSA signature (r, s) the other right one is (r, n - s), which anybody can compute."""
    issuer = {"issuer": test_oidc.ISSUER, "client_id": test_oidc.CLIENT, "jwks_url": test_oidc.URL}
    site = test_oidc.Site({**KEY.public_jwk(), "kid": "ec"})
    trusted = [{**issuer, "algorithm": "ES256"}]
    with World.open(database_url, fetch=fetched_by(httpx.MockTransport(site)), oidc_providers=trusted) as world:
        world.counter = 1000
        world.clock.advance(NOW - world.clock())
        person = Person.joins(world)
        subject = {"issuer": test_oidc.ISSUER, "subject": test_oidc.CLAIMS["sub"]}
        person.administrator.made(f"/users/{person.id}/identities", subject)
        token = sign({"alg": "ES256", "kid": "ec"}, test_oidc.CLAIMS)
        signed, _, signature = token.rpartition(".")
        raw = decode_base64url(signature)
        other = raw[:32] + (ORDER - int.from_bytes(raw[32:])).to_bytes(32)
        respelled = f"{signed}.{encode_base64url(other)}"
        world.runtime.identities.read(respelled, test_oidc.NONCE, world.clock())
        assert comes(world, token, test_oidc.NONCE).status_code == 201
        assert code_of_problem(comes(world, respelled, test_oidc.NONCE)) == REFUSED


def test_what_is_linked_has_limits(world: World) -> None:
    person, other = Person.joins(world), Person.joins(world)
    unknown = person.administrator.post(
        f"/users/{person.id}/identities", {"issuer": "https://evil.example", "subject": "x"}
    )
    assert code_of_problem(unknown) == (422, "identity.issuer_unknown")
    assert [link(person, f"gun{number}").status_code for number in range(5)] == [201] * 5
    assert code_of_problem(link(person, "gun5")) == (409, "identity.too_many")
    assert code_of_problem(link(other, "gun0")) == (409, "user.identity_taken")
    with world.engine.connect() as connection:
        stored = connection.scalar(text("select string_agg(e::text, ' ') from external_identity e")) or ""
    assert ISSUER in stored
    assert "gun" not in stored


def test_while_the_provider_is_away_its_keys_last_for_a_day(world: World, provider: Provider) -> None:
    """Last: the clock moves away from the provider's."""
    person, said = Person.joins(world), nonce()
    link(person, "hans")
    assert comes(world, provider.id_token("hans", said), said).status_code == 201
    token = provider.id_token("hans", said)
    asked = provider.transport.asked.count("/jwks")
    assert comes(world, token, said).status_code == 201
    assert provider.transport.asked.count("/jwks") == asked, "kept for an hour"
    provider.transport.is_away = True
    try:
        with World.open(world.url, fetch=fetched_by(provider.transport), oidc_providers=world_settings()) as fresh:
            fresh.clock.advance(world.clock() - fresh.clock())
            refused = comes(fresh, token, said)
            assert code_of_problem(refused) == (503, "auth.provider_unreachable")
            assert refused.headers["retry-after"] == "60"
    finally:
        provider.transport.is_away = False
    world.clock.advance(timedelta(hours=2))
    assert code_of_problem(comes(world, token, said)) == REFUSED, "too old"


def world_settings() -> list[dict[str, str]]:
    return [{"issuer": ISSUER, "client_id": CLIENT_ID, "jwks_url": f"{ISSUER}/jwks"}]
