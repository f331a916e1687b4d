"""Do the committee's figures count each person rightly, and name what did not count?"""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import RuleViolation, catalogue
from app.domain.glossary import Category, Side
from app.domain.outcomes import IncomeSource, Occasion, Occupation, OutcomeFact, rule_document
from app.domain.reports import Figure, ScopeKind, Tertial, TertialFacts, tertial_figures

FIRST = Tertial(2014, 1)
EXIT_ON = date(2014, 3, 31)


def leaving(occupation: Occupation, began_on: date | None = None, **values: Any) -> tuple[OutcomeFact, ...]:
    return (OutcomeFact(Occasion.EXIT, EXIT_ON, IncomeSource.OTHER, occupation, 100, began_on, **values),)


WORK = leaving(Occupation.WORK, date(2014, 2, 1))


def record(number: object, **values: Any) -> TertialFacts:
    given = {
        "person": f"p{number}",
        "program": "nbtp",
        "category": Category.OTHER,
        "side": Side.MENTEE,
        "began_on": date(2014, 1, 15),
    }
    return TertialFacts(**{"id": f"e{number}", **given, **values})


def figures(records: list[TertialFacts], tertial: Tertial = FIRST, key: str | None = None) -> dict[str, Figure]:
    return {figure.id: figure for figure in tertial_figures(records, tertial) if figure.scope.key == key}


def values(records: list[TertialFacts], tertial: Tertial = FIRST, key: str | None = None) -> dict[str, int | None]:
    return {name: figure.value for name, figure in figures(records, tertial, key).items() if name != "koladaShare"}


def test_the_first_tertial_of_2014_as_the_committee_saw_it() -> None:
    counted = [record(f"a{n:03}", ended_on=EXIT_ON, outcomes=WORK) for n in range(64)]
    without = [record(f"b{n:03}", ended_on=EXIT_ON, outcomes=leaving(Occupation.JOB_SEEKING)) for n in range(53)]
    staying = [record(f"c{n:03}") for n in range(644)]
    not_counting = {
        "ex1": (
            record("x1", ended_on=EXIT_ON, is_registered_in_error=True, outcomes=WORK),
            "tertial.registered_in_error",
        ),
        "ex2": (
            record("x2", ended_on=EXIT_ON, outcomes=leaving(Occupation.MUNICIPAL_LABOUR_MARKET_JOB, date(2014, 1, 1))),
            "kolada.municipal_job",
        ),
        "ex3": (
            record("x3", ended_on=EXIT_ON, outcomes=leaving(Occupation.WORK, date(2014, 3, 3))),
            "kolada.job_under_one_month",
        ),
        "ex4": (record("x4", ended_on=EXIT_ON, outcomes=leaving(Occupation.STUDIES)), "kolada.studies_without_aid"),
        "ex5": (record("x5", ended_on=EXIT_ON), "kolada.no_exit_record"),
    }
    found = figures([*counted, *without, *staying, *(entry for entry, _ in not_counting.values())])
    assert (found["inEffort"].value, found["ended"].value, found["endedToSelfSufficiency"].value) == (765, 121, 64)
    assert (found["koladaShare"].share, found["koladaShare"].base, found["koladaShare"].value) == (52.9, 121, None)
    excluded = dict(found["koladaShare"].excluded)
    assert {name: excluded[name] for name in not_counting} == {name: rule for name, (_, rule) in not_counting.items()}
    assert Counter(excluded.values())["kolada.no_work_or_studies"] == 53
    assert found["inEffort"].excluded == (("ex1", "tertial.registered_in_error"),)


def test_two_enrolments_of_one_person_are_one_person() -> None:
    trainee = record(1, person="p", program="nbtp", ended_on=EXIT_ON)
    mentee = record(2, person="p", program="yrkesmentor", ended_on=EXIT_ON, outcomes=WORK)
    found = figures([trainee, mentee])
    assert {name: figure.value for name, figure in found.items()} == {
        "inEffort": 1,
        "enrolmentsInEffort": 2,
        "ended": 1,
        "enrolmentsEnded": 2,
        "endedToSelfSufficiency": 1,
        "enrolmentsEndedToSelfSufficiency": 1,
        "koladaShare": None,
    }
    assert found["koladaShare"].share == 100.0
    assert found["inEffort"].excluded == (("e2", "tertial.person_counted_once"),)
    assert found["enrolmentsInEffort"].excluded == ()
    assert values([trainee, mentee], key="nbtp")["endedToSelfSufficiency"] == 0
    assert values([trainee, mentee], key="yrkesmentor")["endedToSelfSufficiency"] == 1


