"""Is row-level security in force on every table about people, with the policies that the code says, for the right role?"""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Select, delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.domain.access import Actor
from app.domain.grants import GRANTS
from app.domain.roles import Role
from app.features.access.row_policies import POLICY, policies, statements
from app.features.access.rows import READS, confine
from app.features.access.tables import guarded_kinds
from app.kit.db import ROLE
from app.main import METADATA
from tests.flock import Flock, fill
from tests.world import World

OPEN = {
    "what organisations and programmes say of themselves": (
        "partner partner_member program program_target program_link assurance_request cohort agreement agreement_party agreement_duty"
        " duty_handover responsibility_assignment matching_policy match_agreement_text host_workplace information_pack consent_text course course_version"
        " program_course training_session program_questionnaire"
        " plan plan_goal plan_measure plan_decision plan_version plan_note"
    ),
    "counts, read by its job before anybody knows for whom; its parts, which name people, are confined": "match_run import",
    "ids only, read by every policy": "concealment",
    "ids and states of letters to accounts; read by the job that sends them": "letter digest webhook_notice",
    "an account's own setting and places, looked up by its id": "digest_setting channel_read_mark",
    "protocols of erasures: digests, codes and counts, nobody's data": "erasure",
    "ids of staff and days, read to find out who acts": "clearance",
    "hashes, read before anybody acts": (
        "calendar_feed login_session refresh_token invitation service_secret recovery_code external_identity used_token"
    ),
    "keyed digests and numbers, counted before anybody acts": "login_count",
    "public keys, read before anybody acts": "service_key",
    "ids and names of fields; append-only; each reader sees the changes of rows in reach": "change",
    "ids; append-only": "access_record access_review_signature",
    "hashes; append-only": "audit_seal",
    "ids, times and states of a webhook that is itself confined; read by the job that tells it": (
        "webhook_secret webhook_progress webhook_delivery"
    ),
    "ids of what a reader was told of, asked for by the reader's own id": "feed_reader feed_told",
    "answers, each read by the principal who got it and by nobody else": "idempotency_record",
}
"""Tables without a policy, by reason. A new table has a policy or a reason here."""
TABLES = text("""
select relname, relrowsecurity and relforcerowsecurity as is_forced
  from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'alembic_version'
""")
IN_FORCE = text("""
select tablename, policyname, permissive, roles::text, cmd, qual, with_check
  from pg_policies where schemaname = 'public' order by 1, 2
""")


@pytest.fixture(scope="module")
def flocks(world: World) -> list[Flock]:
    return fill(world)


@pytest.fixture
def served(world: World) -> Iterator[Connection]:
    """A connection as requests have it."""
    with world.runtime.database.engine.connect() as connection:
        yield connection


def counted(table: str) -> Select[int]:
    return select(func.count()).select_from(METADATA.tables[table])


def test_every_table_is_confined_or_open_for_a_reason(world: World) -> None:
    confined = set(policies())
    named = [table for tables in OPEN.values() for table in tables.split()]
    assert sorted([*confined, *named]) == sorted(METADATA.tables)
    with world.engine.connect() as connection:
        assert {row.relname for row in connection.execute(TABLES) if row.is_forced} == confined


def test_the_policies_in_force_are_those_of_the_code(world: World) -> None:
    """When they are not, a migration is missing: it must say what this prints."""
    with world.engine.connect() as connection:
        stored = connection.execute(IN_FORCE).all()
        for table, condition in policies().items():
            connection.execute(text(f'drop policy if exists {POLICY} on "{table}"'))
            for statement in statements(table, condition):
                connection.execute(text(statement))
        spoken = connection.execute(IN_FORCE).all()
        connection.rollback()
    changed = {row.tablename for row in {*stored} ^ {*spoken}}
    assert not changed, "\n".join(one for table in changed for one in statements(table, policies()[table]))


