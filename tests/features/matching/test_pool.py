"""Who is in the pool: the ready, without a match under way, against mentors with the places that are free?"""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from app.domain.glossary import AgeGroup, CefrLevel, Interest, RuledOut, Side
from app.domain.lifecycles import EnrolmentStatus, MatchStatus
from app.domain.matching.model import Pool
from app.features.access.queries import caller_by_id
from app.features.enrolments.tables import Enrolment
from app.features.matching.queries import pool
from app.features.programs.queries import profile_of
from app.features.programs.tables import Cohort, Program
from app.features.training.queries import training_state
from app.features.training.tables import TrainingRecord
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


def test_what_people_say_of_themselves_is_read(scene: Scene) -> None:
    said = {
        "skills": ["DHhX_uVf_y6X"],
        "interests": [Interest.MUSIC],
        "accepts_age_groups": [AgeGroup.FROM_55],
        "languages": [{"code": "so", "level": "native"}],
    }
    scene.mentor({**said, "born_on": scene.today.replace(year=scene.today.year - 55)})
    scene.mentee({"born_on": None, "birth_year": 1999, "is_anonymous": True, "given_name": None, "family_name": None})
    ((one,), (other,)) = (found := read(scene)).mentors, found.mentees
    assert (one.skills, one.interests) == (frozenset({"DHhX_uVf_y6X"}), frozenset({Interest.MUSIC}))
    assert one.accepts_age_groups == frozenset({AgeGroup.FROM_55})
    assert one.languages == {"so": CefrLevel.NATIVE}
    assert (one.age_group, other.age_group) == (AgeGroup.FROM_55, AgeGroup.FROM_25_TO_39)
    assert (other.skills, other.interests, other.accepts_age_groups) == (frozenset(), frozenset(), frozenset())


def test_who_is_trained_is_what_a_start_would_ask_for(scene: Scene) -> None:
    """`youth-16-29` asks mentors for training."""
    with Session(scene.world.engine) as session:
        session.info["is_unrecorded"] = True
        program = session.get_one(Program, scene.program)
        program.profile_id = "youth-16-29"
        needed = {side: profile_of(program).training_minutes(side) for side in Side}
        session.commit()
    assert all(needed.values())
    done, short, without = (scene.mentor() for _ in range(3))
    mentee = scene.mentee()
    for one, less in ((done, 0), (short, 1), (mentee, 0)):
        train(scene, one, needed[one.side] - less)
    trained = {one.id for side in (read(scene).mentors, read(scene).mentees) for one in side if one.is_trained}
    assert trained == {done.id, mentee.id}
    with Session(scene.world.engine) as session:
        for one in (done, short, without, mentee):
            assert training_state(session, one, needed[one.side]).is_enough == (one.id in trained)


def train(scene: Scene, enrolment: Enrolment, minutes: int) -> None:
    scene.world.add(
        TrainingRecord(
            participant_id=enrolment.participant_id,
            partner_id=enrolment.partner_id,
            program_id=enrolment.program_id,
            enrolment_id=enrolment.id,
            side=enrolment.side,
            title="Grundkurs",
            minutes=minutes,
            completed_on=scene.today,
            recorded_by_user_id=scene.starter.id,
        )
    )


def test_a_pool_is_read_in_few_statements(scene: Scene) -> None:
    """The number does not grow with the people."""
    counts = []
    for _ in range(2):
        for _ in range(3):
            scene.mentor()
            scene.mentee()
        with Session(scene.world.engine) as session:
            actor = caller_by_id(session, scene.starter.id, scene.today)
            assert actor is not None
            cohort = session.get_one(Cohort, scene.cohort)
            ran: list[str] = []

            def note(*given: Any, ran: list[str] = ran) -> None:
                ran.append(given[2])

            event.listen(scene.world.engine, "before_cursor_execute", note)
            found = pool(session, actor, cohort, scene.today)
            event.remove(scene.world.engine, "before_cursor_execute", note)
            counts.append(len(ran))
    assert len(found.mentors) == 6
    assert counts[0] == counts[1] < 20


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
