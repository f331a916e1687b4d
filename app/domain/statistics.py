"""How is a number told to somebody who may not see the records behind it? Cell-key rounding, and a least base.

Every number of people (a cell) is rounded to a multiple of five, up or down at random, so that on average it is right.
The randomness is not drawn: it follows from the members of the cell by a keyed hash. The same people always give the same
figure, in whichever table and however often it is read, so nothing is gained by asking again; one person more or less
gives an independent one, so little is learnt from a difference. Whoever lacks the key can foretell neither.

Plain suppression of 1 to 4 does not protect: totals and sub-totals give the hidden numbers back (see the attack in
`tests/properties/test_differencing.py`, and docs/adr for the choice).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

STEP = 5
BASE = 10
"""The least number of people that a figure must be taken out of to be told at all."""

Noise = Callable[[str], int]
"""A keyed hash of a text, as a number far larger than STEP and evenly spread."""


@dataclass(frozen=True)
class Cell:
    """A number of members and their keys added up (exclusive or), so that cells without common members can be joined."""

    count: int = 0
    key: int = 0

    def joined(self, other: "Cell") -> "Cell":
        """Both together; they must have no member in common."""
        return Cell(self.count + other.count, self.key ^ other.key)


def joined(cells: Iterable[Cell]) -> Cell:
    """All together, as `Cell.joined`."""
    whole = Cell()
    for cell in cells:
        whole = whole.joined(cell)
    return whole


@dataclass(frozen=True)
class Count:
    """A number of which the reader knows one part record by record, and the rest (without those) not."""

    known: int = 0
    rest: Cell = Cell()

    @property
    def exact(self) -> int:
        return self.known + self.rest.count

    def joined(self, other: "Count") -> "Count":
        return Count(self.known + other.known, self.rest.joined(other.rest))


@dataclass(frozen=True)
class Told:
    """What the reader gets: a number, or nothing; `is_exact` unless something in it was rounded."""

    value: int | None
    is_exact: bool


def rounded(cell: Cell, noise: Noise) -> int:
    """The cell's count as a multiple of STEP beside it; its expectation over all keys is the count."""
    over = cell.count % STEP
    if not over:
        return cell.count
    goes_up = noise(f"{cell.count}:{cell.key}") % STEP < over
    return cell.count - over + (STEP if goes_up else 0)


def tell(count: Count, base: Count, noise: Noise, *, is_known: bool) -> Told:
    """The number as this reader may have it: what they know exactly, the rest rounded, nothing when the base is small.

    `is_known`: the reader may read every record that could count; nobody is protected from what they may read anyway.
    It is asked for and not concluded from the numbers: that nothing is there would tell of people too. Only the rest is
    rounded: to round what a reader knows together with what they do not would be a second, independent look at it.
    """
    if is_known:
        return Told(count.exact, is_exact=True)
    if base.exact < BASE:
        return Told(None, is_exact=False)
    return Told(count.known + rounded(count.rest, noise), is_exact=False)


def tell_share(count: Told, base: Told) -> int | None:
    """Per mille, half upwards, at most 1000, of two numbers as they were told; None without a base."""
    if count.value is None or not base.value:
        return None
    return min(1000, (2000 * count.value + base.value) // (2 * base.value))


def tell_longest(known: int | None, reached: int | None, *, is_known: bool) -> Told:
    """The longest of many lengths (days waited); it is one person's, so of people whom the reader does not know no such.

    `known` is the longest among those whom the reader knows, None for nobody. `reached` is the length that BASE of the
    others have reached, told in whole steps of STEP; None for fewer than BASE others, and then nothing is told.
    """
    if is_known:
        return Told(known, is_exact=True)
    if reached is None:
        return Told(None, is_exact=False)
    return Told(max(known or 0, reached - reached % STEP), is_exact=False)


def tell_amount(amount: int, members: Count, noise: Noise, step: int = STEP) -> Told:
    """An amount that members add up to (children, hours), rounded to `step`; nothing for fewer than BASE members."""
    if members.exact < BASE:
        return Told(None, is_exact=False)
    over = amount % step
    goes_up = bool(over) and noise(f"{amount}:{members.rest.key}:{members.exact}") % step < over
    return Told(amount - over + (step if goes_up else 0), is_exact=False)
