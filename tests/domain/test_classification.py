"""Is every column in one class, and does the classification answer what the house asks it?"""

import pytest

from app.domain import classification
from app.domain.classification import Sensitivity, class_of, classified, personal_columns, tables_with_personal_data


@pytest.mark.parametrize(
    ("table", "column", "expected"),
    [
        ("participant", "given_name", Sensitivity.IDENTITY),
        ("participant", "phone", Sensitivity.CONTACT),
        ("participant", "protection", Sensitivity.PROTECTED),
        ("participant", "person_id", Sensitivity.INTERNAL),
        ("outcome", "income_source", Sensitivity.SENSITIVE),
        ("user_account", "password_hash", Sensitivity.PROTECTED),
        ("program", "name", Sensitivity.OPEN),
    ],
)
def test_columns_have_the_class_that_people_expect(table: str, column: str, expected: Sensitivity) -> None:
    assert class_of(table, column) is expected


def test_what_nobody_has_classified_has_no_class() -> None:
    with pytest.raises(KeyError):
        class_of("participant", "diagnosis")


def test_personal_columns_leave_out_what_says_nothing() -> None:
    assert personal_columns("guardian") == {
        "given_name", "family_name", "email", "phone", "consented_on", "withdrawn_on",
    }  # fmt: skip
    assert personal_columns("cohort") == set()


def test_tables_with_personal_data_are_those_that_name_or_describe_people() -> None:
    found = tables_with_personal_data()
    assert {"participant", "guardian", "consent", "match", "meeting", "outcome", "concealment"} <= found
    assert found.isdisjoint({"partner", "program", "cohort", "agreement", "course", "information_pack", "change"})
    assert found <= classified().keys()


def test_a_column_in_two_classes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"guardian\.email is classified twice"):
        classification._columns("guardian", {"open": ["email"], "contact": ["email"]})


def test_a_class_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="secretish"):
        classification._columns("guardian", {"secretish": ["email"]})
