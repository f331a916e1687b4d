"""Are days, numbers and parts of the gap view written as one writes them in Swedish?"""

from datetime import date

import pytest

from app.domain.glossary import Category, ProgramKind
from app.domain.swedish import CATEGORIES, KINDS, day, part_said, percent, whole


def test_numbers_and_days() -> None:
    assert day(date(2014, 4, 30)) == "30 april 2014"
    assert whole(12345) == "12\u00a0345"
    assert (percent(0.529), percent(0.5, 0)) == ("52,9\u00a0%", "50\u00a0%")


def test_every_category_and_kind_has_a_word() -> None:
    assert set(CATEGORIES) == set(Category)
    assert set(KINDS) == set(ProgramKind)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (("youth", "internship", "so", "Berget", "0182"), "Ungdomar, praktik, somaliska, Berget, kommun 0182"),
        ((None, None, "ti", None, None), "tigrinska"),
        ((None, None, None, None, None), ""),
    ],
)
def test_a_part_is_said(part: tuple[str | None, ...], said: str) -> None:
    assert part_said(*part) == said
