"""When does a description need somebody to vouch for it again, and does everything have a name in both languages?"""

from datetime import date

import pytest

from app.domain.catalogue import is_stale, label, labels
from app.domain.glossary import Category, Listing, ProgramKind

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize("assured_on", [None, date(2025, 2, 28)])
def test_a_description_is_stale_after_twelve_months(assured_on: date | None) -> None:
    assert is_stale(assured_on, TODAY)


@pytest.mark.parametrize("assured_on", [date(2025, 3, 1), date(2026, 3, 1)])
def test_a_description_holds_for_twelve_months(assured_on: date) -> None:
    assert not is_stale(assured_on, TODAY)


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("category", [*Category]),
        ("kind", [*ProgramKind]),
        ("listing", [*Listing]),
        ("factor", ["1", "2", "3", "4", "5", "6", "7"]),
    ],
)
def test_every_word_of_the_catalogue_has_a_name_in_both_languages(group: str, values: list[str]) -> None:
    assert list(labels(group)) == values
    assert all(name["sv"] and name["en"] for name in labels(group).values())


def test_languages_have_names_and_the_unknown_has_none() -> None:
    assert label("language", "ti") == {"sv": "tigrinska", "en": "Tigrinya"}
    assert label("kind", "internship") == {"sv": "Praktik", "en": "Internship"}
    assert (label("language", "xx"), label("district", "Boo"), label("kind", "nothing")) == (None, None, None)
