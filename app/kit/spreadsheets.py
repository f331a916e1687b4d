"""How do rows look in a Swedish spreadsheet? As CSV with BOM, semicolons and decimal comma, or as a workbook (XLSX)."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # it has no annotations

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = "\ufeff"
STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001  spreadsheets obey the wide ones too
WIDEST = 60

Value = str | int | float | bool | date | None


@dataclass(frozen=True)
class Sheet:
    """A table with one row of headings. Floats are shares, shown in percent."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]


def as_csv(sheet: Sheet) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(sheet.headings)
    writer.writerows([_text(value) for value in row] for row in sheet.rows)
    return (BOM + written.getvalue()).encode()


def harmless(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would take for a formula (OWASP: CSV injection)."""
    return f"'{cell}" if cell.startswith(STARTS_A_FORMULA) else cell


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, float):
        return f"{value * 100:.1f}".replace(".", ",")
    return harmless(value) if isinstance(value, str) else str(value)


def as_workbook(sheets: Sequence[Sheet], at: datetime) -> bytes:
    """One workbook; texts are stored as texts, so that nothing in it computes. `at` is its time of creation."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        book.set_properties({"created": at.replace(tzinfo=None)})
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "share": book.add_format({"num_format": "0.0%"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, formats)
    return written.getvalue()


def _write(page: Any, sheet: Sheet, formats: Mapping[str, Any]) -> None:
    for column, heading in enumerate(sheet.headings):
        page.write_string(0, column, heading, formats["head"])
        longest = max(len(_text(row[column])) for row in [sheet.headings, *sheet.rows])
        page.set_column(column, column, min(WIDEST, longest + 2))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(sheet.rows), len(sheet.headings) - 1)
    for number, row in enumerate(sheet.rows, 1):
        for column, value in enumerate(row):
            _write_cell(page, (number, column), value, formats)


def _write_cell(page: Any, at: tuple[int, int], value: Value, formats: Mapping[str, Any]) -> None:
    """Each kind of value by its own method: xlsxwriter's general one would read formulas out of texts."""
    if isinstance(value, str | bool):
        page.write_string(*at, value if isinstance(value, str) else _text(value))
    elif isinstance(value, date):
        page.write_datetime(*at, value, formats["day"])
    elif isinstance(value, float):
        page.write_number(*at, value, formats["share"])
    elif value is not None:
        page.write_number(*at, value)
