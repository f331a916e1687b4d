"""Is a retry safe, and is nobody's work overwritten? Idempotency-Key, ETag, If-Match, and what the database decides."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import Session

from app.domain.glossary import Sector
from app.domain.roles import Role
from app.features.access.tables import UserAccount
from app.features.partners.tables import Partner
from tests.contracts.test_transport import problem
from tests.world import Client, World

KEY = "Idempotency-Key"


@pytest.fixture(scope="module")
def administrator(world: World) -> Client:
    return world.client(Role.SYSTEM_ADMINISTRATOR)


def body(world: World) -> dict[str, Any]:
    return {"name": f"Påhittat {world.number()}", "sector": "business"}


def named(world: World, name: str) -> int:
    with world.engine.connect() as connection:
        return int(connection.scalar(text("select count(*) from partner where name = :name"), {"name": name}) or 0)


def test_a_retry_answers_the_same_and_does_nothing(world: World, administrator: Client) -> None:
    sent = body(world)
    first, second = (administrator.post("/partners", sent, headers={KEY: "same"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    for header in ("location", "etag", "content-type", "cache-control"):
        assert first.headers[header] == second.headers[header]
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert named(world, sent["name"]) == 1


def test_a_key_stands_for_one_request(world: World, administrator: Client) -> None:
    administrator.post("/partners", body(world), headers={KEY: "once"})
    other = body(world)
    problem(administrator.post("/partners", other, headers={KEY: "once"}), 422, "idempotency.key_reused")
    assert named(world, other["name"]) == 0


def test_a_key_belongs_to_one_principal(world: World, administrator: Client) -> None:
    sent = body(world)
    administrator.post("/partners", sent, headers={KEY: "mine"})
    again = world.client(Role.SYSTEM_ADMINISTRATOR).post("/partners", sent, headers={KEY: "mine"})
    assert again.status_code == 201
    assert named(world, sent["name"]) == 2


def test_a_refusal_is_not_kept(world: World, administrator: Client) -> None:
    sent = body(world)
    problem(administrator.post("/partners", {**sent, "sector": "x"}, headers={KEY: "mended"}), 422, "request.invalid")
    assert administrator.post("/partners", sent, headers={KEY: "mended"}).status_code == 201


def test_a_twin_in_flight_is_409(world: World) -> None:
    user: UserAccount = world.add(
        UserAccount(name="Påhittad Person", role=Role.SYSTEM_ADMINISTRATOR, email=f"twin{world.number()}@example.org")
    )
    client, sent = world.client_for(user), body(world)
    lock = text("select pg_advisory_xact_lock(hashtextextended(:what, 0))")
    with world.engine.connect() as other:
        other.execute(lock, {"what": f"{user.id}:twin"})
        refused = client.post("/partners", sent, headers={KEY: "twin"})
    problem(refused, 409, "idempotency.in_flight")
    assert refused.headers["retry-after"] == "1"
    assert client.post("/partners", sent, headers={KEY: "twin"}).status_code == 201
    assert named(world, sent["name"]) == 1


def test_many_twins_make_one_row(world: World, administrator: Client) -> None:
    sent = body(world)
    answers: list[httpx.Response] = []
    twins = [
        threading.Thread(target=lambda: answers.append(administrator.post("/partners", sent, headers={KEY: "many"})))
        for _ in range(8)
    ]
    for twin in twins:
        twin.start()
    for twin in twins:
        twin.join()
    assert {response.status_code for response in answers} <= {201, 409}
    assert len({response.content for response in answers if response.status_code == 201}) == 1
    assert named(world, sent["name"]) == 1


@pytest.mark.parametrize("key", ["", "two words", "å".encode(), "x" * 256, "tab\tkey"])
def test_a_malformed_key_is_400(world: World, administrator: Client, key: Any) -> None:
    sent = body(world)
    response = administrator.post("/partners", sent, headers={KEY: key})
    problem(response, 400, "idempotency.key_malformed")
    assert named(world, sent["name"]) == 0


def test_a_key_is_kept_for_72_hours(world: World, administrator: Client) -> None:
    sent = body(world)
    administrator.post("/partners", sent, headers={KEY: "old"})
    world.clock.advance(timedelta(hours=72))
    assert administrator.post("/partners", sent, headers={KEY: "old"}).headers["idempotency-replayed"] == "true"
    world.clock.advance(timedelta(seconds=1))
    again = administrator.post("/partners", sent, headers={KEY: "old"})
    assert "idempotency-replayed" not in again.headers
    assert named(world, sent["name"]) == 2


@pytest.fixture
def own(world: World) -> tuple[Client, str]:
    partner = world.partner()
    return world.client(Role.PARTNER_ADMINISTRATOR, partner), f"/partners/{partner}"


def test_what_is_unchanged_is_not_sent_again(own: tuple[Client, str]) -> None:
    client, path = own
    tag = client.get(path).headers["etag"]
    for asked in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        response = client.get(path, headers={"If-None-Match": asked})
        assert (response.status_code, response.content, response.headers["etag"]) == (304, b"", tag)
    client.patch(path, {"website": "https://a.example"})
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_a_change_needs_the_version_that_was_read(own: tuple[Client, str]) -> None:
    client, path = own
    tag, change = client.get(path).headers["etag"], {"website": "https://b.example"}
    problem(client.call("PATCH", path, json=change), 428, "request.if_match_required")
    for wrong in ('"999"', f"W/{tag}", "rubbish", "", '"1', tag.replace('"', "")):
        problem(client.patch(path, change, headers={"If-Match": wrong}), 412, "resource.changed_meanwhile")
    assert client.get(path).headers["etag"] == tag
    changed = client.patch(path, change, headers={"If-Match": f'"999", {tag}'})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert client.get(path).headers["etag"] == changed.headers["etag"]


@pytest.mark.parametrize("wild", ["*", " * "])
def test_any_version_may_be_meant(own: tuple[Client, str], wild: str) -> None:
    client, path = own
    assert client.patch(path, {"website": None}, headers={"If-Match": wild}).status_code == 200


def test_of_two_changes_to_one_version_one_is_made(own: tuple[Client, str]) -> None:
    client, path = own
    tag = client.get(path).headers["etag"]
    answers: list[int] = []

    def change(number: int) -> None:
        patch = {"website": f"https://{number}.example"}
        answers.append(client.patch(path, patch, headers={"If-Match": tag}).status_code)

    threads = [threading.Thread(target=change, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 412, 412, 412, 412, 412]


def test_a_race_for_something_unique_is_409_and_never_201(world: World, administrator: Client) -> None:
    """Another transaction holds the number uncommitted: the check in Python finds nothing, the index waits and knows."""
    number = "212000-0167"
    answers: list[httpx.Response] = []
    sent = {**body(world), "organizationNumber": number}
    with Session(world.engine) as other:
        other.info["is_unrecorded"] = True
        other.add(Partner(name="Påhittat före", sector=Sector.MUNICIPALITY, organization_number=number))
        other.flush()
        racing = threading.Thread(target=lambda: answers.append(administrator.post("/partners", sent)))
        racing.start()
        racing.join(0.5)
        assert answers == []
        other.commit()
        racing.join()
    problem(answers[0], 409, "partner.already_registered")
    assert named(world, sent["name"]) == 0


@pytest.fixture
def late(world: World) -> Iterator[None]:
    """A constraint that speaks only at commit."""
    with world.engine.begin() as connection:
        connection.execute(
            text("alter table partner add constraint late unique (website) deferrable initially deferred")
        )
    yield
    with world.engine.begin() as connection:
        connection.execute(text("alter table partner drop constraint late"))


def test_a_violation_at_commit_is_409_and_never_201(world: World, administrator: Client, late: None) -> None:
    sent = {**body(world), "website": "https://late.example"}
    assert administrator.post("/partners", sent).status_code == 201
    twice = {**body(world), "website": "https://late.example"}
    for _ in range(2):  # the answer that was prepared is not kept for the key either
        problem(administrator.post("/partners", twice, headers={KEY: "late"}), 409, "resource.conflict")
    assert named(world, twice["name"]) == 0


def test_versions_are_the_rows_own(world: World) -> None:
    partner: UUID = world.partner()
    client = world.client(Role.PARTNER_ADMINISTRATOR, partner)
    path = f"/partners/{partner}"
    for version in (1, 2, 3):
        assert client.get(path).headers["etag"].startswith(f'"{version}-')
        client.patch(path, {"website": f"https://{version}.example"})
