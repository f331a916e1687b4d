"""Where is something missing? The parts that the gap view splits by, what programmes offer in each, and how waiting is told.

The fixed set of tables is the cube of category, kind, language, district and municipality: each is one value or all of
them. There are no other unions, so no difference of two answers is a group that no table has (docs/adr/0025).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product

from app.domain.glossary import Category, Listing, ProgramKind

DAYS_A_MONTH = 30

Part = tuple[str | None, ...]
"""One value for each dimension that the view is split by; None: not stated."""


class Dimension(StrEnum):
    """What the gap view can be split by."""

    CATEGORY = "category"
    KIND = "kind"
    LANGUAGE = "language"
    DISTRICT = "district"  # kommundel


@dataclass(frozen=True)
class GapKey:
    """A part of the cube; None is all of them."""

    category: Category | None = None
    kind: ProgramKind | None = None
    language: str | None = None
    district: str | None = None
    municipality_code: str | None = None


@dataclass(frozen=True)
class Offer:
    """A published programme as the gap view counts it; `places` None: it does not say how many."""

    category: Category
    kind: ProgramKind
    listing: Listing
    places: int | None = None
    languages: Sequence[str] = ()
    districts: Sequence[str] = ()
    municipality_code: str | None = None

    def lies_in(self, key: GapKey) -> bool:
        """What a programme does not state, it is not counted for."""
        return (
            key.category in {None, self.category}
            and key.kind in {None, self.kind}
            and key.municipality_code in {None, self.municipality_code}
            and (key.language is None or key.language in self.languages)
            and (key.district is None or key.district in self.districts)
        )

    def parts(self, by: Sequence[Dimension], key: GapKey) -> Iterator[Part]:
        """The parts in which it is counted: one for each of its languages and districts that were asked for."""
        values: dict[Dimension, Iterable[str | None]] = {
            Dimension.CATEGORY: [self.category.value],
            Dimension.KIND: [self.kind.value],
            Dimension.LANGUAGE: _chosen(dict.fromkeys(self.languages), key.language),
            Dimension.DISTRICT: _chosen(dict.fromkeys(self.districts), key.district),
        }
        return product(*(values[one] for one in by))


def _chosen(own: Iterable[str], only: str | None) -> Iterable[str | None]:
    return [only] if only is not None else [*own] or [None]


@dataclass
class Supply:
    """What programmes offer in one part: how many there are by listing, and their places."""

    programs: Counter[Listing] = field(default_factory=Counter)
    places: int = 0
    without_places: int = 0

    def add(self, offer: Offer) -> None:
        self.programs[offer.listing] += 1
        self.places += offer.places or 0
        self.without_places += offer.places is None


def supply_in(offers: Iterable[Offer], by: Sequence[Dimension], key: GapKey) -> dict[Part, Supply]:
    """What is offered in each part; with nothing to split by, one part."""
    found: dict[Part, Supply] = {}
    for offer in offers:
        if offer.lies_in(key):
            for part in offer.parts(by, key):
                found.setdefault(part, Supply()).add(offer)
    return found


@dataclass(frozen=True)
class Waited:
    """How long whoever has waited longest has waited: in days for those who may know, else in whole months begun."""

    days: int | None = None
    months: int | None = None


def waited(days: int | None, reached: int | None, *, is_known: bool) -> Waited:
    """`days` is the longest wait, `reached` the one that BASE people have reached (None for fewer people).

    The longest is one person's: whoever does not know the people is told the other, in months, rounded up.
    """
    told = days if is_known else reached
    if told is None:
        return Waited()
    return Waited(days if is_known else None, months_begun(told))


def months_begun(days: int) -> int:
    """30 days are a month; a month that has begun counts."""
    return -(-days // DAYS_A_MONTH)


def mentors_for(people: int, free_places: int, mentors: int) -> int:
    """How many more mentors such people need, when each has as many places as those of the run had on average."""
    each = max(1, round(free_places / mentors)) if mentors else 1
    return -(-people // each)
