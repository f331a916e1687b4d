"""Does the database draw the line where the application does, and is it widened only where somebody says so?"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import literal, select, text, union_all
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.domain.access import Actor, Held
from app.domain.glossary import Concealing, Side
from app.domain.lifecycles import EnrolmentStatus
from app.domain.roles import Level, Permission, Responsibility, Role
from app.features.access.row_policies import POLICY, policies, statements
from app.features.access.rows import READS, beyond_reach, confine, looks_beyond_reach, reach_of, way
from app.features.access.tables import Concealment, Guarded, UserAccount, guarded_kinds
from app.features.access.visible import visible
from app.features.matching.tables import MatchRun, MatchRunCertificate, MatchRunPair, MatchRunPin, MatchRunUnmatched
from tests.flock import Flock, fill
from tests.world import World

PARTS = (MatchRunCertificate, MatchRunPair, MatchRunPin, MatchRunUnmatched)
PEOPLE = text("select count(*) from participant")
NOBODY = UUID(int=0)


@pytest.fixture(scope="module")
def flocks(world: World) -> list[Flock]:
    """Of the first flock the mentee is protected, the mentor has withdrawn consent and the third is anonymous.

    In the second one the third has left before it began.
    """
    found = fill(world)
    first = found[0]
    mentor, mentee, third = (row.id for row in first.rows["participant"])
    own = {"partner_id": first.partner}
    account = first.rows["user_account"][1].id
    world.add(
        Concealment(**own, participant_id=mentee, kind=Concealing.PROTECTED_IDENTITY, user_id=account),
        Concealment(**own, participant_id=mentor, kind=Concealing.WITHDRAWN_CONSENT, program_id=first.program),
        Concealment(**own, participant_id=third, kind=Concealing.ANONYMOUS),
    )
    with Session(world.engine) as session:
        session.execute(text("update match_run set clearance_needed = array[:partner]::uuid[] where id = :id"), {
            "partner": first.partner, "id": first.rows["match_run"][0].id,
        })  # fmt: skip
        left = {"status": EnrolmentStatus.WITHDRAWN.value, "id": found[1].rows["enrolment"][2].id}
        session.execute(text("update enrolment set status = :status where id = :id"), left)
        session.commit()
    return found


def actors(flocks: list[Flock]) -> Iterator[Actor]:
    """Every role, in every relation that matters to the rows of the first two flocks."""
    first, second = flocks[:2]
    own = Actor(uuid4(), Role.SERVICE, first.partner)
    stranger = replace(own, partner_id=uuid4())
    relations = [own, replace(own, partner_id=second.partner), replace(own, partner_id=None), stranger]
    relations += [replace(one, cleared=frozenset({first.partner})) for one in (own, stranger)]
    relations += [replace(own, persons=frozenset({row.id})) for row in first.rows["participant"]]
    for program in (first.program, second.program):
        for level in Level:
            everything = frozenset(Held(program, duty, level) for duty in Responsibility)
            relations += [replace(stranger, duties=everything), replace(own, duties=everything)]
            relations.append(replace(stranger, duties=everything, cleared=frozenset({first.partner})))
    relations += [
        replace(stranger, duties=frozenset({Held(program, duty, Level.ACCOUNTABLE)}))
        for program in (first.program, second.program)
        for duty in Responsibility
    ]
    for role in Role:
        for relation in relations:
            yield replace(relation, role=role, user_id=first.rows["user_account"][0].id)


@pytest.mark.no_cover
def test_the_database_shows_exactly_what_the_application_does(world: World, flocks: list[Flock]) -> None:
    kinds = [kind for kind in guarded_kinds() if str(kind.__tablename__) in policies()]
    whole: list[Any] = [_ids(kind) for kind in kinds]
    seen_by_somebody: set[str] = set()
    with Session(world.engine) as open_session, Session(world.runtime.database.engine) as session:
        for actor in actors(flocks):
            expected = {tuple(row) for row in open_session.execute(union_all(*(_ids(kind, actor) for kind in kinds)))}
            confine(session, actor)
            shown = {tuple(row) for row in session.execute(union_all(*whole))}
            session.rollback()
            assert shown == expected, actor
            seen_by_somebody |= {table for table, _ in shown}
    assert seen_by_somebody == {str(kind.__tablename__) for kind in kinds}


def _ids(kind: type[Guarded], actor: Actor | None = None) -> Any:
    """The rows there are, or those that the application would show the actor."""
    rows = select(literal(str(kind.__tablename__)), kind.id)  # type: ignore[call-overload]  # columns at run time
    if actor is None:
        return rows
    if kind is UserAccount:  # everybody reaches their own
        return rows.where(visible(kind, actor) | (UserAccount.id == actor.user_id))
    if kind in PARTS:  # the guard lets nobody to the parts of a run that they do not see
        runs = select(MatchRun.id).where(visible(MatchRun, actor))  # type: ignore[call-overload]
        return rows.where(visible(kind, actor), kind.run_id.in_(runs))  # type: ignore[attr-defined]
    return rows.where(visible(kind, actor))


def test_what_is_told_follows_from_the_grants(flocks: list[Flock]) -> None:
    for actor in actors(flocks):
        told = {name: set(ids) for name, ids in reach_of(actor).items()}
        for read in READS:
            for side in (None, *Side):
                expected = actor.programs_for(read, side) if actor.has_role_for(read) else frozenset()
                assert told[way(read, side.value if side else "any")] == expected, (actor, read, side)


def test_what_is_about_people_has_a_policy_and_nothing_else() -> None:
    found = policies()
    assert {"participant", "enrolment", "match", "user_account", "link_decision"} <= found.keys()
    assert not {"match_run", "program", "partner", "cohort", "agreement"} & found.keys()


def test_a_policy_binds_the_owner_and_lets_anybody_add() -> None:
    enabled, forced, created = statements("thing", "is_mine")
    assert (enabled, forced) == tuple(f'alter table "thing" {how} row level security' for how in ("enable", "force"))
    assert created.split() == f'create policy {POLICY} on "thing" using ( is_mine ) with check (true)'.split()


def test_scopes_are_the_applications_matter(flocks: list[Flock]) -> None:
    """A service without the scope has the reach of its partner still; the application refuses it."""
    service = Actor(uuid4(), Role.SERVICE, flocks[0].partner)
    assert reach_of(replace(service, scopes=frozenset())) == reach_of(service)


def test_a_later_actor_takes_the_place_of_the_first(world: World, flocks: list[Flock]) -> None:
    with Session(world.runtime.database.engine) as session:
        confine(session, Actor(NOBODY, Role.CASE_HANDLER, flocks[1].partner))
        assert session.scalar(PEOPLE) == 3
        confine(session, Actor(NOBODY, Role.EVALUATOR, None))
        assert session.scalar(PEOPLE) == 0


def test_who_acts_is_found_before_there_is_a_reach(world: World, flocks: list[Flock]) -> None:
    mentor = flocks[0].rows["participant"][0]
    asked = text("select persons_of(:id), programs_of(:id, array['ready']), programs_of(:id, array['exited'])")
    with Session(world.runtime.database.engine) as session:
        found = session.execute(asked, {"id": mentor.user_id}).one()
        assert found == ([mentor.id], [flocks[0].program], [])
        assert session.execute(asked, {"id": uuid4()}).one() == ([], [], [])
        assert session.scalar(PEOPLE) == 0, "and nothing stays open behind it"


@pytest.fixture
def session(world: World, flocks: list[Flock]) -> Iterator[Session]:
    """A transaction of an actor who sees nobody, in a world of nine people."""
    with Session(world.runtime.database.engine) as opened:
        confine(opened, Actor(NOBODY, Role.EVALUATOR, None))
        yield opened


def test_beyond_reach_ends_with_its_block(session: Session) -> None:
    with beyond_reach(session):
        assert session.scalar(PEOPLE) == 9
        with beyond_reach(session):
            assert session.scalar(PEOPLE) == 9
        assert session.scalar(PEOPLE) == 9, "an inner block does not end the outer one"
    assert session.scalar(PEOPLE) == 0


def test_beyond_reach_ends_when_its_block_fails(session: Session) -> None:
    with pytest.raises(LookupError), beyond_reach(session):
        raise LookupError
    assert session.scalar(PEOPLE) == 0


def test_beyond_reach_ends_when_the_database_refuses(session: Session) -> None:
    with pytest.raises(DBAPIError), beyond_reach(session):
        session.execute(text("select 1/0"))
    session.rollback()
    assert session.scalar(PEOPLE) == 0
    with beyond_reach(session):
        assert session.scalar(PEOPLE) == 9


@pytest.mark.parametrize("how", ["flush", "statement"])
def test_beyond_reach_ends_when_a_savepoint_does(session: Session, flocks: list[Flock], how: str) -> None:
    """Whichever is the outer one: the savepoint or the block."""

    def fail() -> None:
        if how == "flush":
            session.add(UserAccount(name="x", role=Role.SERVICE, email="service@has.none"))
            session.flush()
        session.execute(text("select 1/0"))

    with pytest.raises(DBAPIError), session.begin_nested(), beyond_reach(session):
        fail()
    assert session.scalar(PEOPLE) == 0
    with beyond_reach(session):
        with pytest.raises(DBAPIError), session.begin_nested():
            fail()
        assert session.scalar(PEOPLE) == 9
    assert session.scalar(PEOPLE) == 0


def test_what_a_block_changed_is_written_in_it(session: Session, flocks: list[Flock]) -> None:
    with beyond_reach(session):
        account = session.get_one(UserAccount, flocks[0].rows["user_account"][0].id)
        account.name = "Nytt namn"
    assert session.scalar(text("select count(*) from user_account")) == 0
    session.rollback()


def test_a_function_may_be_such_a_block(session: Session) -> None:
    class Scoped:
        def __init__(self) -> None:
            self.session = session

    @looks_beyond_reach
    def people(of: Session | Scoped, least: int) -> bool:
        """Are there so many?"""
        within = of.session if isinstance(of, Scoped) else of
        return (within.scalar(PEOPLE) or 0) >= least

    assert people(session, 9)
    assert people(Scoped(), least=9)
    assert session.scalar(PEOPLE) == 0
    assert people.__doc__ == "Are there so many?"


def test_permissions_have_settings_of_their_own() -> None:
    assert way(Permission.FOLLOW_UP_READ, "mentor") == "follow_up_read.mentor"
