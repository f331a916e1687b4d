"""Is each programme counted in its own parts, and waiting told as the reader may have it?"""

import pytest

from app.domain.gaps import Dimension, GapKey, Offer, Waited, mentors_for, months_begun, supply_in, waited
from app.domain.glossary import Category, Listing, ProgramKind
from app.domain.statistics import Cell, Count

WOMEN, YOUTH = Category.WOMEN_WITH_IMMIGRANT_BACKGROUND, Category.YOUTH
TEN, NINE = Count(0, Cell(10, 1)), Count(0, Cell(9, 1))


def offer(category: Category = WOMEN, listing: Listing = Listing.OWN, **over: object) -> Offer:
    return Offer(category, ProgramKind.MENTORING, listing, **over)  # type: ignore[arg-type]


def test_places_and_programmes_are_added_up() -> None:
    offers = [offer(places=10), offer(listing=Listing.LISTED, places=8), offer(YOUTH, Listing.ADOPTED)]
    whole = supply_in(offers, (), GapKey())[()]
    assert (whole.places, whole.without_places, sum(whole.programs.values())) == (18, 1, 3)
    parts = supply_in(offers, [Dimension.CATEGORY], GapKey())
    assert parts["womenWithImmigrantBackground",].programs == {Listing.OWN: 1, Listing.LISTED: 1}
    assert parts["youth",].places == 0
    assert supply_in([], [Dimension.KIND], GapKey()) == {}


def test_a_programme_counts_in_each_of_its_languages_and_districts() -> None:
    offers = [offer(languages=["sv", "ti"], districts=["Berget", "Sjön"], places=5), offer(places=1)]
    parts = supply_in(offers, [Dimension.LANGUAGE, Dimension.DISTRICT], GapKey())
    assert {part: one.places for part, one in parts.items()} == {
        ("sv", "Berget"): 5,
        ("sv", "Sjön"): 5,
        ("ti", "Berget"): 5,
        ("ti", "Sjön"): 5,
        (None, None): 1,
    }
    only = supply_in(offers, [Dimension.LANGUAGE, Dimension.DISTRICT], GapKey(language="ti", district="Sjön"))
    assert list(only) == [("ti", "Sjön")]


@pytest.mark.parametrize(
    ("key", "lies"),
    [
        (GapKey(), True),
        (GapKey(WOMEN, ProgramKind.MENTORING, "ti", "Berget", "0182"), True),
        (GapKey(category=YOUTH), False),
        (GapKey(kind=ProgramKind.TRAINEE), False),
        (GapKey(language="so"), False),
        (GapKey(district="Sjön"), False),
        (GapKey(municipality_code="0180"), False),
    ],
)
def test_a_programme_lies_in_a_part_by_what_it_states(key: GapKey, lies: bool) -> None:  # noqa: FBT001  an expectation
    assert offer(languages=["ti"], districts=["Berget"], municipality_code="0182").lies_in(key) is lies


@pytest.mark.parametrize(
    ("days", "reached", "is_known", "told"),
    [
        (95, 40, True, Waited(95, 4)),
        (95, 40, False, Waited(None, 2)),
        (95, None, True, Waited(95, 4)),
        (95, None, False, Waited()),
        (None, None, True, Waited()),
        (None, None, False, Waited()),
    ],
)
def test_waiting_is_told_in_days_months_or_not(
    days: int | None,
    reached: int | None,
    is_known: bool,  # noqa: FBT001  an expectation
    told: Waited,
) -> None:
    assert waited(days, reached, is_known=is_known) == told


@pytest.mark.parametrize(("days", "months"), [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2)])
def test_a_month_that_has_begun_counts(days: int, months: int) -> None:
    assert months_begun(days) == months


@pytest.mark.parametrize(
    ("people", "places", "mentors", "needed"), [(7, 9, 3, 3), (7, 0, 0, 7), (7, 1, 4, 7), (8, 8, 4, 4), (1, 40, 4, 1)]
)
def test_mentors_are_as_many_as_their_places_ask(people: int, places: int, mentors: int, needed: int) -> None:
    assert mentors_for(people, places, mentors) == needed
