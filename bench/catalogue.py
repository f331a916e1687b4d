"""What does a search through five thousand programmes cost, beside the bare SQL that finds the same page?

The bare side sends the two statements of a page (the page, and how many there are) to the database by the driver alone: no
HTTP, no check of the query, no JSON, no intakes, no partners' names. Searches alternate; the 95th percentiles are compared.
"""

import sys
from collections.abc import Iterable
from itertools import cycle
from statistics import quantiles
from typing import Any

from sqlalchemy import Engine, text

from bench.installation import installation
from bench.measuring import at_most, figure
from bench.reports import alternate
from tests.world import Client, World

PROGRAMS = 5_000
ROUNDS = 200
GOAL = 3.0
SEARCHES = (
    "kvinnor",
    "praktisk teknik",
    "mentor",
    '"egna företagare"',
    "ungdomar -praktik",
    "bygg or vård",
    "Orminge",
    "svenska",
)
# Everything follows from the row's number: names, words, categories, languages and districts repeat at different lengths.
SEED = """
insert into program (id, version, created_at, updated_at, owner_partner_id, name, summary, description, kind, category,
    listing, purpose, target_group, organizer, source, municipality_code, places, is_published, is_example, languages,
    districts, shown_factors, profile_id, profile_overrides, eligibility)
  select md5('program ' || n)::uuid, 1, now(), now(), :partner, 'Mentorskap ' || work || ' nummer ' || n,
         'För ' || people || ' som vill arbeta med ' || work || '.',
         repeat('Träffar varannan vecka med en mentor i ' || work || ', i ' || place || '. Praktisk svenska för ' || people || '. ', 3 + n % 9),
         (array['mentoring', 'internship', 'trainee'])[1 + n % 3],
         (array['professionalPeers', 'womenWithImmigrantBackground', 'youth', 'other'])[1 + n % 4], 'listed',
         'Fler ' || people || ' i arbete.', people, 'Föreningen ' || place || ' ' || n % 50, 'kartläggning 2014', '0182', 1 + n % 40,
         true, n % 10 = 0, jsonb_build_array('sv', (array['ti', 'ar', 'en', 'so'])[1 + n % 4]), jsonb_build_array(place), '[]',
         'sv-adult-labour', '{}', '{}'
    from (select n, (array['teknik', 'vård', 'bygg', 'handel', 'IT', 'ekonomi', 'praktik', 'juridik', 'kök'])[1 + n % 9] as work,
                 (array['kvinnor', 'ungdomar', 'akademiker', 'egna företagare', 'nyanlända'])[1 + n % 5] as people,
                 (array['Boo', 'Orminge', 'Fisksätra', 'Sicklaön', 'Saltsjöbaden', 'Älta', 'Björknäs'])[1 + n % 7] as place
            from generate_series(1, :programs) n) w
"""
QUERY = """
with asked as (
  select (regexp_replace(websearch_to_tsquery('swedish', :q)::text, '''(?=[ )]|$)', ''':*', 'g')::tsquery
          || regexp_replace(websearch_to_tsquery('simple', :q)::text, '''(?=[ )]|$)', ''':*', 'g')::tsquery) as words
)
"""
PAGE = text(
    QUERY
    + """
select p.* from program p, asked where p.is_published and p.search @@ asked.words
 order by ts_rank(p.search, asked.words) desc, p.name, p.id limit 20
"""
)
TOTAL = text(QUERY + "select count(*) from program p, asked where p.is_published and p.search @@ asked.words")  # noqa: S608


def run() -> Iterable[dict[str, Any]]:
    """Fill a private server with programmes, then search in turns over HTTP and by the driver."""
    with installation() as (url, _), World.open(url) as world:
        _fill(world)
        yield from _measure(world)


def _fill(world: World) -> None:
    partner = world.partner("Påhittade kommunen")
    with world.engine.begin() as connection:
        connection.execute(text(SEED), {"partner": partner, "programs": PROGRAMS})
    with world.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def _measure(world: World) -> Iterable[dict[str, Any]]:
    ours, bare = cycle(SEARCHES), cycle(SEARCHES)
    times = alternate(lambda: searched(world.anonymous, next(ours)), lambda: found(world.engine, next(bare)), ROUNDS)
    slow = [quantiles(one, n=20)[-1] for one in times]
    case = f"search over {PROGRAMS} programmes"
    print(f"  search p95 {slow[0] * 1000:.1f} ms, bare {slow[1] * 1000:.1f} ms", file=sys.stderr)
    yield at_most("catalogue", case, "p95 against bare SQL", slow[0] / slow[1], GOAL)
    for name, value in zip(("search, p95 seconds", "bare SQL, p95 seconds"), slow, strict=True):
        yield figure("catalogue", case, name, value, value, holds=True)


def searched(client: Client, q: str) -> None:
    answered = client.get("/catalogue/programs", params={"q": q})
    assert answered.status_code == 200, answered.text
    assert answered.json()["items"]


def found(engine: Engine, q: str) -> None:
    with engine.connect() as connection:
        assert connection.execute(PAGE, {"q": q}).all()
        connection.execute(TOTAL, {"q": q}).scalar_one()
