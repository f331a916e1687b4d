"""Is a contact moved to a day nearby, with the planned day kept, and only where that makes sense?"""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import Side
from app.domain.roles import Responsibility
from app.features.access.guards import steward
from app.features.follow_ups.actions import PlanFacts, plan_for_reopening
from app.features.follow_ups.tables import FollowUp
from app.features.programs.queries import profile_of
from app.features.programs.tables import Program
from tests.features.follow_ups.scene import planned, submission
from tests.features.matches.pairs import Pair, Place
from tests.world import Client, World


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


@pytest.fixture(scope="module")
def pair(place: Place) -> Pair:
    return place.active()


def move(client: Client, row: FollowUp, days: int, pair: Pair) -> Any:
    day = pair.place.today + timedelta(days=days)
    return client.post(f"/follow-ups/{row.id}/rescheduling", {"dueOn": day.isoformat()})


def test_the_planned_day_is_kept_and_binds_every_later_move(pair: Pair) -> None:
    row, staff = planned(pair, 3), pair.place.staff()
    moved = move(staff, row, 10, pair)
    assert moved.status_code == 200, moved.text
    assert moved.json()["movedFrom"] == row.due_on.isoformat()
    assert moved.json()["dueOn"] == (pair.place.today + timedelta(days=10)).isoformat()
    too_far = move(staff, row, 18, pair)
    assert (too_far.status_code, too_far.json()["code"]) == (422, "follow_up.day_outside_window")
    assert move(staff, row, 17, pair).status_code == 200
    assert move(staff, row, 3, pair).json()["movedFrom"] is None


def test_what_is_measured_or_over_stays(pair: Pair) -> None:
    staff = pair.place.staff()
    entry = planned(pair, 3, Side.MENTEE, kind=FollowUpKind.ENTRY)
    assert move(staff, entry, 4, pair).json()["code"] == "follow_up.day_fixed"
    done = planned(pair, 0)
    staff.made(f"/follow-ups/{done.id}/submission", submission(pair), status=200)
    for over in (done, planned(pair, -15)):
        refused = move(staff, over, 4, pair)
        assert (refused.status_code, refused.json()["code"]) == (409, "follow_up.too_late_to_move")


def test_a_program_may_forbid_it(world: World) -> None:
    place = Place(world, overrides={"moveDays": 0})
    pair = place.active()
    refused = move(place.staff(), planned(pair, 3), 4, pair)
    assert (refused.status_code, refused.json()["code"]) == (422, "follow_up.day_outside_window")


def test_it_is_the_followers_to_decide(world: World) -> None:
    place = Place(world)
    pair = place.active()
    row = planned(pair, 3)
    assert move(pair.mentor.client, row, 4, pair).status_code == 403
    helper = place.staff(partner=place.association)
    assert move(helper, row, 4, pair).status_code == 404
    place.support(place.association, Responsibility.FOLLOW_UP_MATCHES)
    assert move(helper, row, 4, pair).status_code == 200


def test_a_match_without_a_day_has_nothing_to_move(place: Place) -> None:
    pair = place.active(started_on=None)
    assert move(place.staff(), planned(pair, 3), 4, pair).json()["code"] == "follow_up.match_not_started"


def test_a_match_that_goes_on_has_its_own_plan_again(world: World) -> None:
    place = Place(world)
    pair = place.active()
    exit_ = planned(pair, 0, Side.MENTEE, kind=FollowUpKind.EXIT)
    with Session(world.engine) as session:
        profile = profile_of(session.get_one(Program, place.program))
    assert pair.match.started_on is not None
    assert pair.match.ends_on is not None
    facts = PlanFacts(
        match_id=pair.match.id,
        program_id=place.program,
        profile=profile,
        started_on=pair.match.started_on,
        ends_on=pair.match.ends_on,
        mentor_enrolment_id=pair.enrolments[Side.MENTOR].id,
        mentor_participant_id=pair.mentor.id,
        mentee_enrolment_id=pair.enrolments[Side.MENTEE].id,
        mentee_participant_id=pair.mentee.id,
    )
    with steward(world.runtime, "0" * 32) as scope:
        made = [row.due_on for row in plan_for_reopening(scope, facts, place.today)]
    assert made
    assert min(made) >= place.today
    told = place.staff().get(f"/follow-ups/{exit_.id}").json()
    assert (told["status"], told["waivedReason"]) == ("waived", "matchReopened")
