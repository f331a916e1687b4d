"""Who is in the pool: the ready, without a match under way, against mentors with the places that are free?"""

from datetime import timedelta

import pytest
from sqlmodel import Session

from app.domain.glossary import RuledOut
from app.domain.lifecycles import EnrolmentStatus, MatchStatus
from app.domain.matching.model import Pool
from app.features.access.queries import caller_by_id
from app.features.matching.queries import pool
from app.features.programs.tables import Cohort
from tests.features.matching.scene import Scene
from tests.world import World


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def read(scene: Scene) -> Pool:
    with Session(scene.world.engine) as session:
        actor = caller_by_id(session, scene.starter.id, scene.today)
        assert actor is not None
        return pool(session, actor, session.get_one(Cohort, scene.cohort), scene.today)


def test_people_are_read_as_the_engine_needs_them(scene: Scene) -> None:
    mentor = scene.mentor({"mentor_capacity": 3, "is_business_owner": True, "employer_partner_id": scene.business})
    mentee = scene.mentee(applied_on=scene.today - timedelta(days=40), needs_business_owner=True)
    found = read(scene)
    ((one,), (other,)) = found.mentors, found.mentees
    assert (one.id, one.person, one.capacity) == (mentor.id, mentor.participant_id, 3)
    assert (one.is_business_owner, one.employer, one.place) == (True, scene.business, "0182")
    assert (other.id, other.waiting_days, other.needs_business_owner) == (mentee.id, 40, True)
    assert len(other.availability) == 8


@pytest.mark.parametrize("status", [EnrolmentStatus.SCREENING, EnrolmentStatus.PAUSED, EnrolmentStatus.WITHDRAWN])
def test_only_the_ready_are_in(scene: Scene, status: EnrolmentStatus) -> None:
    scene.mentor(status=status)
    scene.mentee(status=status)
    assert read(scene) == Pool((), ())


def test_another_cohort_is_another_pool(scene: Scene) -> None:
    scene.mentor(cohort_id=scene.new_cohort())
    assert read(scene).mentors == ()


def test_places_held_in_another_program_are_taken(world: World, scene: Scene) -> None:
    mentor, elsewhere = scene.mentor({"mentor_capacity": 1}), Scene(world)
    same = elsewhere.mentor(participant_id=mentor.participant_id)
    elsewhere.match(same, elsewhere.mentee(), MatchStatus.ACTIVE, mentor_place=1)
    (found,) = read(scene).mentors
    assert found.capacity == 0


def test_a_proposal_takes_no_place_but_its_mentee(scene: Scene) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    scene.match(mentor, mentee, MatchStatus.PROPOSED)
    found = read(scene)
    assert (found.mentors[0].capacity, found.mentees) == (1, ())


def test_what_nobody_answered_in_time_binds_nobody(scene: Scene) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    late = scene.today - timedelta(days=1)
    scene.match(mentor, mentee, MatchStatus.ACCEPTED_BY_MENTOR, mentor_place=1, answer_by=late)
    found = read(scene)
    assert (found.mentors[0].capacity, len(found.mentees)) == (1, 1)


def test_a_closed_match_binds_nobody_and_a_declined_pair_is_blocked(scene: Scene) -> None:
    mentor, mentee, other = scene.mentor(), scene.mentee(), scene.mentee()
    scene.match(mentor, mentee, MatchStatus.DECLINED)
    scene.match(mentor, other, MatchStatus.CLOSED)
    found = read(scene)
    assert len(found.mentees) == 2
    assert found.blocked == {(mentor.participant_id, mentee.participant_id): RuledOut.DECLINED}


def test_a_declined_pair_is_not_suggested_again(scene: Scene) -> None:
    scene.publish_policy()
    mentor, mentee = scene.mentor(), scene.mentee()
    scene.match(mentor, mentee, MatchStatus.DECLINED)
    path = scene.run()
    assert scene.pairs(path) == set()
    (left,) = scene.items(f"{path}/unmatched")
    assert [one["constraint"] for one in left["blocking"]] == ["blockedPair"]
    assert left["smallestChange"] is None
