"""What does a page of a thousand changes out of a million cost, beside the bare SQL that finds the same page?

The bare side sends one statement to the database by the driver alone: the next changes below the horizon that this reader
may see, with the reach written out by hand. No token, no note of what was told, no JSON, no HTTP. Pages alternate, from
places all over the log; the medians are compared. A poll with nothing new is measured by itself.
"""

import sys
from collections.abc import Iterable
from itertools import cycle
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text

from app.domain.roles import Role
from app.features.access.tables import UserAccount
from app.features.changes.queries.feed import Place
from bench.installation import installation
from bench.measuring import at_most, figure
from bench.reports import alternate
from tests.world import Client, World

CHANGES = 1_000_000
PAGE = 1_000
ROUNDS = 30
GOAL = 3.0
SCOPES = ["change:read", "partner:read", "program:read"]
FIRST = -CHANGES // 3 - 1  # transactions long before the first one of the server itself: below any horizon
# Every change by a transaction of its own in name; every other one is of an unpublished program of somebody else's.
SEED = """
insert into change (xact_id, at, kind, subject, subject_id, program_id, fields, trace_id)
select :first + n / 3, now(), 'program.updated', 'program', p.id, p.id, '{name,summary}', repeat('0', 32)
  from generate_series(1, :changes) n
  join (select id, row_number() over (order by id) - 1 as place from program) p on p.place = n % :programs
"""
BARE = text("""
select c.* from change c join program p on p.id = c.subject_id
 where (c.xact_id, c.id) > (:xact_id, :id) and c.xact_id < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint
   and c.subject = 'program' and (p.is_published or p.owner_partner_id = :partner)
 order by c.xact_id, c.id limit :page
""")


def run() -> Iterable[dict[str, Any]]:
    """Fill a private server with a log of a million changes, then read in turns over HTTP and by the driver."""
    with installation() as (url, _), World.open(url) as world:
        partner = _fill(world)
        yield from _measure(world, partner)


def _fill(world: World, programs: int = 2_000) -> UUID:
    own, other = world.partner(), world.partner()
    for number in range(2):
        world.program(own if number else other, is_published=bool(number))
    with world.engine.begin() as connection:
        connection.execute(text(COPIES), {"programs": programs - 2})
        connection.execute(text(SEED), {"first": FIRST, "changes": CHANGES, "programs": programs})
    with world.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    return own


COPIES = """
insert into program (id, version, created_at, updated_at, owner_partner_id, name, summary, description, kind, category, listing,
    purpose, target_group, organizer, source, municipality_code, places, is_published, is_example, languages, districts,
    shown_factors, profile_id, profile_overrides, eligibility)
select md5('program ' || n)::uuid, 1, now(), now(), p.owner_partner_id, 'Program ' || n, p.summary, p.description, p.kind, p.category,
       p.listing, p.purpose, p.target_group, p.organizer, p.source, p.municipality_code, p.places, p.is_published, p.is_example,
       p.languages, p.districts, p.shown_factors, p.profile_id, p.profile_overrides, p.eligibility
  from generate_series(1, :programs) n
  join (select *, row_number() over (order by is_published) - 1 as place from program) p on p.place = n % 2
"""


def _measure(world: World, partner: UUID) -> Iterable[dict[str, Any]]:
    account: UserAccount = world.add(UserAccount(name="Skript", role=Role.SERVICE, partner_id=partner, scopes=SCOPES))
    client = world.client_for(account)
    starts = [Place(xact_id=FIRST + CHANGES // 3 * step // (ROUNDS + 2)) for step in range(ROUNDS + 1)]
    ours, bare = cycle(starts), cycle(starts)
    times = alternate(
        lambda: read(world, client, account, next(ours)), lambda: found(world.engine, partner, next(bare)), ROUNDS
    )
    middle = [median(one) for one in times]
    print(f"  page {middle[0] * 1000:.1f} ms, bare {middle[1] * 1000:.1f} ms", file=sys.stderr)
    case = f"page of {PAGE} out of {CHANGES}"
    yield at_most("feed", case, "median against bare SQL", middle[0] / middle[1], GOAL)
    for name, value in zip(("page, median seconds", "bare SQL, median seconds"), middle, strict=True):
        yield figure("feed", case, name, value, value, holds=True)
    yield from _poll(world, client, account, partner)


def _poll(world: World, client: Client, account: UserAccount, partner: UUID) -> Iterable[dict[str, Any]]:
    """At the end of the log, after everything has been told: what somebody costs who asks and asks."""
    cursor = cursor_of(world, account, Place(xact_id=-100))
    while (page := client.get("/changes", params={"limit": PAGE, "cursor": cursor}).json())["hasMore"]:
        cursor = page["nextCursor"]
    asked = {"cursor": page["nextCursor"]}
    times = alternate(
        lambda: poll(client, asked),
        lambda: found(world.engine, partner, Place(xact_id=2**40), least=0),
        ROUNDS,
    )
    yield figure("feed", "poll with nothing new", "median seconds", median(times[0]), median(times[0]), holds=True)


def cursor_of(world: World, account: UserAccount, place: Place) -> str:
    return world.runtime.cursors.seal(place.packed(), f"changes:{account.id}::")


def read(world: World, client: Client, account: UserAccount, place: Place) -> None:
    """A page over HTTP; what it tells of is noted, and has been before but for the first rounds."""
    answered = client.get("/changes", params={"limit": PAGE, "cursor": cursor_of(world, account, place)})
    assert len(answered.json()["items"]) == PAGE, answered.text[:300]


def poll(client: Client, asked: dict[str, str]) -> None:
    assert client.get("/changes", params=asked).json()["items"] == []


def found(engine: Engine, partner: UUID, place: Place, least: int = PAGE) -> None:
    with engine.connect() as connection:
        given = {"xact_id": place.xact_id, "id": place.id, "partner": partner, "page": PAGE}
        assert len(connection.execute(BARE, given).all()) >= least
