"""What does the text of a cell mean? Swedish and English ways of writing days, numbers, yes and no, and lists.

An empty cell says nothing. What is not understood goes on as it stands: the field's own rule refuses it, as it would
refuse it anywhere else.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache, partial
from typing import Any

from app.domain.imports import CellForm, Columns, ImportField, Naming, check_once, plain

YES = frozenset({"ja", "j", "yes", "y", "true", "sant", "1", "x"})
NO = frozenset({"nej", "n", "no", "false", "falskt", "0"})
DAYS = (
    re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})(?:[T ]00:00(?::00)?)?"),
    re.compile(r"(?P<d>[0-9]{1,2})[/.](?P<m>[0-9]{1,2})[/.](?P<y>[0-9]{4})"),
    re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"),
)
NUMBER = re.compile(r"([+-]?[0-9]{1,12})(?:[.,](0+))?")
BETWEEN_ITEMS = re.compile(r"[|,;\n]")
SKILL = re.compile(r"(?P<code>[A-Za-z]{2,3})[\s:=(]+(?P<level>[^\s()]+)\)?")
WINDOW = re.compile(
    r"(?P<day>[^\W\d_]+|[1-7])\.?[\s:]+(?P<from>[0-9]{1,2})(?:[.:]00)?\s*[-\u2013]\s*(?P<until>[0-9]{1,2})(?:[.:]00)?"
)
MUNICIPALITY_DIGITS = 4
REMEMBERED = 1_024  # cells of a column
LONGEST_REMEMBERED = 100  # characters

RowReader = Callable[[list[Any]], dict[str, Any]]


def row_reader(columns: Columns) -> RowReader:
    """What reads the rows of a table: their fields by name; empty cells are left out.

    What a cell means is remembered by column, unless it is text: most of them say what others have said. Whoever is given
    a value does not change it.
    """
    readers = [(place, field, _remembering(field)) for place, field in enumerate(columns.fields) if field is not None]

    def read(cells: list[Any]) -> dict[str, Any]:
        found, width = {}, len(cells)
        for place, field, remember in readers:
            if place < width:
                cell = cells[place]
                if not isinstance(cell, str):
                    value = remember(cell)
                elif field.form is CellForm.TEXT:
                    value = cell.strip() or None
                else:
                    value = remember(cell) if len(cell) <= LONGEST_REMEMBERED else read_cell(field, cell)
                if value is not None:
                    found[field.name] = value
        return found

    return read


def _remembering(field: ImportField) -> Callable[[Any], Any]:
    return lru_cache(REMEMBERED, typed=True)(partial(read_cell, field))


def read_object(naming: Naming, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of one row that says its names itself: JSON values stay as they are, texts are read as cells.

    Null stands: it clears what may be empty. Raises: `import.column_twice`.
    """
    named = [(field, value) for header, value in given.items() if (field := naming.field(header)) is not None]
    check_once([field.name for field, _ in named])
    return {field.name: read_cell(field, value) if isinstance(value, str) else value for field, value in named}


def read_cell(field: ImportField, cell: Any) -> Any:
    """The value that a cell gives a field; None when it says nothing."""
    if isinstance(cell, str):
        text = cell.strip()
        return READERS[field.form](field, text) if text else None
    if isinstance(cell, bool):
        return cell if field.form is CellForm.YES_NO else str(cell)
    if isinstance(cell, date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return None if cell is None else READERS[field.form](field, str(cell))


def _text(_: ImportField, text: str) -> str:
    return text


def _day(_: ImportField, text: str) -> str:
    """`2026-11-28`, `28/11/2026`, `28.11.2026` and `20261128` are one day; the day comes before the month."""
    for form in DAYS:
        if found := form.fullmatch(text):
            return f"{found['y']}-{found['m']:0>2}-{found['d']:0>2}"
    return text


def _yes_no(_: ImportField, text: str) -> bool | str:
    word = plain(text)
    if word in YES:
        return True
    return False if word in NO else text


def _number(_: ImportField, text: str) -> int | str:
    """Whole numbers, also as `2,0`."""
    found = NUMBER.fullmatch(text)
    return int(found[1]) if found else text


def _municipality(_: ImportField, text: str) -> str:
    """Spreadsheets drop the zero that most codes of the county of Stockholm begin with."""
    return text.zfill(MUNICIPALITY_DIGITS) if text.isdecimal() else text


def _choice(field: ImportField, text: str) -> str:
    return field.words.get(plain(text), text)


def _list(field: ImportField, text: str) -> list[str]:
    return [_choice(field, item) for item in _items(text)]


def _languages(field: ImportField, text: str) -> list[Any]:
    """`sv:B2, so:modersmål`."""
    found: list[Any] = []
    for item in _items(text):
        skill = SKILL.fullmatch(item)
        level = skill and _choice(field, skill["level"])
        found.append({"code": skill["code"].lower(), "level": level} if skill else item)
    return found


def _availability(field: ImportField, text: str) -> list[Any]:
    """`mån 17-20, ons 9-12`, or with the number of the day: `1 17-20`."""
    found: list[Any] = []
    for item in _items(text):
        window = WINDOW.fullmatch(item)
        day = window and field.words.get(plain(window["day"]), window["day"])
        if window and day and day.isdecimal():
            found.append({"weekday": int(day), "fromHour": int(window["from"]), "untilHour": int(window["until"])})
        else:
            found.append(item)
    return found


def _items(text: str) -> list[str]:
    return [item for one in BETWEEN_ITEMS.split(text) if (item := one.strip())]


READERS = {
    CellForm.TEXT: _text,
    CellForm.DAY: _day,
    CellForm.YES_NO: _yes_no,
    CellForm.NUMBER: _number,
    CellForm.MUNICIPALITY: _municipality,
    CellForm.CHOICE: _choice,
    CellForm.LIST: _list,
    CellForm.LANGUAGES: _languages,
    CellForm.AVAILABILITY: _availability,
}
