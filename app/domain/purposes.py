"""Why does somebody look? A closed vocabulary, with at most a case number: never a text about a person."""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.domain.roles import Permission


class Purpose(StrEnum):
    """What an access is for (ändamål)."""

    CASE_WORK = "caseWork"  # handläggning
    MATCHING = "matching"  # matchning
    FOLLOW_UP = "followUp"  # uppföljning
    REGISTER_EXTRACT = "registerExtract"  # a person asked for what is stored about them
    CORRECTION = "correction"  # rättelse
    LOG_REVIEW = "logReview"  # loggkontroll
    INCIDENT = "incident"  # a suspected breach
    SUPERVISION = "supervision"  # tillsyn
    EMERGENCY = "emergency"  # somebody is in danger


@dataclass(frozen=True)
class Stated:
    """The purpose somebody states, and the case it belongs to."""

    purpose: Purpose | None = None
    reference: str | None = None


WITH_PURPOSE = frozenset({Permission.CLEARANCE_PROPOSE, Permission.EXPOSURE_READ, Permission.USER_ACCESS_READ})
"""Who opens what is hidden, or looks into what a colleague has done, says why."""
REFERENCE = re.compile(r"[A-Z]{1,6}[ -]?[0-9]{1,5}([-/:.][0-9]{1,7}){0,3}")
"""A case number such as `AMN 2026/123`: few capital letters, then numbers, so that hardly a name fits."""
MOST_DIGITS = 9
"""A personnummer has ten or twelve, however it is spelled."""


def read_purpose(text: str | None) -> Stated:
    """What the header `Mentorskap-Purpose` says: a purpose, and after a semicolon a case number.

    Raises: ValueError for anything else; the text is not repeated.
    """
    if text is None:
        return Stated()
    word, separator, reference = (part.strip() for part in text.partition(";"))
    if separator and not _is_case_number(reference):
        raise ValueError("not a case number")
    try:
        return Stated(Purpose(word), reference or None)
    except ValueError:
        raise ValueError("not a purpose") from None


def _is_case_number(text: str) -> bool:
    return bool(REFERENCE.fullmatch(text)) and sum(one.isdigit() for one in text) <= MOST_DIGITS
