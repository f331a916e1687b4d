"""Who may be matched again after an end, and from when?"""

from datetime import date, timedelta

import pytest

from app.domain.glossary import ClosureCause
from app.domain.rematch import Ended, RematchBar, rematch

TODAY = date(2026, 3, 2)


def ended(
    days_ago: int, cause: ClosureCause | None = ClosureCause.NATURAL_END, *, decided: bool | None = None
) -> Ended:
    return Ended(TODAY - timedelta(days=days_ago), cause, decided)


@pytest.mark.parametrize(("days_ago", "bars"), [(0, ["buffer"]), (13, ["buffer"]), (14, []), (400, [])])
def test_the_buffer_is_over_after_its_weeks(days_ago: int, bars: list[str]) -> None:
    found = rematch([ended(days_ago)], 2, TODAY)
    assert found.earliest == TODAY + timedelta(days=14 - days_ago)
    assert sorted(found.bars) == bars


def test_whoever_was_never_matched_may_be() -> None:
    assert (rematch([], 2, TODAY).earliest, rematch([], 2, TODAY).bars) == (None, frozenset())


def test_the_last_end_counts_and_no_buffer_is_none() -> None:
    assert rematch([ended(90), ended(3)], 2, TODAY).bars == {RematchBar.BUFFER}
    assert rematch([ended(0)], 0, TODAY).bars == frozenset()


@pytest.mark.parametrize(
    ("cause", "decided", "bars"),
    [
        (ClosureCause.SAFETY, None, {RematchBar.NOT_DECIDED}),
        (ClosureCause.SAFETY, True, set()),
        (ClosureCause.SAFETY, False, {RematchBar.DECIDED_AGAINST}),
        (ClosureCause.NATURAL_END, None, set()),
        (ClosureCause.NATURAL_END, False, {RematchBar.DECIDED_AGAINST}),
        (None, None, set()),
    ],
)
def test_safety_asks_for_a_decision_and_any_end_can_have_one(
    cause: ClosureCause | None,
    decided: bool | None,  # noqa: FBT001  a parameter of the table above
    bars: set[RematchBar],
) -> None:
    assert rematch([ended(100, cause, decided=decided)], 2, TODAY).bars == bars


def test_a_decision_does_not_lift_the_buffer_nor_that_of_another_end() -> None:
    both = [ended(1, ClosureCause.SAFETY, decided=True), ended(500, ClosureCause.SAFETY)]
    assert rematch(both, 2, TODAY).bars == {RematchBar.BUFFER, RematchBar.NOT_DECIDED}
