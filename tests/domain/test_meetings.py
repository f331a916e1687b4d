"""May a meeting be planned then, and may this side correct that log?"""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain import meetings as rules
from app.domain.errors import RuleViolation, catalogue
from app.domain.glossary import Side

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STARTED, CLOSING = date(2026, 2, 1), date(2026, 4, 1)


def planned(ahead: timedelta, started_on: date = STARTED, closing_on: date | None = None) -> None:
    starts_at = NOW + ahead
    rules.check_planned(starts_at, NOW, (starts_at.date(), started_on, closing_on))


@pytest.mark.parametrize(
    ("ahead", "started_on", "closing_on", "code"),
    [
        (timedelta(0), STARTED, None, "meeting.planned_in_past"),
        (timedelta(days=-1), STARTED, None, "meeting.planned_in_past"),
        (timedelta(days=366, seconds=1), STARTED, None, "meeting.planned_outside"),
        (timedelta(days=1), date(2026, 3, 4), None, "meeting.planned_outside"),
        (timedelta(days=31), STARTED, CLOSING, "meeting.planned_outside"),
    ],
)
def test_a_plan_outside_is_refused(ahead: timedelta, started_on: date, closing_on: date | None, code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        planned(ahead, started_on, closing_on)
    assert refused.value.code == code
    assert code in catalogue()


def test_a_plan_on_the_edge_is_allowed() -> None:
    planned(timedelta(seconds=1))
    planned(timedelta(days=366))
    planned(timedelta(days=1), started_on=date(2026, 3, 3))
    planned(timedelta(days=30), closing_on=CLOSING)


@pytest.mark.parametrize(
    ("side", "logged_side", "is_allowed"),
    [
        (Side.MENTOR, Side.MENTOR, True),
        (Side.MENTOR, Side.MENTEE, False),
        (Side.MENTEE, None, False),
        (None, Side.MENTEE, True),
        (None, None, True),
    ],
)
def test_people_correct_their_own_and_staff_anything(
    side: Side | None, logged_side: Side | None, is_allowed: object
) -> None:
    if is_allowed:
        rules.check_corrector(side, logged_side)
        return
    with pytest.raises(RuleViolation, match=r"meeting\.logged_by_other"):
        rules.check_corrector(side, logged_side)


@pytest.mark.parametrize("replaces", [1, 3])
def test_a_correction_is_of_what_is_said_now(replaces: int) -> None:
    rules.check_revision(2, 2)
    with pytest.raises(RuleViolation, match=r"meeting\.revision_not_latest") as refused:
        rules.check_revision(replaces, 2)
    assert refused.value.facts["latest"] == 2
