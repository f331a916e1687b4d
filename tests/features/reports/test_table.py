"""Can a Swedish spreadsheet open the table, and does nothing in it compute?"""

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.accept import preferred
from app.kit.spreadsheets import CSV, XLSX, Sheet, as_csv, as_workbook, harmless

JSON, HTML, PDF = "application/json", "text/html", "application/pdf"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/csv", CSV),
        ("*/*", JSON),
        (JSON, JSON),
        ("text/csv, application/json", JSON),
        ("text/csv, application/json;q=0.9", CSV),
        ("text/csv;q=0.1, */*;q=0.05", CSV),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
        ("application/pdf", PDF),
        (XLSX, XLSX),
        ("text/csv;q=0, */*", JSON),
        ("text/csv;q=high", JSON),
        ("image/png", JSON),
        ("", JSON),
    ],
)
def test_the_form_that_the_header_ranks_highest_is_given(accept: str, expected: str) -> None:
    assert preferred(accept, (JSON, CSV, XLSX, HTML, PDF)) == expected


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


SHEET = Sheet(
    "Prov",
    ("Namn", "Antal", "Andel", "Ja", "Dag"),
    [["=1+1", 3, 0.529, True, date(2014, 4, 30)], ["Åsa", None, 1.0, False, None]],
)


def test_a_table_has_decimal_commas_and_words() -> None:
    assert as_csv(SHEET).decode("utf-8-sig").splitlines() == [
        "Namn;Antal;Andel;Ja;Dag",
        "'=1+1;3;52,9;ja;2014-04-30",
        "Åsa;;100,0;nej;",
    ]


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers() -> None:
    made = zipfile.ZipFile(io.BytesIO(as_workbook([SHEET], datetime(2026, 3, 2, tzinfo=UTC))))
    page = made.read("xl/worksheets/sheet1.xml").decode()
    strings = made.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in page
    assert "=1+1" in strings
    assert "<v>0.529</v>" in page
    assert "<v>41759</v>" in page  # 30 April 2014, as spreadsheets count days


@pytest.mark.parametrize("start", list("=+-@\t\r"))
def test_nothing_in_a_workbook_computes(start: str) -> None:
    sheet = Sheet("Prov", ("Namn",), [[f"{start}cmd|' /C calc'!A0"]])
    made = zipfile.ZipFile(io.BytesIO(as_workbook([sheet], datetime(2026, 3, 2, tzinfo=UTC))))
    assert "<f>" not in made.read("xl/worksheets/sheet1.xml").decode()
