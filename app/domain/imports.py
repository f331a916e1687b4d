"""Which column of a file is which field? Headers as people write them, in Swedish and English."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from app.domain.errors import RuleViolation

KEY = "externalId"
LONGEST_HEADER = 80


class ImportKind(StrEnum):
    """What the rows of a file are about."""

    PARTICIPANTS = "participants"
    AVAILABILITY = "availability"
    ENROLMENTS = "enrolments"


class ImportFormat(StrEnum):
    """`auto`: by the media type and the first bytes."""

    AUTO = "auto"
    CSV = "csv"
    NDJSON = "ndjson"
    XLSX = "xlsx"


class CellForm(StrEnum):
    """How the text of a cell becomes the value of a field."""

    TEXT = "text"
    DAY = "day"
    YES_NO = "yesNo"
    NUMBER = "number"
    MUNICIPALITY = "municipality"
    CHOICE = "choice"
    LIST = "list"
    LANGUAGES = "languages"
    AVAILABILITY = "availability"


@dataclass(frozen=True)
class ImportField:
    """A field of a row, the headers it is known by, and the words that stand for its values."""

    name: str
    form: CellForm
    headers: frozenset[str]
    words: Mapping[str, str]


@dataclass(frozen=True)
class Columns:
    """The fields of the columns of a file, in their order (None: not mapped), and the headers as they stand there."""

    headers: tuple[str, ...]
    fields: tuple[ImportField | None, ...]

    @property
    def unmapped(self) -> list[str]:
        return [header for header, field in zip(self.headers, self.fields, strict=True) if field is None and header]


def plain(text: str) -> str:
    """A header or word without case, accents, blanks and signs: `E-post` and `e post` are one."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parted if character.isalnum())


@cache
def fields_of(kind: ImportKind) -> Mapping[str, ImportField]:
    """The fields that a row of this kind may have, by name."""
    document = json.loads(files("app.domain.data").joinpath("imports.json").read_text(encoding="utf-8"))
    known = document["fields"]
    return {name: _field(name, known[name]) for name in document["kinds"][kind.value]}


def _field(name: str, told: Mapping[str, object]) -> ImportField:
    headers: list[str] = told["headers"]  # type: ignore[assignment]  # our own data
    words: Mapping[str, str] = told.get("words", {})  # type: ignore[assignment]  # our own data
    known = frozenset(plain(one) for one in [name, *headers])
    spoken = {plain(word): value for word, value in words.items()} | {plain(value): value for value in words.values()}
    return ImportField(name, CellForm(str(told["form"])), known, spoken)


def check_mapping(kind: ImportKind, mapping: Mapping[str, str]) -> None:
    """Raise `import.field_unknown` unless every column is mapped to a field of this kind."""
    for name in mapping.values():
        if name not in fields_of(kind):
            raise RuleViolation("import.field_unknown", pointer="/mapping", fields=sorted(fields_of(kind)))


@dataclass(frozen=True)
class Naming:
    """Which header means which field: what was mapped on purpose comes before what is usual."""

    given: Mapping[str, ImportField]
    usual: Mapping[str, ImportField]

    def field(self, header: str) -> ImportField | None:
        name = plain(header)
        return self.given.get(name) or self.usual.get(name)


def naming_of(kind: ImportKind, mapping: Mapping[str, str]) -> Naming:
    """The headers that are understood; a field that is mapped on purpose goes by no other header."""
    fields = fields_of(kind)
    chosen = set(mapping.values())
    usual = {header: field for field in fields.values() if field.name not in chosen for header in field.headers}
    return Naming({plain(column): fields[name] for column, name in mapping.items()}, usual)


def read_columns(naming: Naming, headers: Sequence[str]) -> Columns:
    """Which field each column holds. Raises: `import.column_twice`, and `import.column_missing` without a key."""
    found = tuple(naming.field(header) for header in headers)
    names = [field.name for field in found if field is not None]
    check_once(names)
    if KEY not in names:
        raise RuleViolation("import.column_missing", field=KEY)
    return Columns(tuple(header[:LONGEST_HEADER] for header in headers), found)


def check_once(names: Sequence[str]) -> None:
    """Raise `import.column_twice` when two columns hold the same field."""
    for place, name in enumerate(names):
        if name in names[:place]:
            raise RuleViolation("import.column_twice", field=name)
