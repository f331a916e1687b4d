"""Do the days and places of a match follow the rules?"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import matches as rules
from app.domain.errors import RuleViolation, catalogue
from app.domain.glossary import Side

TODAY = date(2026, 3, 2)


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


@given(st.sets(st.integers(1, 20)), st.integers(1, 20))
def test_a_place_is_given_while_the_load_is_below_the_capacity(held: set[int], capacity: int) -> None:
    if len(held) >= capacity:
        with pytest.raises(RuleViolation, match=r"match\.no_place_left"):
            rules.lowest_free_place(held, capacity)
        return
    place = rules.lowest_free_place(held, capacity)
    assert place not in held
    assert 1 <= place <= capacity
    assert set(range(1, place)) <= held


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (lambda: rules.check_in_time(days(-1), TODAY), "match.answer_too_late"),
        (lambda: rules.check_start(days(-8), TODAY), "match.start_outside_window"),
        (lambda: rules.check_start(days(31), TODAY), "match.start_outside_window"),
        (lambda: rules.check_review(TODAY, TODAY), "match.review_not_ahead"),
        (lambda: rules.check_review(days(367), TODAY), "match.review_not_ahead"),
        (lambda: rules.check_closing_day(days(1), days(-9), TODAY), "match.closed_in_future"),
        (lambda: rules.check_closing_day(days(-10), days(-9), TODAY), "match.closed_before_start"),
        (lambda: rules.check_closing_day(days(-1), days(9), TODAY), "match.closed_before_start"),
        (lambda: rules.check_closing_ahead(days(-1), days(-9), TODAY), "match.closing_outside_window"),
        (lambda: rules.check_closing_ahead(days(61), days(-9), TODAY), "match.closing_outside_window"),
        (lambda: rules.check_closing_ahead(days(8), days(9), TODAY), "match.closing_outside_window"),
        (lambda: rules.check_reopening(days(-31), 30, TODAY), "match.reopen_too_late"),
        (lambda: rules.check_reopening(days(-1), 0, TODAY), "match.reopen_too_late"),
        (lambda: rules.end_after_reopening(TODAY, None, TODAY), "match.end_not_ahead"),
        (lambda: rules.end_after_reopening(days(9), days(-1), TODAY), "match.end_not_ahead"),
        (lambda: rules.check_meeting_day(days(1), days(-9), None, TODAY), "meeting.in_future"),
        (lambda: rules.check_meeting_day(days(-10), days(-9), None, TODAY), "meeting.before_start"),
        (lambda: rules.check_meeting_day(days(-1), days(-9), days(-2), TODAY), "meeting.after_closure"),
    ],
)
def test_days_outside_are_refused(check: object, code: str) -> None:
    assert callable(check)
    with pytest.raises(RuleViolation) as refused:
        check()
    assert refused.value.code == code
    assert code in catalogue()


def test_days_on_the_edge_are_allowed() -> None:
    rules.check_in_time(TODAY, TODAY)
    rules.check_start(days(-7), TODAY)
    rules.check_start(days(30), TODAY)
    rules.check_review(days(366), TODAY)
    rules.check_closing_day(TODAY, TODAY, TODAY)
    rules.check_closing_day(days(-9), days(-9), TODAY)
    rules.check_closing_ahead(TODAY, days(-9), TODAY)
    rules.check_closing_ahead(days(60), days(-9), TODAY)
    rules.check_closing_ahead(days(69), days(9), TODAY)
    rules.check_reopening(days(-30), 30, TODAY)
    rules.check_reopening(TODAY, 0, TODAY)
    rules.check_meeting_day(days(-9), days(-9), days(-9), TODAY)


def test_a_match_planned_for_later_may_be_closed_today() -> None:
    rules.check_closing_day(TODAY, days(9), TODAY)


def test_the_end_is_the_later_of_minimum_length_and_cohort() -> None:
    assert rules.end_of(TODAY, 17, days(10)) == days(119)
    assert rules.end_of(TODAY, 1, days(10)) == days(10)


def test_a_reopened_match_keeps_its_end_or_gets_the_one_asked_for() -> None:
    assert rules.end_after_reopening(days(9), None, TODAY) == days(9)
    assert rules.end_after_reopening(days(-9), days(1), TODAY) == days(1)


def test_who_ended_it() -> None:
    assert [rules.EndedBy.of(side) for side in (*Side, None)] == ["mentor", "mentee", "staff"]


@pytest.mark.parametrize(
    ("born_on", "birth_year", "on", "is_minor"),
    [
        (date(2008, 3, 2), None, TODAY, False),
        (date(2008, 3, 3), None, TODAY, True),
        (date(2008, 2, 29), None, date(2026, 2, 27), True),
        (date(2008, 2, 29), None, date(2026, 2, 28), False),
        (date(2001, 3, 2), None, TODAY, False),
        (None, 2007, TODAY, False),
        (None, 2008, TODAY, True),
        (None, None, TODAY, True),
    ],
)
def test_a_minor_is_under_18_as_far_as_is_known(
    born_on: date | None, birth_year: int | None, on: date, *, is_minor: bool
) -> None:
    assert rules.may_be_minor(born_on, birth_year, on) is is_minor
