"""Does a match end as it should: called off, in steps, as an error, and with nobody seeing the other any more?"""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.glossary import Side
from app.domain.lifecycles import MatchStatus
from app.domain.roles import Responsibility, Role
from tests.features.matches.pairs import EXPECTED, Pair, Place
from tests.features.matches.test_course import day, plans
from tests.world import World

CONTACT = ("given_name", "family_name", "email", "phone")


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


@pytest.mark.parametrize("status", ["proposed", "acceptedByMentor", "accepted", "prepared"])
def test_staff_take_back_what_has_not_started(place: Place, status: str) -> None:
    taken: dict[str, Any] = {"mentor_place": 1} if status != "proposed" else {}
    pair = place.pair(status=MatchStatus(status), **taken)
    body = {"reasonCode": "participantLeft"}
    withdrawn = place.staff().made(f"{pair.path}/withdrawal", body, status=200)
    assert (withdrawn["status"], withdrawn["mentorPlace"]) == ("withdrawn", None)
    assert (withdrawn["withdrawnReason"], withdrawn["endedBy"]) == ("participantLeft", "staff")
    seen = pair.mentor.client.get(pair.path).json()
    assert (seen["status"], seen["withdrawnReason"], seen["endedBy"]) == ("withdrawn", None, None)
    again = place.staff().post(f"{pair.path}/withdrawal", body)
    assert (again.status_code, again.json()["code"]) == (409, "match.transition_not_allowed")


def test_what_has_started_is_not_withdrawn_and_the_two_themselves_decline(place: Place) -> None:
    pair, body = place.active(), {"reasonCode": "other"}
    started = place.staff().post(f"{pair.path}/withdrawal", body)
    assert (started.status_code, started.json()["code"]) == (409, "match.transition_not_allowed")
    own = pair.mentee.client.post(f"{pair.path}/withdrawal", body)
    assert (own.status_code, own.json()["code"]) == (403, "access.role_not_permitted")


def test_a_closing_plans_the_interviews_once(place: Place) -> None:
    pair, staff = place.active(), place.staff()
    closing = {"closingOn": day(place, 10), "cause": "goalReached"}
    begun = pair.mentee.client.made(f"{pair.path}/closing", closing, status=200)
    assert (begun["status"], begun["closingOn"], begun["closureCause"]) == ("closing", day(place, 10), None)
    assert begun["mentorPlace"] == 1
    interviews = [("exit", "mentor", day(place, 10)), ("exit", "mentee", day(place, 10))]
    assert [(one["kind"], one["side"], one["dueOn"]) for one in plans(pair)] == interviews
    assert pair.mentor.client.get(f"{pair.path}/contact").status_code == 200  # they may still meet
    held = {"heldOn": day(place, 0), "minutes": 45, "mode": "phone"}
    assert pair.mentor.client.post(f"{pair.path}/meetings", held).status_code == 201
    again = staff.post(f"{pair.path}/closing", closing)
    assert (again.status_code, again.json()["code"]) == (409, "match.transition_not_allowed")

    closed = staff.made(f"{pair.path}/closure", {"closedOn": day(place, 0), "cause": "goalReached"}, status=200)
    assert (closed["status"], closed["closingOn"], closed["endedBy"]) == ("closed", None, "mentee")
    left = [(one["kind"], one["side"], one["dueOn"]) for one in plans(pair) if one["status"] != "waived"]
    assert [one for one in left if one[0] == "exit"] == interviews
    assert [kind for kind, _, _ in left if kind != "exit"] == ["afterOneMonth", "afterSixMonths", "afterTwelveMonths"]


@pytest.mark.parametrize("ahead", [-1, 61])
def test_the_planned_end_lies_ahead_and_near(place: Place, ahead: int) -> None:
    pair = place.active()
    refused = pair.mentor.client.post(f"{pair.path}/closing", {"closingOn": day(place, ahead), "cause": "other"})
    assert (refused.status_code, refused.json()["code"]) == (422, "match.closing_outside_window")
    assert plans(pair) == []


def known_of_the_other(pair: Pair, side: Side) -> list[Any]:
    """What somebody of the pair is told of the other by the operations that tell anything."""
    me, other = (pair.mentor, pair.mentee) if side is Side.MENTOR else (pair.mentee, pair.mentor)
    contact = me.client.get(f"{pair.path}/contact")
    people = {one["side"]: one for one in me.client.get(f"{pair.path}/people").json()["people"]}
    expectations = me.client.get(f"{pair.path}/expectations")
    texts = [contact.text, *(str(people[one]) for one in people if one != side), expectations.text]
    told = [getattr(other.row, name) in text for name in CONTACT for text in texts]
    shown = next(people[one]["shown"] for one in people if one != side)
    return [contact.status_code, expectations.status_code, bool(shown), any(told)]


