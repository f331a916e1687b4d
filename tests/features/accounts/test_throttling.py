"""Is guessing slow, for everybody alike, and does nobody lock out the owner?"""

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.domain.logins import EXHAUSTED_WAIT
from tests.features.accounts.people import PASSWORD, WRONG, Person, code_of_problem
from tests.world import World

LOGIN_FAILED = (401, "auth.login_failed")
TOO_MANY = (429, "auth.too_many_attempts")


@pytest.fixture(scope="module")
def world(database_url: str) -> Iterator[World]:
    """With the limits in force that other tests do without."""
    limits: dict[str, Any] = {"login_attempts_per_minute": 5, "address_login_attempts_per_minute": 20}
    with World.open(database_url, **limits) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _later(world: World) -> None:
    """Each test begins with fresh minutes."""
    world.clock.advance(timedelta(minutes=2))


def seen(response: httpx.Response) -> tuple[Any, ...]:
    """Everything that an answer tells, but what is different in every answer."""
    body = response.json()
    del body["traceId"]
    kept = {name: value for name, value in response.headers.items() if name not in {"traceparent", "content-length"}}
    return response.status_code, tuple(sorted((k, str(v)) for k, v in body.items())), tuple(sorted(kept.items()))


def test_five_wrong_passwords_a_minute_and_then_not_even_the_right_one(world: World) -> None:
    person = Person.joins(world)
    assert [code_of_problem(person.tries(WRONG)) for _ in range(5)] == [LOGIN_FAILED] * 5
    refused = person.tries(PASSWORD)
    assert code_of_problem(refused) == TOO_MANY
    assert refused.headers["retry-after"] == "60"
    world.clock.advance(timedelta(seconds=59))
    assert person.tries(PASSWORD).headers["retry-after"] == "1"
    world.clock.advance(timedelta(seconds=1))
    assert person.tries(PASSWORD).status_code == 201


def test_the_address_counts_over_all_accounts(world: World) -> None:
    people = [Person.joins(world) for _ in range(5)]
    guesser, other = world.from_address("203.0.113.9"), world.from_address("203.0.113.10")
    for person in people:
        assert {code_of_problem(person.tries(WRONG, guesser)) for _ in range(4)} == {LOGIN_FAILED}
    assert code_of_problem(people[0].tries(WRONG, guesser)) == TOO_MANY
    assert code_of_problem(people[0].tries(WRONG, other)) == LOGIN_FAILED


def test_all_addresses_of_one_subscriber_are_one(world: World) -> None:
    for number in range(20):
        person = world.from_address(f"2001:db8:7:7::{number:x}")
        assert person.post("/auth/sessions", {"email": f"u{number}@x.example", "password": WRONG}).status_code == 401
    last = world.from_address("2001:db8:7:7:ffff::1").post(
        "/auth/sessions", {"email": "last@x.example", "password": WRONG}
    )
    assert code_of_problem(last) == TOO_MANY


def test_right_passwords_are_not_counted(world: World) -> None:
    person = Person.joins(world)
    assert {person.tries().status_code for _ in range(25)} == {201}


def test_whoever_guesses_cannot_lock_out_a_device_that_is_known(world: World) -> None:
    person = Person.joins(world)
    device = person.comes_in()["deviceToken"]
    guesser = world.from_address("203.0.113.20")
    while code_of_problem(person.tries(WRONG, guesser)) != TOO_MANY:
        pass
    assert code_of_problem(person.tries()) == TOO_MANY
    again = person.comes_in(deviceToken=device)
    assert person.tries(deviceToken=again["deviceToken"]).status_code == 201


def test_a_known_device_has_a_budget_too(world: World) -> None:
    person = Person.joins(world)
    device = person.comes_in()["deviceToken"]
    assert {code_of_problem(person.tries(WRONG, deviceToken=device)) for _ in range(5)} == {LOGIN_FAILED}
    assert code_of_problem(person.tries(deviceToken=device)) == TOO_MANY
    assert person.tries().status_code == 201, "what one device wastes is not taken from elsewhere"


def test_a_device_is_known_to_one_account_for_half_a_year_and_by_nothing_forged(world: World) -> None:
    person, other = Person.joins(world), Person.joins(world)
    device = person.comes_in()["deviceToken"]
    kind, name, until, mac = device.split("_")
    forged = [
        f"{kind}_{name}_{int(until) + 1}_{mac}",
        f"{kind}_{other.id}_{until}_{mac}",
        f"x{device}",
        device[:-1],
        f"{kind}_{name}_{'9' * 30}_{mac}",
        other.comes_in()["deviceToken"],
        "miv__okänd",
    ]
    for _ in range(5):
        person.tries(WRONG)
    assert {code_of_problem(person.tries(deviceToken=one)) for one in forged} == {TOO_MANY}
    assert person.tries(deviceToken=device).status_code == 201
    world.clock.advance(timedelta(days=181))
    for _ in range(5):
        person.tries(WRONG)
    assert code_of_problem(person.tries(deviceToken=device)) == TOO_MANY


