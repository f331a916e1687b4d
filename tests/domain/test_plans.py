"""Which plans may be adopted, what may lie where in time, and which steps may a measure take?"""

from collections.abc import Callable
from datetime import date
from itertools import product

import pytest

from app.domain.errors import RuleViolation
from app.domain.lifecycles import MeasureStatus, PlanStatus
from app.domain.plans import (
    DecisionKind,
    Period,
    check_decision,
    check_draft,
    check_goal_number,
    check_measure_status,
    check_open,
)

FIRST, LAST, BEFORE, AFTER = date(2015, 1, 1), date(2015, 12, 31), date(2014, 12, 31), date(2016, 1, 1)
PERIOD = Period(FIRST, LAST)
TODAY = date(2015, 3, 1)
D, P, M = DecisionKind, PlanStatus, MeasureStatus


def refusal(check: Callable[[], object]) -> tuple[str, str | None] | None:
    try:
        check()
    except RuleViolation as refused:
        return refused.code, refused.pointer
    return None


@pytest.mark.parametrize(
    ("starts_on", "due_on", "refused"),
    [
        (FIRST, LAST, None),
        (FIRST, FIRST, None),
        (LAST, FIRST, ("plan.measure_due_before_start", "/dueOn")),
        (BEFORE, LAST, ("plan.measure_outside_period", "/startsOn")),
        (FIRST, AFTER, ("plan.measure_outside_period", "/dueOn")),
    ],
)
def test_a_measure_lies_within_the_period(starts_on: date, due_on: date, refused: tuple[str, str] | None) -> None:
    assert refusal(lambda: PERIOD.check_measure(starts_on, due_on)) == refused


def test_a_period_ends_after_it_begins() -> None:
    PERIOD.check()
    Period(FIRST, FIRST).check()
    assert refusal(Period(LAST, FIRST).check) == ("plan.period_invalid", "/endsOn")


@pytest.mark.parametrize("due_on", [None, FIRST, AFTER])
def test_a_goal_may_come_after_the_period(due_on: date | None) -> None:
    PERIOD.check_goal(due_on)


def test_a_goal_is_not_due_before_the_period() -> None:
    assert refusal(lambda: PERIOD.check_goal(BEFORE)) == ("plan.goal_due_before_start", "/dueOn")


@pytest.mark.parametrize(
    ("number", "unit", "pointer"),
    [(None, None, None), (1, "plats", None), (1, None, "/unit"), (None, "plats", "/number")],
)
def test_a_number_needs_a_unit(number: int | None, unit: str | None, pointer: str | None) -> None:
    expected = pointer and ("plan.goal_unit_missing", pointer)
    assert refusal(lambda: check_goal_number(number, unit)) == expected


@pytest.mark.parametrize("status", PlanStatus)
def test_only_a_draft_is_changed_and_only_what_is_closed_is_closed(status: PlanStatus) -> None:
    assert (refusal(lambda: check_draft(status)) is None) == (status is P.DRAFT)
    assert (refusal(lambda: check_open(status)) is None) == (status is not P.CLOSED)


def decided(
    kind: DecisionKind, status: PlanStatus, *, on: date = TODAY, children: bool = True, goals: bool = True
) -> str:
    """The state after the decision, or why it was refused."""
    try:
        return check_decision(kind, status, on, TODAY, has_children=children, has_goals=goals)
    except RuleViolation as refused:
        return refused.code


NO = "plan.transition_not_allowed"
MOVES = {
    D.COMMISSION: (P.DRAFT, P.DECIDED, P.FOLLOWED_UP, "plan.closed"),
    D.ADOPTION: (P.DECIDED, NO, NO, "plan.closed"),
    D.FOLLOW_UP: (NO, P.FOLLOWED_UP, P.FOLLOWED_UP, "plan.closed"),
    D.CLOSING: (P.CLOSED, P.CLOSED, P.CLOSED, "plan.closed"),
}


@pytest.mark.parametrize(("kind", "status"), [*product(DecisionKind, PlanStatus)])
def test_decisions_move_a_plan(kind: DecisionKind, status: PlanStatus) -> None:
    assert decided(kind, status) == MOVES[kind][list(PlanStatus).index(status)]


def test_what_a_plan_means_for_children_comes_first() -> None:
    assert decided(D.ADOPTION, P.DRAFT, children=False, goals=False) == "plan.children_missing"
    assert decided(D.ADOPTION, P.DRAFT, goals=False) == "plan.goals_missing"
    assert decided(D.CLOSING, P.DRAFT, children=False, goals=False) == P.CLOSED
    assert decided(D.ADOPTION, P.DRAFT, on=date(2015, 3, 2)) == "plan.decided_in_future"


STEPS = {
    M.PLANNED: {M.ONGOING, M.DONE, M.CANCELLED},
    M.ONGOING: {M.PLANNED, M.DONE, M.CANCELLED},
    M.DONE: {M.ONGOING},
    M.CANCELLED: {M.PLANNED, M.ONGOING},
}


@pytest.mark.parametrize(("current", "to"), [*product(MeasureStatus, MeasureStatus)])
def test_a_measure_takes_these_steps(current: MeasureStatus, to: MeasureStatus) -> None:
    may = to is current or to in STEPS[current]
    assert (refusal(lambda: check_measure_status(current, to, "Därför.")) is None) == may


def test_whoever_calls_a_measure_off_says_why() -> None:
    assert refusal(lambda: check_measure_status(M.PLANNED, M.CANCELLED, None)) == ("plan.reason_missing", "/reason")
    check_measure_status(M.PLANNED, None, None)
    check_measure_status(M.CANCELLED, M.CANCELLED, None)
