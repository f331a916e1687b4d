"""Does each side answer for itself, in time, and does a place go to whom the rules give it?"""

from datetime import timedelta

import pytest

from app.domain.glossary import Side
from app.domain.lifecycles import EnrolmentStatus, MatchStatus
from app.domain.roles import Role
from app.features.matches.queries import blocked_pairs
from tests.features.matches.pairs import Pair, Place
from tests.world import World

MENTOR, MENTEE = {"side": "mentor"}, {"side": "mentee"}
NO_TIME = {"reasonCode": "noTimeNow"}


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


def test_the_second_acceptance_makes_it_accepted(place: Place) -> None:
    pair = place.pair()
    first = pair.mentee.client.made(f"{pair.path}/acceptances", MENTEE, status=200)
    assert (first["status"], first["mentorPlace"], first["acceptedAt"]) == ("acceptedByMentee", None, None)
    second = pair.mentor.client.made(f"{pair.path}/acceptances", MENTOR, status=200)
    assert (second["status"], second["mentorPlace"]) == ("accepted", 1)
    assert second["acceptedAt"] is not None


def test_staff_of_the_holder_answer_for_their_own_side_only(place: Place) -> None:
    pair = place.pair()
    of_mentor, of_mentee = place.staff(partner=place.association), place.staff()
    for client, body in ((of_mentor, MENTEE), (of_mentee, MENTOR), (pair.mentor.client, MENTEE)):
        refused = client.post(f"{pair.path}/acceptances", body)
        assert (refused.status_code, refused.json()["code"]) == (403, "access.not_your_side")
        assert refused.json()["context"]["side"] == body["side"]
        refused = client.post(f"{pair.path}/refusals", {**body, **NO_TIME})
        assert (refused.status_code, refused.json()["code"]) == (403, "access.not_your_side")
    assert of_mentor.made(f"{pair.path}/acceptances", MENTOR, status=200)["status"] == "acceptedByMentor"
    assert of_mentee.made(f"{pair.path}/acceptances", MENTEE, status=200)["status"] == "accepted"


def test_nobody_accepts_twice_or_after_the_end(place: Place) -> None:
    pair = place.pair()
    path = f"{pair.path}/acceptances"
    pair.mentor.client.made(path, MENTOR, status=200)
    again = pair.mentor.client.post(path, MENTOR)
    assert (again.status_code, again.json()["code"]) == (409, "match.already_accepted")
    pair.mentee.client.made(f"{pair.path}/refusals", {**MENTEE, **NO_TIME}, status=200)
    for client, body in ((pair.mentor.client, MENTOR), (pair.mentee.client, MENTEE)):
        late = client.post(path, body)
        assert (late.status_code, late.json()["code"]) == (409, "match.transition_not_allowed")
    refused = pair.mentee.client.post(f"{pair.path}/refusals", {**MENTEE, **NO_TIME})
    assert (refused.status_code, refused.json()["code"]) == (409, "match.transition_not_allowed")


def test_the_last_day_for_answers_counts(world: World) -> None:
    place = Place(world)
    in_time = place.pair()
    world.clock.advance(timedelta(days=14))
    assert in_time.mentee.client.post(f"{in_time.path}/acceptances", MENTEE).status_code == 200
    world.clock.advance(timedelta(days=1))
    late = in_time.mentor.client.post(f"{in_time.path}/acceptances", MENTOR)
    assert (late.status_code, late.json()["code"]) == (409, "match.answer_too_late")
    assert in_time.mentor.client.get(in_time.path).json()["mentorPlace"] is None


def test_both_enrolments_must_still_be_ready(place: Place) -> None:
    pair = place.pair()
    other = place.person(Side.MENTEE)
    paused = place.enrol(other, Side.MENTEE, status=EnrolmentStatus.PAUSED)
    match = pair_with(pair, paused.id)
    refused = pair.mentor.client.post(f"/matches/{match}/acceptances", MENTOR)
    assert (refused.status_code, refused.json()["code"]) == (409, "match.enrolment_not_ready")
    assert refused.json()["context"]["sides"] == ["mentee"]


def pair_with(pair: Pair, mentee_enrolment: object) -> object:
    """Another match of the same mentor with another mentee's enrolment."""
    given = pair.match.model_dump(exclude={"id", "version", "created_at", "updated_at"})
    return pair.place.world.add(type(pair.match)(**{**given, "mentee_enrolment_id": mentee_enrolment})).id


