"""Are outcomes recorded for mentees, by those who answer for it, and in an order that can be true?"""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.glossary import ExitReason, Side
from app.domain.lifecycles import EnrolmentStatus
from app.domain.roles import Responsibility, Role
from app.features.enrolments.tables import Enrolment
from tests.features.matches.pairs import Place
from tests.world import World


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


@pytest.fixture
def enrolment(place: Place) -> Enrolment:
    return place.enrol(place.person(Side.MENTEE), Side.MENTEE, applied_on=place.today - timedelta(days=40))


def said(place: Place, days_ago: int = 0, **over: Any) -> dict[str, Any]:
    observed = place.today - timedelta(days=days_ago)
    return {"observedOn": observed.isoformat(), "incomeSource": "wages", "occupation": "work", **over}


def test_an_outcome_is_recorded_then_replaced(place: Place, enrolment: Enrolment) -> None:
    staff, path = place.staff(), f"/enrolments/{enrolment.id}/outcomes"
    assert staff.get(f"{path}/entry").status_code == 404
    made = staff.put(f"{path}/entry", said(place, extentPercent=50))
    assert (made.status_code, made.json()["extentPercent"]) == (201, 50)
    assert staff.get(made.headers["location"]).json() == made.json()

    replaced = staff.put(f"{path}/entry", said(place, extentPercent=75))
    assert (replaced.status_code, replaced.json()["id"]) == (200, made.json()["id"])
    same = staff.put(f"{path}/entry", said(place, extentPercent=75))
    assert same.headers["ETag"] == replaced.headers["ETag"]
    assert [item["extentPercent"] for item in staff.get(path).json()["items"]] == [75]


@pytest.mark.parametrize(
    ("occasion", "days_ago", "over", "code"),
    [
        ("entry", -1, {}, "outcome.in_future"),
        ("exit", 41, {}, "outcome.before_entry"),
        ("afterOneMonth", 21, {}, "outcome.before_exit"),
        ("exit", 0, {"beganOn": "2026-02-02", "endedOn": "2026-02-01"}, "outcome.ends_before_start"),
        ("entry", 19, {}, "outcome.before_entry"),
        ("entry", 40, {"extentPercent": 140}, "request.invalid"),
        ("entry", 48, {}, "outcome.before_entry"),
        ("afterOneMonth", 10, {}, "outcome.before_exit"),
    ],
)
def test_what_cannot_be_true_is_refused(
    place: Place, enrolment: Enrolment, occasion: str, days_ago: int, over: dict[str, Any], code: str
) -> None:
    staff, path = place.staff(), f"/enrolments/{enrolment.id}/outcomes"
    assert staff.put(f"{path}/entry", said(place, 40)).status_code == 201
    assert staff.put(f"{path}/exit", said(place, 20)).status_code == 201
    before = staff.get(path).json()["items"]
    refused = staff.put(f"{path}/{occasion}", said(place, days_ago, **over))
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert staff.get(path).json()["items"] == before


def test_mentors_have_no_outcomes(place: Place) -> None:
    mentor = place.enrol(place.person(Side.MENTOR, place.municipality), Side.MENTOR)
    refused = place.staff().put(f"/enrolments/{mentor.id}/outcomes/entry", said(place))
    assert (refused.status_code, refused.json()["code"]) == (409, "outcome.mentees_only")


def test_permission_follows_the_duty(world: World) -> None:
    place = Place(world)
    person = place.person(Side.MENTEE, place.association)
    path = f"/enrolments/{place.enrol(person, Side.MENTEE).id}/outcomes"
    holder = place.staff(partner=place.association)
    assert place.staff().put(f"{path}/entry", said(place)).status_code == 201
    assert holder.get(f"{path}/entry").status_code == 200
    assert person.client.get(path).json()["meta"]["totalCount"] == 1

    refused = holder.put(f"{path}/exit", said(place))
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    duty = refused.json()["context"]["duties"][0]
    assert (duty["duty"], duty["partnerId"]) == (Responsibility.RECORD_OUTCOMES, str(place.municipality))
    for client in (person.client, place.staff(Role.COORDINATOR)):
        assert client.put(f"{path}/exit", said(place)).json()["code"] == "access.role_not_permitted"
    assert place.staff(partner=world.partner()).get(path).status_code == 404


@pytest.mark.parametrize(
    ("occasion", "days_ago", "expected"),
    [
        ("exit", 200, "recorded"),
        ("afterOneMonth", 201, "outcome.before_exit"),
        ("afterOneMonth", 200, "recorded"),
        ("afterSixMonths", 60, "outcome.too_early"),
        ("afterSixMonths", 19, "recorded"),
        ("afterTwelveMonths", 0, "outcome.too_early"),
    ],
)
def test_later_occasions_follow_the_exit(place: Place, occasion: str, days_ago: int, expected: str) -> None:
    ended_on = place.today - timedelta(days=200)
    enrolment = place.enrol(
        place.person(Side.MENTEE),
        Side.MENTEE,
        applied_on=place.today - timedelta(days=300),
        status=EnrolmentStatus.EXITED,
        exited_on=ended_on,
        exit_reason=ExitReason.PLANNED_END,
    )
    answer = place.staff().put(f"/enrolments/{enrolment.id}/outcomes/{occasion}", said(place, days_ago))
    assert (answer.json().get("code") or "recorded") == expected


def test_verdicts_name_their_rules(place: Place, enrolment: Enrolment) -> None:
    staff, path = place.staff(), f"/enrolments/{enrolment.id}"
    before = said(place, 40, incomeSource="socialAssistance", occupation="none", education="upperSecondary")
    assert staff.put(f"{path}/outcomes/entry", before).json()["education"] == "upperSecondary"
    after = said(place, 0, beganOn=str(place.today - timedelta(days=20)), extentPercent=50)
    assert staff.put(f"{path}/outcomes/exit", after).status_code == 201
    told = staff.get(f"{path}/outcome-verdicts").json()
    assert {one["measure"]: (one["counts"], one["ruleId"]) for one in told["items"]} == {
        "kolada": (False, "kolada.job_under_one_month"),
        "esfImmediate": (True, "esf.immediate"),
        "esfLongTerm": (False, "esf.long_term_not_reached"),
        "susIncreased": (True, "sus.began_or_increased"),
        "susPublicSupportEnded": (True, "sus.public_support_ended"),
    }
    assert all(one["source"] and one["sv"] and one["en"] for one in told["items"])
    assert place.staff(Role.COORDINATOR).get(f"{path}/outcome-verdicts").json()["code"] == "access.role_not_permitted"