@pytest.mark.parametrize("act", ["closure", "voidance"])
def test_an_end_ends_each_sides_access_to_the_other_at_once(place: Place, act: str) -> None:
    pair = place.prepared()
    place.staff().made(f"{pair.path}/activation", {"startsOn": day(place, 0)}, status=200)
    bodies = {"closure": {"closedOn": day(place, 0), "cause": "naturalEnd"}, "voidance": {"reasonCode": "wrongPerson"}}
    for side in Side:
        assert known_of_the_other(pair, side) == [200, 200, True, True]
    place.staff().made(f"{pair.path}/{act}", bodies[act], status=200)
    for side in Side:
        assert known_of_the_other(pair, side) == [404, 404, False, False]
    mentor = pair.mentor.client
    assert EXPECTED["goal"] not in mentor.get(f"{pair.path}/people").text
    assert mentor.get(f"/participants/{pair.mentee.id}").status_code == 404


def test_a_refused_end_leaves_the_access_as_it_was(place: Place) -> None:
    pair = place.prepared()
    place.staff().made(f"{pair.path}/activation", {"startsOn": day(place, 0)}, status=200)
    early = {"closedOn": day(place, 1), "cause": "naturalEnd"}
    assert place.staff().post(f"{pair.path}/closure", early).status_code == 422
    assert known_of_the_other(pair, Side.MENTEE) == [200, 200, True, True]


def test_a_match_made_in_error_leaves_nothing_to_do(place: Place) -> None:
    pair, staff = place.prepared(), place.staff()
    staff.made(f"{pair.path}/activation", {"startsOn": day(place, 0)}, status=200)
    place.world.clock.advance(timedelta(days=60))  # what was planned for the first weeks is missed by now
    try:
        assert {item["status"] for item in plans(pair)} >= {"missed", "planned"}
        voided = staff.made(f"{pair.path}/voidance", {"reasonCode": "duplicate"}, status=200)
        assert (voided["status"], voided["voidReason"], voided["mentorPlace"]) == ("void", "duplicate", None)
        assert {item["status"] for item in plans(pair)} == {"waived"}
        assert pair.mentee.client.get(pair.path).json()["voidReason"] is None
        refused = staff.post(f"{pair.path}/voidance", {"reasonCode": "duplicate"})
        assert (refused.status_code, refused.json()["code"]) == (409, "match.transition_not_allowed")
    finally:
        place.world.clock.advance(timedelta(days=-60))


def test_only_the_accountable_declares_an_error(place: Place) -> None:
    helper, pair = place.world.partner(), place.active()
    place.support(helper, Responsibility.FOLLOW_UP_MATCHES)
    refused = place.staff(partner=helper).post(f"{pair.path}/voidance", {"reasonCode": "test"})
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    closing = {"closedOn": day(place, 0), "cause": "other"}
    assert place.staff(partner=helper).post(f"{pair.path}/closure", closing).status_code == 200


def test_days_that_pass_while_a_match_waits_are_listed(place: Place) -> None:
    cohort, staff = place.new_cohort(), place.staff(Role.COORDINATOR)
    yesterday, tomorrow = place.today - timedelta(days=1), place.today + timedelta(days=1)
    late = [
        place.active(cohort=cohort, status=MatchStatus.ON_HOLD, review_on=yesterday),
        place.active(cohort=cohort, status=MatchStatus.CLOSING, closing_on=yesterday),
        place.active(cohort=cohort, ends_on=yesterday),
    ]
    timely = [
        place.active(cohort=cohort, status=MatchStatus.ON_HOLD, review_on=tomorrow, ends_on=yesterday),
        place.active(cohort=cohort, status=MatchStatus.CLOSING, closing_on=place.today),
        place.active(cohort=cohort, ends_on=place.today),
        place.pair(cohort=cohort),
    ]
    listed = {
        is_overdue: {
            one["id"] for one in staff.get(f"/matches?cohortId={cohort}&isOverdue={is_overdue}").json()["items"]
        }
        for is_overdue in ("true", "false")
    }
    assert listed["true"] == {str(pair.match.id) for pair in late}
    assert listed["false"] == {str(pair.match.id) for pair in timely}
