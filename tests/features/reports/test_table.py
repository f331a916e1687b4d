"""Can a Swedish spreadsheet open the table, and does nothing in it compute?"""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.reports.router.table import harmless, prefers_csv


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/csv", True),
        ("*/*", False),
        ("application/json", False),
        ("text/csv, application/json", False),
        ("text/csv, application/json;q=0.9", True),
        ("text/csv;q=0.1, */*;q=0.05", True),
        ("text/*, application/json;q=0.5", True),
        ("text/csv;q=0, */*", False),
        ("text/csv;q=high", False),
        ("", False),
    ],
)
def test_the_table_is_answered_to_those_who_prefer_it(accept: str, expected: bool) -> None:  # noqa: FBT001  as given
    assert prefers_csv(accept) is expected


@given(st.text())
def test_no_cell_begins_like_a_formula_and_none_is_lost(text: str) -> None:
    cell = harmless(text)
    assert cell.removeprefix("'" if cell != text else "") == text
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerow([cell, "next"])
    written.seek(0)
    (read,) = csv.reader(written, delimiter=";")
    assert read == [cell, "next"]
    assert not read[0].startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("start", list("=+-@\t\r"))
def test_each_start_of_a_formula_is_neutralised(start: str) -> None:
    assert harmless(f"{start}1+1") == f"'{start}1+1"
