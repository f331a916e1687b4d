"""What does the committee's report over a hundred thousand enrolments cost, beside the bare SQL that counts the same?

The bare side sends the four counting statements to the database by the driver alone: no people's keys, no rounding, no
row-level security, no HTTP and no JSON. Ours is the whole request of a coordinator. Runs alternate; medians are compared.
"""

import re
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text

from app.domain.glossary import Category
from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from app.features.reports.queries.counts import PAIRS, PARENTS, PEOPLE
from app.features.reports.queries.waiting import WAITING
from bench.installation import installation
from tests.world import Client, World

ROOT = Path(__file__).parents[1]
ENROLMENTS = 100_000
PROGRAMS = 40
ROUNDS = 9
GOAL = 2.0
PERIOD = {"first_on": date(2025, 9, 1), "last_on": date(2025, 12, 31)}
QUERY = "?year=2025&tertial=3"
KEY = r"bit_xor\(uuid_hash_extended\(\w+, :seed\)\)"
KEYS = re.compile(rf"coalesce\({KEY} filter \(where [^)]*\), 0\)|{KEY}")

# Everything follows from the row's number, so that two runs measure the same. One person in twenty takes part twice, one
# enrolment in four ended within the period.
SEED = """
insert into participant (id, version, created_at, updated_at, partner_id, person_id, is_anonymous, given_name,
    family_name, born_on, gender, languages, is_business_owner, availability, has_remote, goals, mentor_capacity, skills,
    interests, accepts_age_groups)
  select uuidv(n), 1, now(), now(), :partner, uuidv(n), false, 'Påhittad', 'Person', '1990-01-01', 'female', '[]',
         false, '[]', true, '[]', 1, '[]', '[]', '[]'
    from generate_series(1, :people) n;
insert into cohort (id, version, created_at, updated_at, program_id, name, starts_on, ends_on, mentor_intake_from,
    mentor_intake_until, mentee_intake_from, mentee_intake_until, status)
  select id, 1, now(), now(), id, 'Omgång', '2025-01-01', '2026-12-31', '2025-01-01', '2025-12-31', '2025-01-01',
         '2025-12-31', 'inProgress' from program;
insert into enrolment (id, version, created_at, updated_at, program_id, cohort_id, participant_id, partner_id, side,
    ground, status, needs_business_owner, applied_on, ready_at, reference_count, exited_on, exit_reason)
  select uuidv(1000000 + n), 1, now(), now(), p.id, p.id, uuidv(1 + n % :people), :partner, 'mentee', 'consent',
         case when n % 4 = 0 then 'exited' when n % 97 = 0 then 'registeredInError' else 'ready' end, false,
         date '2025-03-01' + n % 120, timestamptz '2025-03-10 08:00Z' + (n % 120) * interval '1 day', 0,
         case when n % 4 = 0 then date '2025-09-01' + n % 122 end, case when n % 4 = 0 then 'plannedEnd' end
    from generate_series(1, :enrolments) n
    join (select id, row_number() over (order by id) - 1 as number from program) p on p.number = (n + n / :people) % :programs;
insert into outcome (id, version, created_at, updated_at, program_id, enrolment_id, participant_id, partner_id, occasion,
    observed_on, income_source, occupation, began_on, extent_percent, has_study_aid, recorded_by_user_id)
  select uuidv(o.shift + n), 1, now(), now(), e.program_id, e.id, e.participant_id, e.partner_id, o.occasion,
         case o.occasion when 'entry' then e.applied_on else e.exited_on + o.days end,
         case when o.occasion = 'entry' then 'socialAssistance' else 'wages' end,
         case when o.occasion = 'entry' or n % 5 = 0 then 'jobSeeking' when n % 7 = 0 then 'studies' else 'work' end,
         case when o.occasion <> 'entry' then e.exited_on - 40 + n % 30 end, 50, n % 3 = 0, :user
    from (select *, ('x' || right(replace(id::text, '-', ''), 8))::bit(32)::int as n from enrolment) e
    cross join (values ('entry', 0, 3000000), ('exit', 0, 6000000), ('afterOneMonth', 30, 9000000)) o (occasion, days, shift)
   where e.status = 'exited' or o.occasion = 'entry' and n % 2 = 0;
insert into match (id, version, created_at, updated_at, program_id, cohort_id, mentor_enrolment_id, mentee_enrolment_id,
    mentor_participant_id, mentee_participant_id, mentor_partner_id, mentee_partner_id, status, contributions, answer_by,
    started_on, ends_on, closed_on, is_ended_early, closure_cause)
  select uuidv(20000000 + n), 1, now(), now(), e.program_id, e.cohort_id, e.id, e.id, uuidv(1), e.participant_id,
         e.partner_id, e.partner_id, case when e.exited_on is null then 'active' else 'closed' end, '{}', e.applied_on,
         e.applied_on + 20 + n % 60, e.applied_on + 200, e.exited_on, e.exited_on is not null and n % 9 = 0,
         case when e.exited_on is not null then 'naturalEnd' end
    from (select *, ('x' || right(replace(id::text, '-', ''), 8))::bit(32)::int as n from enrolment) e
   where e.status <> 'registeredInError' and e.participant_id <> uuidv(1) and n % 2 = 0;
insert into household_answer (id, version, created_at, updated_at, program_id, enrolment_id, participant_id,
    children_count, answered_on, recorded_by_user_id)
  select uuidv(30000000 + n), 1, now(), now(), e.program_id, e.id, e.participant_id, 1 + n % 3, e.applied_on, :user
    from (select *, ('x' || right(replace(id::text, '-', ''), 8))::bit(32)::int as n from enrolment) e
   where n % 3 = 0;
insert into follow_up (id, version, created_at, updated_at, program_id, match_id, enrolment_id, participant_id, kind,
    side, due_on, lead_days, grace_days, status, done_on, answers, is_answered_in_person, answer_number)
  select uuidv(40000000 + n), 1, now(), now(), m.program_id, m.id, m.mentee_enrolment_id, m.mentee_participant_id,
         'exit', 'mentee', m.closed_on, 7, 14, 'done', m.closed_on, jsonb_build_object('newContacts', n % 4),
         false, 1
    from (select *, ('x' || right(replace(id::text, '-', ''), 8))::bit(32)::int as n from match) m
   where m.closed_on is not null;
"""
NUMBERED = (
    "create function uuidv(n bigint) returns uuid language sql immutable as $$ select lpad(to_hex(n), 32, '0')::uuid $$"
)


