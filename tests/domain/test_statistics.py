"""Is a number of people told so that it is right on average, always the same for the same people, and never small?"""

import hashlib
import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.statistics import (
    BASE,
    STEP,
    Cell,
    Count,
    Told,
    joined,
    rounded,
    tell,
    tell_amount,
    tell_longest,
    tell_share,
)

PEOPLE = random.Random(5)  # noqa: S311  a test repeats itself


def noise(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def cell(count: int) -> Cell:
    return joined(Cell(1, PEOPLE.getrandbits(64)) for _ in range(count))


def unknown(count: int) -> Count:
    return Count(0, cell(count))


@given(st.integers(0, 300))
def test_a_count_becomes_a_neighbouring_multiple_of_five(count: int) -> None:
    told = rounded(cell(count), noise)
    assert told % STEP == 0
    assert abs(told - count) < STEP
    assert told == count or count % STEP


@pytest.mark.parametrize("count", [1, 2, 3, 4, 11, 13, 18, 122])
def test_on_average_it_is_right(count: int) -> None:
    told = [rounded(cell(count), noise) for _ in range(4000)]
    assert abs(sum(told) / len(told) - count) < 0.2


def test_the_same_people_give_the_same_figure_in_whatever_order() -> None:
    people = [cell(1) for _ in range(4)]
    assert len({rounded(joined(order), noise) for order in permutations(people)}) == 1


def test_other_people_as_many_give_figures_of_their_own() -> None:
    assert {rounded(cell(3), noise) for _ in range(50)} == {0, 5}


@pytest.mark.parametrize(
    ("count", "base", "expected"),
    [(0, 0, None), (3, 9, None), (0, BASE, 0), (9, 9, None), (10, 10, 10), (25, 40, 25)],
)
def test_what_is_taken_out_of_fewer_than_ten_is_not_told(count: int, base: int, expected: int | None) -> None:
    told = tell(unknown(count), unknown(base), noise, is_known=False)
    assert told == Told(expected, is_exact=False)


def test_whoever_reads_the_records_gets_the_number() -> None:
    assert tell(Count(3), Count(7), noise, is_known=True) == Told(3, is_exact=True)


def test_only_the_unknown_part_is_rounded() -> None:
    rest = cell(13)
    told = tell(Count(7, rest), Count(7, rest), noise, is_known=False)
    assert told == Told(7 + rounded(rest, noise), is_exact=False)


def test_parts_without_a_member_in_common_are_joined() -> None:
    one, other = Count(3, cell(4)), Count(1, cell(2))
    both = one.joined(other)
    assert (both.known, both.rest.count, both.exact) == (4, 6, 10)
    assert both.rest.key == one.rest.key ^ other.rest.key


def test_a_share_is_made_of_what_was_told() -> None:
    assert tell_share(Told(64, is_exact=True), Told(121, is_exact=True)) == 529
    assert tell_share(Told(15, is_exact=False), Told(10, is_exact=False)) == 1000
    assert tell_share(Told(0, is_exact=True), Told(0, is_exact=True)) is None
    assert tell_share(Told(None, is_exact=False), Told(10, is_exact=False)) is None


def test_an_amount_is_told_over_ten_people_in_steps() -> None:
    assert tell_amount(20, unknown(9), noise) == Told(None, is_exact=False)
    assert tell_amount(20, unknown(10), noise) == Told(20, is_exact=False)
    assert {tell_amount(23, unknown(12), noise).value for _ in range(50)} == {20, 25}


@pytest.mark.parametrize(
    ("known", "reached", "expected"),
    [(None, None, None), (300, None, None), (None, 84, 80), (None, 85, 85), (90, 84, 90), (None, 4, 0)],
)
def test_the_longest_of_unknown_people_is_what_ten_have_reached(
    known: int | None, reached: int | None, expected: int | None
) -> None:
    assert tell_longest(known, reached, is_known=False) == Told(expected, is_exact=False)


@pytest.mark.parametrize("known", [None, 0, 84])
def test_the_longest_of_known_people_is_told_as_it_is(known: int | None) -> None:
    assert tell_longest(known, 50, is_known=True) == Told(known, is_exact=True)