def test_after_a_hundred_failures_in_a_row_only_an_invitation_helps(world: World) -> None:
    person = Person.joins(world)
    for number in range(100):
        world.clock.advance(timedelta(minutes=1))
        assert code_of_problem(person.tries(WRONG, world.from_address(f"198.51.100.{number}"))) == LOGIN_FAILED
    world.clock.advance(timedelta(days=1))
    exhausted = person.tries()
    assert code_of_problem(exhausted) == TOO_MANY
    assert exhausted.headers["retry-after"] == str(EXHAUSTED_WAIT)
    world.clock.advance(timedelta(days=40))
    assert code_of_problem(person.tries()) == TOO_MANY, "exhausted counters are not forgotten"

    token = person.reset()
    chosen = {"invitationToken": token, "password": WRONG}
    assert world.anonymous.post("/auth/passwords", chosen).status_code == 204
    assert person.tries(WRONG, deviceToken=token).status_code == 201
    assert person.tries(WRONG).status_code == 201, "the row of failures has ended everywhere"


def test_the_invitation_opens_one_way_in_for_a_day_and_only_when_it_was_used(world: World) -> None:
    person = Person.joins(world)
    replaced, token = person.reset(), person.reset()
    for _ in range(5):
        person.tries(WRONG)
    assert code_of_problem(person.tries(deviceToken=token)) == TOO_MANY, "not used yet"
    world.anonymous.post("/auth/passwords", {"invitationToken": token, "password": PASSWORD})
    for _ in range(5):
        person.tries(WRONG)
    assert code_of_problem(person.tries(deviceToken=replaced)) == TOO_MANY
    assert person.tries(deviceToken=token).status_code == 201


def test_unknown_wrong_and_locked_are_one_answer_before_and_after_the_limit(world: World) -> None:
    person, locked = Person.joins(world), Person.joins(world)
    locked.administrator.patch(f"/users/{locked.id}", {"isLocked": True})
    passwords = {person.email: WRONG, locked.email: PASSWORD, "okand@example.org": PASSWORD}
    for expected in (401, 429):
        answers = []
        for number, (email, password) in enumerate(passwords.items()):
            client = world.from_address(f"203.0.113.{40 + number}")
            body = {"email": email, "password": password}
            answers.append(seen(client.post("/auth/sessions", body)))
            for _ in range(5):
                client.post("/auth/sessions", body)
        assert len(set(answers)) == 1
        assert answers[0][0] == expected


def test_simultaneous_guesses_are_counted_before_they_are_checked(world: World) -> None:
    person = Person.joins(world)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: code_of_problem(person.tries(WRONG)), range(16)))
    assert answers.count(LOGIN_FAILED) == 5
    assert answers.count(TOO_MANY) == 11


def test_while_attempts_cannot_be_counted_nobody_gets_in(world: World) -> None:
    person = Person.joins(world)
    with world.engine.begin() as connection:
        connection.execute(text("alter table login_count rename to elsewhere"))
    try:
        assert person.tries().status_code == 500
    finally:
        with world.engine.begin() as connection:
            connection.execute(text("alter table elsewhere rename to login_count"))
    assert person.tries().status_code == 201


def test_old_counters_are_forgotten(world: World) -> None:
    world.anonymous.post("/auth/sessions", {"email": "en-gang@example.org", "password": WRONG})
    count = text("select count(*) from login_count where failures < 100")
    with world.engine.connect() as connection:
        before = connection.scalar(count) or 0
    world.clock.advance(timedelta(days=31))
    for number in range(before // 20 + 2):
        world.anonymous.post("/auth/sessions", {"email": f"en{number}@example.org", "password": WRONG})
    with world.engine.connect() as connection:
        assert (connection.scalar(count) or 0) < before


def test_counters_hold_no_address_in_the_clear(world: World) -> None:
    person = Person.joins(world)
    person.tries(WRONG)
    with world.engine.connect() as connection:
        told = connection.scalar(text("select string_agg(c::text, ' ') from login_count c")) or ""
    assert person.email not in told
    assert "127.0.0.1" not in told


@pytest.mark.no_cover
def test_unknown_addresses_take_as_long_as_known_ones(world: World) -> None:
    """Medians of turns that alternate: of the work done, and of the time that a caller sees on whatever busy machine."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    worked: dict[bool, list[float]] = {True: [], False: []}
    people = [Person.joins(world) for _ in range(15)]
    for turn in range(60):
        if turn % 15 == 0:
            world.clock.advance(timedelta(minutes=2))
        known = people[turn % 15]
        pair = [(True, known.email), (False, f"okand{turn}@example.org")]
        for is_known, email in pair if turn % 2 else reversed(pair):
            client = world.from_address(f"10.{turn}.{int(is_known)}.1")
            began, spent = time.perf_counter(), time.process_time()
            assert client.post("/auth/sessions", {"email": email, "password": WRONG}).status_code == 401
            taken[is_known].append(time.perf_counter() - began)
            worked[is_known].append(time.process_time() - spent)
    work, seen_from_outside = (statistics.median(one[True]) / statistics.median(one[False]) for one in (worked, taken))
    assert 0.8 < work < 1.25, f"known : unknown = {work:.3f}"
    assert 0.6 < seen_from_outside < 1.6, f"known : unknown = {seen_from_outside:.3f}"
