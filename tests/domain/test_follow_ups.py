"""Are follow-ups planned from start and exit by the profile, and does the calendar move them rightly?"""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.benchmarks import BenchmarkOverride, Profile, profile, profiles
from app.domain.days import add_months
from app.domain.errors import RuleViolation, catalogue
from app.domain.follow_ups import (
    FollowUpKind,
    Move,
    Planned,
    check_correction,
    check_move,
    check_open,
    lateness,
    plan_for_exit,
    plan_for_match,
    plan_for_reopening,
    status_on,
)
from app.domain.glossary import Side
from app.domain.lifecycles import FollowUpStatus

DUE_ON = date(2014, 9, 15)


def days_of(plan: tuple[Planned, ...], kind: FollowUpKind) -> list[date]:
    return [planned.due_on for planned in plan if planned.kind is kind]


def test_youth_has_two_contacts_in_month_one_then_one_a_month() -> None:
    plan = plan_for_match(date(2014, 9, 1), date(2015, 1, 1), profile("youth-16-29"))
    expected = [date(2014, 9, 11), date(2014, 9, 21), date(2014, 10, 1), date(2014, 11, 1), date(2014, 12, 1)]
    assert days_of(plan, FollowUpKind.CHECK_IN_MENTOR) == expected
    assert days_of(plan, FollowUpKind.CHECK_IN_MENTEE) == expected
    assert days_of(plan, FollowUpKind.IN_DEPTH) == expected[2:]
    assert Planned(FollowUpKind.ENTRY, Side.MENTEE, date(2014, 9, 1)) in plan
    assert Counter(planned.kind for planned in plan)[FollowUpKind.EXIT] == 0
    assert list(plan) == sorted(plan, key=lambda planned: planned.due_on)


def test_sides_follow_from_the_kind() -> None:
    plan = plan_for_match(date(2014, 9, 1), date(2015, 9, 1), profile("eepm5-default"))
    assert {(planned.kind, planned.side) for planned in plan} == {
        (FollowUpKind.ENTRY, Side.MENTEE),
        (FollowUpKind.CHECK_IN_MENTOR, Side.MENTOR),
        (FollowUpKind.CHECK_IN_MENTEE, Side.MENTEE),
        (FollowUpKind.IN_DEPTH, None),
    }


def test_month_ends_are_clamped_from_the_start_and_never_drift() -> None:
    plan = plan_for_match(date(2014, 1, 31), date(2014, 6, 1), profile("sv-adult-labour"))
    monthly = days_of(plan, FollowUpKind.CHECK_IN_MENTEE)[2:]
    assert monthly == [date(2014, 2, 28), date(2014, 3, 31), date(2014, 4, 30), date(2014, 5, 31)]
    leap = plan_for_match(date(2016, 1, 31), date(2016, 3, 1), profile("sv-adult-labour"))
    assert days_of(leap, FollowUpKind.CHECK_IN_MENTEE)[2:] == [date(2016, 2, 29)]


def test_in_depth_is_monthly_in_the_first_quarter_then_quarterly() -> None:
    plan = plan_for_match(date(2014, 1, 1), date(2015, 1, 1), profile("eepm5-default"))
    assert [day.month for day in days_of(plan, FollowUpKind.IN_DEPTH)] == [2, 3, 4, 7, 10]


def test_nothing_in_depth_is_due_on_the_last_day() -> None:
    plan = plan_for_match(date(2014, 1, 1), date(2014, 3, 1), profile("eepm5-default"))
    assert days_of(plan, FollowUpKind.IN_DEPTH) == [date(2014, 2, 1)]


def test_a_single_meeting_has_only_its_entry() -> None:
    day = date(2014, 10, 7)
    assert plan_for_match(day, day, profile("intro-meeting")) == (Planned(FollowUpKind.ENTRY, Side.MENTEE, day),)


def test_a_match_of_one_day_has_no_contacts_after_its_end() -> None:
    assert len(plan_for_match(DUE_ON, DUE_ON, profile("youth-16-29"))) == 1


def test_a_match_cannot_end_before_it_starts() -> None:
    with pytest.raises(RuleViolation) as caught:
        plan_for_match(DUE_ON, DUE_ON - timedelta(days=1), profile("youth-16-29"))
    assert caught.value.code == "match.ends_before_start"
    assert caught.value.code in catalogue()


