"""Does whoever waits for news get them at once, and hold neither a connection nor the right to them meanwhile?"""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.domain.roles import Role
from app.features.access.tables import UserAccount
from tests.features.changes.reading import Reading
from tests.features.changes.test_feed import write
from tests.world import Client, World


@pytest.fixture
def account(world: World) -> UserAccount:
    added: UserAccount = world.add(
        UserAccount(
            name="Skript", role=Role.SERVICE, partner_id=world.partner(), scopes=["change:read", "partner:read"]
        )
    )
    return added


@pytest.fixture
def reading(world: World, account: UserAccount) -> Reading:
    started = Reading(world.client_for(account))
    started.go_on()
    return started


def poll(reading: Reading, prefer: str) -> tuple[httpx.Response, float]:
    began = time.monotonic()
    response = reading.client.get("/changes", params={"cursor": reading.cursor}, headers={"Prefer": prefer})
    return response, time.monotonic() - began


def in_background(pool: ThreadPoolExecutor, reading: Reading, prefer: str) -> Future[tuple[httpx.Response, float]]:
    waiting = pool.submit(poll, reading, prefer)
    time.sleep(0.5)
    assert not waiting.done()
    return waiting


def test_news_come_as_soon_as_they_are_committed(world: World, reading: Reading) -> None:
    partner = world.partner()
    with ThreadPoolExecutor(1) as pool:
        waiting = in_background(pool, reading, "wait=20")
        assert world.runtime.database.engine.pool.checkedout() == 0, "nobody holds a connection"  # type: ignore[attr-defined]
        with world.engine.begin() as connection:
            written = write(connection, partner)
        response, seconds = waiting.result(30)
    assert [item["id"] for item in response.json()["items"]] == [written]
    assert response.headers["Preference-Applied"] == "wait=20"
    assert seconds < 6


def test_with_nothing_new_the_answer_comes_in_time_and_is_empty(reading: Reading) -> None:
    response, seconds = poll(reading, "respond-async, wait=2; foo")
    assert (response.status_code, response.json()["items"], response.json()["hasMore"]) == (200, [], False)
    assert response.headers["Preference-Applied"] == "wait=2"
    assert response.json()["nextCursor"]
    assert 1.9 < seconds < 6


def test_many_wait_on_one_look_a_second_and_no_thread(world: World, reading: Reading) -> None:
    with ThreadPoolExecutor(30) as pool:
        waiting = [pool.submit(poll, reading, "wait=20") for _ in range(30)]
        until = time.monotonic() + 15
        while (held := world.runtime.database.engine.pool.checkedout()) > 1 or time.monotonic() < until - 13:  # type: ignore[attr-defined]
            assert time.monotonic() < until, f"{held} connections are held"
            time.sleep(0.05)
        working = [one for one in threading.enumerate() if "AnyIO worker" in one.name]
        assert not any(one.done() for one in waiting)
        with world.engine.begin() as connection:
            written = write(connection, world.partner())
        found = [one.result(30)[0].json()["items"] for one in waiting]
    assert {items[0]["id"] for items in found} == {written}
    assert len(working) <= 40


def test_who_has_something_to_read_does_not_wait(world: World, reading: Reading) -> None:
    with world.engine.begin() as connection:
        write(connection, world.partner())
    response, seconds = poll(reading, "wait=20")
    assert (len(response.json()["items"]), response.headers["Preference-Applied"]) == (1, "wait=20")
    assert seconds < 5


@pytest.mark.parametrize("prefer", ["wait=0", "wait=soon", "wait", "await=20", "return=minimal", "wait=-1", ""])
def test_other_preferences_are_not_ours(reading: Reading, prefer: str) -> None:
    response, seconds = poll(reading, prefer)
    assert response.status_code == 200
    assert "Preference-Applied" not in response.headers
    assert seconds < 5


def test_who_is_locked_out_while_waiting_is_told_nothing(world: World, account: UserAccount, reading: Reading) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = in_background(pool, reading, "wait=20")
        with world.engine.begin() as connection:
            connection.execute(text("update user_account set is_locked = true where id = :u"), {"u": account.id})
            write(connection, world.partner())
        response, _ = waiting.result(30)
    assert (response.status_code, response.json()["code"]) == (401, "auth.token_stale")


def test_a_refusal_is_not_waited_for(world: World) -> None:
    stranger: Client = world.client(Role.MENTOR, world.partner())
    began = time.monotonic()
    response: Any = stranger.get("/changes", headers={"Prefer": "wait=20"})
    assert response.status_code == 403
    assert world.anonymous.get("/api-info", headers={"Prefer": "wait=20"}).status_code == 200
    assert time.monotonic() - began < 5