def test_places_are_counted_across_programs_and_freed_by_a_refusal(world: World) -> None:
    place, elsewhere = Place(world), Place(world)
    mentor = place.person(Side.MENTOR, mentor_capacity=2)
    pairs = [place.pair(mentor), elsewhere.pair(mentor), place.pair(mentor, place.new_cohort())]
    for number, pair in enumerate(pairs[:2], start=1):
        assert mentor.client.made(f"{pair.path}/acceptances", MENTOR, status=200)["mentorPlace"] == number
    full = mentor.client.post(f"{pairs[2].path}/acceptances", MENTOR)
    assert (full.status_code, full.json()["code"]) == (409, "match.no_place_left")
    assert mentor.client.get(pairs[2].path).json()["status"] == "proposed"

    declined = mentor.client.made(f"{pairs[0].path}/refusals", {**MENTOR, **NO_TIME}, status=200)
    assert (declined["status"], declined["mentorPlace"]) == ("declined", None)
    assert mentor.client.made(f"{pairs[2].path}/acceptances", MENTOR, status=200)["mentorPlace"] == 1


def test_an_unanswered_match_gives_its_place_back_after_its_last_day(world: World) -> None:
    place = Place(world)
    mentor = place.person(Side.MENTOR)
    forgotten = place.pair(mentor)
    mentor.client.made(f"{forgotten.path}/acceptances", MENTOR, status=200)
    world.clock.advance(timedelta(days=15))
    next_one = place.pair(mentor, place.new_cohort())
    assert mentor.client.made(f"{next_one.path}/acceptances", MENTOR, status=200)["mentorPlace"] == 1
    ended = mentor.client.get(forgotten.path).json()
    assert (ended["status"], ended["mentorPlace"]) == ("expired", None)


def test_a_declined_pair_is_blocked_and_its_reason_told_to_staff_only(place: Place) -> None:
    pair = place.pair()
    seen = pair.mentee.client.made(f"{pair.path}/refusals", {**MENTEE, "reasonCode": "personalReasons"}, status=200)
    assert (seen["declinedReason"], seen["endedBy"]) == (None, None)
    for client, reason in ((place.staff(), "personalReasons"), (pair.mentor.client, None)):
        assert client.get(pair.path).json()["declinedReason"] == reason
    with place.world.runtime.database.transaction() as session:
        blocked = blocked_pairs(session, place.program)
    assert (pair.mentor.id, pair.mentee.id) in blocked


def test_names_come_after_both_acceptances_and_go_with_the_end(place: Place) -> None:
    pair = place.pair()
    contact = f"{pair.path}/contact"
    assert pair.mentee.client.get(contact).status_code == 404
    assert str(pair.mentor.row.given_name) not in pair.mentee.client.get(pair.path).text
    pair.mentor.client.made(f"{pair.path}/acceptances", MENTOR, status=200)
    assert pair.mentee.client.get(contact).status_code == 404
    pair.mentee.client.made(f"{pair.path}/acceptances", MENTEE, status=200)
    assert pair.mentee.client.get(contact).json() == {
        "givenName": pair.mentor.row.given_name,
        "familyName": pair.mentor.row.family_name,
        "email": pair.mentor.row.email,
        "phone": pair.mentor.row.phone,
    }
    assert pair.mentor.client.get(contact).json()["givenName"] == pair.mentee.row.given_name
    assert place.staff().get(contact).status_code == 404
    pair.mentor.client.made(f"{pair.path}/refusals", {**MENTOR, **NO_TIME}, status=200)
    assert pair.mentee.client.get(contact).status_code == 404


def test_matches_are_listed_within_reach(world: World) -> None:
    place, elsewhere = Place(world), Place(world)
    pair, other = place.pair(), elsewhere.active()
    staff = place.staff(Role.COORDINATOR)
    assert [item["id"] for item in staff.get("/matches").json()["items"]] == [str(pair.match.id)]
    assert [item["id"] for item in pair.mentee.client.get("/matches").json()["items"]] == [str(pair.match.id)]
    for query, count in (
        (f"programId={place.program}", 1),
        (f"cohortId={place.cohort}&status=proposed", 1),
        (f"status={MatchStatus.ACTIVE}", 0),
        (f"programId={elsewhere.program}", 0),
    ):
        assert staff.get(f"/matches?{query}").json()["meta"]["totalCount"] == count
    assert staff.get(other.path).status_code == 404
    refused = staff.post(f"{pair.path}/acceptances", MENTEE)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.role_not_permitted")
