"""Does each rule let in and keep out exactly whom it should, and say only what it demands?"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.days import age_on
from app.domain.eligibility import (
    EligibilityRules,
    OpenProgram,
    PersonFacts,
    accepting,
    check_eligibility,
    failed_rules,
)
from app.domain.errors import RuleViolation, catalogue
from app.domain.glossary import CefrLevel

INTAKE_ON = date(2014, 9, 1)
YOUNG_AND_ACTIVE = EligibilityRules.parse({"minAge": 16, "maxAge": 29, "attestations": ["activityCompensation"]})
ATTESTED = frozenset({"activityCompensation"})


def failed(rules: EligibilityRules, person: PersonFacts) -> list[str]:
    return [failure.rule.value for failure in failed_rules(rules, person, INTAKE_ON)]


@pytest.mark.parametrize(
    ("born_on", "expected"),
    [
        (date(1998, 9, 2), ["minAge"]),  # 15, sixteen tomorrow
        (date(1998, 9, 1), []),  # 16 today
        (date(1984, 9, 2), []),  # 29, thirty tomorrow
        (date(1984, 9, 1), ["maxAge"]),  # 30 today
    ],
)
def test_young_and_active_takes_sixteen_to_twenty_nine_at_intake(born_on: date, expected: list[str]) -> None:
    assert failed(YOUNG_AND_ACTIVE, PersonFacts(born_on=born_on, attestations=ATTESTED)) == expected


def test_an_attestation_is_asked_for_by_code() -> None:
    person = PersonFacts(born_on=date(1990, 1, 1))
    [failure] = failed_rules(YOUNG_AND_ACTIVE, person, INTAKE_ON)
    assert failure.facts() == {"rule": "attestations", "demand": ["activityCompensation"]}


@pytest.mark.parametrize(
    ("birth_year", "expected"),
    [(1999, ["minAge"]), (1998, ["minAge"]), (1997, []), (1985, []), (1984, ["maxAge"]), (None, ["minAge", "maxAge"])],
)
def test_with_only_a_birth_year_both_possible_ages_must_fit(birth_year: int | None, expected: list[str]) -> None:
    assert failed(YOUNG_AND_ACTIVE, PersonFacts(birth_year=birth_year, attestations=ATTESTED)) == expected


def test_residence_and_language() -> None:
    rules = EligibilityRules.parse({"municipalities": ["0182", "0120"], "languageMin": "A2"})
    assert failed(rules, PersonFacts(municipality="0182", swedish=CefrLevel.A2)) == []
    assert failed(rules, PersonFacts(municipality="0120", swedish=CefrLevel.NATIVE)) == []
    assert failed(rules, PersonFacts(municipality="0180", swedish=CefrLevel.A1)) == ["municipalities", "languageMin"]
    assert failed(rules, PersonFacts()) == ["municipalities", "languageMin"]


@pytest.mark.parametrize(
    ("occupation", "is_let_in"),
    [
        ("2512", True),
        ("25", True),
        ("251", True),
        ("2", False),
        ("2611", False),
        ("125", False),
        ("3512", True),
        (None, False),
    ],
)
def test_an_occupation_begins_with_a_field_of_work(occupation: str | None, is_let_in: bool) -> None:  # noqa: FBT001  a case
    rules = EligibilityRules.parse({"fieldsOfWork": ["35", "25"]})
    expected = [] if is_let_in else [{"rule": "fieldsOfWork", "demand": ["25", "35"]}]
    facts = failed_rules(rules, PersonFacts(occupation=occupation), INTAKE_ON)
    assert [failure.facts() for failure in facts] == expected


def open_program(number: int, rules: EligibilityRules, cohort: int = 1) -> OpenProgram:
    return OpenProgram(UUID(int=number), UUID(int=1000 * number + cohort), f"Program {number}", rules)


def test_a_refusal_names_the_open_programs_that_say_yes_each_once() -> None:
    old, young = EligibilityRules(min_age=30), EligibilityRules(max_age=29)
    others = [open_program(1, young), open_program(2, old), open_program(3, old), open_program(3, old, 2)]
    with pytest.raises(RuleViolation) as caught:
        check_eligibility(young, PersonFacts(born_on=date(1980, 1, 1)), INTAKE_ON, others)
    assert caught.value.facts["openPrograms"] == [others[1].facts(), others[2].facts()]
    assert others[1].facts() == {
        "programId": "00000000-0000-0000-0000-000000000002",
        "cohortId": "00000000-0000-0000-0000-0000000007d1",
        "name": "Program 2",
    }


def test_a_refusal_names_twenty_programs_at_most_and_reads_no_further() -> None:
    everybody = EligibilityRules()
    asked: list[int] = []

    def others() -> Iterator[OpenProgram]:
        for number in range(1, 100):
            asked.append(number)
            yield open_program(number, everybody)

    found = accepting(others(), PersonFacts(), INTAKE_ON)
    assert [program.name for program in found] == [f"Program {number}" for number in range(1, 21)]
    assert asked == list(range(1, 21))


def test_nothing_is_read_for_somebody_who_is_let_in() -> None:
    others = iter([open_program(1, EligibilityRules())])
    check_eligibility(EligibilityRules(), PersonFacts(), INTAKE_ON, others)
    assert len(list(others)) == 1


def test_a_refusal_names_every_rule_and_its_demand_but_nothing_about_the_person() -> None:
    rules = EligibilityRules.parse({"minAge": 20, "maxAge": None, "municipalities": ["0182"], "languageMin": "B1"})
    with pytest.raises(RuleViolation) as caught:
        check_eligibility(rules, PersonFacts(born_on=date(2000, 1, 1), municipality="1480"), INTAKE_ON)
    assert caught.value.code == "enrolment.not_eligible"
    assert caught.value.code in catalogue()
    assert caught.value.facts == {
        "rules": [
            {"rule": "minAge", "demand": 20},
            {"rule": "municipalities", "demand": ["0182"]},
            {"rule": "languageMin", "demand": "B1"},
        ],
        "openPrograms": [],
    }


def test_without_rules_everybody_is_let_in() -> None:
    check_eligibility(EligibilityRules.parse({}), PersonFacts(), INTAKE_ON)


@pytest.mark.parametrize(
    ("document", "pointer", "reason"),
    [
        ({"minage": 3}, "", "unknownRule"),
        ({"minAge": -1}, "/minAge", "notAnAge"),
        ({"maxAge": 151}, "/maxAge", "notAnAge"),
        ({"minAge": True}, "/minAge", "notAnAge"),
        ({"minAge": "16"}, "/minAge", "notAnAge"),
        ({"minAge": 30, "maxAge": 29}, "/maxAge", "belowMinAge"),
        ({"municipalities": "0182"}, "/municipalities", "notCodes"),
        ({"municipalities": [182]}, "/municipalities", "notCodes"),
        ({"attestations": [""]}, "/attestations", "notCodes"),
        ({"fieldsOfWork": "25"}, "/fieldsOfWork", "notCodes"),
        ({"fieldsOfWork": ["25", "IT"]}, "/fieldsOfWork", "notOccupationCodes"),
        ({"fieldsOfWork": ["25123"]}, "/fieldsOfWork", "notOccupationCodes"),
        ({"fieldsOfWork": ["²5"]}, "/fieldsOfWork", "notOccupationCodes"),
        ({"fieldsOfWork": ["٢٥"]}, "/fieldsOfWork", "notOccupationCodes"),
        ({"languageMin": "SFI D"}, "/languageMin", "unknownLevel"),
        ({"languageMin": ["A2"]}, "/languageMin", "unknownLevel"),
    ],
)
def test_bad_rules_are_refused_with_a_pointer(document: dict[str, Any], pointer: str, reason: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        EligibilityRules.parse(document)
    assert (caught.value.code, caught.value.pointer) == ("eligibility.invalid", pointer)
    assert caught.value.facts["reason"] == reason
    assert caught.value.code in catalogue()


def test_all_rules_may_stand_together_at_their_bounds() -> None:
    document = {
        "minAge": 0,
        "maxAge": 150,
        "municipalities": ["0182"],
        "languageMin": "C2",
        "attestations": ["a"],
        "fieldsOfWork": ["2512", "3"],
    }
    attested, fields = frozenset({"a"}), frozenset({"2512", "3"})
    expected = EligibilityRules(0, 150, frozenset({"0182"}), CefrLevel.C2, attested, fields)
    assert EligibilityRules.parse(document) == expected


def test_equal_bounds_are_allowed() -> None:
    assert EligibilityRules.parse({"minAge": 29, "maxAge": 29}) == EligibilityRules(29, 29)


@given(st.dates(date(1920, 1, 1), INTAKE_ON), st.integers(0, 60), st.integers(0, 60))
def test_age_rules_agree_with_the_age(born_on: date, lowest: int, width: int) -> None:
    rules = EligibilityRules(lowest, lowest + width)
    is_let_in = not failed_rules(rules, PersonFacts(born_on=born_on), INTAKE_ON)
    assert is_let_in == (lowest <= age_on(born_on, INTAKE_ON) <= lowest + width)