PROFILES = st.one_of(
    st.sampled_from(profiles()),
    st.builds(
        lambda first, every, depth, step: profile("eepm5-default").with_override(
            BenchmarkOverride.parse(
                {
                    "checkInsFirstMonth": first,
                    "checkInEveryMonths": every,
                    "inDepthMonthlyMonths": depth,
                    "inDepthEveryMonths": step,
                }
            )
        ),
        *(st.integers(0, 5) for _ in range(4)),
    ),
)
STARTS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(STARTS, st.integers(0, 900), PROFILES)
def test_nothing_is_planned_outside_the_match_or_twice(started_on: date, length: int, used: Profile) -> None:
    ends_on = started_on + timedelta(days=length)
    plan = plan_for_match(started_on, ends_on, used)
    assert all(started_on < planned.due_on < ends_on for planned in plan if planned.kind is not FollowUpKind.ENTRY)
    assert len(set(plan)) == len(plan)


@given(STARTS, st.integers(1, 24), PROFILES)
def test_each_month_has_the_contacts_that_the_profile_says(started_on: date, months: int, used: Profile) -> None:
    plan = plan_for_match(started_on, add_months(started_on, months), used)
    days = days_of(plan, FollowUpKind.CHECK_IN_MENTEE)
    assert days == days_of(plan, FollowUpKind.CHECK_IN_MENTOR)
    every = used.number("checkInEveryMonths")
    for month in range(months):
        first_on, next_on = add_months(started_on, month), add_months(started_on, month + 1)
        found = sum(first_on <= day < next_on for day in days)
        later = 1 if every and month >= 1 and (month - 1) % every == 0 else 0
        assert found == (later if month else used.number("checkInsFirstMonth"))


@given(STARTS)
def test_after_the_exit_come_one_six_and_twelve_months(exited_on: date) -> None:
    assert plan_for_exit(exited_on, profile("sv-adult-labour")) == (
        Planned(FollowUpKind.EXIT, Side.MENTOR, exited_on),
        Planned(FollowUpKind.EXIT, Side.MENTEE, exited_on),
        Planned(FollowUpKind.AFTER_ONE_MONTH, Side.MENTEE, add_months(exited_on, 1)),
        Planned(FollowUpKind.AFTER_SIX_MONTHS, Side.MENTEE, add_months(exited_on, 6)),
        Planned(FollowUpKind.AFTER_TWELVE_MONTHS, Side.MENTEE, add_months(exited_on, 12)),
    )


def test_a_profile_may_ask_for_fewer_follow_ups_after_the_exit() -> None:
    kinds = [planned.kind for planned in plan_for_exit(DUE_ON, profile("intro-meeting"))]
    assert FollowUpKind.AFTER_TWELVE_MONTHS not in kinds
    assert len(kinds) == 4


@pytest.mark.parametrize(
    ("offset", "expected"),
    [(-8, "planned"), (-7, "due"), (0, "due"), (14, "due"), (15, "missed"), (400, "missed")],
)
def test_the_calendar_makes_it_due_and_then_missed(offset: int, expected: str) -> None:
    today = DUE_ON + timedelta(days=offset)
    assert status_on(FollowUpStatus.PLANNED, DUE_ON, today, grace_days=14, lead_days=7) == expected


def test_without_lead_it_is_due_on_its_day() -> None:
    assert status_on(FollowUpStatus.PLANNED, DUE_ON, DUE_ON - timedelta(days=1), 0) is FollowUpStatus.PLANNED
    assert status_on(FollowUpStatus.PLANNED, DUE_ON, DUE_ON, 0) is FollowUpStatus.DUE
    assert status_on(FollowUpStatus.PLANNED, DUE_ON, DUE_ON + timedelta(days=1), 0) is FollowUpStatus.MISSED


ORDER = [FollowUpStatus.PLANNED, FollowUpStatus.DUE, FollowUpStatus.MISSED]


@given(st.sampled_from(FollowUpStatus), st.integers(-90, 90), st.integers(0, 30), st.integers(0, 30))
def test_the_calendar_never_moves_backwards_nor_touches_what_is_settled(
    stored: FollowUpStatus, offset: int, grace: int, lead: int
) -> None:
    found = status_on(stored, DUE_ON, DUE_ON + timedelta(days=offset), grace, lead)
    if stored in ORDER:
        assert ORDER.index(found) >= ORDER.index(stored)
    else:
        assert found is stored


