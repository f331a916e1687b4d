"""Can anyone compute a small number from what a protected report tells?"""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.reports import FigureScope, ScopeKind
from app.features.reports.queries.protection import (
    LEAST,
    NOTHING,
    TOTAL,
    Cell,
    Numbers,
    Openness,
    is_safe,
    openness,
)

Steps = tuple[Numbers, ...]


def steps_of(in_effort: int, ended: int, succeeded: int) -> Steps:
    """A program where each person has one enrolment."""
    out_of = [(one, wider - one) for wider, one in pairwise((in_effort, ended, succeeded))]
    return ((in_effort, in_effort), *((one, rest, one, rest) for one, rest in out_of))


def program(key: str) -> FigureScope:
    return FigureScope(ScopeKind.PROGRAM, key)


def category(key: str) -> FigureScope:
    return FigureScope(ScopeKind.CATEGORY, key)


def added(cells: list[Cell]) -> Steps:
    """The numbers of several programs together, step by step."""
    if not cells:
        return NOTHING
    return tuple(tuple(map(sum, zip(*(cell.steps[step] for cell in cells), strict=True))) for step in range(3))


def judged(*cells: Cell) -> tuple[dict[FigureScope, Steps], Openness]:
    told = {program(cell.key): cell.steps for cell in cells} | {TOTAL: added(list(cells))}
    for key in {cell.category for cell in cells}:
        told[category(key)] = added([cell for cell in cells if cell.category == key])
    return told, openness(told, list(cells))


@st.composite
def many(draw: st.DrawFn) -> list[Cell]:
    """Programs of all sizes, most of them with something small in them."""
    found = []
    for key in range(draw(st.integers(1, 8))):
        in_effort = draw(st.integers(0, 60))
        ended = draw(st.integers(0, in_effort))
        succeeded = draw(st.integers(0, ended))
        steps = steps_of(in_effort, ended, succeeded)
        found.append(Cell(str(key), draw(st.sampled_from("abc")), steps, is_known=draw(st.integers(0, 9)) == 0))
    return found


def differences(cells: list[Cell], found: Openness, step: int) -> Iterator[tuple[str, Numbers]]:
    """What a reader computes: a sum that is told, minus everything in it that is told more finely."""

    def rest(of: list[Cell]) -> Numbers:
        return added([cell for cell in of if found.steps.get(program(cell.key), 0) <= step])[step]

    keys = sorted({cell.category for cell in cells})
    if found.steps.get(TOTAL, 0) > step:
        yield "total minus programs", rest(cells)
    for key in keys:
        if found.steps.get(category(key), 0) > step:
            yield f"category {key} minus programs", rest([cell for cell in cells if cell.category == key])
    told = [key for key in keys if found.steps.get(category(key), 0) > step]
    if found.steps.get(TOTAL, 0) > step and told:
        others = [cell for cell in cells if cell.category not in told]
        yield "total minus categories", rest(others)


@given(many())
def test_no_small_number_is_told_or_can_be_computed(cells: list[Cell]) -> None:
    told, found = judged(*cells)
    known = {program(cell.key) for cell in cells if cell.is_known}
    for scope, open_steps in found.steps.items():
        if scope not in known:
            assert all(is_safe(numbers) for numbers in told[scope][:open_steps]), scope
    for step in range(3):
        for way, numbers in differences(cells, found, step):
            assert is_safe(numbers), (way, step, numbers)


COVER_ALONE_IN_ITS_CATEGORY = [
    Cell("0", "a", steps_of(20, 10, 0)),
    Cell("1", "b", steps_of(10, 0, 0)),
    Cell("2", "a", steps_of(10, 1, 0)),
]


@given(many())
@example(COVER_ALONE_IN_ITS_CATEGORY)
def test_no_hidden_program_stands_alone_behind_a_told_sum(cells: list[Cell]) -> None:
    _, found = judged(*cells)
    for step in range(3):
        hidden = [cell for cell in cells if found.steps.get(program(cell.key), 0) <= step]
        if found.steps.get(TOTAL, 0) > step:
            assert len(hidden) != 1
        for key in {cell.category for cell in hidden}:
            if found.steps.get(category(key), 0) > step:
                assert sum(cell.category == key for cell in hidden) > 1


@given(many())
def test_what_is_known_anyway_is_told_and_order_does_not_matter(cells: list[Cell]) -> None:
    _, found = judged(*cells)
    assert all(found.steps[program(cell.key)] == 3 for cell in cells if cell.is_known)
    assert judged(*reversed(cells))[1] == found


def test_large_programs_are_told_in_full() -> None:
    _, found = judged(Cell("1", "a", steps_of(60, 30, 15)), Cell("2", "b", steps_of(40, 20, 10)))
    assert set(found.steps.values()) == {3}
    assert len(found.steps) == 5


def test_a_lone_small_program_takes_the_smallest_other_one_as_cover() -> None:
    small, middle, large = steps_of(3, 0, 0), steps_of(20, 0, 0), steps_of(80, 0, 0)
    _, found = judged(Cell("1", "a", small), Cell("2", "a", middle), Cell("3", "a", large))
    assert found.steps == {TOTAL: 3, category("a"): 3, program("3"): 3}


def test_a_program_where_nothing_happened_is_told_and_covers_nobody() -> None:
    _, found = judged(Cell("1", "a", NOTHING), Cell("2", "a", steps_of(4, 0, 0)), Cell("3", "a", steps_of(12, 0, 0)))
    assert found.steps[program("1")] == 3
    assert program("3") not in found.steps
    assert found.steps[TOTAL] == 3


@pytest.mark.parametrize(
    ("numbers", "expected"), [((), True), ((0, LEAST), True), ((1,), False), ((LEAST - 1, 50), False)]
)
def test_one_to_nine_are_small(numbers: Numbers, expected: bool) -> None:  # noqa: FBT001  a parameter of the table
    assert is_safe(numbers) is expected
