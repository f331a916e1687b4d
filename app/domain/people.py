"""What is possible of a person: which birth, who is a minor, and when are two addresses or numbers the same?"""

import re
from datetime import date

from app.domain.days import age_on
from app.domain.glossary import AgeGroup

EARLIEST_BIRTH = date(1900, 1, 1)
OLDEST = 130  # years; nobody on record has lived so long
OF_AGE = 18  # föräldrabalken 9:1
COUNTRY = "46"
_AGE_GROUPS = (
    (55, AgeGroup.FROM_55),
    (40, AgeGroup.FROM_40_TO_54),
    (25, AgeGroup.FROM_25_TO_39),
    (18, AgeGroup.FROM_18_TO_24),
    (0, AgeGroup.UNDER_18),
)

_TRUNK_IN_BRACKETS = re.compile(r"\(\s*0\s*\)")
_NOT_DIGITS = re.compile(r"[^0-9]")
_SHORTEST_WITH_COUNTRY = 10  # digits of a Swedish number written with its country code but neither + nor 00


def is_possible_birth(born_on: date, today: date) -> bool:
    """Whether somebody alive may have been born that day: not in the future, at most 130 years ago."""
    return EARLIEST_BIRTH <= born_on <= today and age_on(born_on, today) <= OLDEST


def is_possible_birth_year(year: int, today: date) -> bool:
    """The same of a year; in its last days the person would still be at most 130."""
    return EARLIEST_BIRTH.year <= year <= today.year and today.year - year <= OLDEST + 1


def is_minor(born_on: date, on: date) -> bool:
    """Whether the person is under 18 that day (underårig)."""
    return age_on(born_on, on) < OF_AGE


def age_group(age: int) -> AgeGroup:
    """The group of somebody who is `age` whole years old."""
    return next(group for least, group in _AGE_GROUPS if age >= least)


def age_group_on(born_on: date | None, birth_year: int | None, on: date) -> AgeGroup | None:
    """The group somebody belongs to that day; None when nothing is known.

    Of the anonymous only the year is: the youngest age they can have counts.
    """
    if born_on is None and birth_year is None:
        return None
    return age_group(max(0, age_on(born_on or date(birth_year or 0, 12, 31), on)))


def one_email(address: str) -> str:
    """The form in which two spellings of an address are equal: all lower case, as every real mail system reads it."""
    return address.lower()


def one_phone(number: str) -> str:
    """The form in which two spellings of a phone number are equal: `+`, country code and number.

    Without a country code the number is Swedish: 08-465 004 12, +46 (0)8 465 004 12 and 0046846500412 are one.
    """
    digits = _NOT_DIGITS.sub("", _TRUNK_IN_BRACKETS.sub("", number))
    if number.startswith("+"):
        return _international(digits)
    if digits.startswith("00"):
        return _international(digits[2:])
    if digits.startswith("0"):
        return f"+{COUNTRY}{digits[1:]}"
    if digits.startswith(COUNTRY) and len(digits) >= _SHORTEST_WITH_COUNTRY:
        return _international(digits)
    return f"+{COUNTRY}{digits}"


def _international(digits: str) -> str:
    """With a Swedish country code the zero before the area code is often left in; it is never dialled."""
    if digits.startswith(COUNTRY):
        return f"+{COUNTRY}{digits[len(COUNTRY) :].lstrip('0')}"
    return f"+{digits}"
