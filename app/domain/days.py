"""What day is it so many months later, has a month passed, and how old is someone that day?

A month runs to the day of the same number; where the last month has no such day it runs to that month's last day
(the rule of lag 1930:173 om beräkning av lagstadgad tid). The same rule makes a person born on 29 February a year
older on 28 February in a common year.
"""

from calendar import monthrange
from datetime import date, timedelta

_MONTHS_IN_YEAR = 12


def add_months(day: date, months: int) -> date:
    """The day `months` calendar months after `day` (before, when negative). 31 January + 1 = 28 or 29 February.

    Count from the first day every time: adding one month twice is not always adding two.
    """
    years, month = divmod(day.month - 1 + months, _MONTHS_IN_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def has_lasted_months(first_on: date, last_on: date, months: int) -> bool:
    """Whether the days from `first_on` to `last_on`, both included, make at least `months` continuous months."""
    return add_months(first_on, months) - timedelta(days=1) <= last_on


def age_on(born_on: date, on: date) -> int:
    """Whole years lived on the day `on`; negative before birth."""
    years = on.year - born_on.year
    return years if add_months(born_on, years * _MONTHS_IN_YEAR) <= on else years - 1
