"""Are impossible births refused, minors told by the day, and spellings of one contact found equal?"""

from datetime import date

import pytest

from app.domain.glossary import AgeGroup
from app.domain.people import (
    age_group,
    age_group_on,
    is_minor,
    is_possible_birth,
    is_possible_birth_year,
    one_email,
    one_phone,
)

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("born_on", "is_possible"),
    [
        (date(2026, 3, 2), True),
        (date(2026, 3, 3), False),
        (date(1900, 1, 1), True),
        (date(1899, 12, 31), False),
    ],
)
def test_births(born_on: date, is_possible: bool) -> None:  # noqa: FBT001  a table of cases
    assert is_possible_birth(born_on, TODAY) is is_possible


def test_nobody_is_131() -> None:
    later = date(2031, 3, 2)
    assert is_possible_birth(date(1900, 3, 3), later)
    assert not is_possible_birth(date(1900, 3, 2), later)


@pytest.mark.parametrize(("year", "is_possible"), [(2026, True), (2027, False), (1900, True), (1899, False)])
def test_birth_years(year: int, is_possible: bool) -> None:  # noqa: FBT001  a table of cases
    assert is_possible_birth_year(year, TODAY) is is_possible


def test_a_birth_year_is_possible_when_one_of_its_days_is() -> None:
    later = date(2032, 3, 2)
    assert is_possible_birth_year(1901, later) is is_possible_birth(date(1901, 12, 31), later) is True
    assert is_possible_birth_year(1900, later) is is_possible_birth(date(1900, 12, 31), later) is False


def test_of_age_on_the_birthday() -> None:
    assert is_minor(date(2008, 3, 3), TODAY)
    assert not is_minor(date(2008, 3, 2), TODAY)


def test_an_address_is_one_in_any_case() -> None:
    assert one_email("Anna.Påhitt@example.org") == one_email("anna.påhitt@EXAMPLE.org") == "anna.påhitt@example.org"


@pytest.mark.parametrize(
    "spelling",
    [
        "08-465 004 12",
        "0846500412",
        "(08) 465 004 12",
        "+46 8 465 004 12",
        "+46 (0)8 465 004 12",
        "+46 08 465 004 12",
        "0046846500412",
        "46846500412",
        "846500412",
    ],
)
def test_spellings_of_a_swedish_number(spelling: str) -> None:
    assert one_phone(spelling) == "+46846500412"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+47 22 34 56 78", "+4722345678"),
        ("0047 22 34 56 78", "+4722345678"),
        ("0460-123 45", "+4646012345"),
        ("46 012 34", "+464601234"),
    ],
)
def test_other_numbers_stay_themselves(number: str, expected: str) -> None:
    assert one_phone(number) == expected


@pytest.mark.parametrize(
    ("age", "group"),
    [
        (0, AgeGroup.UNDER_18), (17, AgeGroup.UNDER_18), (18, AgeGroup.FROM_18_TO_24), (24, AgeGroup.FROM_18_TO_24),
        (25, AgeGroup.FROM_25_TO_39), (39, AgeGroup.FROM_25_TO_39), (40, AgeGroup.FROM_40_TO_54),
        (54, AgeGroup.FROM_40_TO_54), (55, AgeGroup.FROM_55), (130, AgeGroup.FROM_55),
    ],
)  # fmt: skip
def test_age_groups(age: int, group: AgeGroup) -> None:
    assert age_group(age) is group


def test_the_age_group_of_a_day() -> None:
    """Of the anonymous only the year is known: until the last day of the year the youngest age they can have counts."""
    day = date(2026, 3, 2)
    assert age_group_on(date(1986, 3, 2), None, day) is AgeGroup.FROM_40_TO_54
    assert age_group_on(date(1986, 3, 3), None, day) is AgeGroup.FROM_25_TO_39
    assert age_group_on(None, 1986, day) is AgeGroup.FROM_25_TO_39
    assert age_group_on(None, 1985, day) is AgeGroup.FROM_40_TO_54
    assert age_group_on(None, 2026, day) is AgeGroup.UNDER_18
    assert age_group_on(None, None, day) is None
