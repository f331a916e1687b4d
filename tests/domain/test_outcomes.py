"""Does a recorded outcome count as Kolada, SUS and ESF say, on the day and the day before?"""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.days import add_months
from app.domain.errors import RuleViolation, catalogue
from app.domain.glossary import ExitReason
from app.domain.outcomes import (
    EndKind,
    IncomeSource,
    Occasion,
    Occupation,
    OutcomeFact,
    Stay,
    check_day,
    check_facts,
    end_kind,
    esf_immediate,
    esf_long_term,
    extent_of,
    kolada_result,
    rule_document,
    sus_increased,
    sus_public_support_ended,
    verdicts,
)

ENTRY_ON, EXIT_ON = date(2014, 1, 13), date(2014, 4, 9)


def fact(
    occupation: Occupation = Occupation.JOB_SEEKING, occasion: Occasion = Occasion.EXIT, **values: Any
) -> OutcomeFact:
    on = {
        Occasion.ENTRY: ENTRY_ON,
        Occasion.EXIT: EXIT_ON,
        Occasion.AFTER_ONE_MONTH: add_months(EXIT_ON, 1),
        Occasion.AFTER_SIX_MONTHS: add_months(EXIT_ON, 6),
        Occasion.AFTER_TWELVE_MONTHS: add_months(EXIT_ON, 12),
    }[occasion]
    return OutcomeFact(
        **{"on": on, "income_source": IncomeSource.OTHER, **values}, occasion=occasion, occupation=occupation
    )


def kolada(*facts: OutcomeFact) -> tuple[bool, str]:
    verdict = kolada_result(facts)
    return verdict.counts, verdict.rule_id


@pytest.mark.parametrize("occupation", [Occupation.WORK, Occupation.SUBSIDISED_WORK])
@pytest.mark.parametrize(
    ("began_on", "expected"),
    [
        (date(2014, 3, 10), (True, "kolada.job_one_month")),  # 10 March to 9 April, both included
        (date(2014, 3, 11), (False, "kolada.job_under_one_month")),
        (date(2014, 3, 12), (False, "kolada.job_under_one_month")),  # 29 days
        (None, (False, "kolada.job_under_one_month")),  # nothing shows that it lasted
    ],
)
def test_a_job_counts_after_one_continuous_month(
    occupation: Occupation, began_on: date | None, expected: tuple[bool, str]
) -> None:
    assert kolada(fact(occupation, began_on=began_on)) == expected


def test_a_later_record_of_the_same_job_shows_that_it_lasted() -> None:
    leaving = fact(Occupation.WORK, began_on=EXIT_ON)
    same = fact(Occupation.WORK, Occasion.AFTER_ONE_MONTH, began_on=EXIT_ON)
    assert kolada(leaving) == (False, "kolada.job_under_one_month")
    assert kolada(leaving, same) == (True, "kolada.job_one_month")
    ended = fact(Occupation.WORK, Occasion.AFTER_ONE_MONTH, began_on=EXIT_ON, ended_on=EXIT_ON + timedelta(days=28))
    assert kolada(leaving, ended) == (False, "kolada.job_under_one_month")
    other_job = fact(Occupation.WORK, Occasion.AFTER_ONE_MONTH, began_on=EXIT_ON + timedelta(days=1))
    assert kolada(leaving, other_job) == (False, "kolada.job_under_one_month")
    other_kind = fact(Occupation.STUDIES, Occasion.AFTER_ONE_MONTH, began_on=EXIT_ON)
    assert kolada(leaving, other_kind) == (False, "kolada.job_under_one_month")


def test_an_end_still_to_come_is_no_proof_that_the_job_lasted() -> None:
    planned = fact(Occupation.WORK, began_on=EXIT_ON, ended_on=EXIT_ON + timedelta(days=365))
    assert kolada(planned) == (False, "kolada.job_under_one_month")


def test_a_job_that_ended_before_the_exit_is_seen_only_until_its_end() -> None:
    short = fact(Occupation.WORK, began_on=date(2014, 2, 1), ended_on=date(2014, 2, 27))
    assert kolada(short) == (False, "kolada.job_under_one_month")


