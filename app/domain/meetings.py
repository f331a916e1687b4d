"""When may a meeting of a pair be planned, and whose log of one may be corrected?"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.errors import RuleViolation
from app.domain.glossary import Side

PLAN_DAYS = 366


class MeetingCorrectionReason(StrEnum):
    """Why a meeting is told otherwise than it was."""

    WRONG_DAY = "wrongDay"
    WRONG_LENGTH = "wrongLength"
    WRONG_MODE = "wrongMode"
    WRONG_TOPICS = "wrongTopics"
    OTHER = "other"


def check_planned(starts_at: datetime, now: datetime, days: tuple[date, date, date | None]) -> None:
    """Raise `meeting.planned_in_past` or `meeting.planned_outside` unless it lies ahead, within a year and the match.

    `days` are the Swedish day on which it starts, the first day of the match, and its last one as far as that is decided.
    """
    on, started_on, closing_on = days
    if starts_at <= now or starts_at > now + timedelta(days=PLAN_DAYS):
        raise RuleViolation(
            "meeting.planned_in_past" if starts_at <= now else "meeting.planned_outside", pointer="/startsAt"
        )
    if on < started_on or (closing_on is not None and on > closing_on):
        raise RuleViolation("meeting.planned_outside", pointer="/startsAt")


def check_corrector(side: Side | None, logged_side: Side | None) -> None:
    """Raise `meeting.logged_by_other`: a person corrects what their own side logged, staff anything."""
    if side is not None and side is not logged_side:
        raise RuleViolation("meeting.logged_by_other")


def check_revision(replaces: int, latest: int) -> None:
    """Raise `meeting.revision_not_latest` unless the correction is of what the meeting says now."""
    if replaces != latest:
        raise RuleViolation("meeting.revision_not_latest", pointer="/replacesRevision", latest=latest)
