"""How are the rows of a file read, one at a time, whatever wrote it? CSV, NDJSON and XLSX, within limits.

The only importer of openpyxl. Nothing here holds more than a row (of a workbook also its table of shared texts, which
the limit on its unpacked size bounds).
"""

import codecs
import csv
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, NamedTuple

from openpyxl import load_workbook  # noqa: TID251  this is the wrapper

from app.domain.errors import RuleViolation

BLOCK = 1 << 16
DELIMITERS = ";\t,"
MOST_PARTS = 1_000  # files inside a workbook
XLSX_START = b"PK\x03\x04"
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class SheetLimits:
    """What is read of a file at most; the ratio is of an unpacked workbook to the file."""

    rows: int
    columns: int
    cell_characters: int
    unpacked_bytes: int
    unpacked_ratio: int = 200


class Unreadable(RuleViolation):
    """The file cannot be read (on) from this line."""

    def __init__(self, code: str, line: int | None = None) -> None:
        super().__init__(code)
        self.line = line


class Line(NamedTuple):
    """One row: its line in the file (from 1), its cells or its object, or the code of why it is refused by itself."""

    number: int
    cells: Any
    refused: str | None = None


def encoding_of(file: IO[bytes]) -> str:
    """How the text of a file is encoded: by its byte order mark, else UTF-8 if it is, else Windows-1252.

    Raises: Unreadable for anything else, also for a NUL, which no text has and UTF-16 without a mark is full of.
    """
    file.seek(0)
    head = file.read(4)
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return _checked(file, encoding)
    try:
        return _checked(file, "utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return _checked(file, "cp1252")
    except UnicodeDecodeError:
        raise Unreadable("import.encoding_unknown") from None


def _checked(file: IO[bytes], encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    while block := file.read(BLOCK):
        if "\0" in decoder.decode(block):
            raise Unreadable("import.encoding_unknown")
    decoder.decode(b"", final=True)
    return encoding


@dataclass(frozen=True)
class Sheet:
    """A file that can be read from its beginning, as often as wanted. `file` is seekable and stays the caller's."""

    file: IO[bytes]
    format: str
    limits: SheetLimits
    encoding: str | None = None
    delimiter: str | None = None

    def lines(self) -> Iterator[Line]:
        """The rows that hold something, with the header of a table as the first. Raises: Unreadable."""
        self.file.seek(0)
        read = {"csv": self._csv, "ndjson": self._ndjson, "xlsx": self._xlsx}[self.format]
        count = -1 if self.format != "ndjson" else 0  # a header is no row
        for line in read():
            count += 1
            if count > self.limits.rows:
                raise Unreadable("import.too_many_rows", line.number)
            yield line

    def _text(self) -> Iterator[str]:
        """The lines of the text; none is longer than the cells of a row can be."""
        longest = self.limits.columns * (self.limits.cell_characters + 3)
        text = io.TextIOWrapper(self.file, encoding=self.encoding, newline="")
        try:
            number = 0
            while line := text.readline(longest):
                number += 1
                if len(line) == longest:
                    raise Unreadable("import.row_too_long", number)
                yield line
        finally:
            with suppress(ValueError):  # whoever stops reading may have closed the file
                text.detach()

    def _csv(self) -> Iterator[Line]:
        csv.field_size_limit(max(csv.field_size_limit(), self.limits.columns * (self.limits.cell_characters + 3)))
        reader = csv.reader(self._text(), delimiter=self.delimiter or ";", strict=True)
        begins = 1
        width = None
        while True:
            try:
                cells = next(reader, None)
            except csv.Error:
                raise Unreadable("import.file_malformed", begins) from None
            if cells is None:
                return
            if "".join(cells).strip():
                yield self._row(begins, cells, width, max(map(len, cells)))
                width = width or len(cells)
            begins = reader.line_num + 1

    def _row(self, number: int, cells: list[Any], width: int | None, longest: int) -> Line:
        """Raises: Unreadable for more columns than are taken; a row that is wrong by itself tells so."""
        if len(cells) > self.limits.columns:
            raise Unreadable("import.too_many_columns", number)
        if longest > self.limits.cell_characters:
            return Line(number, None, "import.cell_too_long")
        if width is not None and len(cells) > width and any(cell not in {None, ""} for cell in cells[width:]):
            return Line(number, None, "import.cells_without_column")
        return Line(number, cells)

    def _ndjson(self) -> Iterator[Line]:
        for number, text in enumerate(self._text(), start=1):
            if not text.strip():
                continue
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                value = None
            yield self._object(number, value)

    def _object(self, number: int, value: Any) -> Line:
        if not isinstance(value, dict):
            return Line(number, None, "import.row_malformed")
        if len(value) > self.limits.columns:
            raise Unreadable("import.too_many_columns", number)
        if any(isinstance(one, str) and len(one) > self.limits.cell_characters for one in value.values()):
            return Line(number, None, "import.cell_too_long")
        return Line(number, value)

    def _xlsx(self) -> Iterator[Line]:
        """The first sheet of a workbook."""
        check_archive(self.file, self.limits)
        try:
            book = load_workbook(self.file, read_only=True, data_only=True, keep_links=False)
            try:
                yield from self._sheet(book.worksheets[0])
            finally:
                book.close()
        except RuleViolation:
            raise
        except Exception:  # noqa: BLE001  openpyxl raises what it meets: KeyError, ValueError, parse errors …
            raise Unreadable("import.file_malformed") from None

    def _sheet(self, sheet: Any) -> Iterator[Line]:
        sheet.reset_dimensions()
        width = None
        one_more = self.limits.columns + 1
        for number, found in enumerate(sheet.iter_rows(max_col=one_more, values_only=True), start=1):
            cells = list(found)
            while cells and cells[-1] in {None, ""}:
                cells.pop()
            if any(cell is not None and str(cell).strip() for cell in cells):
                longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
                yield self._row(number, cells, width, longest)
                width = width or len(cells)


def check_archive(file: IO[bytes], limits: SheetLimits) -> None:
    """Refuse a workbook that unpacks to more than is taken, before anything of it is unpacked.

    The sizes are those that the archive states; more than it states is not unpacked. Raises: Unreadable.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Unreadable("import.file_malformed") from None
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    is_bomb = unpacked > limits.unpacked_bytes or unpacked > packed * limits.unpacked_ratio
    if is_bomb or len(parts) > MOST_PARTS:
        raise Unreadable("import.archive_too_large")


def recognise(file: IO[bytes], wanted: str, limits: SheetLimits) -> Sheet:
    """The file as a sheet of the wanted format, or (`auto`) of the one that its first bytes show.

    Raises: Unreadable when it is of another format, or its text of no known encoding.
    """
    file.seek(0)
    is_archive = file.read(len(XLSX_START)) == XLSX_START
    if is_archive or wanted == "xlsx":
        if not is_archive or wanted not in {"xlsx", "auto"}:
            raise Unreadable("import.format_differs")
        return Sheet(file, "xlsx", limits)
    encoding = encoding_of(file)
    first = _first_line(file, encoding, limits)
    if wanted == "auto":
        wanted = "ndjson" if first.lstrip().startswith("{") else "csv"
    if wanted == "ndjson":
        return Sheet(file, "ndjson", limits, encoding)
    delimiter = max(DELIMITERS, key=lambda one: (first.count(one), -DELIMITERS.index(one)))
    return Sheet(file, "csv", limits, encoding, delimiter)


def _first_line(file: IO[bytes], encoding: str, limits: SheetLimits) -> str:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        return text.readline(limits.columns * (limits.cell_characters + 3))
    finally:
        text.detach()