@pytest.mark.parametrize(
    ("leaving", "expected"),
    [
        (fact(Occupation.MUNICIPAL_LABOUR_MARKET_JOB, began_on=date(2013, 1, 1)), (False, "kolada.municipal_job")),
        (fact(Occupation.STUDIES, has_study_aid=True), (True, "kolada.studies_with_aid")),
        (fact(Occupation.STUDIES, has_study_aid=False), (False, "kolada.studies_without_aid")),
        (fact(Occupation.OWN_BUSINESS, began_on=date(2014, 3, 10)), (True, "kolada.own_business")),
        (fact(Occupation.OWN_BUSINESS, began_on=date(2014, 3, 11)), (False, "kolada.job_under_one_month")),
        (fact(Occupation.INTERNSHIP, began_on=date(2014, 1, 1)), (False, "kolada.no_work_or_studies")),
        (fact(Occupation.JOB_SEEKING), (False, "kolada.no_work_or_studies")),
        (fact(Occupation.NONE), (False, "kolada.no_work_or_studies")),
        (fact(Occupation.PARENTAL_LEAVE, has_study_aid=True), (False, "kolada.no_work_or_studies")),
    ],
)
def test_other_occupations(leaving: OutcomeFact, expected: tuple[bool, str]) -> None:
    assert kolada(leaving) == expected


def test_without_an_exit_record_nothing_counts() -> None:
    assert kolada() == (False, "kolada.no_exit_record")
    assert kolada(fact(Occupation.WORK, Occasion.ENTRY, began_on=date(2010, 1, 1))) == (False, "kolada.no_exit_record")


def test_work_found_only_after_the_exit_does_not_count_at_the_exit() -> None:
    later = fact(Occupation.WORK, Occasion.AFTER_SIX_MONTHS, began_on=date(2014, 6, 1))
    assert kolada(fact(), later) == (False, "kolada.no_work_or_studies")


@given(
    st.sampled_from(Occupation),
    st.dates(date(2013, 1, 1), date(2014, 6, 1)),
    st.booleans(),
    st.integers(0, 100),
)
def test_a_municipal_job_never_counts_and_every_verdict_has_its_rule(
    occupation: Occupation,
    began_on: date,
    aid: bool,  # noqa: FBT001  Hypothesis passes it
    extent: int,
) -> None:
    verdict = kolada_result([fact(occupation, began_on=began_on, has_study_aid=aid, extent_percent=extent)])
    rule = rule_document()["rules"][verdict.rule_id]
    assert verdict.source == rule["source"]
    assert verdict.counts <= (occupation is not Occupation.MUNICIPAL_LABOUR_MARKET_JOB)
    if verdict.counts and occupation is not Occupation.STUDIES:
        assert add_months(began_on, 1) <= EXIT_ON + timedelta(days=1)


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [
        ((Occupation.NONE, 0), (Occupation.WORK, 25), True),
        ((Occupation.NONE, 0), (Occupation.WORK, 1), True),
        ((Occupation.WORK, 25), (Occupation.WORK, 50), True),
        ((Occupation.WORK, 50), (Occupation.WORK, 50), False),
        ((Occupation.WORK, 50), (Occupation.WORK, 25), False),
        ((Occupation.WORK, 50), (Occupation.STUDIES, 25), True),  # studies began
        ((Occupation.SUBSIDISED_WORK, 50), (Occupation.WORK, 50), False),  # work all the time
        ((Occupation.STUDIES, 50), (Occupation.STUDIES, 75), True),
        ((Occupation.NONE, 0), (Occupation.WORK, 0), False),
        ((Occupation.NONE, 0), (Occupation.INTERNSHIP, 100), False),
        ((Occupation.NONE, 0), (Occupation.MUNICIPAL_LABOUR_MARKET_JOB, 75), True),
        ((Occupation.INTERNSHIP, 100), (Occupation.OWN_BUSINESS, 10), True),
    ],
)
def test_sus_counts_what_began_or_increased(
    before: tuple[Occupation, int],
    after: tuple[Occupation, int],
    counts: bool,  # noqa: FBT001  a table column
) -> None:
    entry = fact(before[0], Occasion.ENTRY, extent_percent=before[1])
    verdict = sus_increased(entry, fact(after[0], extent_percent=after[1]))
    assert (verdict.counts, verdict.source) == (counts, "SUS")
    assert verdict.rule_id == ("sus.began_or_increased" if counts else "sus.not_increased")


def esf_now(*facts: OutcomeFact) -> tuple[bool, str]:
    verdict = esf_immediate(facts)
    return verdict.counts, verdict.rule_id


def test_esf_immediate_is_new_work_or_studies_within_a_month() -> None:
    assert esf_now(fact(Occupation.WORK)) == (True, "esf.immediate")
    assert esf_now(fact(Occupation.STUDIES, Occasion.ENTRY), fact(Occupation.STUDIES))[0] is False
    assert esf_now(fact(Occupation.STUDIES, Occasion.ENTRY), fact(Occupation.WORK))[0] is True
    assert esf_now(fact(Occupation.NONE, Occasion.ENTRY), fact(Occupation.STUDIES))[0] is True
    assert esf_now(fact()) == (False, "esf.immediate_not_reached")
    assert esf_now() == (False, "esf.no_exit_record")


