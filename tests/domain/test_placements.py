"""Is a placement as long as the profile says, and do its days hold?"""

from datetime import date, timedelta

import pytest

from app.domain import placements as rules
from app.domain.benchmarks import profile
from app.domain.errors import RuleViolation, catalogue
from app.domain.placements import PlacementEnd

TODAY = date(2014, 9, 1)


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def test_four_months_end_on_the_same_day_of_the_month() -> None:
    assert rules.agreed_end(TODAY, profile("internship-4m")) == date(2015, 1, 1)
    assert rules.agreed_end(date(2014, 10, 31), profile("internship-4m")) == date(2015, 2, 28)


def test_a_profile_without_placements_has_none() -> None:
    with pytest.raises(RuleViolation, match=r"placement\.not_in_profile"):
        rules.agreed_end(TODAY, profile("sv-adult-labour"))


def test_fourteen_weeks_are_shorter_than_four_months() -> None:
    until = rules.agreed_end(TODAY, profile("internship-4m"))
    assert rules.is_shorter(TODAY + timedelta(weeks=14), until)
    assert not rules.is_shorter(until, until)


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (lambda: rules.check_days(days(-32), days(60), TODAY), "placement.start_outside"),
        (lambda: rules.check_days(days(367), days(400), TODAY), "placement.start_outside"),
        (lambda: rules.check_days(TODAY, TODAY, TODAY), "placement.end_outside"),
        (lambda: rules.check_days(TODAY, date(2017, 9, 2), TODAY), "placement.end_outside"),
        (lambda: rules.check_ended(days(1), TODAY, PlacementEnd.COMPLETED, TODAY), "placement.ended_in_future"),
        (lambda: rules.check_ended(days(-1), TODAY, PlacementEnd.INTERRUPTED, TODAY), "placement.ended_before_start"),
    ],
)
def test_days_outside_are_refused(check: object, code: str) -> None:
    assert callable(check)
    with pytest.raises(RuleViolation) as refused:
        check()
    assert refused.value.code == code
    assert code in catalogue()


def test_days_on_the_edge_are_allowed() -> None:
    rules.check_days(days(-31), days(-30), TODAY)
    rules.check_days(days(366), days(367), TODAY)
    rules.check_days(TODAY, date(2017, 9, 1), TODAY)
    rules.check_ended(TODAY, TODAY, PlacementEnd.COMPLETED, TODAY)
    rules.check_ended(TODAY, days(9), PlacementEnd.NOT_STARTED, TODAY)