def test_mentors_and_those_who_never_began_are_no_participants() -> None:
    found = figures([record(1, side=Side.MENTOR, ended_on=EXIT_ON), record(2, began_on=None, ended_on=EXIT_ON)])
    expected = (("e1", "tertial.mentor_no_participant"), ("e2", "tertial.never_began"))
    assert all(figure.excluded == expected for figure in found.values())
    assert {figure.value for figure in found.values()} == {0, None}


def test_without_any_ended_there_is_no_share() -> None:
    found = figures([record(1)])
    assert (found["koladaShare"].share, found["koladaShare"].base) == (None, 0)
    assert found["ended"].excluded == (("e1", "tertial.not_ended"),)
    assert figures([])["inEffort"].value == 0


@pytest.mark.parametrize(
    ("began_on", "ended_on", "in_effort", "ended"),
    [
        (date(2013, 5, 1), date(2013, 12, 31), 0, 0),
        (date(2013, 5, 1), date(2014, 1, 1), 1, 1),
        (date(2014, 4, 30), date(2014, 4, 30), 1, 1),
        (date(2014, 4, 30), date(2014, 5, 1), 1, 0),
        (date(2014, 5, 1), None, 0, 0),
        (date(2010, 1, 1), None, 1, 0),
    ],
)
def test_the_period_includes_its_first_and_last_day(
    began_on: date, ended_on: date | None, in_effort: int, ended: int
) -> None:
    found = figures([record(1, began_on=began_on, ended_on=ended_on)])
    assert (found["inEffort"].value, found["ended"].value) == (in_effort, ended)
    assert bool(in_effort) != (("e1", "tertial.not_in_effort") in found["inEffort"].excluded)


def test_figures_come_in_total_by_category_and_by_program_with_their_definitions() -> None:
    records = [record(1, category=Category.YOUTH, program="ung"), record(2), record(3)]
    found = tertial_figures(records, FIRST)
    scopes = [(figure.scope.kind, figure.scope.key) for figure in found if figure.id == "inEffort"]
    assert scopes == [
        (ScopeKind.TOTAL, None),
        (ScopeKind.CATEGORY, "other"),
        (ScopeKind.CATEGORY, "youth"),
        (ScopeKind.PROGRAM, "nbtp"),
        (ScopeKind.PROGRAM, "ung"),
    ]
    assert [figure.value for figure in found if figure.id == "inEffort"] == [3, 2, 1, 2, 1]
    for figure in found:
        assert figure.population_en == rule_document()["populations"][figure.id]["en"]
        assert figure.population_sv == rule_document()["populations"][figure.id]["sv"]
        assert figure.period == (date(2014, 1, 1), date(2014, 4, 30))
        assert figure.rule_id in rule_document()["rules"]


DAYS = st.dates(date(2013, 10, 1), date(2014, 7, 1))
RECORDS = st.lists(
    st.builds(
        lambda person, program, side, began, length, error, occupation: {
            "person": f"p{person}",
            "program": program,
            "side": side,
            "began_on": began,
            "ended_on": began + timedelta(days=length) if length is not None else None,
            "is_registered_in_error": error,
            "outcomes": leaving(occupation, date(2014, 1, 1), has_study_aid=True),
        },
        st.integers(0, 5),
        st.sampled_from(["nbtp", "ung"]),
        st.sampled_from(Side),
        DAYS,
        st.none() | st.integers(0, 200),
        st.booleans(),
        st.sampled_from(Occupation),
    ),
    max_size=14,
).map(lambda rows: [record(number, **row) for number, row in enumerate(rows)])


@given(RECORDS, st.randoms(use_true_random=False))
def test_each_record_counts_or_is_named_and_order_does_not_matter(
    records: list[TertialFacts], shuffler: random.Random
) -> None:
    found = tertial_figures(records, FIRST)
    shuffled = list(records)
    shuffler.shuffle(shuffled)
    assert tertial_figures(shuffled, FIRST) == found
    known = rule_document()["rules"]
    for figure in found:
        size = sum(figure.scope.key in {None, entry.program, entry.category.value} for entry in records)
        assert all(rule_id in known for _, rule_id in figure.excluded)
        assert figure.value is None or figure.value + len(figure.excluded) == size
    total = figures(records)
    mentees = {entry.person for entry in records if entry.side is Side.MENTEE}
    persons = total["inEffort"].value or 0
    assert (total["endedToSelfSufficiency"].value or 0) <= (total["ended"].value or 0) <= persons <= len(mentees)
    assert persons <= (total["enrolmentsInEffort"].value or 0)


@given(RECORDS)
def test_registered_in_error_changes_no_figure(records: list[TertialFacts]) -> None:
    wrong = [replace(entry, id=f"wrong-{entry.id}", is_registered_in_error=True) for entry in records]
    assert values(records) == values([*records, *wrong])


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
