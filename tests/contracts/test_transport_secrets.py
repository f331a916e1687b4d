"""Are secrets, of which only hashes are stored, kept out of the answers that are stored for retries?"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.domain.glossary import Side
from app.domain.roles import Role
from app.features.accounts.schemas import (
    InvitedUserRead,
    LoginRead,
    RecoveryCodesRead,
    ServiceSecretRead,
    TokensRead,
    TotpSecretRead,
)
from app.features.calendars.schemas import CalendarFeedOpened
from app.features.webhooks.schemas import WebhookSecretCreated, WebhookSubscriptionCreated
from app.kit.idempotency import IdempotencyRecord
from app.kit.ids import new_id
from app.kit.wire import Schema
from app.main import METADATA
from tests.contracts.document import ROOT, document
from tests.contracts.test_transport import problem
from tests.features.matches.pairs import Place
from tests.world import Client, World

KEY = {"Idempotency-Key": "once"}
SECRET = re.compile(r"(token|secret|password)$", re.IGNORECASE)
SHOWN_ONCE = {
    CalendarFeedOpened,
    InvitedUserRead,
    LoginRead,
    RecoveryCodesRead,
    ServiceSecretRead,
    TokensRead,
    TotpSecretRead,
    WebhookSecretCreated,
    WebhookSubscriptionCreated,
}


def schemas(of: type[Schema] = Schema) -> Iterator[type[Schema]]:
    for one in of.__subclasses__():
        yield one
        yield from schemas(one)


def answered() -> set[str]:
    """The names of the schemas that the document answers with."""
    told = document()
    return {
        name
        for path in told["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
        for response in operation.get("responses", {}).values()
        for name in re.findall(r"#/components/schemas/(\w+)", json.dumps(response))
    }


def test_what_answers_with_a_secret_says_so() -> None:
    marked = {one for one in schemas() if one.is_shown_once}
    assert marked == SHOWN_ONCE
    names = answered()
    telling = {one for one in schemas() if one.__name__ in names and any(map(SECRET.search, one.model_fields))}
    assert telling <= marked


Asked = tuple[Client, str, Any, str]


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


def asked(place: Place, what: str) -> Asked:
    """Who asks for a secret, where, with which body, and the field that shows it."""
    world, partner = place.world, place.municipality
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, partner)
    named = {"name": "Påhittad", "email": f"hemlig{world.number()}@example.org"}
    system = {"name": "Kommunens system", "scopes": ["program:read"]}
    if what == "feed":
        return place.person(Side.MENTEE).client, "/me/calendar-feed", {}, "address"
    if what == "administrator":
        path = f"/partners/{partner}/administrators"
        return world.client(Role.SYSTEM_ADMINISTRATOR), path, named, "invitationToken"
    if what == "colleague":
        return administrator, f"/partners/{partner}/users", {**named, "role": "coordinator"}, "invitationToken"
    if what == "login":
        person = place.staff().made(
            f"/partners/{partner}/participants",
            {
                "givenName": "Påhittad",
                "familyName": "Person",
                "bornOn": "1980-05-17",
                "gender": "female",
                "email": named["email"],
            },
        )
        return place.staff(), f"/participants/{person['id']}/login", {"side": "mentee"}, "invitationToken"
    path = f"/partners/{partner}/service-accounts"
    if what == "system":
        return administrator, path, system, "clientSecret"
    made = administrator.made(path, system)
    return administrator, f"/users/{made['clientId']}/secrets", None, "clientSecret"


def stored(world: World, secret: str) -> set[str]:
    """The tables in which the secret stands in the clear, in whatever form it is there."""
    found = set()
    forms = (secret, secret.encode().hex())
    with world.engine.connect() as connection:
        for table in METADATA.tables:
            told = connection.scalar(text(f"select string_agg(t::text, ' ') from \"{table}\" t")) or ""  # noqa: S608
            if any(form in told for form in forms):
                found.add(table)
    return found


@pytest.mark.parametrize("what", ["feed", "administrator", "colleague", "login", "system", "another secret"])
def test_a_secret_is_shown_once_and_stored_nowhere(place: Place, what: str) -> None:
    client, path, body, field = asked(place, what)
    first = client.post(path, body, headers=KEY)
    assert first.status_code == 201, first.text
    secret = first.json()[field].rpartition("/")[2]
    assert len(secret) > 30
    assert stored(place.world, secret) == set()
    again = client.post(path, body, headers=KEY)
    problem(again, 409, "idempotency.answer_not_kept")
    assert again.json()["context"] == {"location": first.headers["location"]}
    assert secret not in again.text
    if what != "another secret":  # two are valid then, which is as many as may be
        other = client.made(path, body, headers={"Idempotency-Key": "twice"})
        assert other[field].rpartition("/")[2] != secret


def test_the_control_finds_what_is_kept(place: Place) -> None:
    """Of an answer without a secret a copy is stored, where the search above would see it."""
    client = place.world.client(Role.SYSTEM_ADMINISTRATOR)
    name = f"Påhittat {place.world.number()} utan hemligheter"
    client.made("/partners", {"name": name, "sector": "business"}, headers=KEY)
    assert stored(place.world, name) >= {"partner", "idempotency_record"}
    assert client.post("/partners", {"name": name, "sector": "business"}, headers=KEY).status_code == 201


def test_a_retry_opens_no_second_feed(place: Place) -> None:
    client, path, body, field = asked(place, "feed")
    address = client.made(path, body, headers=KEY)[field]
    client.post(path, body, headers=KEY)
    feed = f"//root/calendar-feeds/{address.rpartition('/')[2]}"
    assert place.world.anonymous.get(feed).status_code == 200, "the first is still open"


def test_what_was_kept_before_is_emptied_and_its_key_stays_taken(place: Place) -> None:
    """By migration 0014; what shows no secret is left as it is."""
    said = {"secret": b'{"id":"1","clientSecret":"mss_x"}', "feed": b'{"address":"https://x/calendar-feeds/mcf_x"}'}
    kept = {**said, "other": '{"name":"Påhittade hemligheten"}'.encode()}
    given: dict[str, Any] = {"principal_id": new_id(), "fingerprint": "-", "status": 201, "headers": {}}
    at = place.world.clock()
    place.world.add(*(IdempotencyRecord(key=key, body=body, created_at=at, **given) for key, body in kept.items()))
    migration = ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).get_revision("0014").module
    with place.world.engine.begin() as connection:
        connection.execute(text(migration.EMPTY))
        found = connection.execute(
            text("select key, body from idempotency_record where principal_id = :id"), {"id": given["principal_id"]}
        )
        assert {row.key: bytes(row.body) for row in found} == {**dict.fromkeys(said, b""), "other": kept["other"]}
