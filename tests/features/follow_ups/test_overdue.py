"""Does the accountable partner see what is late and should still be made, and each person what waits for them?"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import Concealing, Side
from app.domain.lifecycles import FollowUpStatus, MatchStatus
from app.domain.roles import Responsibility, Role
from app.features.access.tables import Concealment
from app.features.follow_ups import jobs
from app.kit.mail import FolderMailer
from tests.features.follow_ups.scene import planned
from tests.features.matches.pairs import Pair, Place
from tests.world import Client, World


@pytest.fixture
def place(world: World) -> Place:
    return Place(world)


@pytest.fixture
def pair(place: Place) -> Pair:
    return place.active()


def late(client: Client, **query: Any) -> list[int]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    found = client.get(f"/overdue-follow-ups?limit=200&{asked}")
    assert found.status_code == 200, found.text
    return [one["daysLate"] for one in found.json()["items"]]


def test_the_latest_comes_first_and_only_what_is_late(pair: Pair) -> None:
    for days in (-3, -40, -1, 0, 5):
        planned(pair, days)
    planned(pair, -9, status=FollowUpStatus.DONE)
    planned(pair, -9, status=FollowUpStatus.WAIVED)
    assert late(pair.place.staff()) == [40, 3, 1]
    page = pair.place.staff().get("/overdue-follow-ups?limit=1&page=2").json()
    assert ([one["daysLate"] for one in page["items"]], page["meta"]["totalCount"]) == ([3], 3)


def test_it_is_narrowed(place: Place, pair: Pair) -> None:
    other_cohort = place.new_cohort()
    planned(pair, -3)
    planned(pair, -20, Side.MENTEE)
    planned(place.active(cohort=other_cohort), -7)
    staff = place.staff()
    assert late(staff, minDaysLate=7) == [20, 7]
    assert late(staff, maxDaysLate=7) == [7, 3]
    assert late(staff, minDaysLate=4, maxDaysLate=19) == [7]
    assert late(staff, cohortId=other_cohort) == [7]
    assert late(staff, kind="checkInMentee") == [20]
    assert late(staff, programId=place.program) == [20, 7, 3]
    assert late(staff, programId=place.cohort) == []
    assert staff.get("/overdue-follow-ups?minDaysLate=0").status_code == 422


@pytest.mark.parametrize(
    ("status", "kind", "is_there"),
    [
        (MatchStatus.ON_HOLD, FollowUpKind.CHECK_IN_MENTOR, False),
        (MatchStatus.CLOSED, FollowUpKind.CHECK_IN_MENTOR, False),
        (MatchStatus.CLOSED, FollowUpKind.EXIT, True),
        (MatchStatus.VOID, FollowUpKind.EXIT, False),
    ],
)
def test_only_what_should_still_be_made(
    place: Place,
    status: MatchStatus,
    kind: FollowUpKind,
    is_there: bool,  # noqa: FBT001  a case
) -> None:
    planned(place.active(status=status), -3, kind=kind)
    assert late(place.staff()) == ([3] if is_there else [])


def test_it_is_the_accountable_partners(world: World, place: Place, pair: Pair) -> None:
    planned(pair, -3)
    place.support(place.association, Responsibility.FOLLOW_UP_MATCHES)
    for nothing in (place.staff(partner=place.association), place.staff(partner=world.partner())):
        assert late(nothing) == []
    for refused in (pair.mentor.client, place.staff(Role.EVALUATOR)):
        assert refused.get("/overdue-follow-ups").json()["code"] == "access.role_not_permitted"
    assert late(place.staff(Role.COORDINATOR)) == [3]


def test_nobody_who_is_protected_is_on_it(world: World, place: Place, pair: Pair) -> None:
    for side in (*Side, None):
        planned(pair, -3, side)
    world.add(
        Concealment(
            participant_id=pair.mentee.id,
            partner_id=pair.mentee.row.partner_id,
            kind=Concealing.PROTECTED_IDENTITY,
        )
    )
    assert late(place.staff()) == []


def test_each_sees_what_waits_for_them(pair: Pair) -> None:
    planned(pair, -20)
    planned(pair, 2)
    planned(pair, 9)
    planned(pair, 1, Side.MENTEE)
    planned(pair, 0, None, kind=FollowUpKind.IN_DEPTH)
    told = pair.mentor.client.get("/me/follow-ups").json()
    assert [(one["daysLate"], one["sv"], one["en"]) for one in told["items"]] == [
        (20, "avstämning", "check-in"),
        (0, "avstämning", "check-in"),
    ]
    assert {one["participantId"] for one in told["items"]} == {str(pair.mentor.id)}
    assert pair.mentee.client.get("/me/follow-ups").json()["meta"]["totalCount"] == 1
    assert pair.place.staff().get("/me/follow-ups").json()["items"] == []


def test_the_last_step_of_the_ladder_is_told(place: Place, pair: Pair, tmp_path: Path) -> None:
    planned(pair, -3)
    (before,) = place.staff().get("/overdue-follow-ups").json()["items"]
    assert (before["lastRung"], before["lastRemindedAt"]) == (None, None)
    jobs.remind(replace(place.world.runtime, mailer=FolderMailer(tmp_path)), "7" * 32)
    (after,) = place.staff().get("/overdue-follow-ups").json()["items"]
    assert after["lastRung"] == "late"
    assert after["lastRemindedAt"].endswith("Z")