@pytest.mark.parametrize("status", FollowUpStatus)
def test_answers_are_taken_when_due_or_missed(status: FollowUpStatus) -> None:
    if status in {FollowUpStatus.DUE, FollowUpStatus.MISSED}:
        check_open(status)
        return
    with pytest.raises(RuleViolation) as caught:
        check_open(status)
    is_answered = status in {FollowUpStatus.DONE, FollowUpStatus.CORRECTED}
    code = "follow_up.already_answered" if is_answered else "follow_up.not_open"
    assert (caught.value.code, caught.value.facts) == (code, {"current": status.value})
    assert caught.value.code in catalogue()


@pytest.mark.parametrize(("offset", "late"), [(-3, 0), (0, 0), (1, 1), (40, 40)])
def test_lateness_in_days(offset: int, late: int) -> None:
    assert lateness(DUE_ON, DUE_ON + timedelta(days=offset)) == late


def test_a_match_that_goes_on_keeps_the_days_of_its_start() -> None:
    started, ends, used = date(2014, 9, 1), date(2015, 3, 1), profile("youth-16-29")
    left = plan_for_reopening(started, ends, date(2014, 12, 1), used)
    assert set(left) == {one for one in plan_for_match(started, ends, used) if one.due_on >= date(2014, 12, 1)}
    assert days_of(left, FollowUpKind.CHECK_IN_MENTEE)[0] == date(2014, 12, 1)
    assert plan_for_reopening(started, ends, ends, used) == ()
    assert days_of(plan_for_reopening(started, ends, started, used), FollowUpKind.ENTRY) == []


@pytest.mark.parametrize(
    ("corrects", "newest", "code"),
    [
        (0, 2, "follow_up.version_unknown"),
        (3, 2, "follow_up.version_unknown"),
        (1, 2, "follow_up.version_corrected"),
        (2, 2, None),
        (1, 1, None),
    ],
)
def test_only_the_newest_answer_is_corrected(corrects: int, newest: int, code: str | None) -> None:
    if code is None:
        check_correction(corrects, newest)
        return
    with pytest.raises(RuleViolation) as caught:
        check_correction(corrects, newest)
    assert (caught.value.code, caught.value.facts) == (code, {"newest": newest})
    assert caught.value.code in catalogue()


def move(kind: FollowUpKind = FollowUpKind.IN_DEPTH, status: FollowUpStatus = FollowUpStatus.PLANNED) -> Move:
    return Move(kind, status, planned_on=DUE_ON, started_on=DUE_ON - timedelta(days=5), most_days=14)


@pytest.mark.parametrize(
    ("kind", "today", "earliest", "latest"),
    [
        (FollowUpKind.IN_DEPTH, -30, -5, 14),  # not before the match has begun
        (FollowUpKind.CHECK_IN_MENTOR, 3, 3, 14),  # not into the past
        (FollowUpKind.EXIT, -30, 0, 14),  # not before the exit
    ],
)
def test_a_contact_is_moved_within_its_window(kind: FollowUpKind, today: int, earliest: int, latest: int) -> None:
    now = DUE_ON + timedelta(days=today)
    for day in (earliest, latest):
        check_move(move(kind), DUE_ON + timedelta(days=day), now)
    for day in (earliest - 1, latest + 1):
        with pytest.raises(RuleViolation) as caught:
            check_move(move(kind), DUE_ON + timedelta(days=day), now)
        assert caught.value.code == "follow_up.day_outside_window"
        assert caught.value.facts == {
            "earliest": (DUE_ON + timedelta(days=earliest)).isoformat(),
            "latest": (DUE_ON + timedelta(days=latest)).isoformat(),
        }


@pytest.mark.parametrize("kind", sorted(set(FollowUpKind)))
def test_what_is_measured_on_its_day_is_not_moved(kind: FollowUpKind) -> None:
    is_movable = kind in {"checkInMentor", "checkInMentee", "inDepth", "exit"}
    if is_movable:
        check_move(move(kind), DUE_ON, DUE_ON)
        return
    with pytest.raises(RuleViolation) as caught:
        check_move(move(kind), DUE_ON, DUE_ON)
    assert caught.value.code == "follow_up.day_fixed"


@pytest.mark.parametrize("status", sorted({*FollowUpStatus} - {FollowUpStatus.PLANNED, FollowUpStatus.DUE}))
def test_what_is_over_is_not_moved(status: FollowUpStatus) -> None:
    with pytest.raises(RuleViolation) as caught:
        check_move(move(status=status), DUE_ON, DUE_ON)
    assert (caught.value.code, caught.value.facts) == ("follow_up.too_late_to_move", {"current": status.value})
