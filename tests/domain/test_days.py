"""Are months and ages counted as the calendar and the law count them?"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.days import add_months, age_on, has_lasted_months

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2014, 1, 31), 1, date(2014, 2, 28)),
        (date(2012, 1, 31), 1, date(2012, 2, 29)),
        (date(2014, 1, 31), 2, date(2014, 3, 31)),
        (date(2014, 8, 31), 6, date(2015, 2, 28)),
        (date(2014, 12, 15), 1, date(2015, 1, 15)),
        (date(2012, 2, 29), 12, date(2013, 2, 28)),
        (date(2014, 3, 31), -1, date(2014, 2, 28)),
        (date(2014, 1, 1), -1, date(2013, 12, 1)),
        (date(2014, 9, 1), 4, date(2015, 1, 1)),
    ],
)
def test_months_end_on_the_same_number_or_the_last_day(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(DAYS, st.integers(-600, 600))
def test_a_month_is_a_calendar_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("first_on", "last_on", "expected"),
    [
        (date(2014, 3, 1), date(2014, 3, 30), False),
        (date(2014, 3, 1), date(2014, 3, 31), True),
        (date(2014, 2, 1), date(2014, 2, 28), True),  # 28 days are a whole February
        (date(2014, 3, 10), date(2014, 4, 7), False),  # 29 days
        (date(2014, 3, 10), date(2014, 4, 8), False),
        (date(2014, 3, 10), date(2014, 4, 9), True),
        (date(2014, 1, 31), date(2014, 2, 26), False),
        (date(2014, 1, 31), date(2014, 2, 27), True),
    ],
)
def test_a_continuous_month_includes_both_days(first_on: date, last_on: date, expected: bool) -> None:  # noqa: FBT001  a table column
    assert has_lasted_months(first_on, last_on, 1) is expected


@pytest.mark.parametrize(
    ("born_on", "on", "age"),
    [
        (date(1998, 5, 2), date(2014, 5, 1), 15),
        (date(1998, 5, 2), date(2014, 5, 2), 16),
        (date(1996, 2, 29), date(2014, 2, 27), 17),
        (date(1996, 2, 29), date(2014, 2, 28), 18),
        (date(1996, 2, 29), date(2016, 2, 28), 19),
        (date(1996, 2, 29), date(2016, 2, 29), 20),
        (date(2014, 5, 2), date(2014, 5, 1), -1),
    ],
)
def test_age_turns_on_the_birthday_also_for_leap_days(born_on: date, on: date, age: int) -> None:
    assert age_on(born_on, on) == age


@given(DAYS, st.integers(0, 100))
def test_age_rises_by_one_on_the_anniversary(born_on: date, age: int) -> None:
    birthday = add_months(born_on, age * 12)
    assert age_on(born_on, birthday) == age
    assert age_on(born_on, birthday - timedelta(days=1)) == age - 1
