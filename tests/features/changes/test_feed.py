"""Does the feed give each change once and lose none, whatever the order of commits?"""

import random
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from app.domain.roles import Role
from app.features.changes.queries import feed
from app.kit.pages import Cursors
from app.kit.problems import Problem
from tests.world import Client, World

INSERT = text("""
insert into change (at, kind, subject, subject_id, partner_id, fields, trace_id)
values (now(), 'partner.updated', 'partner', :subject_id, :subject_id, array['contact_email'], 't') returning id
""")


@pytest.fixture
def reader(world: World) -> Client:
    return world.client(Role.SERVICE, world.partner(), ["change:read", "partner:read"])


def write(connection: Connection, partner_id: UUID) -> str:
    return str(connection.execute(INSERT, {"subject_id": partner_id}).scalar_one())


def read(reader: Client, cursor: str | None = None, limit: int = 1000) -> dict[str, Any]:
    response = reader.get("/changes", params={"limit": limit, **({"cursor": cursor} if cursor else {})})
    assert response.status_code == 200, response.text
    page: dict[str, Any] = response.json()
    return page


def ids(page: dict[str, Any]) -> list[str]:
    return [item["id"] for item in page["items"]]


def naive(connection: Connection, after: int) -> list[int]:
    """What a reader sees that goes by the number of the row alone."""
    return list(connection.scalars(text("select id from change where id > :after order by id"), {"after": after}))


def test_a_late_commit_is_neither_lost_nor_read_twice(world: World, reader: Client) -> None:
    partner = world.partner()
    start = read(reader)["nextCursor"]
    engine = world.engine
    with engine.connect() as early, engine.connect() as late, engine.connect() as beside:
        seen_by_naive = max(naive(beside, 0), default=0)
        first = write(early, partner)
        second = write(late, partner)
        late.commit()

        waiting = read(reader, start)
        assert ids(waiting) == []
        seen = naive(beside, seen_by_naive)
        assert seen == [int(second)]
        beside.rollback()

        early.commit()
        page = read(reader, waiting["nextCursor"])
        assert ids(page) == [first, second]
        assert ids(read(reader, page["nextCursor"])) == []
        assert int(first) not in naive(beside, seen[-1]), "the naive reader has lost it for good"


@dataclass
class Writers:
    """Transactions that are open at once and end in any order."""

    world: World
    chance: random.Random
    partner: UUID
    open_ones: dict[Connection, list[str]] = field(default_factory=dict)
    committed: set[str] = field(default_factory=set)

    def act(self) -> None:
        begins = len(self.open_ones) < 5 and self.chance.random() < 0.4
        if begins or not self.open_ones:
            self.open_ones[self.world.engine.connect()] = []
        connection = self.chance.choice(list(self.open_ones))
        self.open_ones[connection].append(write(connection, self.partner))
        if self.chance.random() < 0.5:
            self.end(connection)

    def end(self, connection: Connection) -> None:
        written = self.open_ones.pop(connection)
        if self.chance.random() < 0.8:
            connection.commit()
            self.committed |= set(written)
        connection.close()


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_lost_or_doubled_in_any_order_of_commits(world: World, reader: Client, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  the order of events, not a secret
    writers = Writers(world, chance, world.partner())
    found: list[str] = []
    cursor = read(reader)["nextCursor"]
    for _ in range(60):
        writers.act()
        if chance.random() < 0.4:
            page = read(reader, cursor, limit=chance.choice([1, 2, 1000]))
            cursor, found = page["nextCursor"], found + ids(page)
    for connection in list(writers.open_ones):
        writers.end(connection)
    while (page := read(reader, cursor))["items"]:
        cursor, found = page["nextCursor"], found + ids(page)
    assert len(found) == len(set(found))
    assert set(found) == writers.committed
    assert len(found) > 20


def test_pages_follow_each_other_and_say_when_there_is_more(world: World, reader: Client) -> None:
    cursor = read(reader)["nextCursor"]
    partner = world.partner()
    with world.engine.begin() as connection:
        written = [write(connection, partner) for _ in range(5)]
    pages = []
    for _ in range(3):
        pages.append(read(reader, cursor, limit=2))
        cursor = pages[-1]["nextCursor"]
    assert [ids(page) for page in pages] == [written[:2], written[2:4], written[4:]]
    assert [page["hasMore"] for page in pages] == [True, True, False]
    assert pages[0]["items"][0] == {
        "id": written[0],
        "kind": "partner.updated",
        "at": pages[0]["items"][0]["at"],
        "subject": "partner",
        "subjectId": str(partner),
        "programId": None,
        "partnerId": str(partner),
        "fields": ["contactEmail"],
    }


def test_a_long_stretch_out_of_reach_is_passed_in_bounded_steps(
    world: World, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "SCAN", 3)
    cursor = read(reader)["nextCursor"]
    while (page := read(reader, cursor))["hasMore"]:
        cursor = page["nextCursor"]
    partner = world.partner()
    with world.engine.begin() as connection:
        for _ in range(7):
            write(connection, uuid4())
            connection.execute(
                text("update change set subject = 'participant' where id = (select max(id) from change)")
            )
        last = write(connection, partner)
    found = []
    for _ in range(3):
        page = read(reader, cursor)
        cursor = page["nextCursor"]
        found.append((ids(page), page["hasMore"]))
    assert found == [([], True), ([], True), ([last], False)]


def test_a_cursor_serves_only_the_caller_it_was_given_to(world: World, reader: Client) -> None:
    other = world.client(Role.SERVICE, world.partner(), ["change:read"])
    response = other.get("/changes", params={"cursor": read(reader)["nextCursor"]})
    assert (response.status_code, response.json()["code"]) == (400, "request.cursor_invalid")


@pytest.mark.parametrize(
    "spoil", [str.swapcase, lambda c: c[:-2], lambda c: c + "A", lambda c: c + "=", lambda c: c[0] + "å"]
)
def test_a_mutated_cursor_is_refused(reader: Client, spoil: Any) -> None:
    response = reader.get("/changes", params={"cursor": spoil(read(reader)["nextCursor"])})
    assert (response.status_code, response.json()["code"]) == (400, "request.cursor_invalid")


CURSORS = Cursors(b"k" * 32)
SEALED = CURSORS.seal([17, 4], "changes:me")


@given(st.integers(0, len(SEALED) - 1), st.characters(codec="utf-8"))
def test_no_changed_character_passes(index: int, character: str) -> None:
    mutant = SEALED[:index] + character + SEALED[index + 1 :]
    if mutant == SEALED:
        return
    with pytest.raises(Problem, match=r"request\.cursor_invalid"):
        CURSORS.open(mutant, "changes:me")
