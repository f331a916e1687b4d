"""Do proposals that nobody answers expire by the clock, once, and free the place they held?"""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.domain.access import SYSTEM
from app.domain.lifecycles import MatchStatus
from app.features.changes.tables import Change
from app.features.matches import actions, jobs
from app.worker import JOB_MODULES
from tests.features.matches.pairs import Pair, Place
from tests.world import World

TRACE = "b" * 32


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


def overdue(place: Place, days_ago: int = 1, **over: Any) -> Pair:
    return place.pair(**over | {"answer_by": place.today - timedelta(days=days_ago)})


def stored(pair: Pair) -> tuple[str, int | None]:
    seen = pair.place.staff().get(pair.path).json()
    return seen["status"], seen["mentorPlace"]


def test_what_nobody_answered_in_time_expires_once(place: Place) -> None:
    silent = overdue(place)
    half = overdue(place, status=MatchStatus.ACCEPTED_BY_MENTOR, mentor_place=1)
    timely = overdue(place, 0)
    accepted = overdue(place, status=MatchStatus.ACCEPTED, mentor_place=1)
    for _ in range(2):
        jobs.expire_matches(place.world.runtime, TRACE)
        assert stored(silent) == stored(half) == ("expired", None)
        assert (stored(timely), stored(accepted)) == (("proposed", None), ("accepted", 1))
    with Session(place.world.engine) as session:
        wanted = select(Change).where(Change.trace_id == TRACE)
        changes = session.exec(wanted).all()
    assert {(one.subject_id, one.actor_id) for one in changes} == {
        (silent.match.id, SYSTEM.user_id),
        (half.match.id, SYSTEM.user_id),
    }
    assert len(changes) == 2


def test_one_that_fails_does_not_keep_the_others(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = overdue(place), overdue(place)
    broken, expire = min(first.match.id, second.match.id), actions.expire_match

    def fail_once(scope: object, match_id: object) -> None:
        if match_id == broken:
            raise RuntimeError
        expire(scope, match_id)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(actions, "expire_match", fail_once)
    jobs.expire_matches(place.world.runtime, TRACE)
    assert sorted([stored(first)[0], stored(second)[0]]) == ["expired", "proposed"]


def test_the_worker_knows_the_job() -> None:
    assert jobs in JOB_MODULES
