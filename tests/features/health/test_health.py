"""Is each match's health told with reasons, to those who follow it up and to nobody else, the most urgent first?"""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.domain.glossary import Concealing, MeetingMode, Side
from app.domain.lifecycles import FollowUpStatus, MatchStatus
from app.domain.roles import Responsibility, Role
from app.features.access.tables import AccessRecord, Concealment
from app.features.matches.tables import Meeting
from tests.features.follow_ups.scene import ANSWERS, planned
from tests.features.matches.pairs import Pair, Place
from tests.world import World


@pytest.fixture
def place(world: World) -> Place:
    return Place(world)


def met(pair: Pair, days_ago: int) -> None:
    assert pair.mentor.row.user_id is not None
    pair.place.world.add(
        Meeting(
            program_id=pair.place.program,
            match_id=pair.match.id,
            mentor_participant_id=pair.mentor.id,
            mentee_participant_id=pair.mentee.id,
            held_on=pair.place.today - timedelta(days=days_ago),
            minutes=60,
            mode=MeetingMode.VIDEO,
            logged_by_user_id=pair.mentor.row.user_id,
        )
    )


def answered(pair: Pair, days_ago: int, side: Side = Side.MENTEE, **said: Any) -> None:
    planned(
        pair,
        -days_ago,
        side,
        status=FollowUpStatus.DONE,
        done_on=pair.place.today - timedelta(days=days_ago),
        submitted_at=pair.place.world.clock(),
        answers={**ANSWERS, **said},
        questionnaire_version=1,
        answer_number=1,
    )


def health(pair: Pair) -> dict[str, Any]:
    found = pair.place.staff().get(f"{pair.path}/health")
    assert found.status_code == 200, found.text
    body: dict[str, Any] = found.json()
    return body


def test_it_is_derived_from_meetings_answers_and_days(place: Place) -> None:
    pair = place.active()
    told = health(pair)
    assert (told["health"], told["ruleVersion"]) == ("needsCheckIn", "match-health-1")
    assert told["reasons"] == [
        {
            "code": "notMetLately",
            "health": "needsCheckIn",
            "since": (place.today - timedelta(days=30)).isoformat(),
            "en": "They have not met for longer than agreed.",
            "sv": "De har inte träffats på längre tid än avtalat.",
        }
    ]
    met(pair, 3)
    answered(pair, 5)
    told = health(pair)
    assert (told["health"], [one["code"] for one in told["reasons"]]) == ("onTrack", ["meets", "answersWell"])
    assert told["lastMetOn"] == (place.today - timedelta(days=3)).isoformat()
    planned(pair, -2)
    assert [one["code"] for one in health(pair)["reasons"]] == ["followUpLate"]


def test_the_newest_answer_of_each_kind_counts(place: Place) -> None:
    pair = place.active()
    met(pair, 3)
    answered(pair, 20, feelsSafe=False)
    assert health(pair)["health"] == "atRisk"
    answered(pair, 5, feelsSafe=True)
    assert health(pair)["health"] == "onTrack"
    answered(pair, 4, Side.MENTOR, needsSupport=True)
    assert [one["code"] for one in health(pair)["reasons"]] == ["needsSupport"]


def test_a_match_that_has_just_begun_and_one_that_rests(place: Place) -> None:
    fresh = place.active(started_on=place.today)
    assert health(fresh)["health"] == "tooEarlyToSay"
    resting = place.active(status=MatchStatus.ON_HOLD, review_on=place.today + timedelta(days=9))
    assert [one["code"] for one in health(resting)["reasons"]] == ["rests"]


def test_the_most_urgent_comes_first(place: Place) -> None:
    good, risky, quiet, fresh = (place.active() for _ in range(4))
    met(good, 3)
    met(risky, 3)
    answered(risky, 2, wantsToContinue=False)
    met(fresh, 25)
    rows = place.staff().get("/match-health?limit=200").json()["items"]
    assert [one["matchId"] for one in rows] == [str(one.match.id) for one in (risky, quiet, fresh, good)]
    page = place.staff().get("/match-health?limit=1&page=2").json()
    assert (page["items"][0]["matchId"], page["meta"]["totalCount"]) == (str(quiet.match.id), 4)
    only = place.staff().get("/match-health?health=atRisk").json()["items"]
    assert [one["matchId"] for one in only] == [str(risky.match.id)]
    assert place.staff().get(f"/match-health?cohortId={place.program}").json()["items"] == []
    assert place.staff().get(f"/match-health?programId={place.program}").json()["meta"]["totalCount"] == 4


@pytest.mark.parametrize("status", [MatchStatus.PREPARED, MatchStatus.CLOSED, MatchStatus.DECLINED, MatchStatus.VOID])
def test_only_what_is_under_way_has_health(place: Place, status: MatchStatus) -> None:
    pair = place.active(status=status)
    assert place.staff().get(f"{pair.path}/health").status_code == 404
    assert place.staff().get("/match-health").json()["items"] == []


def test_those_who_follow_up_see_it_and_nobody_else(world: World, place: Place) -> None:
    pair = place.active()
    holder = place.staff(partner=place.association)
    refused = holder.get(f"{pair.path}/health")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    assert refused.json()["context"]["duties"][0]["duty"] == "followUpMatches"
    assert holder.get("/match-health").json()["items"] == []
    for other in (pair.mentor.client, pair.mentee.client, place.staff(Role.EVALUATOR)):
        assert other.get(f"{pair.path}/health").json()["code"] == "access.role_not_permitted"
        assert other.get("/match-health").status_code == 403
    assert place.staff(partner=world.partner()).get(f"{pair.path}/health").status_code == 404
    place.support(place.association, Responsibility.FOLLOW_UP_MATCHES)
    assert holder.get(f"{pair.path}/health").status_code == 200
    assert holder.get("/match-health").json()["meta"]["totalCount"] == 1


def test_who_is_protected_is_not_diagnosed_for_the_uncleared(world: World, place: Place) -> None:
    pair = place.active()
    world.add(
        Concealment(
            participant_id=pair.mentor.id, partner_id=pair.mentor.row.partner_id, kind=Concealing.PROTECTED_IDENTITY
        )
    )
    assert place.staff().get(f"{pair.path}/health").status_code == 404
    assert place.staff().get("/match-health").json()["items"] == []


def test_each_look_is_recorded_with_whom_it_showed(world: World, place: Place) -> None:
    pair = place.active()
    place.staff().get("/match-health")
    with Session(world.engine) as session:
        seen = session.exec(select(AccessRecord).where(AccessRecord.permission == "matchHealth:read")).all()
    assert {pair.mentor.id, pair.mentee.id} <= set(seen[-1].people)
