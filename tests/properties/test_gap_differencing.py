"""Can small numbers be computed from the gap view? The attack of `test_differencing`, on the whole cube of its tables.

Invented municipalities publish every cell: each of category, kind, district and municipality is one value or all of them.
The attacker knows the method, writes down what each told (or withheld) number leaves possible, and lets every sum in the
cube and every part of a number narrow each other until nothing moves. Languages do not add up, so they are tried apart:
each language is at most the whole, and together they are no less than those who speak any.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product

import pytest

from app.domain.statistics import BASE, STEP, Cell, Count, joined, tell
from tests.properties.test_differencing import SMALL, noise

MANY = 10_000
Cube = tuple[int | None, ...]
Node = tuple[Cube, str]
Interval = tuple[int, int]
STATES = ("ready", "other")
"""Of those who wait; `waiting` is both."""


@dataclass
class Municipality:
    """People who wait, by category, kind and so on; `known` of the first dimension's values are read one by one."""

    sides: tuple[int, ...]
    seed: int
    known: int = 0
    atoms: dict[tuple[Cube, str], Cell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chance = random.Random(self.seed)  # noqa: S311  a test repeats itself
        for place in product(*(range(side) for side in self.sides)):
            for state in STATES:
                number = chance.choice([0, chance.randint(0, 4), chance.randint(0, 12)])
                self.atoms[place, state] = joined(Cell(1, chance.getrandbits(64)) for _ in range(number))

    @property
    def cells(self) -> Iterator[Cube]:
        return product(*([*range(side), None] for side in self.sides))

    def within(self, cell: Cube) -> Iterator[Cube]:
        return product(*(range(side) if one is None else [one] for one, side in zip(cell, self.sides, strict=True)))

    def count(self, cell: Cube, figure: str) -> Count:
        found = Count()
        for place in self.within(cell):
            for state in STATES if figure == "waiting" else (figure,):
                atom = self.atoms[place, state]
                is_known = place[0] is not None and place[0] < self.known
                found = found.joined(Count(atom.count) if is_known else Count(0, atom))
        return found

    def is_known(self, cell: Cube) -> bool:
        return cell[0] is not None and cell[0] < self.known


Publisher = Callable[[Municipality, Cube, str], Interval]


def by_cell_keys(place: Municipality, cell: Cube, figure: str) -> Interval:
    """As the gap view does it: ready is taken out of waiting, and waiting out of itself."""
    count, base = place.count(cell, figure), place.count(cell, "waiting")
    told = tell(count, base, noise, is_known=place.is_known(cell))
    if told.value is None:
        return 0, BASE - 1
    if told.is_exact:
        return told.value, told.value
    lowest = max(told.value - STEP + 1, count.known, BASE if figure == "waiting" else 0)
    return lowest, told.value + STEP - 1


def by_suppression(place: Municipality, cell: Cube, figure: str) -> Interval:
    """The control: exact, but numbers from one to four are withheld."""
    number = place.count(cell, figure).exact
    return (SMALL[0], SMALL[-1]) if number in SMALL else (number, number)


def equations(place: Municipality) -> Iterator[tuple[Node, list[Node]]]:
    for cell in place.cells:
        yield (cell, "waiting"), [(cell, state) for state in STATES]
        for side, one in enumerate(cell):
            if one is None:
                parts = [(*cell[:side], value, *cell[side + 1 :]) for value in range(place.sides[side])]
                for figure in ("waiting", *STATES):
                    yield (cell, figure), [(part, figure) for part in parts]


def attack(place: Municipality, publish: Publisher) -> dict[Node, Interval]:
    """Everything that follows from the whole cube."""
    found: dict[Node, Interval] = {}
    for cell in place.cells:
        found |= {(cell, figure): publish(place, cell, figure) for figure in ("waiting", "ready")}
        found[cell, "other"] = (0, MANY)
    sums = list(equations(place))
    while any([narrow(found, whole, parts) for whole, parts in sums]):  # noqa: C419  every one of them, each round
        pass
    return found


def narrow(found: dict[Node, Interval], whole: Node, parts: list[Node]) -> bool:
    """Let a sum and its parts narrow each other; did anything move?"""
    before = [found[one] for one in (whole, *parts)]
    low, high = (sum(found[part][end] for part in parts) for end in (0, 1))
    found[whole] = (max(found[whole][0], low), min(found[whole][1], high))
    for part in parts:
        rest_low, rest_high = low - found[part][0], high - found[part][1]
        mine = (max(found[part][0], found[whole][0] - rest_high), min(found[part][1], found[whole][1] - rest_low))
        low, high, found[part] = rest_low + mine[0], rest_high + mine[1], mine
    return before != [found[one] for one in (whole, *parts)]


def recovered(place: Municipality, publish: Publisher) -> tuple[int, int]:
    """How many of the small numbers that the attacker does not read anyway are found, and how many there are."""
    small = hit = 0
    for (cell, figure), (low, high) in attack(place, publish).items():
        count = place.count(cell, figure)
        assert low <= count.exact <= high, "the attacker's reasoning is sound"
        if count.rest.count in SMALL and not place.is_known(cell):
            small += 1
            hit += low == high
    return hit, small


def total(publish: Publisher, sides: tuple[int, ...], known: int = 0) -> tuple[int, int]:
    results = [recovered(Municipality(sides, seed, known), publish) for seed in range(12)]
    return sum(hit for hit, _ in results), sum(small for _, small in results)


def test_plain_suppression_is_broken() -> None:
    """The control: were the attack too weak, it would prove nothing of the other."""
    hit, small = total(by_suppression, (4, 3, 4))
    assert small > 400
    assert hit / small > 0.5, f"{hit} of {small}"


@pytest.mark.parametrize(("sides", "known"), [((4, 3, 4), 0), ((4, 3, 4), 1), ((3, 2, 3, 2), 0), ((3, 2, 3, 2), 2)])
def test_the_cube_gives_no_small_number_back(sides: tuple[int, ...], known: int) -> None:
    """Also to one who reads everybody of some categories one by one."""
    hit, small = total(by_cell_keys, sides, known)
    assert small > 200
    assert hit == 0, f"{hit} of {small}"


def spoken(seed: int) -> tuple[dict[str, Count], Count]:
    """By language who waits, and everybody: nearly all speak Swedish, some also others, which are rarer and rarer."""
    chance = random.Random(seed)  # noqa: S311  a test repeats itself
    shares = {"sv": 0.9, "ar": 0.5, "so": 0.15, "ti": 0.08}
    people = {
        chance.getrandbits(64): {language for language, share in shares.items() if chance.random() < share}
        for _ in range(chance.randint(10, 40))
    }
    by_language = {
        language: Count(0, joined(Cell(1, key) for key, codes in people.items() if language in codes))
        for language in shares
    }
    return by_language, Count(0, joined(Cell(1, key) for key in people))


def possible(count: Count) -> Interval:
    """What the number as it is told leaves possible."""
    told = tell(count, count, noise, is_known=False).value
    return (0, BASE - 1) if told is None else (max(BASE, told - STEP + 1), told + STEP - 1)


def test_languages_give_no_small_number_back() -> None:
    small = hit = 0
    for seed in range(300):
        by_language, whole = spoken(seed)
        most = possible(whole)[1]
        for count in by_language.values():
            low, high = possible(count)
            assert low <= count.exact <= min(high, most), "the attacker's reasoning is sound"
            if count.exact in SMALL:
                small += 1
                hit += low == min(high, most)
    assert small > 200
    assert hit == 0