def run() -> Iterable[dict[str, Any]]:
    """Fill a private server, then measure the report over all programs and over one of them."""
    with installation() as (url, _), World.open(url) as world:
        yield from _measure(world)


def _measure(world: World) -> Iterable[dict[str, Any]]:
    partner, programs = fill(world, ENROLMENTS)
    client = world.client(Role.COORDINATOR, partner)
    bare = bare_statements(programs)
    ours = lambda: asked(client, "/reports/tertial" + QUERY)  # noqa: E731  both sides are called alike
    times = alternate(ours, lambda: counted(world.engine, bare), ROUNDS)
    ratio = median(times[0]) / median(times[1])
    print(f"  report {median(times[0]) * 1000:.0f} ms, bare {median(times[1]) * 1000:.0f} ms", file=sys.stderr)
    yield _figure(f"tertial over {ENROLMENTS} enrolments", "report against bare SQL", round(ratio, 2), GOAL)
    yield _figure(f"tertial over {ENROLMENTS} enrolments", "report, seconds", round(median(times[0]), 3), None)
    yield _figure(f"tertial over {ENROLMENTS} enrolments", "bare SQL, seconds", round(median(times[1]), 3), None)


def _figure(case: str, figure: str, value: float, goal: float | None) -> dict[str, Any]:
    holds = goal is None or value <= goal
    return {"bench": "reports", "case": case, "figure": figure, "value": value, "goal": goal, "holds": holds}


def fill(world: World, enrolments: int) -> tuple[UUID, list[UUID]]:
    """A partner that reports on PROGRAMS programs with so many enrolments in all."""
    partner = world.partner("Påhittade kommunen")
    categories = list(Category)
    programs = [world.program(partner, category=categories[number % len(categories)]) for number in range(PROGRAMS)]
    for program in programs:
        world.agree(program, {partner: [Duty.REPORT_TO_COMMITTEE]})
    world.client(Role.CASE_HANDLER, partner)
    with world.engine.begin() as connection:
        connection.execute(text(NUMBERED))
        user = connection.execute(text("select id from user_account limit 1")).scalar_one()
        given = {
            "partner": partner,
            "user": user,
            "people": enrolments * 19 // 20,
            "enrolments": enrolments,
            "programs": PROGRAMS,
        }
        for statement in SEED.split(";\n"):
            if statement.strip():
                names = {name: value for name, value in given.items() if f":{name}" in statement}
                connection.execute(text(statement), names)
    with world.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    return partner, programs


def bare_statements(programs: list[UUID]) -> list[tuple[Any, dict[str, Any]]]:
    """The counting statements without what protects people."""
    given = {"programs": sorted(programs), "known": [], "known_pairs": [], "waiting_on": PERIOD["last_on"], **PERIOD}
    statements = [text(KEYS.sub("0", str(statement))) for statement in (PEOPLE, PAIRS, PARENTS, WAITING)]
    return [(one, {name: given[name] for name in one.compile().params}) for one in statements]


def counted(engine: Engine, statements: list[tuple[Any, dict[str, Any]]]) -> None:
    with engine.connect() as connection:
        for statement, given in statements:
            connection.execute(statement, given).all()


def asked(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200, response.text
    total = next(one for one in response.json()["figures"] if one["id"] == "inEffort")
    assert total["value"] > 0


def alternate(one: Callable[[], None], other: Callable[[], None], rounds: int) -> tuple[list[float], list[float]]:
    """Seconds of each, run in turns; the first round warms up and is not counted."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for found, act in zip(times, (one, other), strict=True):
            began = time.perf_counter()
            act()
            if number:
                found.append(time.perf_counter() - began)
    return times
