"""May a closed match go on, and may its people be matched again?"""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.glossary import ClosureCause, Side
from app.domain.lifecycles import EnrolmentStatus, MatchStatus
from tests.features.matches.pairs import Pair, Place
from tests.features.matches.test_course import day, plans
from tests.features.matches.test_proposals import propose
from tests.world import World

REASON = {"reasonCode": "bothWantToGoOn"}


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world, overrides={"reopenDays": 10})


def closed(place: Place, days_ago: int = 0, cause: ClosureCause = ClosureCause.NATURAL_END, **over: Any) -> Pair:
    ended = {"closed_on": place.today - timedelta(days=days_ago), "closure_cause": cause, "is_ended_early": True}
    return place.active(status=MatchStatus.CLOSED, **{"mentor_place": None, **ended, **over})


def test_a_closed_match_goes_on_with_its_place_and_plan(place: Place) -> None:
    pair, staff = place.prepared(), place.staff()
    staff.made(f"{pair.path}/activation", {"startsOn": day(place, -7)}, status=200)
    planned = [(one["kind"], one["dueOn"]) for one in plans(pair) if one["dueOn"] >= day(place, 0)]
    staff.made(f"{pair.path}/closure", {"closedOn": day(place, 0), "cause": "noContact"}, status=200)
    again = staff.made(f"{pair.path}/reopening", REASON, status=200)
    assert (again["status"], again["mentorPlace"], again["closedOn"]) == ("active", 1, None)
    assert (again["closureCause"], again["endedBy"], again["isEndedEarly"]) == (None, None, None)
    assert (again["reopenedOn"], again["reopenedReason"]) == (day(place, 0), "bothWantToGoOn")
    open_now = [(one["kind"], one["dueOn"]) for one in plans(pair) if one["status"] != "waived"]
    assert open_now == planned
    assert pair.mentee.client.get(f"{pair.path}/contact").status_code == 200
    assert pair.mentee.client.get(pair.path).json()["reopenedReason"] is None
    twice = staff.post(f"{pair.path}/reopening", REASON)
    assert (twice.status_code, twice.json()["code"]) == (409, "match.not_closed")


@pytest.mark.parametrize(("days_ago", "status"), [(10, 200), (11, 409)])
def test_the_days_are_the_programs(place: Place, days_ago: int, status: int) -> None:
    answer = place.staff().post(f"{closed(place, days_ago).path}/reopening", REASON)
    assert answer.status_code == status
    if status == 409:
        assert answer.json()["code"] == "match.reopen_too_late"


def test_a_match_that_ran_its_time_is_given_a_new_end(place: Place) -> None:
    pair, staff = closed(place, ends_on=place.today), place.staff()
    refused = staff.post(f"{pair.path}/reopening", REASON)
    assert (refused.status_code, refused.json()["code"]) == (422, "match.end_not_ahead")
    again = staff.made(f"{pair.path}/reopening", {**REASON, "endsOn": day(place, 40)}, status=200)
    assert (again["status"], again["endsOn"]) == ("active", day(place, 40))


def test_a_place_given_away_a_new_match_or_a_person_gone_are_in_the_way(place: Place) -> None:
    staff, one = place.staff(), closed(place)
    place.active(mentor=one.mentor, cohort=place.new_cohort())
    full = staff.post(f"{one.path}/reopening", REASON)
    assert (full.status_code, full.json()["code"]) == (409, "match.no_place_left")
    two = closed(place)
    with_other = place.pair(mentee=two.mentee, cohort=place.new_cohort())
    with place.world.engine.begin() as connection:
        moved = "update match set mentee_enrolment_id = %s where id = %s"
        connection.exec_driver_sql(moved, (two.enrolments[Side.MENTEE].id, with_other.match.id))
    taken = staff.post(f"{two.path}/reopening", REASON)
    assert (taken.status_code, taken.json()["code"]) == (409, "match.mentee_already_proposed")
    three = closed(place)
    with place.world.engine.begin() as connection:
        gone = "update enrolment set status = %s where id = %s"
        connection.exec_driver_sql(gone, (EnrolmentStatus.EXITED.value, three.enrolments[Side.MENTEE].id))
    left = staff.post(f"{three.path}/reopening", REASON)
    assert (left.status_code, left.json()["code"]) == (409, "match.enrolment_not_ready")


def test_the_buffer_bars_a_proposal_and_is_told(place: Place) -> None:
    pair, staff = closed(place, 13), place.staff()
    told = staff.get(f"{pair.path}/rematch").json()
    assert told["bufferWeeks"] == 2
    expected = {"mayBeMatched": False, "earliest": day(place, 1), "bars": ["buffer"]}
    assert told["sides"] == [{"side": "mentor", **expected}, {"side": "mentee", **expected}]
    other = place.enrol(place.person(Side.MENTOR), Side.MENTOR)
    with pytest.raises(Exception, match=r"match\.rematch_not_allowed"):
        propose(place, other, pair.enrolments[Side.MENTEE])
    place.world.clock.advance(timedelta(days=1))
    try:
        assert propose(place, other, pair.enrolments[Side.MENTEE]).status is MatchStatus.PROPOSED
    finally:
        place.world.clock.advance(timedelta(days=-1))


def test_an_end_for_safety_waits_for_a_decision_about_each(place: Place) -> None:
    pair, staff = closed(place, 100, ClosureCause.SAFETY), place.staff()
    path = f"{pair.path}/rematch-decisions"
    assert {tuple(one["bars"]) for one in staff.get(f"{pair.path}/rematch").json()["sides"]} == {("notDecided",)}
    staff.made(path, {"side": "mentee", "mayRematch": True}, status=200)
    told = staff.made(path, {"side": "mentor", "mayRematch": False}, status=200)
    assert [(one["side"], one["bars"]) for one in told["sides"]] == [("mentor", ["decidedAgainst"]), ("mentee", [])]
    other = place.enrol(place.person(Side.MENTEE), Side.MENTEE)
    with pytest.raises(Exception, match=r"match\.rematch_not_allowed"):
        propose(place, pair.enrolments[Side.MENTOR], other)
    open_one = staff.post(f"{place.active().path}/rematch-decisions", {"side": "mentor", "mayRematch": True})
    assert (open_one.status_code, open_one.json()["code"]) == (409, "match.not_closed")


def test_who_is_told_of_a_rematch(place: Place) -> None:
    pair = closed(place, 100, ClosureCause.SAFETY)
    holder = place.staff(partner=place.association).get(f"{pair.path}/rematch")
    assert [one["side"] for one in holder.json()["sides"]] == ["mentor"]
    for person in (pair.mentor, pair.mentee):
        assert person.client.get(f"{pair.path}/rematch").status_code == 404
    assert place.staff().get(f"{place.active().path}/rematch").status_code == 404
    refused = place.staff(partner=place.association).post(f"{pair.path}/reopening", REASON)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    own = pair.mentor.client.post(f"{pair.path}/rematch-decisions", {"side": "mentor", "mayRematch": True})
    assert (own.status_code, own.json()["code"]) == (403, "access.role_not_permitted")