def test_esf_immediate_ends_one_month_after_the_exit() -> None:
    limit = add_months(EXIT_ON, 1)
    in_time = fact(Occupation.WORK, Occasion.AFTER_ONE_MONTH, on=limit)
    too_late = fact(Occupation.WORK, Occasion.AFTER_ONE_MONTH, on=limit + timedelta(days=1))
    assert esf_now(fact(), in_time) == (True, "esf.immediate")
    assert esf_now(fact(), too_late) == (False, "esf.immediate_not_reached")
    six = fact(Occupation.WORK, Occasion.AFTER_SIX_MONTHS)
    assert esf_now(fact(), six) == (False, "esf.immediate_not_reached")


def esf_later(*facts: OutcomeFact) -> tuple[bool, str]:
    verdict = esf_long_term(facts)
    return verdict.counts, verdict.rule_id


def test_esf_long_term_is_work_on_the_day_six_months_after() -> None:
    day, six = add_months(EXIT_ON, 6), Occasion.AFTER_SIX_MONTHS
    late = day + timedelta(days=9)
    assert esf_later(fact(), fact(Occupation.WORK, six)) == (True, "esf.long_term")
    assert esf_later(fact(), fact(Occupation.WORK, six, on=late, began_on=day))[0] is True
    assert esf_later(fact(), fact(Occupation.WORK, six, on=late, began_on=day + timedelta(days=1)))[0] is False
    assert esf_later(fact(), fact(Occupation.WORK, six, on=late, began_on=EXIT_ON, ended_on=day))[0] is True
    before = day - timedelta(days=1)
    assert esf_later(fact(), fact(Occupation.WORK, six, began_on=EXIT_ON, ended_on=before))[0] is False
    assert esf_later(fact(), fact(Occupation.STUDIES, six)) == (False, "esf.long_term_not_reached")
    assert esf_later(fact()) == (False, "esf.long_term_not_reached")
    assert esf_later(fact(Occupation.WORK, six)) == (False, "esf.no_exit_record")


@pytest.mark.parametrize("extent", [-1, 101])
def test_extent_beyond_full_time_is_refused(extent: int) -> None:
    with pytest.raises(RuleViolation) as caught:
        fact(extent_percent=extent)
    assert (caught.value.code, caught.value.pointer) == ("outcome.extent_out_of_range", "/extentPercent")
    assert caught.value.code in catalogue()


def test_extent_bounds_are_allowed() -> None:
    assert fact().extent_percent == 0
    assert (fact(extent_percent=0).extent_percent, fact(extent_percent=100).extent_percent) == (0, 100)


@pytest.mark.parametrize(("minutes", "percent"), [(0, 0), (600, 25), (2400, 100), (12, 1), (11, 0), (2399, 100)])
def test_extent_of_a_week(minutes: int, percent: int) -> None:
    assert extent_of(minutes) == percent


@pytest.mark.parametrize("minutes", [-1, 2401])
def test_more_than_forty_hours_is_no_extent(minutes: int) -> None:
    with pytest.raises(RuleViolation, match=r"outcome\.extent_out_of_range"):
        extent_of(minutes)


def test_an_occupation_cannot_end_before_it_begins() -> None:
    assert fact(began_on=EXIT_ON, ended_on=EXIT_ON).ended_on == EXIT_ON
    with pytest.raises(RuleViolation) as caught:
        fact(began_on=EXIT_ON, ended_on=EXIT_ON - timedelta(days=1))
    assert (caught.value.code, caught.value.pointer) == ("outcome.ends_before_start", "/endedOn")
    assert caught.value.code in catalogue()


def refusal(*facts: OutcomeFact) -> str:
    with pytest.raises(RuleViolation) as caught:
        check_facts(facts)
    assert caught.value.code in catalogue()
    return caught.value.code


def test_the_occasions_lie_in_order_and_once() -> None:
    entry, leaving = fact(occasion=Occasion.ENTRY), fact()
    same_day = fact(on=ENTRY_ON)
    assert check_facts([leaving, entry]) == {Occasion.ENTRY: entry, Occasion.EXIT: leaving}
    assert check_facts([entry, same_day])[Occasion.EXIT] is same_day
    before = ENTRY_ON - timedelta(days=1)
    assert refusal(entry, fact(on=before)) == "outcome.before_entry"
    assert refusal(fact(occasion=Occasion.AFTER_SIX_MONTHS, on=before), entry) == "outcome.before_entry"
    early = fact(occasion=Occasion.AFTER_ONE_MONTH, on=EXIT_ON - timedelta(days=1))
    assert refusal(leaving, early) == "outcome.before_exit"
    assert refusal(leaving, leaving) == "outcome.occasion_twice"


