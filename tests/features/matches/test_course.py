"""Does a match get prepared, start, rest and end as the rules say, with its follow-ups in the same act?"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.domain.changes import ChangeKind
from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import Side
from app.domain.lifecycles import EnrolmentStatus, MatchStatus
from app.domain.roles import Role
from app.features.changes.tables import Change
from app.features.follow_ups.tables import FollowUp
from tests.features.matches.pairs import Pair, Place
from tests.world import World


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


def day(place: Place, ahead: int) -> str:
    return (place.today + timedelta(days=ahead)).isoformat()


def plans(pair: Pair, **narrow: str) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in narrow.items())
    found = pair.place.staff().get(f"/follow-ups?matchId={pair.match.id}&limit=200&{query}")
    items: list[dict[str, Any]] = found.json()["items"]
    return items


def test_preparation_names_what_is_missing_on_each_side(place: Place) -> None:
    pair, staff = place.pair(status=MatchStatus.ACCEPTED, mentor_place=1), place.staff()
    refused = staff.post(f"{pair.path}/preparation")
    assert (refused.status_code, refused.json()["code"]) == (409, "match.not_prepared")
    everything = ["training", "information", "expectations", "expectationReview"]
    assert refused.json()["context"]["missing"] == {"mentor": everything, "mentee": everything}
    pair.prepare(Side.MENTOR)
    missing = staff.post(f"{pair.path}/preparation").json()["context"]["missing"]
    assert missing == {"mentor": ["expectationReview"], "mentee": everything}
    pair.prepare(Side.MENTEE)
    for person, side in ((pair.mentor, "mentor"), (pair.mentee, "mentee")):
        person.client.made(f"{pair.path}/expectation-reviews", {"side": side}, status=200)
    assert staff.made(f"{pair.path}/preparation", status=200)["status"] == "prepared"
    again = staff.post(f"{pair.path}/preparation")
    assert (again.status_code, again.json()["code"]) == (409, "match.transition_not_allowed")


def test_activation_plans_the_follow_ups(place: Place) -> None:
    pair, staff = place.prepared(), place.staff(Role.COORDINATOR)
    started = staff.made(f"{pair.path}/activation", {"startsOn": day(place, 3)}, status=200)
    assert (started["status"], started["startedOn"]) == ("active", day(place, 3))
    assert started["endsOn"] == day(place, 3 + 17 * 7)  # the profile's 17 weeks end after the cohort does
    found = plans(pair)
    assert {item["kind"] for item in found} == {"entry", "checkInMentor", "checkInMentee", "inDepth"}
    assert {item["dueOn"] >= day(place, 3) for item in found} == {True}
    by_side = {item["side"]: item["participantId"] for item in found}
    assert by_side == {"mentor": str(pair.mentor.id), "mentee": str(pair.mentee.id), None: None}
    assert {(item["leadDays"], item["graceDays"]) for item in found} == {(7, 14)}
    with Session(place.world.engine) as session:
        recorded = session.exec(
            select(Change.subject_id).where(
                Change.kind == ChangeKind.FOLLOW_UP_PLANNED, Change.program_id == place.program
            )
        ).all()
    assert {str(one) for one in recorded} >= {item["id"] for item in found}


@pytest.mark.parametrize("ahead", [-8, 31])
def test_a_start_outside_the_window_plans_nothing(place: Place, ahead: int) -> None:
    pair = place.prepared()
    refused = place.staff().post(f"{pair.path}/activation", {"startsOn": day(place, ahead)})
    assert (refused.status_code, refused.json()["code"]) == (422, "match.start_outside_window")
    assert place.staff().get(pair.path).json()["status"] == "prepared"
    assert plans(pair) == []


def test_a_cohort_that_ends_later_sets_the_end(place: Place) -> None:
    pair = place.prepared(cohort=place.new_cohort(days=200))
    started = place.staff().made(f"{pair.path}/activation", {"startsOn": day(place, 0)}, status=200)
    assert started["endsOn"] == day(place, 200)


@pytest.mark.parametrize("status", ["accepted", "onHold", "closed"])
def test_only_a_prepared_match_starts(place: Place, status: str) -> None:
    over = {"closed_on": place.today} if status == "closed" else {"mentor_place": 1}
    pair = place.active(status=MatchStatus(status), **over)
    refused = place.staff().post(f"{pair.path}/activation", {"startsOn": day(place, 0)})
    assert (refused.status_code, refused.json()["code"]) == (409, "match.not_prepared")


def test_a_person_who_left_meanwhile_does_not_start(place: Place) -> None:
    pair = place.prepared()
    with Session(place.world.engine) as session:
        session.info["is_unrecorded"] = True
        left = session.get_one(type(pair.enrolments[Side.MENTEE]), pair.enrolments[Side.MENTEE].id)
        left.status = EnrolmentStatus.WITHDRAWN
        session.add(left)
        session.commit()
    refused = place.staff().post(f"{pair.path}/activation", {"startsOn": day(place, 0)})
    assert (refused.status_code, refused.json()["code"]) == (409, "match.enrolment_not_ready")


def test_a_match_rests_and_goes_on(place: Place) -> None:
    pair, staff = place.active(), place.staff()
    early = staff.post(f"{pair.path}/hold", {"reviewOn": day(place, 0)})
    assert (early.status_code, early.json()["code"]) == (422, "match.review_not_ahead")
    awake = staff.post(f"{pair.path}/resumption")
    assert (awake.status_code, awake.json()["code"]) == (409, "match.not_on_hold")
    held = pair.mentee.client.made(f"{pair.path}/hold", {"reviewOn": day(place, 14)}, status=200)
    assert (held["status"], held["reviewOn"], held["mentorPlace"]) == ("onHold", day(place, 14), 1)
    again = staff.post(f"{pair.path}/hold", {"reviewOn": day(place, 14)})
    assert (again.status_code, again.json()["code"]) == (409, "match.transition_not_allowed")
    resumed = staff.made(f"{pair.path}/resumption", status=200)
    assert (resumed["status"], resumed["reviewOn"]) == ("active", None)


def test_closing_frees_the_place_waives_and_plans_in_one_act(place: Place) -> None:
    pair, staff = place.prepared(), place.staff()
    staff.made(f"{pair.path}/activation", {"startsOn": day(place, -7)}, status=200)
    closing = {"closedOn": day(place, 0), "cause": "safety"}
    closed = pair.mentee.client.made(f"{pair.path}/closure", closing, status=200)
    assert (closed["status"], closed["mentorPlace"], closed["isEndedEarly"]) == ("closed", None, True)
    assert (closed["closureCause"], closed["endedBy"]) == (None, None)
    seen = staff.get(pair.path).json()
    assert (seen["closureCause"], seen["endedBy"]) == ("safety", "mentee")
    assert pair.mentor.client.get(pair.path).json()["closureCause"] is None

    waived = plans(pair, status="waived")
    assert {item["kind"] for item in waived} == {"entry", "checkInMentor", "checkInMentee", "inDepth"}
    assert {item["waivedReason"] for item in waived} == {"matchEnded"}
    left = [(item["kind"], item["side"], item["dueOn"]) for item in plans(pair) if item["status"] != "waived"]
    assert left == [
        ("exit", "mentor", day(place, 0)),
        ("exit", "mentee", day(place, 0)),
        ("afterOneMonth", "mentee", "2026-04-02"),
        ("afterSixMonths", "mentee", "2026-09-02"),
        ("afterTwelveMonths", "mentee", "2027-03-02"),
    ]
    again = staff.post(f"{pair.path}/closure", closing)
    assert (again.status_code, again.json()["code"]) == (409, "match.transition_not_allowed")


def test_what_was_missed_stays_missed_after_the_end(place: Place) -> None:
    pair = place.active()
    missed: FollowUp = place.world.add(
        FollowUp(
            program_id=place.program,
            match_id=pair.match.id,
            kind=FollowUpKind.CHECK_IN_MENTOR,
            side=Side.MENTOR,
            due_on=place.today - timedelta(days=15),
        )
    )
    place.staff().made(f"{pair.path}/closure", {"closedOn": day(place, 0), "cause": "naturalEnd"}, status=200)
    assert place.staff().get(f"/follow-ups/{missed.id}").json()["status"] == "missed"


@pytest.mark.parametrize(("ahead", "code"), [(1, "match.closed_in_future"), (-31, "match.closed_before_start")])
def test_a_closure_on_an_impossible_day_changes_nothing(place: Place, ahead: int, code: str) -> None:
    pair, staff = place.active(), place.staff()
    refused = staff.post(f"{pair.path}/closure", {"closedOn": day(place, ahead), "cause": "other"})
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert staff.get(pair.path).json()["status"] == "active"
    assert plans(pair) == []


def test_the_full_time_is_not_early_and_a_planned_start_may_be_called_off(place: Place) -> None:
    done = place.active(ends_on=place.today)
    body = {"closedOn": day(place, 0), "cause": "naturalEnd"}
    assert place.staff().made(f"{done.path}/closure", body, status=200)["isEndedEarly"] is False
    planned = place.active(started_on=place.today + timedelta(days=9))
    assert planned.mentor.client.made(f"{planned.path}/closure", body, status=200)["status"] == "closed"
    interview = next(item for item in plans(planned) if item["kind"] == "exit" and item["side"] == "mentor")
    answers = {"expectationsMet": 1, "wouldRecommend": False, "wantsNewMatch": True}
    said = planned.mentor.client.post(
        f"/follow-ups/{interview['id']}/submission", {"doneOn": day(place, 0), "answers": answers}
    )
    assert said.status_code == 200


@pytest.mark.parametrize(
    ("act", "body", "duty"),
    [
        ("preparation", None, "signMatchAgreements"),
        ("activation", {"startsOn": "2026-03-02"}, "signMatchAgreements"),
        ("hold", {"reviewOn": "2026-04-02"}, "followUpMatches"),
        ("resumption", None, "followUpMatches"),
        ("closure", {"closedOn": "2026-03-02", "cause": "other"}, "followUpMatches"),
    ],
)
def test_the_holder_without_the_duty_is_told_who_has_it(
    place: Place, act: str, body: dict[str, str] | None, duty: str
) -> None:
    pair = place.active()
    refused = place.staff(partner=place.association).post(f"{pair.path}/{act}", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    named = refused.json()["context"]["duties"][0]
    assert (named["duty"], UUID(named["partnerId"])) == (duty, place.municipality)
    assert place.staff(partner=place.world.partner()).post(f"{pair.path}/{act}", body).status_code == 404
    evaluator = place.staff(Role.EVALUATOR).post(f"{pair.path}/{act}", body)
    assert (evaluator.status_code, evaluator.json()["code"]) == (403, "access.role_not_permitted")
