"""When is a course completed, and what does training count?"""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.domain.errors import RuleViolation
from app.domain.glossary import AttendanceStatus
from app.domain.training import (
    Attended,
    Completed,
    Completion,
    Period,
    check_minutes,
    completion,
    counting,
    is_complete,
    progress,
    state_of,
)

FIRST = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
A, B, C = (UUID(int=number) for number in range(1, 4))
DAY = date(2026, 3, 2)


def evening(number: int, minutes: int) -> Attended:
    at = FIRST + timedelta(days=number)
    return Attended(UUID(int=100 + number), at, at.date(), minutes)


@pytest.mark.parametrize(
    ("minutes", "full", "is_enough"), [(79, 100, False), (80, 100, True), (1, 1, True), (4, 6, False)]
)
def test_four_fifths_complete_a_course(minutes: int, full: int, is_enough: bool) -> None:  # noqa: FBT001  a column of the table
    assert is_complete(minutes, full) is is_enough


def test_evenings_add_up_and_the_day_is_that_of_enough() -> None:
    evenings = [evening(2, 60), evening(0, 60), evening(1, 60), evening(3, 60)]
    assert completion(evenings[:3], 240) is None
    assert completion(evenings, 240) == Completion(UUID(int=103), date(2026, 3, 5), 240)
    assert completion(evenings, 225) == Completion(UUID(int=102), date(2026, 3, 4), 225), "180 of 225 is four fifths"
    assert completion([], 60) is None


def test_a_course_attended_again_keeps_its_day_and_its_minutes() -> None:
    again = [evening(0, 60), evening(300, 60)]
    assert completion(again, 60) == Completion(UUID(int=100), DAY, 60)


@pytest.mark.parametrize(
    ("status", "minutes", "code"),
    [
        (AttendanceStatus.ABSENT, 1, "attendance.minutes_without_attendance"),
        (AttendanceStatus.CANCELLED, 60, "attendance.minutes_without_attendance"),
        (AttendanceStatus.REGISTERED, 60, "attendance.minutes_without_attendance"),
        (AttendanceStatus.ATTENDED, 0, "attendance.minutes_missing"),
        (AttendanceStatus.ATTENDED, 61, "attendance.beyond_session"),
    ],
)
def test_minutes_fit_the_status(status: AttendanceStatus, minutes: int, code: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        check_minutes(status, minutes, 60)
    assert (caught.value.code, caught.value.pointer) == (code, "/minutes")


@pytest.mark.parametrize(("status", "minutes"), [(AttendanceStatus.ABSENT, 0), (AttendanceStatus.ATTENDED, 60)])
def test_fitting_minutes_pass(status: AttendanceStatus, minutes: int) -> None:
    check_minutes(status, minutes, 60)


def test_a_course_counts_once_and_with_its_best_time() -> None:
    done = [Completed(A, 50, DAY), Completed(A, 60, DAY), Completed(A, 60, DAY - timedelta(1)), Completed(B, 30, DAY)]
    free = [Completed(None, 20, DAY), Completed(None, 20, DAY)]
    assert sorted(counting([*done, *free]), key=lambda one: -one.minutes) == [
        Completed(A, 60, DAY - timedelta(1)),
        Completed(B, 30, DAY),
        *free,
    ]


def test_state_tells_minutes_and_missing_courses() -> None:
    done = [Completed(A, 60, DAY), Completed(None, 60, DAY)]
    assert state_of(done, [A], 120).is_enough
    assert not state_of(done, [A], 121).is_enough
    found = state_of(done, [C, A, B], 120)
    assert (found.minutes, found.needed_minutes, found.missing_courses, found.is_enough) == (120, 120, (B, C), False)
    assert state_of([], [], 0).is_enough


def test_before_the_start_everything_counts_as_before() -> None:
    found = progress([Completed(A, 50, DAY)], None, 60, 120)
    assert (found.minutes_before, found.behind_before, found.minutes_after, found.needed_after) == (50, 10, 0, 0)


@pytest.mark.parametrize(("days", "needed"), [(0, 0), (182, 59), (365, 120), (730, 240)])
def test_ongoing_training_is_asked_for_in_proportion(days: int, needed: int) -> None:
    period = Period(DAY, DAY + timedelta(days))
    done = [Completed(A, 60, DAY), Completed(B, 40, DAY + timedelta(1))]
    found = progress(done, period, 60, 120)
    assert (found.minutes_before, found.behind_before) == (60, 0)
    assert (found.minutes_after, found.needed_after, found.behind_after) == (40, needed, max(0, needed - 40))