def test_every_rule_and_population_is_told_in_both_languages_with_a_known_source() -> None:
    document = rule_document()
    assert all(
        rule["sv"] and rule["en"] and rule["source"] in document["sources"] for rule in document["rules"].values()
    )
    assert all(text["sv"] and text["en"] for text in document["populations"].values())


STAY = Stay(ENTRY_ON, EXIT_ON, has_ended=True)


@pytest.mark.parametrize(
    ("occasion", "on", "stay", "code"),
    [
        (Occasion.ENTRY, ENTRY_ON - timedelta(days=7), STAY, None),
        (Occasion.ENTRY, ENTRY_ON - timedelta(days=8), STAY, "outcome.before_entry"),
        (Occasion.EXIT, ENTRY_ON, STAY, None),
        (Occasion.EXIT, ENTRY_ON - timedelta(days=1), STAY, "outcome.before_entry"),
        (Occasion.AFTER_ONE_MONTH, EXIT_ON, STAY, None),
        (Occasion.AFTER_ONE_MONTH, EXIT_ON - timedelta(days=1), STAY, "outcome.before_exit"),
        (Occasion.AFTER_ONE_MONTH, EXIT_ON, Stay(ENTRY_ON, None, has_ended=False), "outcome.before_exit"),
        (Occasion.AFTER_SIX_MONTHS, EXIT_ON, Stay(ENTRY_ON, None, has_ended=True), None),
        (Occasion.AFTER_SIX_MONTHS, add_months(EXIT_ON, 6) - timedelta(days=31), STAY, None),
        (Occasion.AFTER_SIX_MONTHS, add_months(EXIT_ON, 6) - timedelta(days=32), STAY, "outcome.too_early"),
        (Occasion.AFTER_TWELVE_MONTHS, add_months(EXIT_ON, 13), STAY, "outcome.in_future"),
    ],
)
def test_each_occasion_has_its_days(occasion: Occasion, on: date, stay: Stay, code: str | None) -> None:
    today = add_months(EXIT_ON, 12)
    if code is None:
        check_day(occasion, on, stay, today)
        return
    with pytest.raises(RuleViolation) as caught:
        check_day(occasion, on, stay, today)
    assert caught.value.code == code
    assert code in catalogue()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (IncomeSource.SOCIAL_ASSISTANCE, IncomeSource.WAGES, (True, "sus.public_support_ended")),
        (IncomeSource.ACTIVITY_COMPENSATION, IncomeSource.PARENTAL_BENEFIT, (True, "sus.public_support_ended")),
        (IncomeSource.SOCIAL_ASSISTANCE, IncomeSource.ACTIVITY_SUPPORT, (False, "sus.public_support_goes_on")),
        (IncomeSource.PENSION, IncomeSource.WAGES, (False, "sus.no_public_support_before")),
    ],
)
def test_parental_benefit_and_pension_are_no_public_support(
    before: IncomeSource, after: IncomeSource, expected: tuple[bool, str]
) -> None:
    entry, leaving = fact(occasion=Occasion.ENTRY, income_source=before), fact(income_source=after)
    verdict = sus_public_support_ended(entry, leaving)
    assert (verdict.counts, verdict.rule_id) == expected


def test_every_measure_has_a_verdict_also_without_records() -> None:
    assert {measure: verdict.rule_id for measure, verdict in verdicts([]).items()} == {
        "kolada": "kolada.no_exit_record",
        "esfImmediate": "esf.no_exit_record",
        "esfLongTerm": "esf.no_exit_record",
        "susIncreased": "sus.no_before_and_after",
        "susPublicSupportEnded": "sus.no_before_and_after",
    }
    both = [fact(occasion=Occasion.ENTRY), fact(Occupation.WORK, began_on=ENTRY_ON, extent_percent=25)]
    assert verdicts(both)["susIncreased"].counts


def test_an_end_is_planned_or_broken_off() -> None:
    planned = {reason for reason in ExitReason if end_kind(reason) is EndKind.PLANNED}
    assert planned == {ExitReason.PLANNED_END, ExitReason.GOAL_REACHED, ExitReason.NO_LONGER_RELEVANT}
    assert end_kind(None) is EndKind.INTERRUPTED
