"""Do the two see how their expectations differ before the match starts, and does a changed answer ask again?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.domain.glossary import Concealing, Side
from app.domain.lifecycles import MatchStatus
from app.domain.roles import Responsibility, Role
from app.features.access.tables import Concealment
from app.features.changes.tables import Change
from app.features.matches.tables import Match
from tests.features.matches.pairs import EXPECTED, Pair, Place
from tests.world import Client, World

MENTOR, MENTEE = {"side": "mentor"}, {"side": "mentee"}


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


@pytest.fixture
def pair(place: Place) -> Pair:
    """Both have accepted, and nobody has answered yet."""
    return place.pair(status=MatchStatus.ACCEPTED, mentor_place=1)


def answer(pair: Pair, side: Side, **over: Any) -> None:
    person = pair.mentor if side is Side.MENTOR else pair.mentee
    path = f"/enrolments/{pair.enrolments[side].id}/expectations"
    assert person.client.put(path, {"answers": {**EXPECTED, **over}}).status_code in {200, 201}


def both_answer(pair: Pair) -> None:
    answer(pair, Side.MENTOR)
    answer(pair, Side.MENTEE, meetingsPerMonth=3, firstContact="mentee")


def review(pair: Pair, side: str, client: Client | None = None) -> dict[str, Any]:
    person = pair.mentor if side == "mentor" else pair.mentee
    return (client or person.client).made(f"{pair.path}/expectation-reviews", {"side": side}, status=200)


def test_the_differences_are_shown_to_both_and_to_staff_with_the_match(pair: Pair) -> None:
    place, path = pair.place, f"{pair.path}/expectations"
    nothing = pair.mentor.client.get(path).json()
    assert (nothing["differenceCount"], nothing["mentorAnsweredAt"], nothing["menteeAnsweredAt"]) == (0, None, None)
    assert {one["likeness"] for one in nothing["comparisons"]} == {"unanswered"}
    answer(pair, Side.MENTOR)
    half = pair.mentee.client.get(path).json()
    assert {(one["mentorAnswer"] is None, one["menteeAnswer"]) for one in half["comparisons"]} == {(False, None)}
    both_answer(pair)
    seen = pair.mentee.client.get(path).json()
    assert (seen["matchId"], seen["questionnaireVersion"], seen["differenceCount"]) == (str(pair.match.id), 1, 2)
    told = {
        one["code"]: (one["likeness"], one["apart"], one["mentorAnswer"], one["menteeAnswer"])
        for one in seen["comparisons"]
    }
    assert list(told) == list(EXPECTED)
    assert told["meetingsPerMonth"] == ("near", 1, 2, 3)
    assert told["firstContact"] == ("far", None, "mentor", "mentee")
    assert told["confidentiality"] == ("same", None, True, True)
    assert seen["comparisons"][0]["sv"] != seen["comparisons"][0]["en"]
    for client in (pair.mentor.client, place.staff(Role.COORDINATOR), place.staff(partner=place.association)):
        assert client.get(path).json() == seen
    for client in (place.staff(partner=place.world.partner()), place.active().mentor.client):
        assert client.get(path).json()["code"] == "resource.not_found"
    assert place.staff(Role.EVALUATOR).get(path).json()["code"] == "access.role_not_permitted"


@pytest.mark.parametrize(
    ("status", "is_shown"),
    [
        (MatchStatus.PROPOSED, False),
        (MatchStatus.ACCEPTED_BY_MENTOR, False),
        (MatchStatus.ACCEPTED_BY_MENTEE, False),
        (MatchStatus.ACCEPTED, True),
        (MatchStatus.PREPARED, True),
        (MatchStatus.ACTIVE, True),
        (MatchStatus.ON_HOLD, True),
        (MatchStatus.CLOSED, False),
        (MatchStatus.DECLINED, False),
        (MatchStatus.EXPIRED, False),
    ],
)
def test_they_are_shown_from_both_acceptances_until_the_end(
    place: Place, status: MatchStatus, *, is_shown: bool
) -> None:
    pair = place.active(status=status, mentor_place=None)
    for side in Side:
        pair.prepare(side)
    for client in (pair.mentor.client, pair.mentee.client, place.staff()):
        assert client.get(f"{pair.path}/expectations").status_code == (200 if is_shown else 404)
    told = pair.mentor.client.post(f"{pair.path}/expectation-reviews", MENTOR)
    if is_shown:
        assert told.status_code == 200
    else:
        assert (told.status_code, told.json()["code"]) == (409, "match.expectations_not_shown")
        assert told.json()["context"] == {"current": status.value}


def test_each_side_notes_for_itself_that_it_has_seen_them(pair: Pair) -> None:
    place = pair.place
    early = pair.mentor.client.post(f"{pair.path}/expectation-reviews", MENTOR)
    assert (early.status_code, early.json()["code"]) == (409, "match.expectations_incomplete")
    assert early.json()["context"]["sides"] == ["mentor", "mentee"]
    answer(pair, Side.MENTEE)
    early = pair.mentor.client.post(f"{pair.path}/expectation-reviews", MENTOR)
    assert early.json()["context"]["sides"] == ["mentor"]
    both_answer(pair)
    of_mentor, of_mentee = place.staff(partner=place.association), place.staff()
    for client, body in (
        (pair.mentor.client, MENTEE),
        (pair.mentee.client, MENTOR),
        (of_mentor, MENTEE),
        (of_mentee, MENTOR),
    ):
        refused = client.post(f"{pair.path}/expectation-reviews", body)
        assert (refused.status_code, refused.json()["code"]) == (403, "access.not_your_side")
    first = review(pair, "mentor")
    assert (first["mentorReviewedAt"] is None, first["menteeReviewedAt"]) == (False, None)
    place.world.clock.advance(timedelta(minutes=5))
    again = review(pair, "mentor", of_mentor)
    assert again["mentorReviewedAt"] == first["mentorReviewedAt"], "the first time counts"
    assert review(pair, "mentee", of_mentee)["menteeReviewedAt"] > first["mentorReviewedAt"]
    assert kinds(pair) == ["match.expectationsReviewed", "match.expectationsReviewed"]
    assert pair.mentor.client.get(pair.path).json()["mentorReviewedAt"] == first["mentorReviewedAt"]


def kinds(pair: Pair) -> list[str]:
    with Session(pair.place.world.engine) as session:
        found = session.exec(select(Change).where(Change.subject_id == pair.match.id).order_by(col(Change.id)))
        return [change.kind.value for change in found]


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "request.invalid"), ({"side": "both"}, "request.invalid"), ({**MENTOR, "note": "x"}, "request.invalid")],
)
def test_a_review_names_its_side_and_nothing_else(pair: Pair, body: dict[str, str], code: str) -> None:
    refused = pair.mentor.client.post(f"{pair.path}/expectation-reviews", body)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_staff_without_a_side_do_not_review(pair: Pair) -> None:
    place = pair.place
    third = place.world.partner()
    place.support(third, Responsibility.FOLLOW_UP_MATCHES)
    refused = place.staff(partner=third).post(f"{pair.path}/expectation-reviews", MENTOR)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")


def test_a_changed_answer_clears_both_reviews(pair: Pair) -> None:
    both_answer(pair)
    review(pair, "mentor")
    review(pair, "mentee")
    answer(pair, Side.MENTEE, meetingsPerMonth=3, firstContact="mentee")
    unchanged = pair.mentor.client.get(f"{pair.path}/expectations").json()
    assert None not in (unchanged["mentorReviewedAt"], unchanged["menteeReviewedAt"])
    answer(pair, Side.MENTEE, meetingsPerMonth=12)
    changed = pair.mentor.client.get(f"{pair.path}/expectations").json()
    assert (changed["mentorReviewedAt"], changed["menteeReviewedAt"]) == (None, None)
    assert kinds(pair)[-1] == "expectations.answered"
    told = pair.place.staff().post(f"{pair.path}/preparation").json()["context"]["missing"]
    assert "expectationReview" in told["mentor"]
    assert "expectationReview" in told["mentee"]


def test_what_changes_between_preparation_and_start_is_seen(place: Place) -> None:
    pair, staff = place.prepared(), place.staff()
    answer(pair, Side.MENTOR, replyDays=14)
    start = {"startsOn": place.today.isoformat()}
    refused = staff.post(f"{pair.path}/activation", start)
    assert (refused.status_code, refused.json()["code"]) == (409, "match.not_prepared")
    assert refused.json()["context"]["missing"] == {"mentor": ["expectationReview"], "mentee": ["expectationReview"]}
    assert staff.get(pair.path).json()["status"] == "prepared"
    review(pair, "mentor")
    review(pair, "mentee")
    assert staff.made(f"{pair.path}/activation", start, status=200)["status"] == "active"


def test_a_later_match_of_the_mentor_is_reviewed_on_its_own(place: Place) -> None:
    mentor = place.person(Side.MENTOR, mentor_capacity=2)
    first = place.pair(mentor, status=MatchStatus.ACCEPTED, mentor_place=1)
    second = place.pair(mentor, place.new_cohort(), status=MatchStatus.ACCEPTED, mentor_place=2)
    for one in (first, second):
        both_answer(one)
    review(first, "mentor")
    assert second.mentor.client.get(f"{second.path}/expectations").json()["mentorReviewedAt"] is None
    answer(second, Side.MENTOR, replyDays=1)
    assert first.mentor.client.get(f"{first.path}/expectations").json()["mentorReviewedAt"] is not None


def test_who_has_withdrawn_consent_is_compared_for_the_holder_only(pair: Pair) -> None:
    place = pair.place
    both_answer(pair)
    place.world.add(
        Concealment(
            participant_id=pair.mentee.id,
            partner_id=place.municipality,
            kind=Concealing.WITHDRAWN_CONSENT,
            program_id=place.program,
        )
    )
    for client, knows in (
        (pair.mentee.client, True),
        (place.staff(), True),
        (pair.mentor.client, False),
        (place.staff(partner=place.association), False),
    ):
        seen = client.get(f"{pair.path}/expectations").json()
        assert (seen["menteeAnsweredAt"] is not None) == knows
        assert {one["menteeAnswer"] is not None for one in seen["comparisons"]} == {knows}
        assert {one["mentorAnswer"] is not None for one in seen["comparisons"]} == {True}


def test_answers_changed_while_the_match_starts_leave_no_unseen_difference(place: Place) -> None:
    """However the two interleave: what an active match has reviewed is what stands in its answers."""
    for number in range(12):
        pair, staff = place.prepared(), place.staff()
        path = f"/enrolments/{pair.enrolments[Side.MENTOR].id}/expectations"
        body = {"answers": {**EXPECTED, "replyDays": 4 + number % 5}}
        with ThreadPoolExecutor(2) as pool:
            changing = pool.submit(pair.mentor.client.put, path, body)
            starting = pool.submit(staff.post, f"{pair.path}/activation", {"startsOn": place.today.isoformat()})
            changed, started = changing.result(), starting.result()
        assert changed.status_code in {200, 409}, changed.text
        assert started.status_code in {200, 409}, started.text
        with Session(place.world.engine) as session:
            match = session.get_one(Match, pair.match.id)
            is_reviewed = match.mentor_reviewed_at is not None
        stands = pair.mentor.client.get(path).json()["answers"]
        assert is_reviewed == (stands == EXPECTED)
        assert (match.status is MatchStatus.ACTIVE) <= is_reviewed
