"""Which text may come in, and in which form is it kept?

Messages of refusal are fixed and never repeat the value: it may be personal.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import MaxLen
from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

# Control characters but newline and tab, and halves of surrogate pairs: PostgreSQL refuses some, terminals and CSV
# readers obey others. Embeddings, overrides and isolates show something else than is said (CVE-2021-42574).
_REFUSED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LINE_BREAKS = re.compile(r"[\n\t\u2028\u2029]")

_CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]*")
_ORGANIZATION_NUMBER = re.compile(r"([0-9]{6})-?([0-9]{4})")
_PERSONAL_NUMBER = re.compile(
    r"(?<![0-9])(?:18|19|20)?([0-9]{2})([0-9]{2})([0-9]{2})[-+\u2010-\u2015\u2212\s]{0,3}([0-9]{4})(?![0-9])"
)
_TEN_DIGITS = re.compile(r"[0-9]{6}[-+\u2010-\u2015\u2212\s]{0,3}[0-9]{4}")
"""Nothing else can hold a personnummer, and it is found sooner."""
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+(?=[A-Za-z]){_LABEL})")

MAX_EMAIL = 254  # RFC 5321 through erratum 1690: the longest address that fits in a path
_MAX_LOCAL_PART = 64
_MONTHS = range(1, 13)
_DAYS = range(1, 32)
_COORDINATION_OFFSET = 60  # a samordningsnummer is the birthday plus sixty
_LEAST_ORGANIZATION_MONTH = 20  # digits three and four of an organisation number; below it is a person's birth month


def clean_text(value: str) -> str:
    """The text in NFC; ValueError for control characters (but newline and tab), lone surrogates and bidi controls."""
    if _REFUSED.search(value):
        raise ValueError("must not contain control characters")
    return unicodedata.normalize("NFC", value)


def clean_name(value: str) -> str:
    """One visible line in NFC; ValueError also for newlines, tabs, blanks at either end and nothing to see.

    Nothing is stripped in silence: a name is stored as it was sent or not at all.
    """
    if value.isprintable() and value and value == value.strip():  # what is printable is none of the below, and most is
        return unicodedata.normalize("NFC", value)
    line = clean_text(value)
    if _LINE_BREAKS.search(line):
        raise ValueError("must be a single line")
    if line != line.strip():
        raise ValueError("must not begin or end with a blank")
    if all(unicodedata.category(character)[0] in "CZ" for character in line):
        raise ValueError("must not be empty")
    return line


def clean_code(value: str) -> str:
    """A machine's word, unchanged: ASCII letters, digits and `_ . : -`, beginning with none of the last three."""
    if not _CODE.fullmatch(value):
        raise ValueError("must consist of ASCII letters, digits and _ . : -")
    return value


@dataclass(frozen=True)
class TextRule(MaxLen):
    """Metadata for `Annotated[str, …]`: clean first, then measure in characters of the cleaned text.

    It is a `MaxLen`, so that SQLModel gives a column the same length.
    """

    clean: Callable[[str], str]
    min_length: int
    pattern: str | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        cleaned = core_schema.no_info_after_validator_function(self.clean, handler(source))
        measured = core_schema.str_schema(min_length=self.min_length, max_length=self.max_length)
        return core_schema.chain_schema([cleaned, measured])

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        limits = {"minLength": self.min_length, "maxLength": self.max_length, "pattern": self.pattern}
        return handler(schema) | {key: limit for key, limit in limits.items() if limit}


def text(max_length: int, *, min_length: int = 0) -> TextRule:
    """Free text of several lines; lengths in characters after NFC.

    Written `Annotated[str, text(2000)]`.
    """
    return TextRule(max_length, clean_text, min_length)


def name(max_length: int) -> TextRule:
    """One visible line.

    Written `Annotated[str, name(80)]`.
    """
    return TextRule(max_length, clean_name, 1, r"^\S(?:.*\S)?$")


def code(max_length: int) -> TextRule:
    """A machine's word such as a taxonomy's concept id.

    Written `Annotated[str, code(64)]`.
    """
    return TextRule(max_length, clean_code, 1, f"^{_CODE.pattern}$")


def clean_organization_number(value: str) -> str:
    """A Swedish organisation number as `NNNNNN-NNNN`; ValueError when form, kind or check digit is wrong.

    A sole trader's number is a personnummer and is refused: such numbers are not stored.
    Source: lag (1974:174) om identitetsbeteckning för juridiska personer m.fl.
    """
    found = _ORGANIZATION_NUMBER.fullmatch(value)
    if not found or int(value[2:4]) < _LEAST_ORGANIZATION_MONTH or not _has_check_digit("".join(found.groups())):
        raise ValueError("must be a Swedish organisation number, NNNNNN-NNNN")
    return f"{found[1]}-{found[2]}"


def clean_email(value: str) -> str:
    """An address with its domain in lower case; ValueError otherwise.

    Deliberately narrower than RFC 5322: ASCII dot-atom, one @, a domain of at least two labels
    (internationalised ones in their xn-- form), at most 254 characters. The local part keeps its case.
    """
    found = _EMAIL.fullmatch(value) if len(value) <= MAX_EMAIL else None
    if not found or len(found[1]) > _MAX_LOCAL_PART:
        raise ValueError("must be an e-mail address")
    return f"{found[1]}@{found[2].lower()}"


def looks_like_personnummer(value: str) -> bool:
    """Does a personnummer or samordningsnummer stand anywhere in the text?

    Ten or twelve digits with a possible day and the right check digit; one in ten phone numbers written
    as ten bare digits in that shape is taken for one too.
    """
    # NFKC: digits of other widths read as digits to a person. What nobody sees (soft hyphens, joiners) comes with copying.
    seen = value if value.isascii() else _UNSEEN.sub("", unicodedata.normalize("NFKC", value))
    return bool(_TEN_DIGITS.search(seen)) and any(_is_personal(*found) for found in _PERSONAL_NUMBER.findall(seen))


def _is_personal(year: str, month: str, day: str, rest: str) -> bool:
    is_day = int(day) in _DAYS or int(day) - _COORDINATION_OFFSET in _DAYS
    return int(month) in _MONTHS and is_day and _has_check_digit(year + month + day + rest)


def _has_check_digit(digits: str) -> bool:
    """Luhn over ten digits (SS 614331): every second digit, from the first, counts double."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(product // 10 + product % 10 for product in doubled) % 10 == 0


Text = Annotated[str, text(4000)]
Name = Annotated[str, name(120)]
Code = Annotated[str, code(64)]
OrganizationNumber = Annotated[
    str,
    AfterValidator(clean_organization_number),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{6}-?[0-9]{4}$", "maxLength": 11, "examples": ["212000-0167"]}),
]
Email = Annotated[
    str,
    AfterValidator(clean_email),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": MAX_EMAIL}),
]
LanguageCode = Annotated[str, Field(pattern="^[a-z]{2,3}$", max_length=3, description="ISO 639.", examples=["sv"])]