def test_a_changed_policy_would_be_noticed(world: World) -> None:
    with world.engine.connect() as connection:
        stored = connection.execute(IN_FORCE).all()
        connection.execute(text(f"alter policy {POLICY} on enrolment using (true)"))
        assert connection.execute(IN_FORCE).all() != stored
        connection.rollback()


def test_the_policies_ask_for_what_requests_tell() -> None:
    """Every permission that makes a row about people visible is among those told, and rests on nothing untold."""
    confined = [kind for kind in guarded_kinds() if str(kind.__tablename__) in policies()]
    assert {kind.reach.read for kind in confined} <= set(READS)
    for read in READS:
        grant = GRANTS[read]
        assert not any((grant.founder, grant.owner, grant.party, grant.anyone)), read
    assert not any(kind.reach.by_publication for kind in confined)


def test_without_an_actor_there_is_nobody(flocks: list[Flock], served: Connection) -> None:
    for table in sorted({*policies()} - {"user_account"}):
        assert flocks[0].rows[table], "there is something to hide"
        assert not served.scalar(counted(table)), table
    assert served.scalar(text("select count(*) from user_account"))  # who logs in is looked up before anybody acts


def test_reach_ends_with_the_transaction_and_the_role_does_not(world: World, flocks: list[Flock]) -> None:
    flock = flocks[0]
    handler = Actor(flock.partner, Role.CASE_HANDLER, flock.partner)
    people = text("select count(*) from participant")
    for end in ("commit", "rollback"):
        with Session(world.runtime.database.engine) as session:
            confine(session, handler)
            assert session.scalar(people) == len(flock.rows["participant"])
            getattr(session, end)()
            assert session.scalar(people) == 0
            assert session.scalar(text("select current_user")) == ROLE


def test_what_is_foreign_is_neither_changed_nor_removed(world: World, flocks: list[Flock]) -> None:
    own, other = flocks[:2]
    with Session(world.runtime.database.engine) as session:
        confine(session, Actor(own.partner, Role.CASE_HANDLER, own.partner))
        for table in sorted(policies()):
            row = other.rows[table][0].id
            stored = METADATA.tables[table]
            for act in (update(stored).values(id=row), delete(stored)):
                assert session.execute(act.where(stored.c.id == row)).rowcount == 0, act  # type: ignore[attr-defined]
        renamed = text("update participant set family_name = 'x'")
        assert session.execute(renamed).rowcount == len(own.rows["participant"])  # type: ignore[attr-defined]
        session.rollback()


@pytest.mark.parametrize(
    "act",
    [
        "alter table participant disable row level security",
        "alter table participant no force row level security",
        f"drop policy {POLICY} on participant",
        f"alter role {ROLE} bypassrls",
        "alter table participant add column pnr text",
        "truncate participant cascade",
        "drop table outcome",
        "create table public.copy as select 1",
        "create function public.reach(text) returns uuid[] language sql as 'select null::uuid[]'",
        "update change set fields = '{}'",
        "delete from change",
        "update access_record set decision = 'x'",
        "delete from access_record",
        "update audit_seal set root = 'x'",
        "delete from audit_seal",
        "delete from access_review_signature",
        "truncate access_record",
        "update alembic_version set version_num = 'x'",
        "set row_security = off; select * from participant",
        "drop schema dbos cascade",
        "alter table dbos.workflow_status add column x int",
    ],
)
def test_the_serving_role_may_not(served: Connection, act: str) -> None:
    with pytest.raises(
        DBAPIError, match=r"permission denied|must be owner|must be able|affected by row-level|row security"
    ):
        served.execute(text(act))


def test_the_serving_role_may_add_to_the_logs_and_the_queue(world: World, served: Connection) -> None:
    assert served.scalar(text("select current_user")) == ROLE
    assert served.scalar(text("select count(*) from dbos.workflow_status")) == 0
    before = served.scalar(text("select count(*) from access_record"))
    world.client(Role.CASE_HANDLER, world.partner()).get("/enrolments")
    served.rollback()
    assert served.scalar(text("select count(*) from access_record")) == before + 1
