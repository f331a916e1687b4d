"""Which days does a tertial have, and which texts are none?"""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import RuleViolation, catalogue
from app.domain.figures import DEFINITIONS, Measure
from app.domain.outcomes import rule_document
from app.domain.reports import Tertial


@pytest.mark.parametrize(
    ("tertial", "first_on", "last_on"),
    [
        ("2014-T1", date(2014, 1, 1), date(2014, 4, 30)),
        ("2014-T2", date(2014, 5, 1), date(2014, 8, 31)),
        ("2014-T3", date(2014, 9, 1), date(2014, 12, 31)),
    ],
)
def test_tertials_are_read_and_written(tertial: str, first_on: date, last_on: date) -> None:
    found = Tertial.parse(tertial)
    assert (str(found), found.period()) == (tertial, (first_on, last_on))
    day = timedelta(days=1)
    assert [found.has_begun(first_on - day), found.has_begun(first_on)] == [False, True]
    assert [found.has_ended(last_on), found.has_ended(last_on + day)] == [False, True]


@pytest.mark.parametrize(
    ("today", "expected"),
    [(date(2014, 4, 30), "2013-T3"), (date(2014, 5, 1), "2014-T1"), (date(2014, 12, 31), "2014-T2")],
)
def test_the_last_that_has_ended_is_the_one_before(today: date, expected: str) -> None:
    found = Tertial.last_ended(today)
    assert str(found) == expected
    assert found.has_ended(today)


@given(st.integers(1000, 9997))
def test_tertials_cover_the_year_without_gap(year: int) -> None:
    thirds = [Tertial(year, number).period() for number in (1, 2, 3)] + [Tertial(year + 1, 1).period()]
    assert all(earlier[1] + timedelta(days=1) == later[0] for earlier, later in pairwise(thirds))


@pytest.mark.parametrize(
    "text", ["", "2014", "2014-T0", "2014-T4", "2014T1", "14-T1", "9999-T3", "٢٠١٤-T1", "2014-T1\n"]
)
def test_anything_else_is_no_tertial(text: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        Tertial.parse(text)
    assert caught.value.code == "report.tertial_invalid"
    assert caught.value.code in catalogue()


@pytest.mark.parametrize(("year", "number"), [(2014, 0), (2014, 4), (999, 1), (9999, 1)])
def test_a_tertial_out_of_bounds_cannot_be_made(year: int, number: int) -> None:
    with pytest.raises(RuleViolation, match=r"report\.tertial_invalid"):
        Tertial(year, number)


def test_every_figure_has_its_words_and_its_rule() -> None:
    document = rule_document()
    assert len({one.id for one in DEFINITIONS}) == len(DEFINITIONS)
    for one in DEFINITIONS:
        assert document["rules"][one.rule_id]["source"] in document["sources"]
        for texts in (one.title, one.population):
            assert set(texts) == {"sv", "en"}
            assert all(texts.values())
    assert set(document["populations"]) == set(document["titles"]) == {one.id for one in DEFINITIONS}


def test_each_measure_has_a_bit_of_its_own() -> None:
    assert sorted(one.bit for one in Measure) == [1 << place for place in range(len(Measure))]
