"""Is the health of a match what its records say, the worst first, with reasons that anybody can check?"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.health import Answered, Health, HealthReason, MatchFacts, health_of, texts
from app.domain.lifecycles import MatchStatus

TODAY = date(2014, 11, 3)
GOOD = {"hasMet": True, "contactWorks": 4, "needsSupport": False, "wantsToContinue": True, "feelsSafe": True}


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


FACTS = MatchFacts(
    status=MatchStatus.ACTIVE,
    started_on=ago(90),
    ends_on=ago(-90),
    meetings_per_month=2,
    last_met_on=ago(5),
    answered=(Answered(ago(10), GOOD),),
)


def found(**change: Any) -> tuple[str, list[str]]:
    diagnosis = health_of(replace(FACTS, **change), TODAY)
    return diagnosis.health.value, [one.reason.value for one in diagnosis.reasons]


def said(**answers: Any) -> tuple[Answered, ...]:
    return (Answered(ago(10), {**GOOD, **answers}),)


@pytest.mark.parametrize(
    ("change", "health", "reasons"),
    [
        ({}, "onTrack", ["meets", "answersWell"]),
        ({"answered": ()}, "onTrack", ["meets"]),
        ({"meetings_per_month": 0, "last_met_on": None}, "onTrack", ["answersWell"]),
        ({"answered": said(feelsSafe=False)}, "atRisk", ["feelsUnsafe"]),
        ({"answered": said(wantsToContinue=False)}, "atRisk", ["wantsToEnd"]),
        ({"answered": said(needsSupport=True)}, "needsCheckIn", ["needsSupport"]),
        ({"answered": said(hasMet=False)}, "needsCheckIn", ["hasNotMet"]),
        ({"answered": said(needsChange=True)}, "needsCheckIn", ["needsChange"]),
        ({"answered": said(contactWorks=2)}, "needsCheckIn", ["contactWeak"]),
        ({"answered": said(contactWorks=3)}, "onTrack", ["meets", "answersWell"]),
        ({"answered": said(relationQuality=1)}, "needsCheckIn", ["contactWeak"]),
        ({"late_since": [ago(1)]}, "needsCheckIn", ["followUpLate"]),
        ({"missed": [ago(20)]}, "needsCheckIn", ["followUpLate"]),
        ({"missed": [ago(20), ago(40)]}, "atRisk", ["nobodyReached"]),
        ({"ends_on": ago(1)}, "needsCheckIn", ["endPassed"]),
        ({"ends_on": TODAY}, "onTrack", ["meets", "answersWell"]),
    ],
)
def test_each_record_says_its_own(change: dict[str, Any], health: str, reasons: list[str]) -> None:
    assert found(**change) == (health, reasons)


@pytest.mark.parametrize(
    ("per_month", "days", "reason"),
    [
        (2, 22, "meets"),
        (2, 23, "notMetLately"),
        (2, 45, "notMetLately"),
        (2, 46, "notMetForLong"),
        (1, 45, "meets"),
        (1, 46, "notMetLately"),
        (1, 90, "notMetLately"),
        (1, 91, "notMetForLong"),
        (8, 14, "meets"),
        (8, 15, "notMetLately"),
        (8, 28, "notMetLately"),
        (8, 29, "notMetForLong"),
        (0, 89, "meets"),
    ],
)
def test_the_program_says_how_often_is_enough(per_month: int, days: int, reason: str) -> None:
    assert found(meetings_per_month=per_month, last_met_on=ago(days), started_on=ago(100))[1][0] == reason


def test_without_a_meeting_it_counts_from_the_start() -> None:
    assert found(last_met_on=None, started_on=ago(23))[1] == ["notMetLately"]
    assert found(last_met_on=None, started_on=ago(46))[1] == ["notMetForLong"]


@pytest.mark.parametrize(("days", "health"), [(-5, "tooEarlyToSay"), (20, "tooEarlyToSay"), (21, "onTrack")])
def test_at_first_it_is_too_early(days: int, health: str) -> None:
    assert found(started_on=ago(days), last_met_on=max(ago(days), ago(5)))[0] == health


def test_an_alarm_is_never_too_early() -> None:
    assert found(started_on=ago(3), answered=said(feelsSafe=False))[0] == "atRisk"


def test_where_nothing_is_known_nothing_is_said() -> None:
    assert found(meetings_per_month=0, last_met_on=None, answered=()) == ("tooEarlyToSay", ["nothingKnown"])


def test_a_match_that_rests_is_left_in_peace_until_its_day() -> None:
    resting: dict[str, Any] = {"status": MatchStatus.ON_HOLD, "last_met_on": ago(80), "missed": [ago(20), ago(40)]}
    assert found(**resting, review_on=ago(-1)) == ("onTrack", ["rests", "meets", "answersWell"])
    assert found(**resting) == ("onTrack", ["rests", "meets", "answersWell"])
    assert found(**resting, review_on=TODAY) == ("needsCheckIn", ["reviewPassed"])
    assert found(**resting, answered=said(feelsSafe=False))[0] == "atRisk"


def test_the_worst_comes_first_and_the_oldest_of_the_equal() -> None:
    answered = (Answered(ago(10), {**GOOD, "needsSupport": True}), Answered(ago(30), {"feelsSafe": False}))
    health, reasons = found(answered=answered, last_met_on=ago(30))
    assert (health, reasons) == ("atRisk", ["feelsUnsafe", "notMetLately", "needsSupport"])


@given(
    st.builds(
        MatchFacts,
        status=st.sampled_from([MatchStatus.ACTIVE, MatchStatus.ON_HOLD, MatchStatus.CLOSING]),
        started_on=st.dates(date(2013, 1, 1), date(2015, 1, 1)),
        ends_on=st.dates(date(2013, 1, 1), date(2016, 1, 1)),
        meetings_per_month=st.integers(0, 31),
        review_on=st.none() | st.dates(date(2014, 1, 1), date(2015, 1, 1)),
        last_met_on=st.none() | st.dates(date(2013, 1, 1), TODAY),
        answered=st.lists(
            st.builds(Answered, st.dates(date(2014, 1, 1), TODAY), st.fixed_dictionaries({"feelsSafe": st.booleans()})),
            max_size=3,
        ),
        late_since=st.lists(st.dates(date(2014, 1, 1), TODAY), max_size=2),
        missed=st.lists(st.dates(date(2014, 1, 1), TODAY), max_size=3),
    )
)
def test_there_is_always_a_reason_and_it_speaks_for_the_health(facts: MatchFacts) -> None:
    diagnosis = health_of(facts, TODAY)
    assert diagnosis.reasons[0].health is diagnosis.health
    ranks = [list(Health).index(one.health) for one in diagnosis.reasons]
    assert ranks == sorted(ranks)
    assert diagnosis.urgency == (ranks[0], min(one.since for one in diagnosis.reasons))


def test_every_reason_has_its_words() -> None:
    assert set(texts()) == {one.value for one in HealthReason}
    for told in texts().values():
        assert Health(told["health"])
        assert told["en"].endswith(".")
        assert told["sv"].endswith(".")
