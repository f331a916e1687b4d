"""In which file does a person find what was read? CSV for Excel, XLSX or SQLite; replaced whole, or left as it was."""

import csv
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # it has no annotations

from .failures import NotConfigured
from .mirror import Mirror
from .words import say

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet takes for a formula."""
Cell = str | int | float | None
Writer = Callable[[Path, Mirror, Collection[str]], None]


def write(mirror: Mirror, kinds: Collection[str], target: Path) -> list[Path]:
    """Write what was read of these kinds to `target`: a folder of CSV files, an .xlsx or an .sqlite file.

    Raises: NotConfigured for another ending, or where nothing can be written.
    """
    try:
        if target.suffix == "":
            target.mkdir(parents=True, exist_ok=True)
            return [_replace(target / f"{kind}.csv", mirror, [kind], _csv) for kind in kinds]
        writer = {".xlsx": _xlsx, ".sqlite": _sqlite}.get(target.suffix.lower())
        if writer is None:
            raise NotConfigured(
                say(
                    f"{target}: name a folder (for CSV files), an .xlsx or an .sqlite file.",
                    f"{target}: ange en mapp (för CSV-filer), en .xlsx- eller en .sqlite-fil.",
                )
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        return [_replace(target, mirror, kinds, writer)]
    except OSError as error:
        raise NotConfigured(
            say(f"{target} cannot be written: {error}", f"{target} går inte att skriva: {error}")
        ) from None


def _replace(target: Path, mirror: Mirror, kinds: Collection[str], writer: Writer) -> Path:
    """Whoever opens the file sees the old one or the new one, whole; only its owner may read it."""
    with _beside(target) as draft:
        writer(draft, mirror, kinds)
        draft.replace(target)
    return target


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=target.suffix)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _csv(path: Path, mirror: Mirror, kinds: Collection[str]) -> None:
    """UTF-8 with a mark and semicolons: what a Swedish Excel opens by a double click."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        for kind in kinds:
            columns = _columns(mirror.bodies(kind))
            rows.writerow(columns)
            rows.writerows([_harmless(cell) for cell in _cells(body, columns)] for body in mirror.bodies(kind))


def _xlsx(path: Path, mirror: Mirror, kinds: Collection[str]) -> None:
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, {"constant_memory": True, **plain}) as book:
        for kind in kinds:
            sheet, columns = book.add_worksheet(kind), _columns(mirror.bodies(kind))
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
            for number, body in enumerate(mirror.bodies(kind), start=1):
                sheet.write_row(number, 0, _cells(body, columns))


def _sqlite(path: Path, mirror: Mirror, kinds: Collection[str]) -> None:
    with closing(sqlite3.connect(path)) as file, file:
        for kind in kinds:
            columns = _columns(mirror.bodies(kind))
            names = ", ".join(f'"{name}"' for name in columns)
            file.execute(f'create table "{kind}" ({names}, primary key ("id"))')
            holes = ", ".join("?" * len(columns))
            file.executemany(
                f'insert into "{kind}" values ({holes})',  # noqa: S608  names are ours or JSON names of letters
                (_cells(body, columns) for body in mirror.bodies(kind)),
            )


def _columns(bodies: Iterable[Mapping[str, Any]]) -> list[str]:
    """The names in the order they are met, id first; one that is no plain word is passed over."""
    return list(dict.fromkeys(["id", *(name for body in bodies for name in body if name.isidentifier())]))


def _cells(body: Mapping[str, Any], columns: list[str]) -> list[Cell]:
    return [_cell(body.get(name)) for name in columns]


def _cell(value: Any) -> Cell:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    if isinstance(value, bool):
        return say("yes", "ja") if value else say("no", "nej")
    if value is None or isinstance(value, str | int | float):
        return value
    return json.dumps(value, ensure_ascii=False)


def _harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would run is shown as text instead."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(DANGEROUS) else cell
