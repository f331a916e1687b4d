"""Is a pair proposed only when it can become a match?"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.domain.lifecycles import EnrolmentStatus, MatchStatus
from app.domain.roles import Permission, Role
from app.features.access.guards import on_behalf
from app.features.access.scope import Scope
from app.features.access.tables import UserAccount
from app.features.enrolments.tables import Enrolment
from app.features.matches.actions import propose_match
from app.features.matches.tables import Match
from app.features.programs.tables import Program
from app.kit.problems import Problem
from tests.features.matches.pairs import Place
from tests.world import World


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


@contextmanager
def approving(place: Place) -> Iterator[Scope[Any]]:
    """The scope of somebody who approves a run, as the matching slice has it."""
    world = place.world
    user: UserAccount = world.add(
        UserAccount(
            name="Påhittad Person",
            role=Role.CASE_HANDLER,
            partner_id=place.municipality,
            email=f"a{world.number()}@example.org",
        )
    )
    with world.runtime.database.transaction() as session:
        program = session.get_one(Program, place.program)
        yield on_behalf(world.runtime, session, user.id, Permission.MATCH_RUN_APPROVE, program, "0" * 32)


def propose(place: Place, mentor: Enrolment, mentee: Enrolment, cohort: UUID | None = None) -> Match:
    with approving(place) as scope:
        return propose_match(
            scope,
            cohort_id=cohort or place.cohort,
            program_id=place.program,
            mentor=mentor,
            mentee=mentee,
            run_id=None,
            score=710,
            contributions={"goals": 400, "languages": 310},
            answer_by=place.today + timedelta(days=14),
        )


def enrolments(place: Place) -> tuple[Enrolment, Enrolment]:
    mentor, mentee = place.person(Side.MENTOR), place.person(Side.MENTEE)
    return place.enrol(mentor, Side.MENTOR), place.enrol(mentee, Side.MENTEE)


def test_a_proposal_shows_ids_and_reasons_to_both(place: Place) -> None:
    match = propose(place, *enrolments(place))
    seen = place.staff().get(f"/matches/{match.id}").json()
    assert (seen["status"], seen["score"]) == ("proposed", 710)
    assert seen["contributions"] == {"goals": 400, "languages": 310}
    assert (seen["mentorPartnerId"], seen["menteePartnerId"]) == (str(place.association), str(place.municipality))


def test_a_mentee_has_one_open_match_per_enrolment(place: Place) -> None:
    mentor, mentee = enrolments(place)
    propose(place, mentor, mentee)
    other = place.enrol(place.person(Side.MENTOR), Side.MENTOR)
    with pytest.raises(Problem) as refused:
        propose(place, other, mentee)
    assert refused.value.code == "match.mentee_already_proposed"


def test_a_proposal_nobody_answered_makes_room_for_the_next(world: World) -> None:
    place = Place(world)
    mentor, mentee = enrolments(place)
    forgotten = propose(place, mentor, mentee)
    world.clock.advance(timedelta(days=15))
    propose(place, mentor, mentee)
    assert place.staff().get(f"/matches/{forgotten.id}").json()["status"] == "expired"


@pytest.mark.parametrize("status", [EnrolmentStatus.PAUSED, EnrolmentStatus.APPLIED, EnrolmentStatus.EXITED])
def test_both_must_be_ready(place: Place, status: EnrolmentStatus) -> None:
    mentor, _ = enrolments(place)
    given: dict[str, Any] = (
        {"exited_on": place.today, "exit_reason": "moved"} if status is EnrolmentStatus.EXITED else {}
    )
    mentee = place.enrol(place.person(Side.MENTEE), Side.MENTEE, status=status, **given)
    with pytest.raises(RuleViolation) as refused:
        propose(place, mentor, mentee)
    assert (refused.value.code, refused.value.facts) == ("match.enrolment_not_ready", {"sides": ["mentee"]})


def test_the_pair_is_one_mentor_and_one_other_mentee_of_the_cohort(place: Place) -> None:
    mentor, mentee = enrolments(place)
    itself = place.person(Side.MENTOR)
    twice = place.enrol(itself, Side.MENTOR), place.enrol(itself, Side.MENTEE)
    elsewhere = place.enrol(place.person(Side.MENTEE), Side.MENTEE, place.new_cohort())
    for one, other, cohort, code in (
        (mentee, mentor, None, "match.sides_invalid"),
        (*twice, None, "match.same_person"),
        (mentor, elsewhere, None, "match.not_same_cohort"),
        (mentor, mentee, place.new_cohort(), "match.not_same_cohort"),
    ):
        with pytest.raises(RuleViolation) as refused:
            propose(place, one, other, cohort)
        assert refused.value.code == code


def test_a_mentor_who_is_full_in_another_program_is_not_proposed(world: World) -> None:
    place, elsewhere = Place(world), Place(world)
    full = elsewhere.active(status=MatchStatus.ACTIVE)
    mentee = place.enrol(place.person(Side.MENTEE), Side.MENTEE)
    with pytest.raises(RuleViolation) as refused:
        propose(place, place.enrol(full.mentor, Side.MENTOR), mentee)
    assert refused.value.code == "match.no_place_left"
