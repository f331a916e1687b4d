"""What do the rows of a file say? Read one at a time, as often as wanted; a key that stands twice counts once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Self

from app.domain.errors import RuleViolation, catalogue
from app.domain.import_cells import RowReader, read_object, row_reader
from app.domain.imports import KEY, LONGEST_HEADER, Columns, Naming, naming_of, read_columns
from app.domain.sync import RowProblem
from app.features.imports.actions.rows import Row
from app.features.imports.tables import Import
from app.kit.sheets import Line, Sheet, SheetLimits, Unreadable, recognise
from app.kit.text import looks_like_personnummer

NDJSON = "ndjson"


@dataclass
class Reading:
    """A file as rows of one kind, under keys of one system."""

    sheet: Sheet
    naming: Naming
    system: str
    headers: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, file: IO[bytes], row: Import, limits: SheetLimits) -> Self:
        """Raises: Unreadable when the file is not what it was said to be."""
        wanted = row.format if row.found_format is None else row.found_format
        return cls(recognise(file, wanted.value, limits), naming_of(row.kind, row.mapping), row.external_system)

    def count(self) -> int:
        """Read to the end, and say how many rows there are. Raises: Unreadable, `import.column_missing` and `…_twice`."""
        found = 0
        if self.sheet.format != NDJSON:
            self._columns(next(self.sheet.lines(), None))
        for place, line in enumerate(self.sheet.lines()):
            if self.sheet.format == NDJSON:
                self._meet(line)
                found += 1
            else:
                found = place
        if not found:
            raise Unreadable("import.header_missing")
        return found

    def rows(self) -> Iterator[Row]:
        """Each row with its fields and its key, or why it is refused."""
        lines, seen = self.sheet.lines(), set[str]()
        read = None if self.sheet.format == NDJSON else row_reader(self._columns(next(lines, None)))
        for line in lines:
            row = self._row(read, line)
            key = row.facts.get(KEY)
            if isinstance(key, str) and row.problem is None:
                if key in seen:
                    row = Row(line.number, row.facts, _problem("sync.external_id_twice", f"/{KEY}"))
                seen.add(key)
            yield row

    def told_columns(self) -> list[dict[str, Any]]:
        """The headers and what they are read as. What looks like a personnummer is no header, and not repeated."""
        return [
            {"header": header[:LONGEST_HEADER], "field": found.name if (found := self.naming.field(header)) else None}
            for header in self.headers
            if header and not looks_like_personnummer(header)
        ]

    def _columns(self, first: Line | None) -> Columns:
        if first is None or first.cells is None:
            raise Unreadable("import.header_missing")
        self.headers = ["" if cell is None else str(cell).strip() for cell in first.cells]
        return read_columns(self.naming, self.headers)

    def _meet(self, line: Line) -> None:
        known = set(self.headers)
        most = self.sheet.limits.columns
        self.headers += [name for name in line.cells or () if name not in known][: most - len(self.headers)]

    def _row(self, read: RowReader | None, line: Line) -> Row:
        if line.refused is not None:
            return Row(line.number, {}, _problem(line.refused))
        try:
            facts = read_object(self.naming, line.cells) if read is None else read(line.cells)
        except RuleViolation as refused:
            return Row(line.number, {}, _problem(refused.code))
        key = facts.get(KEY)
        if isinstance(key, int) and not isinstance(key, bool):
            facts[KEY] = str(key)
        facts["externalSystem"] = self.system
        return Row(line.number, facts)


def _problem(code: str, pointer: str | None = None) -> RowProblem:
    return RowProblem(code, pointer, catalogue()[code].en)
